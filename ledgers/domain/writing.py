"""From findings to deeds: each deed is called once for many rows. A row a deed refuses is left out and says why."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from cells.domain.companies import CompanyCorrection, Registration, Survey, register_many, survey_many
from cells.domain.companies import correct_many as correct_companies
from cells.domain.terms import Beginning, begin_many
from cells.domain.tree import CellCorrection, Founding, found_many
from cells.domain.tree import correct_many as correct_cells
from cells.models import Cell
from core.errors import Refusal
from ledgers.choices import Kind, Outcome
from ledgers.review import Finding, Ground
from ledgers.review import companies as company_review
from ledgers.review import organisations as organisation_review
from members.choices import EntryReason
from members.domain.places import Placing, place_many
from members.domain.roster import CORRECTABLE, ITEMS, Correction, Enrolment, correct_many, enrol_many

Done = dict[str, int]


def write(kind: str, findings: Sequence[Finding], ground: Ground, *, keeper: Cell | None = None) -> Done:
    """Write the sound rows; returns how many were new and how many updated. Refused ones are blamed."""
    if kind == Kind.ORGANISATIONS:
        return _write_organisations(findings, ground)
    if kind == Kind.COMPANIES:
        assert keeper is not None
        return _write_companies(findings, ground, keeper)
    return _write_members(findings, ground)


def _insist(findings: Sequence[Finding], deed: Callable[[list[Finding]], Any], default: str) -> list[Finding]:
    """Run ``deed`` over the rows, leaving out one after another those it refuses; returns those it took."""
    left = [finding for finding in findings if not finding.is_wrong]
    while left:
        try:
            with transaction.atomic():
                deed(left)
        except Refusal as refusal:
            if refusal.row is None and len(left) > 1:
                # The deed does not say which: ask it for each by itself.
                return [one for finding in left for one in _insist([finding], deed, default)]
            refusal.leave_trace()
            left[refusal.row or 0].blame_for(refusal, default)
            left = [finding for finding in left if not finding.is_wrong]
        else:
            return left
    return []


def _split(findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    new = [finding for finding in findings if finding.outcome == Outcome.NEW]
    return new, [finding for finding in findings if finding.outcome == Outcome.UPDATE]


def _written(new: Sequence[Finding], *updated: Sequence[Finding]) -> Done:
    sound = {id(finding) for findings in updated for finding in findings if not finding.is_wrong}
    return {Outcome.NEW: len(new), Outcome.UPDATE: len(sound)}


# Organisations


def _write_organisations(findings: Sequence[Finding], ground: Ground) -> Done:
    new, changed = _split(findings)
    founded = _insist(_from_the_top(new, findings), lambda left: _found(left, findings, ground), "name")
    corrected = _insist(
        [finding for finding in changed if finding.changes.keys() & set(organisation_review.CORRECTED)],
        lambda left: correct_cells([_cell_correction(finding) for finding in left], by=ground.by, on=ground.as_of),
        "name",
    )
    begun = _insist(
        [finding for finding in changed if finding.changes.keys() & set(organisation_review.TERM)],
        lambda left: begin_many([_beginning(finding) for finding in left], by=ground.by, on=ground.as_of),
        "term_from",
    )
    return _written(founded, corrected, begun)


def _from_the_top(new: Sequence[Finding], findings: Sequence[Finding]) -> list[Finding]:
    """Every organisation after its superior."""

    def depth(finding: Finding) -> int:
        above = finding.values.get("superior")
        return 1 + depth(findings[above]) if isinstance(above, int) else 0

    return sorted(new, key=depth)


def _found(left: list[Finding], findings: Sequence[Finding], ground: Ground) -> list[Cell]:
    places = {id(finding): place for place, finding in enumerate(left)}
    foundings = []
    for finding in left:
        superior = finding.values["superior"]
        if isinstance(superior, int):
            above = places.get(id(findings[superior]))
            if above is None:
                # Its superior was refused: so is whatever stands below.
                raise Refusal(findings[superior].remarks[-1].sentence, field="superior", row=places[id(finding)])
            superior = above
        rest = {
            name: value
            for name, value in finding.values.items()
            if name in Founding.__dataclass_fields__ and name != "superior" and value not in (None, "")
        }
        foundings.append(Founding(superior=superior, **rest))
    return found_many(foundings, by=ground.by, on=ground.as_of)


def _cell_correction(finding: Finding) -> CellCorrection:
    changed = [name for name in organisation_review.CORRECTED if name in finding.changes]
    return CellCorrection(finding.target, {name: finding.values[name] for name in changed})


def _beginning(finding: Finding) -> Beginning:
    values = finding.values
    return Beginning(finding.target, values.get("term_number"), values["term_from"], values["term_due"])


# Companies


def _write_companies(findings: Sequence[Finding], ground: Ground, keeper: Cell) -> Done:
    new, changed = _split(findings)
    registered = _insist(
        new,
        lambda left: register_many([_registration(one, keeper) for one in left], by=ground.by, on=ground.as_of),
        "name",
    )
    corrected = _insist(
        [finding for finding in changed if finding.changes.keys() & set(company_review.CORRECTED)],
        lambda left: correct_companies([_company_correction(one) for one in left], by=ground.by, on=ground.as_of),
        "name",
    )
    surveyed = _insist(
        [finding for finding in changed if finding.changes.keys() & set(company_review.SURVEYED)],
        lambda left: survey_many([_survey(one, ground) for one in left], by=ground.by, on=ground.as_of),
        "surveyed_on",
    )
    return _written(registered, corrected, surveyed)


def _registration(finding: Finding, keeper: Cell) -> Registration:
    told = {name: value for name, value in finding.values.items() if value not in (None, "")}
    return Registration(keeper=keeper, **told)


def _company_correction(finding: Finding) -> CompanyCorrection:
    changed = [name for name in company_review.CORRECTED if name in finding.changes]
    return CompanyCorrection(finding.target, {name: finding.values[name] for name in changed})


def _survey(finding: Finding, ground: Ground) -> Survey:
    day = finding.values.get("surveyed_on") or ground.as_of
    return Survey(finding.target, day, company_review.surveyed(finding.values))


# Members


def _write_members(findings: Sequence[Finding], ground: Ground) -> Done:
    new, changed = _split(findings)
    enrolled = _insist(new, lambda left: _enrol(left, ground), "id_number")
    corrected = _insist(
        [finding for finding in changed if finding.changes.keys() - {"cell"}],
        lambda left: correct_many([_correction(one) for one in left], by=ground.by, on=ground.as_of),
        "name",
    )
    placed = _insist(
        [finding for finding in changed if "cell" in finding.changes], lambda left: _place(left, ground), "cell"
    )
    return _written(enrolled, corrected, placed)


def _enrol(left: list[Finding], ground: Ground) -> Any:
    enrolments = [
        Enrolment(
            one.values["cell"],
            checked=one.checked,
            **{item: one.values[item] for item in ITEMS if item in one.values},
        )
        for one in left
    ]
    # The review has asked for these numbers, and counted whom it met.
    return enrol_many(enrolments, by=ground.by, on=ground.as_of, reason=EntryReason.OPENING_BALANCE, looked_up=True)


def _correction(finding: Finding) -> Correction:
    member, values = finding.target, finding.values
    changed = [item for item in CORRECTABLE if item in values and values[item] != getattr(member, item)]
    return Correction(member, {item: values[item] for item in changed})


def _place(left: list[Finding], ground: Ground) -> Any:
    placings = [Placing(one.target, one.values["cell"]) for one in left]
    return place_many(placings, reason=_("按台账调整所在支部"), by=ground.by, on=ground.as_of)
