"""What may be asked of the lists of imports and exports, and of the rows of an import."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from cells.authority import subtree
from cells.models import Cell
from cells.reach import seen_cells
from core.criteria import Choice, Code, Criteria, Day, Number, Search, YesNo
from ledgers.choices import FileFormat, ImportState, Kind, Outcome


class ImportCriteria(Criteria):
    """Of imports within reach."""

    q = Search(_("编号"), by="search")
    cell = Code(_("党组织"), among=seen_cells)
    under = Code(_("所在范围"), among=seen_cells, by="below", several=False, ways=("",))
    state = Choice(_("状态"), choices=ImportState, ways=("", "n"))
    as_of = Day(_("台账截止日期"), ways=("", "gte", "lte"))

    def search(self, imports: Any, words: str) -> QuerySet:
        return imports.with_ref(words)

    def below(self, imports: QuerySet, top: Cell) -> QuerySet:
        return imports.filter(subtree(top.path, "cell__path"))


class RowCriteria(Criteria):
    """Of the staged rows of one import."""

    kind = Choice(_("台账"), choices=Kind, at="upload__kind", ways=("",))
    outcome = Choice(_("核对结果"), choices=Outcome, ways=("", "n"))
    noted = YesNo(_("有提示"), ways=("",))
    number = Number(_("行号"), ways=("", "gte", "lte"))


class ExportCriteria(Criteria):
    """Of one's own exports."""

    format = Choice(_("格式"), choices=FileFormat, ways=("", "n"))
    asked_on = Day(_("导出日期"), at="asked_at__date", ways=("", "gte", "lte"))
