"""A new key (or another suite) for the blind indexes: by them people are found, and one of two indexes finds nobody.

Sealed values carry the name of their key, blind indexes do not: while some were made with one key and some with the
other, look-ups would miss people and the same ID number could be taken up twice. So this is done in one transaction,
while the portal stands still.
"""

import json
from collections.abc import Callable

from django.db import connection, transaction
from psycopg2.extras import execute_values

from acts.models import Effect
from audit import trail
from core import keyring
from core.actors import SYSTEM
from core.crypto import Unreadable
from core.errors import Refusal
from core.keyring import Ring
from ledgers.models import Import, StagedRow
from members.models import Member
from members.querysets import id_number_index, mobile_index, mobile_tail_index
from portal.fieldkeys import proofs
from portal.fieldkeys.rotation import alone, random_key
from portal.models import FieldKey
from portal.owner import acting_as_owner

BATCH = 1000
# Every column with a blind index in it, but those of staged rows, which go; a test looks for others.
INDEXES = {"members.Member": ("id_number_index", "mobile_index", "mobile_tail_index")}
MADE_OF = {
    "id_number_index": ("id_number", id_number_index),
    "mobile_index": ("mobile", mobile_index),
    "mobile_tail_index": ("mobile", mobile_tail_index),
}
WRITE = (
    "UPDATE members_member AS old SET id_number_index = new.id_number, mobile_index = new.mobile,"
    " mobile_tail_index = new.tail FROM (VALUES %s) AS new (id, id_number, mobile, tail) WHERE old.id = new.id"
)


def make_anew(*, keep: Callable[[Ring], None]) -> int:
    """Make every blind index anew with a new key and the suite now in use; how many records were changed.

    Refuses while anybody else uses the database, while imports wait for their review, and where a number does not
    open, whose index could not be made. Broken off, the next run ends what was begun.
    """
    ring = keyring.ring()
    new = {key: value for key, value in ring.items() if key not in ("index_suite", "index_next")}
    new["index"] = ring.get("index_next") or random_key()
    with acting_as_owner(), alone():
        _require_standstill()
        if ring.get("index_next") and _made_with(new):
            keep(new)
            return 0
        keep(ring | {"index_next": new["index"]})
        with keyring.using(new), transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("LOCK TABLE members_member IN EXCLUSIVE MODE")
            changed = _every_member()
            _every_act()
            proofs.note_index()
            trail.record("portal.indexes_made_anew", FieldKey.objects.get(name=proofs.INDEX), by=SYSTEM, at="")
        keep(new)
    return changed


def _every_member() -> int:
    changed, last = 0, 0
    members = Member.objects.only("uid", "code", "id_number", "mobile").order_by("pk")
    while batch := list(members.filter(pk__gt=last)[:BATCH]):
        rows = [(member.pk, *_indexes_of(member)) for member in batch]
        with connection.cursor() as cursor:
            execute_values(cursor.cursor, WRITE, rows, page_size=BATCH)
        changed, last = changed + len(batch), batch[-1].pk
    return changed


def _indexes_of(member: Member) -> list[str]:
    if isinstance(member.id_number, Unreadable) or isinstance(member.mobile, Unreadable):
        raise Refusal(f"A number of {member.code} does not open: its index would be lost. Mend that first.")
    return [make(getattr(member, number) or "") for number, make in MADE_OF.values()]


def _every_act() -> None:
    """What an act may put back is put back with an index that finds it."""
    for effect in Effect.objects.filter(table="members.member").order_by("pk"):
        changes = effect.changes
        for columns in changes.values():
            for index, (number, make) in MADE_OF.items():
                if index in columns and number in columns:
                    columns[index] = [make(value or "") for value in columns[number]]
        if changes:
            effect.changed = json.dumps(changes, ensure_ascii=False)
            effect.save(update_fields=["changed"])


def _made_with(ring: Ring) -> bool:
    with keyring.using(ring):
        return not any(fault.key == proofs.INDEX for fault in proofs.faults())


def _require_standstill() -> None:
    with connection.cursor() as cursor:
        # Of other roles' sessions the owner may know whose they are and no more; the server's own have no user.
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND usesysid IS NOT NULL"
        )
        others = cursor.fetchone()[0]
    if others:
        raise Refusal(
            f"{others} other sessions use the database. While some indexes are made with the old key and some with the "
            "new one, people would not be found and could be enrolled twice: stop web, worker and beat first."
        )
    if StagedRow.objects.exclude(match="").exists():
        refs = sorted({row.ref for row in Import.objects.filter(uploads__staged__isnull=False).distinct()})
        raise Refusal(f"Imports wait for their review, and are matched by the indexes: finish or abandon {refs}.")
