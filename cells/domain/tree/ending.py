"""The end of a cell: merged into another, or dissolved."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.choices import MERGES_INTO
from cells.domain import appointments, cover
from cells.domain.tree import footing
from cells.domain.tree.moving import carry
from cells.models import Cell, Company, Placement, Term
from core.dated import close
from core.errors import OutOfTurn, Refusal


@reversible
def merge(cell: Cell, *, into: Cell, by: Any, on: date) -> Cell:
    """Merge a cell into another from ``on``: its members, inferiors and companies go there, its offices end.

    Refuses: itself or an inferior to merge into, a kind that does not take this kind in, inferiors that could not
    stand there, anything that apps above say must be settled first, and a day before the last recorded change.
    Whoever merges keeps both.
    """
    footing.hold_tree()
    held = footing.lock([cell, into])
    cell, into = held[cell.pk], held[into.pk]
    rules.KEEP_CELL.require(by, cell, into)
    footing.must_stand(cell)
    footing.must_stand(into, field="into")
    if into.path.startswith(cell.path):
        raise Refusal(_("不能并入自己或自己的下级，请另选。"), field="into")
    if into.kind not in MERGES_INTO[cell.kind]:
        words = {"kind": cell.get_kind_display(), "into": into.get_kind_display()}
        raise Refusal(_("%(kind)s不能并入%(into)s，请另选。") % words, field="into")
    children = list(cell.children.standing().order_by("path"))
    for child in children:
        footing.must_fit(child.kind, into.kind, field="into")
        footing.must_be_free(child.name, into, but=child, field="into")
    footing.must_be_settled([*Cell.objects.under(cell), into], on)

    for take in footing.CARRIERS:
        take(cell, into, by=by, on=on)
    _must_be_clear(cell)
    for child in children:
        carry(child, into, by=by, on=on)
    cover.hand_over(cell, into, by=by, on=on)
    _tell(cell, footing.MERGED, by=by, on=on, into=str(into))
    _end(cell, reason=_("并入%(into)s") % {"into": into}, by=by, on=on, merged_into=into)

    facts = {"into": str(into), "into_code": into.code, "from": on, "version": cell.version}
    trail.record("cells.merged", cell, by=by, at=cell.path, facts=facts)
    return cell


@reversible
def dissolve(cell: Cell, *, reason: str, by: Any, on: date) -> Cell:
    """Dissolve a cell: ``on`` is the first day it no longer stands. Its offices and its term end that day.

    Refuses while it has inferiors, keeps or covers companies, or while apps above say that members or open cases
    remain (BR2018 Art 7: on revocation every member must have a destination).
    """
    footing.hold_tree()
    cell = footing.lock_one(cell)
    rules.KEEP_CELL.require(by, cell)
    footing.must_stand(cell)
    for sentence in obstacles(cell):
        raise OutOfTurn(sentence)
    footing.must_be_settled([cell], on)

    _tell(cell, footing.DISSOLVED, by=by, on=on)
    _end(cell, reason=reason.strip(), by=by, on=on)

    trail.record(
        "cells.dissolved", cell, by=by, at=cell.path, facts={"reason": reason, "from": on, "version": cell.version}
    )
    return cell


def obstacles(cell: Cell) -> list[str]:
    """What must be settled before the cell can be dissolved, each as a sentence; for the page, too."""
    found = []
    inferiors = cell.children.standing().count()
    if inferiors:
        found.append(_("还有 %(count)d 个下级党组织，请先划转或撤销。") % {"count": inferiors})
    companies = Company.objects.filter(voided_at__isnull=True)
    kept, covered = companies.filter(keeper=cell).count(), companies.filter(cover_cell=cell).count()
    if kept:
        found.append(_("还有 %(count)d 家企业由它归口管理，请先改归其他党组织。") % {"count": kept})
    if covered:
        found.append(_("还有 %(count)d 家企业由它覆盖，请先更新这些企业的所属党组织。") % {"count": covered})
    return found + [sentence for ask in footing.OBSTACLES if (sentence := ask(cell))]


def _must_be_clear(cell: Cell) -> None:
    for ask in footing.OBSTACLES:
        sentence = ask(cell)
        if sentence:
            raise OutOfTurn(sentence)


def _tell(cell: Cell, sentence: Any, *, by: Any, on: date, **facts: str) -> None:
    footing.tell_officers(cell, sentence, by=by, on=on, facts={"cell": str(cell), "day": on.isoformat()} | facts)


def _end(cell: Cell, *, reason: str, by: Any, on: date, merged_into: Cell | None = None) -> None:
    """Close everything dated about the cell and take it out of the tree."""
    if cell.founded_on and on < cell.founded_on:
        words = {"founded": cell.founded_on.isoformat()}
        raise Refusal(_("撤销日期不能早于成立日期 %(founded)s。") % words, field="on")
    appointments.end_offices(cell.appointments.all(), reason=reason, by=by, on=on)
    cell.terms.current().filter(valid__startswith__gte=on).void(by=by, reason=reason)
    close(Term, {"cell": cell}, on, by=by)
    close(Placement, {"cell": cell}, on, by=by)
    cell.dissolved_on = on
    cell.merged_into = merged_into
    cell.version += 1
    cell.save(update_fields=["dissolved_on", "merged_into", "version"])
