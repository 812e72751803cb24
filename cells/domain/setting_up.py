"""The set-up list of a cell: confirming what was read over, putting the list away and bringing it back."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from cells import rules, setup
from cells.choices import CellKind, SetupTask
from cells.models import Cell, SetupMark
from core.dated import since, state
from core.errors import OutOfTurn, Refusal


@transaction.atomic
def confirm(cell: Cell, *, task: str, by: Any, on: date) -> SetupMark:
    """Confirm that a task is done which no fact can tell; who and when stands on the list.

    What changes afterwards is to be confirmed again. Refuses a task the facts decide, and one not ready for it.
    """
    cell = _held(cell, by)
    step = next((step for step in setup.of(cell, on=on).steps if step.task == task), None)
    if step is None or not step.to_confirm:
        raise OutOfTurn(_("这一项现在不用确认，请刷新后再看。"))
    mark = state(SetupMark, {"cell": cell, "task": task}, on, by=by, values={"version": cell.version})
    trail.record("cells.setup_confirmed", cell, by=by, at=cell.path, facts={"task": SetupTask(task).label, "on": on})
    return mark or SetupMark.objects.current().get(cell=cell, task=task)


@transaction.atomic
def put_away(cell: Cell, *, by: Any, on: date) -> SetupMark:
    """Take the list off the workbench and the cell's page; it stays at its address, with all that was done.

    Refuses one that is put away.
    """
    cell = _held(cell, by)
    if _lists(cell).exists():
        raise OutOfTurn(_("这张清单已经收起。"))
    mark = SetupMark.objects.create(
        cell=cell, task=SetupTask.LIST, version=cell.version, valid=since(on), recorded_by_id=by.pk
    )
    trail.record("cells.setup_put_away", cell, by=by, at=cell.path, facts={"on": on})
    return mark


@transaction.atomic
def bring_back(cell: Cell, *, by: Any, on: date) -> Cell:
    """Show the list again where it was. Refuses one that is not put away."""
    cell = _held(cell, by)
    if not _lists(cell).void(by=by):
        raise OutOfTurn(_("这张清单没有收起。"))
    trail.record("cells.setup_brought_back", cell, by=by, at=cell.path, facts={"on": on})
    return cell


def _held(cell: Cell, by: Any) -> Cell:
    cell = Cell.objects.select_for_update(no_key=True).get(pk=cell.pk)
    rules.SET_UP.require(by, cell)
    if cell.dissolved_on or cell.kind == CellKind.GROUP:
        raise Refusal(_("%(cell)s没有上手清单。") % {"cell": str(cell)})
    return cell


def _lists(cell: Cell) -> Any:
    return SetupMark.objects.standing().filter(cell=cell, task=SetupTask.LIST)
