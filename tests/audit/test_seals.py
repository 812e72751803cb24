"""The chain: what is sealed cannot be touched unnoticed, and no deed waits for it."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from audit import seals, trail
from audit.models import Entry, Seal, Unsealed
from portal.owner import acting_as_owner

pytestmark = pytest.mark.django_db(transaction=True)

WITHOUT_GUARDS = """
    ALTER TABLE audit_entry DISABLE TRIGGER USER;
    ALTER TABLE audit_seal DISABLE TRIGGER USER;
    ALTER TABLE audit_seal DROP CONSTRAINT IF EXISTS {foreign_key};
    ALTER TABLE audit_seal DROP CONSTRAINT IF EXISTS {only_seal};
"""


@pytest.fixture
def chain(party):
    """Nine sealed entries."""
    for number in range(9):
        trail.record("cells.renamed", party.yunshan, by=party.staff, at=party.yunshan.path, facts={"note": str(number)})
    assert seals.seal_entries() == 9
    return list(Seal.objects.order_by("sequence"))


def constraint(kind):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT conname FROM pg_constraint WHERE conrelid = 'audit_seal'::regclass AND contype = %s", [kind]
        )
        return cursor.fetchone()[0]


def faults_after(*statements):
    """What the proof says while the statements stand. The owner makes them, past every guard, and takes them back."""
    names = {"foreign_key": constraint("f"), "only_seal": constraint("u")}
    with acting_as_owner(), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute(WITHOUT_GUARDS.format(**names))
            for statement in statements:
                cursor.execute(statement)
        found = [str(fault) for fault in seals.faults(timezone.now())]
        transaction.set_rollback(True)
    return found


def verify(**options):
    printed = StringIO()
    call_command("verify_audit", stdout=printed, **options)
    return printed.getvalue()


def test_entries_are_sealed_once_and_in_order(chain):
    assert [seal.sequence for seal in chain] == list(range(1, 10))
    assert [seal.entry_id for seal in chain] == sorted(seal.entry_id for seal in chain)
    assert [seal.previous for seal in chain[1:]] == [seal.hash for seal in chain[:-1]]
    assert not Unsealed.objects.exists()
    assert seals.seal_entries() == 0


def test_the_proof_prints_nothing_when_the_trail_holds(chain):
    assert verify() == ""
    assert verify(summary=True) == f"9 sealed, head 9:{chain[-1].hash}\n"


def test_a_changed_entry_is_named(chain):
    found = faults_after(f'UPDATE audit_entry SET facts = \'{{"note": "x"}}\' WHERE id = {chain[4].entry_id}')

    assert found == [f"seal 5 entry {chain[4].entry_id}: the entry is not what was sealed"]


def test_a_removed_entry_is_named(chain):
    found = faults_after(f"DELETE FROM audit_entry WHERE id = {chain[4].entry_id}")

    assert found == [f"seal 5 entry {chain[4].entry_id}: the entry was removed"]


def test_an_entry_removed_together_with_its_seal_is_named(chain):
    found = faults_after(
        f"DELETE FROM audit_seal WHERE sequence = 5; DELETE FROM audit_entry WHERE id = {chain[4].entry_id}"
    )

    assert found == [f"seal 6 entry {chain[5].entry_id}: seal 5 before it was removed"]


def test_entries_that_changed_places_are_named(chain):
    third, fourth = chain[2].entry_id, chain[3].entry_id
    found = faults_after(
        f"UPDATE audit_seal SET entry_id = CASE sequence WHEN 3 THEN {fourth} ELSE {third} END WHERE sequence IN (3, 4)"
    )

    assert found == [
        f"seal 3 entry {fourth}: the entry is not what was sealed",
        f"seal 4 entry {third}: the entry is not what was sealed",
    ]


def test_a_change_sealed_anew_breaks_the_seal_after_it(chain):
    entry = Entry.objects.filter(pk=chain[4].entry_id).values().get() | {"actor_name": "别人"}
    forged = seals.chain_hash(5, chain[4].previous, entry)
    found = faults_after(
        f"UPDATE audit_entry SET actor_name = '别人' WHERE id = {chain[4].entry_id}",
        f"UPDATE audit_seal SET hash = '{forged}' WHERE sequence = 5",
    )

    assert found == [f"seal 6 entry {chain[5].entry_id}: does not follow the seal before it"]


def test_cutting_off_the_end_shows_against_a_head_written_down(chain):
    assert verify(expect=[f"9:{chain[-1].hash}", f"3:{chain[2].hash}"]) == ""
    with pytest.raises(CommandError):
        verify(expect=[f"10:{chain[-1].hash}"])
    with pytest.raises(CommandError):
        verify(expect=["nine"])


def test_an_entry_long_without_a_seal_is_named(chain, party):
    old = trail.record("cells.renamed", party.yunshan, by=party.staff, at="")
    assert verify() == ""
    printed = StringIO()
    late = Entry.objects.filter(pk=old.pk).values().get() | {
        "id": None,
        "recorded_at": timezone.now() - timedelta(hours=1),
    }
    forgotten = Entry.objects.create(**late)
    with pytest.raises(CommandError, match="1 place"):
        call_command("verify_audit", stdout=printed)

    assert printed.getvalue() == f"entry {forgotten.pk}: has had no seal for too long\n"


def test_a_deed_under_way_holds_up_neither_the_sequencer_nor_other_deeds(party):
    written, go_on = threading.Event(), threading.Event()

    def slow_deed():
        with transaction.atomic():
            trail.record("cells.renamed", party.north, by=party.staff, at=party.north.path)
            written.set()
            go_on.wait(10)
        connection.close()

    deed = threading.Thread(target=slow_deed)
    deed.start()
    assert written.wait(10)
    trail.record("cells.renamed", party.south, by=party.staff, at=party.south.path)
    assert seals.seal_entries() == 1
    go_on.set()
    deed.join()

    assert seals.seal_entries() == 1
    assert [seal.entry.path for seal in Seal.objects.select_related("entry")] == [party.south.path, party.north.path]
    assert verify() == ""


def test_two_writers_and_two_sequencers_make_one_chain(party):
    barrier, stop, crashed = threading.Barrier(4), threading.Event(), []

    def closing(work):
        def run():
            try:
                barrier.wait()
                work()
            except Exception as error:
                crashed.append(error)
            finally:
                connection.close()

        return run

    def write():
        for number in range(40):
            with transaction.atomic():
                trail.record("cells.renamed", party.yunshan, by=party.staff, at="", facts={"note": number})
                trail.record("cells.renamed", party.north, by=party.staff, at="", facts={"note": number})

    def sequence():
        while not stop.is_set():
            seals.seal_entries()

    writers = [threading.Thread(target=closing(write)) for _writer in range(2)]
    sequencers = [threading.Thread(target=closing(sequence)) for _sequencer in range(2)]
    for thread in writers + sequencers:
        thread.start()
    for thread in writers:
        thread.join()
    stop.set()
    for thread in sequencers:
        thread.join()
    seals.seal_entries()

    assert crashed == []
    assert Seal.objects.count() == Entry.objects.count() == 160
    assert verify() == ""
