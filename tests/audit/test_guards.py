"""The database keeps the trail, whoever asks."""

import pytest
from django.db import DatabaseError, connection, transaction
from psycopg2.errors import InsufficientPrivilege, RestrictViolation

from audit import seals, trail
from audit.models import Entry, Seal
from portal.owner import acting_as_owner

pytestmark = pytest.mark.django_db(transaction=True)

CHANGES = [
    "UPDATE audit_entry SET actor_name = 'nobody'",
    "UPDATE audit_entry SET actor_name = 'nobody' WHERE false",
    "DELETE FROM audit_entry",
    "TRUNCATE audit_entry CASCADE",
    "UPDATE audit_seal SET hash = ''",
    "DELETE FROM audit_seal",
    "TRUNCATE audit_seal",
]


@pytest.fixture
def sealed(party):
    entry = trail.record("cells.renamed", party.yunshan, by=party.staff, at=party.yunshan.path)
    seals.seal_entries()
    return entry


def run(statement):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_application_lacks_the_right_to_change_history(sealed, statement):
    with pytest.raises(DatabaseError) as refused:
        run(statement)

    assert isinstance(refused.value.__cause__, InsufficientPrivilege)


@pytest.mark.parametrize("statement", CHANGES)
def test_the_owner_is_refused_as_well(sealed, statement):
    with acting_as_owner(), pytest.raises(DatabaseError) as refused:
        run(statement)

    assert isinstance(refused.value.__cause__, RestrictViolation)
    assert Entry.objects.get() == sealed
    assert Seal.objects.get().entry == sealed


def test_the_application_cannot_switch_the_guards_off(sealed):
    for statement in ("ALTER TABLE audit_entry DISABLE TRIGGER USER", "SET session_replication_role = replica"):
        with pytest.raises(DatabaseError) as refused:
            run(statement)
        assert isinstance(refused.value.__cause__, InsufficientPrivilege)
