"""The clock's doors: every night's snapshots, and those somebody asked for."""

from datetime import date
from typing import Any

from django.db import transaction

from cells.models import Cell
from core.actors import SYSTEM
from notices.domain import post
from reports.choices import PeriodKind
from reports.domain import snapshots
from reports.models import Snapshot
from work import outbox
from work.jobs import job
from work.progress import Progress
from work.schedules import schedule


@schedule("reports.draw_daily", every="day", at="02:00")
def draw_daily(payload: dict[str, Any]) -> None:
    """Promise a snapshot of every cell that has one daily; each is drawn by itself, once."""
    period = payload["period"]
    for cell in snapshots.drawn_daily(date.fromisoformat(period)):
        outbox.post("reports.draw", {"cell": cell.pk, "on": period}, dedupe_key=f"reports.draw:{period}:{cell.pk}")


@schedule("reports.draw_monthly", every="month", at=f"{snapshots.MONTHLY_AT:%H:%M}")
def draw_monthly(payload: dict[str, Any]) -> None:
    """Promise, for the month that has just ended, a snapshot of every cell that has one monthly."""
    on = snapshots.month_before(payload["period"])
    for cell in snapshots.drawn_daily(on):
        outbox.post(
            "reports.draw",
            {"cell": cell.pk, "on": on.isoformat(), "kind": PeriodKind.MONTHLY},
            dedupe_key=f"reports.draw:{snapshots.month_of(on)}:{cell.pk}",
        )


@outbox.effect("reports.draw")
def draw(payload: dict[str, Any]) -> None:
    cell = Cell.objects.get(pk=payload["cell"])
    kind = payload.get("kind", PeriodKind.DAILY)
    snapshots.draw(cell, by=SYSTEM, on=date.fromisoformat(payload["on"]), kind=kind)


@job("reports.draw")
def draw_asked(progress: Progress) -> None:
    """Draw the cell and the committees below it, one by one; the job's own number is the period."""
    on = date.fromisoformat(progress.payload["on"])
    cell = Cell.objects.get(pk=progress.payload["cell"])
    below = snapshots.drawn_daily(on).under(cell).exclude(pk=cell.pk)
    wanted = [cell, *below]
    for done, one in enumerate(wanted):
        progress.step(done, len(wanted), note=str(one))
        snapshots.draw(one, by=progress.owner, on=on, kind=PeriodKind.ASKED, period=progress.job.code)
    _tell(progress, cell, on)
    progress.step(len(wanted), len(wanted))


@transaction.atomic
def _tell(progress: Progress, cell: Cell, on: date) -> None:
    """Lead whoever asked to what was drawn for them; once, however often the job is taken up."""
    if progress.checkpoint.get("told"):
        return
    snapshot = Snapshot.objects.get(cell=cell, period_kind=PeriodKind.ASKED, period=progress.job.code)
    post.tell(
        progress.owner, snapshots.TITLE, by=SYSTEM, url=snapshot.get_absolute_url(), facts={"cell": cell, "on": on}
    )
    progress.checkpoint["told"] = True
    progress.save()
