"""What may be asked of the list of snapshots: by an address, a page or a program."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cells.authority import subtree
from cells.models import Cell
from cells.reach import seen_cells
from core.criteria import Choice, Code, Criteria, Day, Number, Text
from reports.choices import PeriodKind


class SnapshotCriteria(Criteria):
    """Of snapshots within reach."""

    code = Text(_("编号"), ways=("",))
    cell = Code(_("党组织"), among=seen_cells)
    under = Code(_("所在范围"), among=seen_cells, by="below", several=False, ways=("",))
    period_kind = Choice(_("方式"), choices=PeriodKind, ways=("", "n"))
    period = Text(_("期次"), ways=("",))
    on = Day(_("截至"), ways=("", "gte", "lte"))
    edition = Number(_("口径版本"), ways=("", "gte", "lte"))

    def below(self, snapshots: QuerySet, top: Cell) -> QuerySet:
        return snapshots.filter(subtree(top.path, "cell__path"))
