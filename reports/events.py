"""What programs hear of reports."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from acts.models import Effect
from acts.registry import LEAVING, Left
from audit.events import Resource, by_code, keep_silent, resource, tell
from cells.choices import Power
from cells.events import moved
from cells.models import Cell
from reports.models import Snapshot

SNAPSHOTS = resource(
    Resource(
        "snapshots",
        "snapshot",
        _("报表快照"),
        Power.SEE_FIGURES,
        by_code(lambda user: Snapshot.objects.visible_to(user)),
        "reports",
    ),
    model="reports.Snapshot",
)

tell(SNAPSHOTS, {"reports.drawn": ("drawn", _("生成"))})
keep_silent("reports.list_exported")


def snapshots_carried(effect: Effect) -> Iterator[Left]:
    """Snapshots of a cell that is elsewhere now."""
    before = moved(effect)
    for code, cell in Snapshot.objects.filter(cell__in=before).values_list("code", "cell"):
        yield Left(SNAPSHOTS.name, code, before[cell])


LEAVING[Cell].append(snapshots_carried)
