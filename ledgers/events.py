"""What programs hear of imports. What an import writes, the things themselves tell."""

from collections.abc import Collection, Iterator
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.models import Effect
from acts.registry import LEAVING, Left
from audit.events import Resource, keep_silent, resource, tell, tell_of_the_thing
from cells.choices import Power
from cells.events import moved
from cells.models import Cell
from ledgers.models import Import


def seen(user: Any, refs: Collection[str]) -> set[str]:
    """Of these imports those the person sees."""
    asked = Q(pk__in=[])
    for ref in refs:
        year, _dash, number = ref.partition("-")
        asked |= Q(year=year, number=number)
    return {one.ref for one in Import.objects.visible_to(user).filter(asked).only("year", "number")}


IMPORTS = resource(Resource("imports", "import", _("导入"), Power.IMPORT, seen, "ledgers"), model="ledgers.Import")

tell(
    IMPORTS,
    {
        "ledgers.started": ("started", _("开始")),
        "ledgers.tried_out": ("tried_out", _("试运行完成")),
        "ledgers.commit_begun": ("begun", _("开始写入")),
        "ledgers.committed": ("committed", _("写入完成")),
        "ledgers.abandoned": ("abandoned", _("放弃")),
        "ledgers.undo_begun": ("undo_begun", _("开始撤销")),
        "ledgers.undone": ("undone", _("撤销完成")),
    },
)
tell_of_the_thing("ledgers.row_voided", "ledgers.row_restored")
keep_silent(
    "ledgers.uploaded",
    "ledgers.edited",
    "ledgers.undo_tried_out",
    "ledgers.cleared",
    "ledgers.downloaded",
    "ledgers.exported",
    "ledgers.export_discarded",
)


def imports_carried(effect: Effect) -> Iterator[Left]:
    """Imports for a cell that is elsewhere now."""
    before = moved(effect)
    for one in Import.objects.filter(cell__in=before).only("year", "number", "cell"):
        yield Left(IMPORTS.name, one.ref, before[one.cell_id])


LEAVING[Cell].append(imports_carried)
