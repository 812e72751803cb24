"""The report, and the clearing that comes after it: bounded, in chunks, as often as one likes with the same result."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from audit import trail
from core.actors import SYSTEM
from portal.choices import UpkeepKind
from portal.models import Upkeep
from portal.retention.keepings import KEEPINGS, Keeping

CHUNK = 200


@dataclass(frozen=True)
class Line:
    """What one rule would do now. Counts alone: a report names nobody."""

    rule: Keeping
    due: int
    oldest: datetime | None

    @property
    def is_too_much(self) -> bool:
        """More than may go in one run: somebody has to look why before anything goes."""
        return not self.rule.by_itself and self.due > self.rule.most


def report(now: datetime) -> list[Line]:
    """What is due by every rule. Changes nothing but the note that it was asked for."""
    return [_line(rule, now) for rule in KEEPINGS]


def note_report(lines: Iterable[Line]) -> None:
    facts = {line.rule.name: line.due for line in lines if line.due}
    Upkeep.objects.create(kind=UpkeepKind.REPORT, went_well=True, facts=facts)


def clear(rules: Iterable[Keeping], now: datetime, *, most: int | None = None) -> dict[str, int]:
    """Carry out ``rules``; how many rows of each went. Nothing goes of a rule with more due than may go at once.

    Each chunk is a transaction of its own, and asks again what is due: what changed meanwhile stays.
    """
    done = {}
    for rule in rules:
        line = _line(rule, now)
        if rule.clear is None or not line.due or line.due > (rule.most if most is None else most):
            continue
        done[rule.name] = _clear(rule, now, line.due)
    return done


def _clear(rule: Keeping, now: datetime, due: int) -> int:
    gone = 0
    for _chunk in range(-(-due // CHUNK)):
        with transaction.atomic():
            keys = list(rule.rows(now).values_list("pk", flat=True)[:CHUNK])
            gone += rule.clear(keys) if rule.clear and keys else 0
    noted = Upkeep.objects.create(kind=UpkeepKind.CLEARING, went_well=True, facts={"rule": rule.name, "rows": gone})
    trail.record("portal.cleared", noted, by=SYSTEM, at="", facts={"what": str(rule.what), "rows": gone})
    return gone


def _line(rule: Keeping, now: datetime) -> Line:
    rows = rule.rows(now)
    first = rows.annotate(since_when=F(rule.since)).values_list("since_when", flat=True).first()
    return Line(rule, rows.count(), first)


def by_the_clock(now: datetime | None = None) -> dict[str, int]:
    """What the daily schedule does once an operator has switched it on."""
    return clear(KEEPINGS, now or timezone.now())
