"""Setting right what is said of an organisation, and giving it a new name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells import checks, rules
from cells.domain.identity import found_by
from cells.domain.tree import footing
from cells.domain.units import relink_units
from cells.models import Cell, Placement
from core.dated import BATCH, Change, state, state_many
from core.errors import Refusal, Stale

# What may be set right, and whether the trail may show it.
OPEN_FIELDS = (
    "name",
    "short_name",
    "formation_mode",
    "founded_on",
    "contact_name",
    "units_text",
    "org_id_code",
    "org_path_code",
)
SEALED_FIELDS = ("contact_phone",)
DATED_FIELDS = ("name", "short_name")


@dataclass(frozen=True)
class CellCorrection:
    """What is to be set right of one cell; what ``values`` leave out stays."""

    cell: Cell
    values: dict[str, Any]


def correct(cell: Cell, *, version: int, by: Any, on: date, **values: Any) -> Cell:
    """Set right what is said of a cell, as its record of that ``version`` showed it; see ``correct_many``.

    Raises Stale when somebody changed it since.
    """
    return _correct([CellCorrection(cell, values)], {cell.pk: version}, by=by, on=on)[0]


def correct_many(changes: Sequence[CellCorrection], *, by: Any, on: date) -> list[Cell]:
    """Set right what is said of cells. A name set right was always so; for a new name there is ``rename``.

    What says so already leaves no trace. Refuses, naming the row: a dissolved cell, no name, a name that stands there
    already, a day of founding after ``on``.
    """
    return _correct(changes, {}, by=by, on=on)


@reversible
def _correct(changes: Sequence[CellCorrection], versions: dict[int, int], *, by: Any, on: date) -> list[Cell]:
    cells = footing.lock(change.cell for change in changes)
    rules.KEEP_CELL.require(by, *cells.values())
    for cell in cells.values():
        if versions.get(cell.pk, cell.version) != cell.version:
            raise Stale(_("别人刚刚修改过这个党组织，请核对后再保存。"))

    changed: dict[int, dict[str, list[Any]]] = {}
    for row, change in enumerate(changes):
        cell = cells[change.cell.pk]
        differences = _apply(cell, change.values, on, row)
        if differences:
            changed.setdefault(cell.pk, {}).update(differences)
    touched = [cells[key] for key in changed]
    if not touched:
        return [cells[change.cell.pk] for change in changes]

    for cell in touched:
        cell.version += 1
    Cell.objects.bulk_update(
        touched, [*OPEN_FIELDS, *SEALED_FIELDS, "name_pinyin", "name_search", "version"], batch_size=BATCH
    )
    _restate_names([cell for cell in touched if changed[cell.pk].keys() & set(DATED_FIELDS)], by=by)
    relink_units([cell for cell in touched if "units_text" in changed[cell.pk]])

    trail.record_many(
        "cells.corrected",
        touched,
        by=by,
        at=lambda cell: cell.path,
        facts=lambda cell: {"changes": changed[cell.pk], "version": cell.version},
    )
    return [cells[change.cell.pk] for change in changes]


def _apply(cell: Cell, values: dict[str, Any], on: date, row: int) -> dict[str, list[Any]]:
    """Put ``values`` on the cell; returns what differs as {field: [old, new]}, sealed fields without their values."""
    footing.must_stand(cell, row=row)
    unknown = values.keys() - {*OPEN_FIELDS, *SEALED_FIELDS}
    if unknown:
        raise TypeError(f"not to be set right here: {', '.join(sorted(unknown))}")
    if "name" in values:
        values = values | {"name": _free_name(cell, values["name"], row)}
    if values.get("founded_on") and values["founded_on"] > on:
        words = {"day": on.isoformat(), "founded": values["founded_on"].isoformat()}
        raise Refusal(_("成立日期不能晚于 %(day)s，现在是 %(founded)s。") % words, field="founded_on", row=row)
    differences = {}
    for field, new in values.items():
        old = getattr(cell, field)
        if str(old or "") == str(new or ""):
            continue
        setattr(cell, field, new)
        differences[field] = [old, new] if field in OPEN_FIELDS else ["***", "***"]
    if differences.keys() & set(DATED_FIELDS):
        for column, value in found_by(cell.name, cell.short_name).items():
            setattr(cell, column, value)
    return differences


def _free_name(cell: Cell, text: str, row: int | None = None) -> str:
    checked = checks.organisation_name(text)
    if checked.problems:
        raise Refusal(checked.problems[0], field="name", row=row)
    if checked.value != cell.name:
        footing.must_be_free(checked.value, cell.parent, but=cell)
    return checked.value


def _restate_names(cells: list[Cell], *, by: Any) -> None:
    """A name set right holds for the whole of the present placement."""
    starts = dict(Placement.objects.current().filter(cell__in=cells).values_list("cell", "valid__startswith"))
    state_many(
        Placement,
        [
            Change({"cell": cell.pk}, {"name": cell.name, "short_name": cell.short_name}, starts[cell.pk])
            for cell in cells
        ],
        by=by,
    )


@reversible
def rename(cell: Cell, *, name: str, short_name: str = "", by: Any, on: date) -> Cell:
    """Give a cell a new name from ``on``; until then it keeps the old one in every view of the past.

    Refuses a dissolved cell, no name, a name that stands there already, the same name, and a day before its last
    recorded change.
    """
    footing.hold_tree()
    cell = footing.lock_one(cell)
    rules.KEEP_CELL.require(by, cell)
    footing.must_stand(cell)
    before = {"name": cell.name, "short_name": cell.short_name}
    after = {"name": _free_name(cell, name), "short_name": short_name.strip()}
    if before == after:
        raise Refusal(_("新名称与现名称相同，没有可以更改的内容。"), field="name")
    footing.must_be_settled([cell], on)

    state(Placement, {"cell": cell}, on, by=by, values=after)
    Cell.objects.filter(pk=cell.pk).update(
        **after, **found_by(after["name"], after["short_name"]), version=cell.version + 1
    )
    cell.refresh_from_db()

    changes = {field: [before[field], after[field]] for field in after if before[field] != after[field]}
    trail.record(
        "cells.renamed", cell, by=by, at=cell.path, facts={"changes": changes, "from": on, "version": cell.version}
    )
    facts = {"before": before["short_name"] or before["name"], "after": str(cell), "day": on.isoformat()}
    footing.tell_officers(cell, footing.RENAMED, by=by, on=on, facts=facts)
    return cell
