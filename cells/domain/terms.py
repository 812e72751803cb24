"""届次: when a leading body was elected, and when its term runs out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.domain.tree import footing
from cells.models import Cell, Term
from core.dated import Change, state_many
from core.errors import Refusal


@dataclass(frozen=True)
class Beginning:
    """The beginning of one cell's term: which it is, the day of the election and the last day."""

    cell: Cell
    number: int | None
    from_on: date
    due_on: date


def begin(cell: Cell, *, number: int | None = None, from_on: date, due_on: date, by: Any, on: date) -> Term:
    """Begin a term of ``cell``; see ``begin_many``. Returns the term that holds from ``from_on``."""
    term = begin_many([Beginning(cell, number, from_on, due_on)], by=by, on=on)[0]
    return term or cell.terms.as_of(from_on).get()


@reversible
def begin_many(beginnings: Sequence[Beginning], *, by: Any, on: date) -> list[Term | None]:
    """Begin terms; each lasts until the next begins. The same term told again changes nothing, and None says so.

    Refuses, naming the row: a dissolved cell, a last day that is not after the first, and a first day after ``on``,
    since an election that has not been held begins nothing.
    """
    cells = footing.lock(each.cell for each in beginnings)
    rules.KEEP_CELL.require(by, *cells.values())
    for row, each in enumerate(beginnings):
        footing.must_stand(cells[each.cell.pk], row=row)
        if each.due_on <= each.from_on:
            raise Refusal(_("届满日期应晚于本届任期起。"), field="due_on", row=row)
        if each.from_on > on:
            raise Refusal(_("本届任期起不能晚于 %(day)s。") % {"day": on.isoformat()}, field="from_on", row=row)

    changes = [
        Change({"cell": each.cell.pk}, {"number": each.number, "due_on": each.due_on}, each.from_on)
        for each in beginnings
    ]
    stated = state_many(Term, changes, by=by)

    begun = {each.cell.pk: each for each, term in zip(beginnings, stated, strict=True) if term is not None}
    trail.record_many(
        "cells.term_begun",
        [cells[key] for key in begun],
        by=by,
        at=lambda cell: cell.path,
        facts=lambda cell: {
            "number": begun[cell.pk].number,
            "from": begun[cell.pk].from_on,
            "due": begun[cell.pk].due_on,
        },
    )
    return stated
