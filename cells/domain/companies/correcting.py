"""Setting right what stands in a company's file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.domain.companies import shared
from cells.domain.cover import rewrite
from cells.domain.identity import found_by
from cells.domain.tree import footing
from cells.models import Cell, Company
from core.dated import BATCH

OWN_FIELDS = ("name", "credit_code", "district", "park", "line_of_business", "keeper")


@dataclass(frozen=True)
class CompanyCorrection:
    """What is to be set right of one company; what ``values`` leave out stays."""

    company: Company
    values: dict[str, Any]


def correct(company: Company, *, version: int, by: Any, on: date, **values: Any) -> Company:
    """Set right a company's file, as its record of that ``version`` showed it; see ``correct_many``.

    Raises Stale when somebody changed it since.
    """
    return _correct([CompanyCorrection(company, values)], {company.pk: version}, by=by, on=on)[0]


def correct_many(changes: Sequence[CompanyCorrection], *, by: Any, on: date) -> list[Company]:
    """Set right the files of companies. A new keeper keeps the file from ``on``; the rest was always so.

    What says so already leaves no trace. Refuses what ``register_many`` refuses. Whoever hands a file over keeps
    companies at both ends.
    """
    return _correct(changes, {}, by=by, on=on)


@reversible
def _correct(changes: Sequence[CompanyCorrection], versions: dict[int, int], *, by: Any, on: date) -> list[Company]:
    companies = shared.lock([change.company for change in changes])
    rules.KEEP_COMPANY.require(by, *companies.values())
    shared.must_be_fresh(companies, versions)
    cells = shared.hold([change.values.get("keeper") for change in changes])
    rules.KEEP_COMPANY.require(by, *(Company(keeper=cell) for cell in cells.values()))

    changed: dict[int, dict[str, list[Any]]] = {}
    for row, change in enumerate(changes):
        differences = _apply(companies[change.company.pk], change.values, cells, row)
        if differences:
            changed.setdefault(change.company.pk, {}).update(differences)
    touched = [companies[key] for key in changed]
    if touched:
        rows = {change.company.pk: row for row, change in enumerate(changes)}
        shared.must_be_new([(rows[one.pk], one.pk, one.name, one.credit_code) for one in touched])
        for company in touched:
            company.version += 1
        Company.objects.bulk_update(touched, [*OWN_FIELDS, "name_pinyin", "name_search", "version"], batch_size=BATCH)
        handed = [company for company in touched if "keeper" in changed[company.pk]]
        keepers = {one.pk: one.keeper_id for one in handed}
        rewrite(Q(company__in=keepers), lambda fact: {"keeper": keepers[fact.company_id]}, by=by, on=on)
        trail.record_many(
            "cells.company_corrected",
            touched,
            by=by,
            at=shared.path_of,
            facts=lambda company: {"changes": changed[company.pk], "version": company.version},
        )
    return [companies[change.company.pk] for change in changes]


def _apply(company: Company, values: dict[str, Any], cells: dict[int, Cell], row: int) -> dict[str, list[Any]]:
    """Put ``values`` on the company; returns what differs as {field: [old, new]}."""
    unknown = values.keys() - set(OWN_FIELDS)
    if unknown:
        raise TypeError(f"not to be set right here: {', '.join(sorted(unknown))}")
    values = dict(values)
    if "name" in values:
        values["name"] = shared.spelt_name(values["name"], row)
    if "credit_code" in values:
        values["credit_code"] = shared.spelt_code(values["credit_code"], row)
    if values.get("keeper"):
        values["keeper"] = cells[values["keeper"].pk]
        footing.must_stand(values["keeper"], field="keeper", row=row)
    differences = {}
    for name, new in values.items():
        old = getattr(company, name)
        if old == new:
            continue
        setattr(company, name, new)
        differences[name] = [str(one) if isinstance(one, Cell) else one for one in (old, new)]
    if "name" in differences:
        for column, value in found_by(company.name).items():
            setattr(company, column, value)
    return differences
