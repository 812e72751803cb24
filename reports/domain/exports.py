"""Taking lists out of the house."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Q, QuerySet

from audit import trail
from cells.authority import spans
from cells.models import Cell
from core.actors import SYSTEM
from members.domain import disclosures
from members.models import Membership
from reports import rules
from reports.figures import FIGURES, Where
from reports.figures.lists import rows_behind, seen_by, thing_of
from reports.figures.planning import by_hashing

EVERYTHING = Q()


def may_take(user: Any, where: Where) -> bool:
    """May ``user`` take out lists of all of ``where``? Every stretch it covers must be within the power to export."""
    if user is SYSTEM:
        return True
    wanted = [where.cell.path] if where.cell else [span.path for span in where.reach or ()]
    held = [span for span in spans(user, rules.EXPORT_ROWS.power) if span.below]
    return bool(wanted) and all(any(span.covers(path) for span in held) for path in wanted)


@transaction.atomic
def take_list(key: str, where: Where, *, by: Any, on: date, part: str = "", narrowed: Q = EVERYTHING) -> QuerySet:
    """The list behind a figure, to be written to a file; the trail keeps who took how many rows of what.

    Needs the power to export from all of ``where``; people and places outside the reach of ``by`` are left out.
    ``narrowed`` leaves out more: what the page it is taken from does not show. Each member in it is told.
    """
    if not may_take(by, where):
        raise PermissionDenied
    rows = seen_by(by, FIGURES[key], rows_behind(key, where, on, part=part)).filter(narrowed)
    if thing_of(FIGURES[key]) == "member":
        # Asked for one by one inside the other question, the list would be read once for every membership there is.
        with by_hashing():
            members = list(rows.order_by().values_list("member", flat=True))
        places = Membership.objects.filter(member__in=members).latest_of_each()
        disclosures.note_export(places.select_related("member", "cell"), file=FIGURES[key].words, by=by, on=on)
    cell = where.cell or Cell.objects.get(path=min(span.path for span in where.reach or ()))
    trail.record(
        "reports.list_exported",
        cell,
        by=by,
        at=cell.path,
        facts={
            "figure": key,
            "on": on,
            "rows": rows.count(),
            "part": part,
            "district": where.district,
            "park": where.park,
        },
    )
    return rows
