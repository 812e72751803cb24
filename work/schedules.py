"""What happens regularly, as data. The database knows which periods have had their run; the clock only pokes.

A schedule's effect is posted once per period through the outbox, by whoever
inserts the period's row first: two clocks are harmless, and what was missed
while everything stood still is caught up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from work import outbox
from work.models import ScheduledRun
from work.outbox import Effect

_LABELS = {"hour": "%Y-%m-%dT%H", "day": "%Y-%m-%d", "month": "%Y-%m"}
_schedules: dict[str, "Schedule"] = {}


@dataclass(frozen=True)
class Schedule:
    """``name`` is the kind of effect that runs; its payload is ``{"period": "2026-11-03"}``.

    ``every`` is hour, day or month. A period is due at ``at`` local time on
    that day, on the first of that month, or at that minute of the hour. After
    a standstill at most ``catch_up`` missed periods run, the latest ones.
    """

    name: str
    every: str
    at: time
    catch_up: int

    def __call__(self, function: Effect) -> Effect:
        return outbox.effect(self.name)(function)

    def due(self, now: datetime) -> Iterator[str]:
        """The labels of the periods that have come due, the latest first."""
        moment = self._start(timezone.localtime(now))
        while True:
            if self._due_at(moment) <= now:
                yield moment.strftime(_LABELS[self.every])
            moment = self._start(moment - timedelta(minutes=1))

    def _start(self, moment: datetime) -> datetime:
        start = moment.replace(minute=0, second=0, microsecond=0)
        if self.every == "hour":
            return start
        start = start.replace(hour=0)
        return start.replace(day=1) if self.every == "month" else start

    def _due_at(self, start: datetime) -> datetime:
        return start.replace(minute=self.at.minute, hour=start.hour if self.every == "hour" else self.at.hour)


def schedule(name: str, *, every: str, at: str = "00:00", catch_up: int = 31) -> Schedule:
    """Declare that the effect ``name`` runs every hour, day or month.

    Decorates the effect's function, or stands alone beside an effect declared
    elsewhere. Retention and other jobs where one run makes up for all missed
    ones say ``catch_up=1``.
    """
    if every not in _LABELS:
        raise LookupError(f"{name}: every is hour, day or month, not {every}")
    new = Schedule(name, every, time.fromisoformat(at), catch_up)
    if _schedules.setdefault(name, new) != new:
        raise LookupError(f"two schedules are called {name}")
    return new


def all_schedules() -> list[Schedule]:
    return sorted(_schedules.values(), key=lambda one: one.name)


def poke(now: datetime) -> list[tuple[str, str]]:
    """Post the effect of every period that is due and has had no run; say which."""
    return [
        (one.name, period) for one in all_schedules() for period in reversed(_missing(one, now)) if claim(one, period)
    ]


def claim(one: Schedule, period: str) -> bool:
    """Take the run of this period and promise its effect; False when somebody has it already."""
    with transaction.atomic():
        run = ScheduledRun.objects.bulk_create([ScheduledRun(job=one.name, period=period)], ignore_conflicts=True)
        mine = ScheduledRun.objects.filter(job=one.name, period=period, claimed_at=run[0].claimed_at).exists()
        if mine:
            outbox.post(one.name, {"period": period}, dedupe_key=f"{one.name}:{period}")
    return mine


def _missing(one: Schedule, now: datetime) -> list[str]:
    """Due periods without a run since the last one; for a schedule that never ran only the latest."""
    last = ScheduledRun.objects.filter(job=one.name).order_by("-period").values_list("period", flat=True).first()
    missing: list[str] = []
    for period in one.due(now):
        if len(missing) == (one.catch_up if last else 1) or (last and period <= last):
            break
        missing.append(period)
    return missing
