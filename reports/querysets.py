"""Which snapshots."""

from typing import Any, Self

from django.db.models import Q, QuerySet

from cells.authority import Span, spans, subtree
from cells.choices import Power
from cells.models import Cell
from core.actors import SYSTEM
from reports.choices import PeriodKind


def reach(user: Any) -> list[Span]:
    """The stretches of the tree over which the person may see figures."""
    return spans(user, Power.SEE_FIGURES)


class SnapshotQuerySet(QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Snapshots of cells whose whole stretch of the tree the person may see figures of."""
        if user is SYSTEM:
            return self
        # A snapshot speaks of all below its cell, so an office that reaches that cell alone does not open it.
        seen = [Cell.objects.filter(subtree(span.path)).values("pk") for span in reach(user) if span.below]
        return self.filter(cell__in=seen[0].union(*seen[1:], all=True)) if seen else self.none()

    def of(self, cell: Any) -> Self:
        """Those of one cell."""
        return self.filter(cell=cell)

    def monthly(self) -> Self:
        """Those drawn after the end of a month, of its last day."""
        return self.filter(period_kind=PeriodKind.MONTHLY)

    def before(self, snapshot: Any) -> Self:
        """Those of the same cell and kind that come before it, the latest first."""
        same = self.filter(cell=snapshot.cell_id, period_kind=snapshot.period_kind)
        return same.filter(Q(on__lt=snapshot.on) | Q(on=snapshot.on, pk__lt=snapshot.pk)).order_by("-on", "-pk")

    def with_places(self) -> Self:
        return self.select_related("cell", "drawn_by")
