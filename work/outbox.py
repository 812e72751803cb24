"""Effects that follow a deed: promised in its transaction, carried out once, whatever fails between.

A deed calls :func:`post`; the row commits or rolls back with it. After the
commit a hint goes to the broker, as a courtesy: should it be lost, the
sweeper finds the row. A worker locks the row, runs the effect and marks the
row done in one transaction, so an effect on the database happens exactly once.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from core import context, rehearsal
from core.errors import without_values
from work import broker
from work.choices import OutboxState
from work.models import Outbox

Payload = dict[str, Any]
Effect = Callable[[Payload], Any]

MOST_ATTEMPTS = 8
HINT_GRACE = timedelta(seconds=3)
LEASE = timedelta(seconds=15)
LONGEST_WAIT = timedelta(minutes=10)

logger = logging.getLogger("work.outbox")
_effects: dict[str, Effect] = {}


def effect(kind: str) -> Callable[[Effect], Effect]:
    """Declare the function that carries out effects of this kind; it lives in an app's ``tasks.py``.

    It gets the payload and runs inside the transaction that marks it done.
    It reads what it needs afresh, asks again what the person behind it may
    do, and changes nothing but the database.
    """

    def register(function: Effect) -> Effect:
        if _effects.setdefault(kind, function) is not function:
            raise LookupError(f"two effects are called {kind}")
        return function

    return register


def kinds() -> list[str]:
    """Every kind of effect the house knows."""
    return sorted(_effects)


def post(kind: str, payload: Payload, *, dedupe_key: str | None = None, run_after: datetime | None = None) -> Outbox:
    """Promise an effect, in the caller's transaction.

    The payload holds ids and other small facts, never personal data. With a
    ``dedupe_key`` the same promise is made only once, ever: posting it again
    gives back the row that stands. ``run_after`` puts the effect off.
    """
    if kind not in _effects:
        raise LookupError(f"no effect is called {kind}")
    now = timezone.now()
    row = Outbox(
        kind=kind,
        payload=payload,
        dedupe_key=dedupe_key,
        run_after=run_after or now,
        # The sweeper leaves the hint sent at commit a moment to arrive.
        locked_until=None if run_after else now + HINT_GRACE,
        request_id=context.request_id(),
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        if dedupe_key is None:
            raise
        return Outbox.objects.get(dedupe_key=dedupe_key)
    rehearsal.note("effect", effect=kind)
    if row.run_after <= now:
        transaction.on_commit(lambda: broker.hint("work.tasks.perform", row.pk), robust=True)
    return row


def perform(outbox_id: int) -> bool:
    """Carry out one effect, if it is due and nobody else is at it. True when it was done now.

    A failure puts it off, a little longer each time; after eight it stays
    dead until a person revives it. So does one that killed its worker eight times.
    """
    row = _claim(outbox_id)
    if row is None:
        return False
    try:
        with transaction.atomic():
            mine = Outbox.objects.waiting().select_for_update(skip_locked=True).filter(pk=outbox_id).first()
            if mine is None:
                return False
            with context.working_for(request=row.request_id or None, job=f"outbox:{row.pk}"):
                _effects[row.kind](row.payload)
            Outbox.objects.filter(pk=outbox_id).update(
                state=OutboxState.DONE, done_at=timezone.now(), locked_until=None, error=""
            )
    except Exception as error:
        logger.exception("effect %s failed, attempt %s", row, row.attempts)
        _put_off(row, without_values(f"{type(error).__name__}: {error}"))
        return False
    return True


def sweep(limit: int = 100) -> list[int]:
    """Give out again whatever is due: hints that were lost, effects whose worker fell silent.

    Any number of sweepers may run; each row is given out by one of them.
    """
    now = timezone.now()
    with transaction.atomic():
        found = Outbox.objects.due(now).select_for_update(skip_locked=True).order_by("run_after", "pk")
        given_out = list(found.values_list("pk", flat=True)[:limit])
        Outbox.objects.filter(pk__in=given_out).update(locked_until=now + LEASE)
    return given_out


def revive(outbox_id: int) -> Outbox:
    """Let a dead effect be tried again from the start."""
    Outbox.objects.dead().filter(pk=outbox_id).update(
        state=OutboxState.WAITING, attempts=0, run_after=timezone.now(), locked_until=None
    )
    return Outbox.objects.get(pk=outbox_id)


def oldest_waiting(now: datetime) -> timedelta:
    """For how long the effect that has been due longest has been waiting."""
    first = Outbox.objects.waiting().filter(run_after__lte=now).order_by("run_after").first()
    return now - first.run_after if first else timedelta(0)


def _claim(outbox_id: int) -> Outbox | None:
    """Count the attempt before it begins, so that an effect that kills its worker is counted too."""
    now = timezone.now()
    with transaction.atomic():
        due = Outbox.objects.waiting().filter(pk=outbox_id, run_after__lte=now)
        row: Outbox | None = due.select_for_update(skip_locked=True).first()
        if row is None:
            return None
        if row.attempts >= MOST_ATTEMPTS:
            _bury(row, row.error or "the worker died while carrying it out")
            return None
        Outbox.objects.filter(pk=outbox_id).update(attempts=F("attempts") + 1, locked_until=now + LEASE)
        row.attempts += 1
    return row


def _put_off(row: Outbox, error: str) -> None:
    if row.attempts >= MOST_ATTEMPTS:
        _bury(row, error)
        return
    wait = min(timedelta(seconds=2**row.attempts), LONGEST_WAIT)
    Outbox.objects.waiting().filter(pk=row.pk).update(
        run_after=timezone.now() + wait, locked_until=None, error=error[:2000]
    )


def _bury(row: Outbox, error: str) -> None:
    Outbox.objects.waiting().filter(pk=row.pk).update(state=OutboxState.DEAD, locked_until=None, error=error[:2000])
    logger.critical("effect %s is given up after %s attempts: %s", row, row.attempts, error)
