"""Joins are hashed while figures are counted, and no longer."""

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from reports.figures.planning import by_hashing


def looked_up():
    with connection.cursor() as cursor:
        cursor.execute("SHOW enable_nestloop")
        return cursor.fetchone()[0] == "on"


def test_what_is_said_once_holds_to_the_end_of_it(db):
    with CaptureQueriesContext(connection) as asked, by_hashing():
        with by_hashing():
            pass
        assert not looked_up()
    assert looked_up()
    assert len(asked) == 3


def test_it_is_said_again_after_something_went_wrong(db):
    with pytest.raises(ZeroDivisionError), transaction.atomic(), by_hashing():
        1 / 0
    with by_hashing():
        assert not looked_up()
