"""Founding organisations: one on a page, or a whole tree from a ledger."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells import checks, rules
from cells.domain.identity import found_by, reserve
from cells.domain.tree import footing
from cells.domain.units import link_units
from cells.models import Cell, Placement, Term
from core.actors import SYSTEM
from core.codes import serial_code
from core.dated import BATCH, since
from core.errors import Refusal


@dataclass(frozen=True)
class Founding:
    """One organisation to be founded. ``superior`` may be the place of an earlier one in the same list."""

    name: str
    kind: str
    superior: Cell | int | None
    short_name: str = ""
    formation_mode: str = ""
    founded_on: date | None = None
    contact_name: str = ""
    contact_phone: str = ""
    units_text: str = ""
    org_id_code: str = ""
    org_path_code: str = ""
    term_number: int | None = None
    term_from: date | None = None
    term_due: date | None = None


def found(
    name: str,
    kind: str,
    superior: Cell | None,
    *,
    by: Any,
    on: date,
    **rest: Any,
) -> Cell:
    """Found one organisation under ``superior``; see ``found_many``."""
    return found_many([Founding(name=name, kind=kind, superior=superior, **rest)], by=by, on=on)[0]


@reversible
def found_many(foundings: Sequence[Founding], *, by: Any, on: date) -> list[Cell]:
    """Found organisations; each stands in the tree from ``on``, whenever it says it was founded.

    Refuses, naming the row: no name or one too long, a kind that may not stand there (BR2018 Art 4, 5, 13), a
    dissolved superior, a name that stands there already, a day of founding after ``on``, half a term. Whoever founds
    keeps the superior; without one only the system does.
    """
    footing.hold_tree()
    superiors = footing.lock(each.superior for each in foundings if isinstance(each.superior, Cell))
    if by is not SYSTEM and any(each.superior is None for each in foundings):
        raise PermissionDenied
    rules.KEEP_CELL.require(by, *superiors.values())
    names = _checked(foundings, superiors, on)

    cells = _placed(foundings, names, superiors)
    Cell.objects.bulk_create(cells, batch_size=BATCH)
    Placement.objects.bulk_create(
        [
            Placement(
                cell=cell,
                kind=cell.kind,
                name=cell.name,
                short_name=cell.short_name,
                parent_id=cell.parent_id,
                path=cell.path,
                valid=since(on),
                recorded_by_id=by.pk,
            )
            for cell in cells
        ],
        batch_size=BATCH,
    )
    Term.objects.bulk_create(
        [
            Term(
                cell=cell,
                number=each.term_number,
                due_on=each.term_due,
                valid=since(each.term_from or on),
                recorded_by_id=by.pk,
            )
            for cell, each in zip(cells, foundings, strict=True)
            if each.term_due
        ],
        batch_size=BATCH,
    )
    link_units(cells)

    trail.record_many(
        "cells.founded",
        cells,
        by=by,
        at=lambda cell: cell.path,
        facts=lambda cell: {"kind": cell.kind, "from": on, "founded_on": cell.founded_on},
    )
    return cells


def _checked(foundings: Sequence[Founding], superiors: dict[int, Cell], on: date) -> list[str]:
    """The names in their one spelling; refuses what ``found_many`` refuses."""
    names = []
    seen: set[tuple[Any, str]] = set()
    for row, each in enumerate(foundings):
        checked = checks.organisation_name(each.name)
        if checked.problems:
            raise Refusal(checked.problems[0], field="name", row=row)
        name = checked.value
        superior_kind = _superior_kind(foundings, each.superior, superiors, row)
        footing.must_fit(each.kind, superior_kind, field="kind", row=row)
        _check_dates(each, on, row)
        place = (_superior_key(each.superior), name)
        if place in seen:
            raise Refusal(_("这份名单里有两个同名的“%(name)s”，请核对。") % {"name": name}, field="name", row=row)
        seen.add(place)
        names.append(name)
    _refuse_twins(foundings, names)
    return names


def _superior_kind(
    foundings: Sequence[Founding], superior: Cell | int | None, superiors: dict[int, Cell], row: int
) -> str | None:
    if superior is None:
        return None
    if isinstance(superior, int):
        if not 0 <= superior < row:
            raise ValueError("a superior named by its place comes earlier in the list")
        return foundings[superior].kind
    footing.must_stand(superiors[superior.pk], field="superior", row=row)
    return superiors[superior.pk].kind


def _superior_key(superior: Cell | int | None) -> tuple[str, Any]:
    return ("row", superior) if isinstance(superior, int) else ("cell", superior.pk if superior else None)


def _check_dates(each: Founding, on: date, row: int) -> None:
    if each.founded_on and each.founded_on > on:
        words = {"day": on.isoformat(), "founded": each.founded_on.isoformat()}
        raise Refusal(_("成立日期不能晚于 %(day)s，现在是 %(founded)s。") % words, field="founded_on", row=row)
    if each.term_from and not each.term_due:
        raise Refusal(_("请填写届满日期，或清空本届任期起。"), field="term_due", row=row)
    if each.term_due and each.term_due <= (each.term_from or on):
        if each.term_from:
            raise Refusal(_("届满日期应晚于本届任期起。"), field="term_due", row=row)
        raise Refusal(_("请填写本届任期起。"), field="term_from", row=row)


def _refuse_twins(foundings: Sequence[Founding], names: list[str]) -> None:
    """Names that stand already where these are to stand, asked in one query."""
    wanted = {
        (each.superior.pk if each.superior else None, name): row
        for row, (each, name) in enumerate(zip(foundings, names, strict=True))
        if not isinstance(each.superior, int)
    }
    if not wanted:
        return
    parents = {parent for parent, _name in wanted}
    among = Q(parent__in=parents - {None}) | (Q(parent__isnull=True) if None in parents else Q(pk__in=[]))
    standing = Cell.objects.standing().filter(among, name__in={name for _parent, name in wanted})
    for parent, name, code in standing.values_list("parent", "name", "code"):
        if (parent, name) in wanted:
            raise Refusal(footing.same_name(name, code), field="name", row=wanted[parent, name])


def _placed(foundings: Sequence[Founding], names: list[str], superiors: dict[int, Cell]) -> list[Cell]:
    """The cells with their keys, codes and paths, which hang on one another."""
    cells: list[Cell] = []
    keys = reserve(Cell, len(foundings))
    for row, (key, each, name) in enumerate(zip(keys, foundings, names, strict=True)):
        superior = cells[each.superior] if isinstance(each.superior, int) else None
        if isinstance(each.superior, Cell):
            superior = superiors[each.superior.pk]
        path = f"{superior.path if superior else '/'}{key}/"
        if len(path) > footing.LONGEST_PATH:
            raise Refusal(_("组织层级过深，请改设在更高一级之下。"), field="superior", row=row)
        cells.append(
            Cell(
                pk=key,
                code=serial_code("ZB", key),
                path=path,
                parent=superior,
                name=name,
                short_name=each.short_name,
                kind=each.kind,
                formation_mode=each.formation_mode,
                founded_on=each.founded_on,
                contact_name=each.contact_name,
                contact_phone=each.contact_phone,
                units_text=each.units_text,
                org_id_code=each.org_id_code,
                org_path_code=each.org_path_code,
                **found_by(name, each.short_name),
            )
        )
    return cells
