import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext


@pytest.fixture
def queries_of():
    """How many queries a deed takes: ``queries_of(deed, *answers)``."""

    def counted(deed, *args, **kwargs):
        with CaptureQueriesContext(connection) as captured:
            deed(*args, **kwargs)
        return len(captured)

    return counted
