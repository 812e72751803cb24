"""Pages written from code say what the code says."""

import pytest
from django.conf import settings

from portal.documents import DOCUMENTS


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_a_page_written_from_code_is_not_stale(name):
    page = (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8")
    assert page == DOCUMENTS[name](), "run bin/manage write_docs"
