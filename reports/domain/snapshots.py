"""Drawing figures up for good, and proving later that they were right."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from cells.choices import CellKind
from cells.models import Cell, Placement
from cells.querysets import CellQuerySet
from core.codes import fresh_codes
from core.errors import Refusal
from reports import rules
from reports.choices import PeriodKind
from reports.figures import EDITION, FIGURES, Figure, Where, read
from reports.models import Snapshot
from work import jobs
from work.models import Job

TITLE = gettext_lazy("生成报表快照：%(cell)s，截至 %(on)s")

# By the clock of the place, on the first of the month after.
MONTHLY_AT = time(2, 0)

# The moment before which every change has been committed. A deed stamps its rows while its transaction runs, so rows
# of the past may still appear while one is open; they are known from the next drawing on.
_SETTLED = """
    SELECT min(xact_start) FROM pg_stat_activity
     WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'
"""


@transaction.atomic
def draw(cell: Cell, *, by: Any, on: date, kind: str = PeriodKind.DAILY, period: str = "") -> Snapshot:
    """Freeze the figures of ``cell`` and all below it as of ``on``, as known now.

    A period of a kind is drawn once: asked for again, the snapshot that stands is given back. Needs the power to draw
    snapshots of the cell. Refuses a day that has not come, and a month that is not over.
    """
    # One drawing of a cell at a time; what its writers hold is left alone.
    cell = Cell.objects.select_for_update(no_key=True).get(pk=cell.pk)
    rules.DRAW_SNAPSHOT.require(by, cell)
    _require_past(on)
    if kind == PeriodKind.MONTHLY:
        _require_month(on)
        period = month_of(on)
    now = timezone.now()
    period = period or on.isoformat()
    drawn: Snapshot | None = Snapshot.objects.filter(cell=cell, period_kind=kind, period=period).first()
    if drawn is not None:
        return drawn

    known_at = settled_moment(now)
    figures = read(Where(cell=cell), on, known_at=known_at).numbers()
    snapshot = Snapshot(
        code=fresh_codes(Snapshot.objects, "KZ", 1)[0],
        cell=cell,
        period_kind=kind,
        period=period,
        on=on,
        known_at=known_at,
        edition=EDITION,
        figures=figures,
        drawn_at=now,
        drawn_by_id=by.pk,
    )
    snapshot.digest = digest_of(snapshot, figures)
    snapshot.save(force_insert=True)

    trail.record(
        "reports.drawn",
        snapshot,
        by=by,
        at=cell.path,
        facts={"on": on, "period": period, "kind": kind, "edition": EDITION, "digest": snapshot.digest},
    )
    return snapshot


@transaction.atomic
def ask(cell: Cell, *, by: Any, on: date) -> Job:
    """Set going, in the background, the drawing of ``cell`` and of every committee below it.

    While it runs no second one of the same cell and day starts. Refuses what ``draw`` refuses.
    """
    rules.DRAW_SNAPSHOT.require(by, cell)
    _require_past(on)
    return jobs.start(
        "reports.draw",
        by=by,
        title=TITLE,
        facts={"cell": cell, "on": on.isoformat()},
        payload={"cell": cell.pk, "on": on.isoformat()},
        key=f"reports.draw:{cell.pk}:{on}",
        at=cell.path,
    )


def drawn_daily(on: date) -> CellQuerySet:
    """The cells drawn up every day and every month: committees, and whatever stood at the top that day."""
    stood = Placement.objects.as_of(on).filter(Q(kind=CellKind.COMMITTEE) | Q(parent__isnull=True))
    return Cell.objects.filter(pk__in=stood.values("cell")).order_by("path")


def month_of(on: date) -> str:
    """2026-10."""
    return f"{on:%Y-%m}"


def month_before(period: str) -> date:
    """The last day of the month before the one that ``period`` names: 2026-12 gives 30 November."""
    return date.fromisoformat(f"{period}-01") - timedelta(days=1)


def month_is_over(on: date, today: date) -> bool:
    """A month is drawn as of its last day, when that day is over."""
    return on < today and (on + timedelta(days=1)).day == 1


def next_month(now: datetime) -> datetime:
    """When the next month's figures are drawn up by themselves: at two in the morning of a first."""
    local = timezone.localtime(now)
    first = local.replace(day=1, hour=MONTHLY_AT.hour, minute=MONTHLY_AT.minute, second=0, microsecond=0)
    return first if local < first else (first + timedelta(days=31)).replace(day=1)


def settled_moment(now: datetime) -> datetime:
    """The latest moment, ``now`` at most, of which everything recorded has been committed."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLED)
        [oldest] = cursor.fetchone()
    return min(now, oldest) if oldest else now


@dataclass(frozen=True)
class Verdict:
    """What checking a snapshot found. ``intact``: nothing was altered; ``repeats``: drawn again, it is the same.

    ``repeats`` is None when the definitions have changed since, so that drawing again would not be comparable.
    """

    intact: bool
    repeats: bool | None
    differing: tuple[Figure, ...] = ()

    @property
    def holds(self) -> bool:
        return self.intact and self.repeats is not False


def verify(snapshot: Snapshot) -> Verdict:
    """Check the digest over what is stored, and draw the figures again from the dated facts as known then.

    A figure into which something undated goes is taken as frozen; the digest over what is stored vouches for it. So are
    figures that have been added since: there is nothing to compare.
    """
    intact = digest_of(snapshot, snapshot.figures) == snapshot.digest
    if snapshot.edition != EDITION:
        return Verdict(intact, None)
    frozen = tuple(key for key in snapshot.figures if key in FIGURES)
    again = read(Where(cell=snapshot.cell), snapshot.on, known_at=snapshot.known_at, only=frozen).numbers()
    again |= {key: snapshot.figures[key] for key in again if not FIGURES[key].dated}
    differing = tuple(FIGURES[key] for key in again if again[key] != snapshot.figures.get(key))
    return Verdict(intact, digest_of(snapshot, again) == snapshot.digest, differing)


def digest_of(snapshot: Snapshot, figures: dict[str, Any]) -> str:
    """SHA-256 over the figures and what they are of, in one spelling whatever way they were stored."""
    frozen = {
        "cell": snapshot.cell.code,
        "on": snapshot.on.isoformat(),
        "known_at": snapshot.known_at.astimezone(UTC).isoformat(timespec="microseconds"),
        "edition": snapshot.edition,
        "figures": figures,
    }
    written = json.dumps(frozen, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(written.encode()).hexdigest()


def _require_past(on: date) -> None:
    if on > timezone.localdate():
        raise Refusal(_("截至日期不能晚于今天，请改为今天或更早的日期。"), field="on")


def _require_month(on: date) -> None:
    if not month_is_over(on, timezone.localdate()):
        raise Refusal(_("%(month)s 还没有结束，月报在次月 1 日生成。") % {"month": month_of(on)}, field="on")
