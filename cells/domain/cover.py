"""How a company is covered: derived from the kind of the covering cell, here and nowhere else."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db.models import Q

from cells.choices import KINDS_WITHOUT_COVER, CellKind, Cover
from cells.models import Cell, Company, CompanyFact
from core.dated import Change, state_many


def cover_by(cell: Cell | None) -> str:
    """COV-01 and COV-02: a joint branch covers jointly, any other organisation as the company's own.

    A temporary or functional branch looks after a company without covering it (ORG-09, ORG-11).
    """
    if cell is None or cell.kind in KINDS_WITHOUT_COVER:
        return Cover.NONE
    return Cover.JOINT if cell.kind == CellKind.JOINT_BRANCH else Cover.OWN


def restate(cells: Sequence[Cell], *, by: Any, on: date) -> None:
    """Say anew, from ``on``, how the companies of these cells are covered, after the kind of the cells was changed."""
    covers: dict[int | None, str] = {cell.pk: cover_by(cell) for cell in cells}
    rewrite(Q(cover_cell__in=covers), lambda fact: {"cover": covers[fact.cover_cell_id]}, by=by, on=on)


def hand_over(cell: Cell, into: Cell, *, by: Any, on: date) -> None:
    """Let ``into`` keep and cover from ``on`` what ``cell`` kept and covered."""

    def values(fact: CompanyFact) -> dict[str, Any]:
        kept = {"keeper": into} if fact.keeper_id == cell.pk else {}
        covered = {"cover_cell": into, "cover": cover_by(into)} if fact.cover_cell_id == cell.pk else {}
        return kept | covered

    rewrite(Q(keeper=cell) | Q(cover_cell=cell), values, by=by, on=on)
    Company.objects.filter(keeper=cell).update(keeper=into)
    Company.objects.filter(cover_cell=cell).update(cover_cell=into)


def rewrite(which: Q, values: Callable[[CompanyFact], dict[str, Any]], *, by: Any, on: date) -> None:
    """Change every standing fact that holds on ``on`` or later, each from its own first day on."""
    facts = CompanyFact.objects.standing().filter(which, Q(valid__upper_inf=True) | Q(valid__endswith__gt=on))
    held = list(facts.select_related("company").select_for_update(of=("self", "company")).order_by("company", "valid"))
    changes = [Change({"company": fact.company_id}, values(fact), max(fact.starts_on, on)) for fact in held]
    state_many(CompanyFact, changes, by=by)
