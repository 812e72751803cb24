"""What the application's role may do in the database, and what it may not."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from psycopg2.errors import InsufficientPrivilege

from portal.owner import CLEARED

pytestmark = pytest.mark.django_db

KEPT = [
    "accounts_user",
    "cells_cell",
    "cells_company",
    "cells_contact",
    "ledgers_import",
    "members_member",
    "members_merge",
    "portal_feedback",
    "reports_snapshot",
]


def refused(statement):
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    return isinstance(refusal.value.__cause__, InsufficientPrivilege)


@pytest.mark.parametrize("table", KEPT)
def test_no_record_can_be_deleted(party, table):
    assert refused(f"DELETE FROM {table}")
    assert refused(f"TRUNCATE {table} CASCADE")


def test_of_a_merge_only_the_undoing_and_what_is_erased_can_be_written(party):
    assert refused("UPDATE members_merge SET reason = ''")
    assert refused("UPDATE members_merge SET kept_id = absorbed_id")
    with connection.cursor() as cursor:
        cursor.execute("UPDATE members_merge SET undone_at = now(), undone_by_id = NULL")
        cursor.execute("UPDATE members_merge SET before = ''")


def test_rows_are_deleted_in_the_tables_named_and_nowhere_else(db):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND has_table_privilege(oid, 'DELETE')"
        )
        assert {table for (table,) in cursor.fetchall()} == CLEARED


def test_every_table_named_exists(db):
    assert {model._meta.db_table for model in apps.get_models(include_auto_created=True)} >= CLEARED
