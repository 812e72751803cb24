"""Changing the field keys while the portal goes on working: add, make current, seal anew, drop.

1. A new key is added to the ring. Nobody seals with it yet, everybody can read it.
2. It is made current when every process that shows itself knows it.
3. What older keys hold is sealed anew, chunk by chunk; breaking off loses nothing, the next run goes on.
4. An old key is dropped by a step of its own, when nothing is sealed with it any more.

Where the ring lies in a file of ours the steps write it, and running processes see it at once. Where it is handed in
from outside each step says what to hand in, and the processes are started again in between.
"""

import base64
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.utils import timezone

from audit import trail
from core import keyring
from core.actors import SYSTEM
from core.errors import Refusal
from core.keyring import Ring
from portal.boot.places import write_secret
from portal.fieldkeys import places, proofs
from portal.models import FieldKey
from portal.owner import acting_as_owner
from portal.unsent import MINUTES
from work import heartbeat
from work.models import Heartbeat

# What still lies about sealed with a key that is not current any more: forms kept for a while, transactions under way.
LINGERS = timedelta(minutes=MINUTES)
SHOWN_LATELY = timedelta(minutes=2)
ROUNDS = 20
_LOCK = 7_302_040

Keep = Callable[[Ring], None]
Watch = Callable[[str, int], None]


@dataclass(frozen=True)
class Outcome:
    """What sealing anew came to."""

    sealed: int
    closed: int
    left: int


def writable() -> Path | None:
    """The ring's file where we may write it; None where the ring is handed in from outside."""
    file = keyring.where()
    return file if file and _may_write(file) else None


def to_file(file: Path) -> Keep:
    """A way of keeping the ring: in ``file``, whole or not at all, for its owner alone."""
    return lambda ring: write_secret(file, json.dumps(ring, indent=2) + "\n")


def add(*, suite: str | None, keep: Keep) -> Ring:
    """Add a key that nobody uses yet. Refuses while one is being changed already."""
    ring = keyring.ring()
    if ring.get("next"):
        raise Refusal(f"The key {ring['next']} is being brought in already: go on with --resume.")
    if busy := _sealed_with_others(ring):
        raise Refusal(f"Values are still sealed with {busy}: go on with --resume first.")
    name = _free_name(ring)
    new = ring | {"keys": ring["keys"] | {name: random_key()}, "next": name}
    if suite and suite != ring.get("suite", "aes"):
        new |= {"next_suite": suite, "index_suite": keyring.index_suite(ring)}
    keep(new)
    return new


def unaware(name: str) -> list[str]:
    """Processes that showed themselves lately and do not know the key; empty when it may be made current."""
    lately = Heartbeat.objects.filter(seen_at__gte=timezone.now() - SHOWN_LATELY).exclude(field_keys="")
    return [
        each.name for each in lately if name not in each.field_keys.split(",") and not heartbeat.has_ended(each.name)
    ]


def make_current(*, keep: Keep) -> Ring:
    """Seal with the added key from now on. Refuses while somebody could not read it."""
    ring = keyring.ring()
    if not (name := ring.get("next")):
        raise Refusal("There is no key to be made current: begin with --begin.")
    if late := unaware(name):
        raise Refusal(f"These processes do not know {name} yet; start them again with the ring handed in: {late}")
    new = {key: value for key, value in ring.items() if key not in ("next", "next_suite")}
    new |= {"current": name, "suite": ring.get("next_suite", ring.get("suite", "aes"))}
    keep(new)
    return new


def note_current() -> None:
    """Note in database and trail which key is current, once, and which are so no more."""
    proofs.note()
    now, current = timezone.now(), keyring.ring()["current"]
    retired = FieldKey.objects.exclude(name__in=(current, proofs.INDEX)).filter(retired_at=None)
    with transaction.atomic():
        if retired.update(retired_at=now):
            trail.record("portal.field_key_changed", FieldKey.objects.get(name=current), by=SYSTEM, at="")


def seal_anew(watch: Watch = lambda *_: None) -> Outcome:
    """Seal with the current key whatever is sealed otherwise. Ends when nothing is left but what does not open."""
    with acting_as_owner(), alone():
        sealed = closed = 0
        for _round in range(ROUNDS):
            before, closed = sealed, 0
            for table, anew, shut in chunks():
                sealed, closed = sealed + anew, closed + shut
                watch(table, sealed)
            if sealed == before:
                break
        ring = keyring.ring()
        left = sum(n for key, n in places.held_by_key().items() if key != ring["current"])
    return Outcome(sealed, closed, left)


def drop(name: str, *, keep: Keep) -> Ring:
    """Take a key out of the ring for good. Refuses the current one, and while anything may still need it."""
    ring = keyring.ring()
    if name not in ring["keys"]:
        raise Refusal(f"The ring has no key {name}.")
    if name in (ring["current"], ring.get("next")):
        raise Refusal(f"{name} is in use.")
    if held := places.held_by_key()[name]:
        raise Refusal(f"{held} values are still sealed with {name}: bin/manage rotate_field_key --resume")
    noted = FieldKey.objects.filter(name=name).first()
    since = noted.retired_at if noted else None
    if since and timezone.now() - since < LINGERS:
        raise Refusal(f"{name} was in use until {since:%H:%M} UTC; forms being kept may need it for {MINUTES} minutes.")
    if since and _oldest_transaction_began_before(since):
        raise Refusal("A transaction that began before the change is still under way: wait until it has ended.")
    new = ring | {"keys": {key: value for key, value in ring["keys"].items() if key != name}}
    with transaction.atomic():
        if noted:
            noted.dropped_at = timezone.now()
            noted.save(update_fields=["dropped_at"])
            trail.record("portal.field_key_dropped", noted, by=SYSTEM, at="")
    keep(new)
    return new


def chunks() -> Iterator[tuple[str, int, int]]:
    """One round over every place, a chunk at a time: the table, values sealed anew, values that do not open.

    Each chunk is a transaction of its own: whoever stops between two of them is gone on after by the next run.
    """
    for place in places.places():
        last: int | None = 0
        while last is not None:
            last, anew, closed = place.seal_some(last)
            yield place.table, anew, closed


@contextmanager
def alone() -> Iterator[None]:
    """One change of keys at a time; the lock goes with the session."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            raise Refusal("Keys are being changed by another command already.")
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [_LOCK])


def _oldest_transaction_began_before(moment) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND xact_start < %s)",
            [moment],
        )
        return cursor.fetchone()[0]


def _sealed_with_others(ring: Ring) -> str:
    others = [key for key in places.held_by_key() if key not in (ring["current"], places.UNKNOWN)]
    return ", ".join(sorted(others))


def _free_name(ring: Ring) -> str:
    taken = {*ring["keys"], *FieldKey.objects.values_list("name", flat=True)}
    return next(name for number in range(1, len(taken) + 2) if (name := f"k{number}") not in taken)


def random_key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _may_write(file: Path) -> bool:
    return os.access(file, os.W_OK) and os.access(file.parent, os.W_OK)
