"""Moving a cell with all below it, and changing its kind."""

from datetime import date
from typing import Any

from django.db.models import F, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.choices import CellKind
from cells.domain import cover
from cells.domain.tree import footing
from cells.models import Cell, Placement
from core.dated import Change, state, state_many
from core.errors import Refusal


@reversible
def move(cell: Cell, *, superior: Cell, by: Any, on: date) -> Cell:
    """Put a cell, with its whole subtree, under another superior from ``on``.

    Refuses: itself or one of its own inferiors as superior, a superior under which its kind does not stand, the
    present superior, a name that stands there already, and a day before the last recorded change of any of them.
    Whoever moves keeps both the cell and the new superior.
    """
    footing.hold_tree()
    held = footing.lock([cell, superior])
    cell, superior = held[cell.pk], held[superior.pk]
    rules.KEEP_CELL.require(by, cell, superior)
    footing.must_stand(cell)
    footing.must_stand(superior, field="superior")
    if superior.path.startswith(cell.path):
        raise Refusal(_("不能划归自己或自己的下级，请另选上级。"), field="superior")
    if superior.pk == cell.parent_id:
        raise Refusal(_("现在的上级就是%(superior)s，请另选上级。") % {"superior": superior}, field="superior")
    footing.must_fit(cell.kind, superior.kind, field="superior")
    footing.must_be_free(cell.name, superior, field="superior")
    footing.must_be_settled([*Cell.objects.under(cell), superior], on)

    before = cell.parent
    carry(cell, superior, by=by, on=on)
    cell.refresh_from_db()

    facts = {"changes": {"parent": [str(before or ""), str(superior)]}, "from": on}
    trail.record("cells.moved", cell, by=by, at=cell.path, facts=facts | {"version": cell.version})
    said = {"cell": str(cell), "superior": str(superior), "day": on.isoformat()}
    footing.tell_officers(cell, footing.MOVED, by=by, on=on, facts=said)
    return cell


def carry(cell: Cell, superior: Cell, *, by: Any, on: date) -> None:
    """Rewrite the paths of a subtree in one statement, and say from when they hold."""
    subtree = list(Cell.objects.under(cell).select_for_update())
    new = f"{superior.path}{cell.pk}/"
    if max(len(one.path) for one in subtree) - len(cell.path) + len(new) > footing.LONGEST_PATH:
        raise Refusal(_("组织层级过深，请改设在更高一级之下。"), field="superior")
    Cell.objects.under(cell).update(path=Concat(Value(new), Substr("path", len(cell.path) + 1)))
    Cell.objects.filter(pk=cell.pk).update(parent=superior, version=F("version") + 1)
    changes = [Change({"cell": one.pk}, {"path": new + one.path[len(cell.path) :]}, on) for one in subtree]
    state_many(Placement, [*changes, Change({"cell": cell.pk}, {"parent": superior}, on)], by=by)


@reversible
def reorganise(cell: Cell, *, kind: str, by: Any, on: date) -> Cell:
    """Change the kind of a cell from ``on``; what it covers is covered anew from that day.

    Refuses a kind that does not stand where the cell stands, or under which one of its inferiors could not stand,
    the present kind, and a day before its last recorded change.
    """
    footing.hold_tree()
    cell = footing.lock_one(cell)
    rules.KEEP_CELL.require(by, cell)
    footing.must_stand(cell)
    if kind == cell.kind:
        raise Refusal(_("现在的类别就是%(kind)s，请另选。") % {"kind": cell.get_kind_display()}, field="kind")
    footing.must_fit(kind, cell.parent.kind if cell.parent else None, field="kind")
    for child in cell.children.standing().order_by("path"):
        footing.must_fit(child.kind, kind, field="kind")
    footing.must_be_settled([cell], on)

    before = cell.kind
    state(Placement, {"cell": cell}, on, by=by, values={"kind": kind})
    Cell.objects.filter(pk=cell.pk).update(kind=kind, version=cell.version + 1)
    cell.refresh_from_db()
    cover.restate([cell], by=by, on=on)

    changes = {"kind": [before, kind]}
    trail.record(
        "cells.reorganised", cell, by=by, at=cell.path, facts={"changes": changes, "from": on, "version": cell.version}
    )
    said = {"cell": str(cell), "kind": CellKind(kind).label, "day": on.isoformat()}
    footing.tell_officers(cell, footing.REORGANISED, by=by, on=on, facts=said)
    return cell
