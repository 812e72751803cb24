"""The sequencer: gives entries their place in the chain, after the deeds that wrote them; and the proof of the chain.

Deeds never wait for the chain. A task seals what has been committed, in short
transactions under one advisory lock, so that there is one chain however many
workers run. Whoever changes, removes or reorders what is sealed breaks a hash.
Cutting off the end of the chain shows only against a head written down
elsewhere: :func:`head` is logged every hour for that.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from audit.models import Entry, Seal, Unsealed

BATCH = 500
LONG_UNSEALED = timedelta(minutes=10)
GENESIS = "0" * 64
_LOCK = 7_302_001

_SEALED_FIELDS = (
    "id",
    "action",
    "actor_id",
    "actor_name",
    "thing_type_id",
    "thing_id",
    "thing_code",
    "thing_label",
    "path",
    "facts",
    "recorded_at",
    "request_id",
    "job",
)


@dataclass(frozen=True)
class Fault:
    """One place where the chain does not hold."""

    sequence: int | None
    entry: int | None
    what: str

    def __str__(self) -> str:
        places = (("seal", self.sequence), ("entry", self.entry))
        return " ".join(f"{word} {number}" for word, number in places if number is not None) + f": {self.what}"


@dataclass(frozen=True)
class Head:
    """The end of the chain."""

    sequence: int
    hash: str

    def __str__(self) -> str:
        return f"{self.sequence}:{self.hash}"


def head() -> Head:
    """Where the chain ends now; written down elsewhere it proves later that nothing was cut off."""
    last = Seal.objects.order_by("-sequence").values_list("sequence", "hash").first()
    return Head(*last) if last else Head(0, GENESIS)


def seal_entries(most: int = 20 * BATCH) -> int:
    """Seal what has been committed and waits, up to ``most`` entries; say how many were sealed.

    When another sequencer is at it this one leaves it to that one.
    """
    sealed = 0
    while sealed < most:
        batch = _seal_batch()
        sealed += batch
        if batch < BATCH:
            break
    return sealed


def faults(now: datetime) -> Iterator[Fault]:
    """Every place where the trail is not what was sealed, and every entry long without a seal."""
    yield from _broken()
    late = Entry.objects.filter(seal=None, recorded_at__lt=now - LONG_UNSEALED).order_by("pk")
    for pk in late.values_list("pk", flat=True).iterator():
        yield Fault(None, pk, "has had no seal for too long")


def late_faults(most: int = BATCH) -> Iterator[Fault]:
    """Faults among the last seals: what can be asked often, because it does not grow with the trail."""
    before = Seal.objects.filter(sequence=head().sequence - most).values_list("sequence", "hash").first()
    yield from _broken(Head(*before) if before else Head(0, GENESIS))


def chain_hash(sequence: int, previous: str, entry: Mapping[str, Any]) -> str:
    """The hash of an entry in its place: SHA-256 over the sequence, the hash before it and the whole entry."""
    content = [sequence, previous, *(_plain(entry[field]) for field in _SEALED_FIELDS)]
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


@transaction.atomic
def _seal_batch() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return 0
    waiting = list(Unsealed.objects.order_by("pk").values_list("pk", flat=True)[:BATCH])
    already = set(Seal.objects.filter(entry__in=waiting).values_list("entry_id", flat=True))
    end = head()
    seals = []
    for entry in Entry.objects.filter(pk__in=waiting).exclude(pk__in=already).order_by("pk").values(*_SEALED_FIELDS):
        sequence, previous = end.sequence + 1, end.hash
        end = Head(sequence, chain_hash(sequence, previous, entry))
        seals.append(Seal(sequence=sequence, entry_id=entry["id"], previous=previous, hash=end.hash))
    Seal.objects.bulk_create(seals)
    Unsealed.objects.filter(pk__in=waiting).delete()
    return len(waiting)


def _broken(end: Head = Head(0, GENESIS)) -> Iterator[Fault]:
    """Walk the chain; after a fault go on from what stands there, so that each fault is named once."""
    while True:
        seals = list(Seal.objects.filter(sequence__gt=end.sequence).order_by("sequence").values()[:BATCH])
        if not seals:
            return
        about = [seal["entry_id"] for seal in seals]
        entries = {entry["id"]: entry for entry in Entry.objects.filter(pk__in=about).values(*_SEALED_FIELDS)}
        for seal in seals:
            yield from _check(seal, entries.get(seal["entry_id"]), end)
            end = Head(seal["sequence"], seal["hash"])


def _check(seal: Mapping[str, Any], entry: Mapping[str, Any] | None, end: Head) -> Iterator[Fault]:
    sequence, about = seal["sequence"], seal["entry_id"]
    if sequence != end.sequence + 1:
        missing = f"{end.sequence + 1}" + (f" to {sequence - 1}" if sequence - 1 > end.sequence + 1 else "")
        yield Fault(sequence, about, f"seal {missing} before it was removed")
    elif seal["previous"] != end.hash:
        yield Fault(sequence, about, "does not follow the seal before it")
    if entry is None:
        yield Fault(sequence, about, "the entry was removed")
    elif seal["hash"] != chain_hash(sequence, seal["previous"], entry):
        yield Fault(sequence, about, "the entry is not what was sealed")


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value
