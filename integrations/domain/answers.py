"""A request that says which one it is, is done once: whoever sends it again gets the answer of the first time.

The answer is written in the transaction of what it answers, under a lock on the request. A process that dies in between
leaves neither effect nor answer nor lock, so that the request is free at once. Nothing of this needs the broker.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import OperationalError, connection, transaction
from django.utils import timezone

from integrations.models import KeptAnswer

_LOCK_NOT_AVAILABLE = "55P03"


class InFlight(Exception):
    """The same request is being answered just now."""


@dataclass(frozen=True)
class Asked:
    """Which request, by whom, and what it asks: two keyed hashes."""

    holder: int
    request: str
    content: str


def answered(asked: Asked, *, wait_s: int) -> KeptAnswer | None:
    """The answer that stands; None where the request is the caller's to answer, within its transaction.

    Raises InFlight where somebody else answers it and has not done so after ``wait_s`` seconds.
    """
    if not _lock(int(asked.request[:16], 16) - 2**63, wait_s):
        raise InFlight
    return KeptAnswer.objects.standing(timezone.now()).filter(request=asked.request).first()


def keep(asked: Asked, *, status: int, answer: str, kept_for: timedelta) -> None:
    """Keep the answer in the transaction of what it answers, in place of an older one."""
    KeptAnswer.objects.filter(request=asked.request).delete()
    new = KeptAnswer(holder_id=asked.holder, request=asked.request, asked=asked.content, status=status, answer=answer)
    new.expires_at = timezone.now() + kept_for
    new.save(force_insert=True)


def forget(now: datetime) -> int:
    """Clear the answers whose time is over; how many there were."""
    return KeptAnswer.objects.over(now).delete()[0]


def _lock(number: int, wait_s: int) -> bool:
    """Hold the request until the transaction ends; False where somebody else does, and goes on doing so."""
    with connection.cursor() as cursor:
        if not wait_s:
            cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [number])
            return bool(cursor.fetchone()[0])
        try:
            with transaction.atomic():
                cursor.execute("SELECT set_config('lock_timeout', %s, true)", [f"{wait_s}s"])
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [number])
                cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
        except OperationalError as error:
            if getattr(error.__cause__, "pgcode", None) != _LOCK_NOT_AVAILABLE:
                raise
            return False
    return True
