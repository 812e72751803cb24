"""摸排: writing down what was found of companies on a day."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.domain.companies import shared
from cells.domain.companies.shared import SURVEYED_FIELDS
from cells.domain.cover import cover_by
from cells.models import Cell, Company, CompanyFact
from core.dated import BATCH, Change, state_many


@dataclass(frozen=True)
class Survey:
    """What was found of one company on a day; what ``facts`` leave out stays as it was."""

    company: Company
    surveyed_on: date
    facts: dict[str, Any] = field(default_factory=dict)


def survey(
    company: Company, *, surveyed_on: date, by: Any, on: date, version: int | None = None, **facts: Any
) -> Company:
    """Write down what was found of a company on a day; see ``survey_many``.

    With ``version`` it raises Stale when somebody changed the file since.
    """
    versions = {} if version is None else {company.pk: version}
    return _survey([Survey(company, surveyed_on, facts)], versions, by=by, on=on)[0]


def survey_many(surveys: Sequence[Survey], *, by: Any, on: date) -> list[Company]:
    """Write down what was found; it holds from the day of the survey until the next one recorded.

    What says so already leaves no trace. Cover follows from the kind of the covering cell. Refuses, naming the row: a
    dissolved covering cell or a group, and a survey after ``on``.
    """
    return _survey(surveys, {}, by=by, on=on)


@reversible
def _survey(surveys: Sequence[Survey], versions: dict[int, int], *, by: Any, on: date) -> list[Company]:
    companies = shared.lock([each.company for each in surveys])
    rules.KEEP_COMPANY.require(by, *companies.values())
    shared.must_be_fresh(companies, versions)
    cells = shared.hold([each.facts.get("cover_cell") for each in surveys])
    known = {company.cover_cell_id for company in companies.values()}
    rules.SEE_CELL.require(by, *(cell for cell in cells.values() if cell.pk not in known))
    asked = []
    for row, each in enumerate(surveys):
        unknown = each.facts.keys() - set(SURVEYED_FIELDS)
        if unknown:
            raise TypeError(f"not found by a survey: {', '.join(sorted(unknown))}")
        shared.must_be_covering(each.facts, cells, row)
        shared.must_be_past(each.surveyed_on, on, row)
        values = dict(each.facts)
        if "cover_cell" in values:
            values["cover"] = cover_by(cells[values["cover_cell"].pk] if values["cover_cell"] else None)
        company = companies[each.company.pk]
        asked.append(Change({"company": company.pk}, values, each.surveyed_on))

    before = _current(companies)
    stated = state_many(CompanyFact, _with_keepers(asked, companies), by=by)
    touched = {each.company.pk: each for each, fact in zip(surveys, stated, strict=True) if fact is not None}
    if touched:
        after = _current(companies)
        for key in touched:
            companies[key].cover_cell_id = after[key].cover_cell_id
            companies[key].version += 1
        changed = [companies[key] for key in touched]
        Company.objects.bulk_update(changed, ["cover_cell", "version"], batch_size=BATCH)
        trail.record_many(
            "cells.company_surveyed",
            changed,
            by=by,
            at=shared.path_of,
            facts=lambda company: {
                "surveyed_on": touched[company.pk].surveyed_on,
                "changes": _differences(before.get(company.pk), after[company.pk]),
                "version": company.version,
            },
        )
    return [companies[each.company.pk] for each in surveys]


def _with_keepers(asked: list[Change], companies: dict[int, Company]) -> list[Change]:
    """A survey from before the file was opened begins a fact of its own, which must say who keeps the company."""
    known = CompanyFact.objects.standing().filter(company__in=companies).values_list("company", "valid")
    spans: dict[int, list[Any]] = {}
    for key, valid in known:
        spans.setdefault(key, []).append(valid)

    def held(change: Change) -> bool:
        return any(
            span.lower <= change.on and (span.upper is None or change.on < span.upper)
            for span in spans.get(change.keys["company"], [])
        )

    return [
        change
        if held(change)
        else change._replace(values={"keeper": companies[change.keys["company"]].keeper_id} | change.values)
        for change in asked
    ]


def _current(companies: dict[int, Company]) -> dict[int, CompanyFact]:
    facts = CompanyFact.objects.current().filter(company__in=companies).select_related("cover_cell")
    return {fact.company_id: fact for fact in facts}


def _differences(before: CompanyFact | None, after: CompanyFact) -> dict[str, list[Any]]:
    found = {}
    for name in (*SURVEYED_FIELDS, "cover"):
        old, new = getattr(before, name, None), getattr(after, name)
        if old != new:
            found[name] = [_said(after, name, one) for one in (old, new)]
    return found


def _said(fact: CompanyFact, name: str, value: Any) -> Any:
    """The value as the trail keeps it: names and words rather than keys and codes."""
    if isinstance(value, Cell):
        return str(value)
    choices: Any = fact._meta.get_field(name)
    return str(dict(choices.flatchoices).get(value, value)) if getattr(choices, "flatchoices", None) else value
