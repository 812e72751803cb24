"""Putting companies on file: one on a page, or many from a ledger."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.domain.companies import shared
from cells.domain.cover import cover_by
from cells.domain.identity import found_by, reserve
from cells.domain.tree import footing
from cells.domain.units import link_companies
from cells.models import Cell, Company, CompanyFact
from core.codes import serial_code
from core.dated import BATCH, since


@dataclass(frozen=True)
class Registration:
    """One company to be put on file, with what the first survey found."""

    name: str
    keeper: Cell
    credit_code: str = ""
    district: str = ""
    park: str = ""
    line_of_business: str = ""
    surveyed_on: date | None = None
    operating: bool = True
    fixed_premises: bool | None = None
    staff: int | None = None
    output: Decimal | None = None
    members_known: int | None = None
    cover_cell: Cell | None = None
    formation_mode: str = ""
    advisor: str = ""
    has_liaison: bool = False
    has_mass_organisation: bool = False
    legal_representative_is_member: bool | None = None

    def facts(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in shared.SURVEYED_FIELDS}


def register(name: str, keeper: Cell, *, by: Any, on: date, **rest: Any) -> Company:
    """Put one company on file; see ``register_many``."""
    return register_many([Registration(name=name, keeper=keeper, **rest)], by=by, on=on)[0]


@reversible
def register_many(registrations: Sequence[Registration], *, by: Any, on: date) -> list[Company]:
    """Put companies on file, each under the cell that keeps it, with what was found on ``surveyed_on``.

    Refuses, naming the row: no name, a wrong credit code, a company already on file (by credit code, or by name where
    one of the two has no code), a dissolved keeper or covering cell, a survey after ``on``. Whoever registers keeps
    companies at the keeper and sees the covering cell.
    """
    cells = shared.hold([each.keeper for each in registrations] + [each.cover_cell for each in registrations])
    rules.KEEP_COMPANY.require(by, *(Company(keeper=cells[each.keeper.pk]) for each in registrations))
    rules.SEE_CELL.require(by, *(cells[each.cover_cell.pk] for each in registrations if each.cover_cell))
    spelt = [
        replace(each, name=shared.spelt_name(each.name, row), credit_code=shared.spelt_code(each.credit_code, row))
        for row, each in enumerate(registrations)
    ]
    for row, each in enumerate(spelt):
        footing.must_stand(cells[each.keeper.pk], field="keeper", row=row)
        shared.must_be_covering(each.facts(), cells, row)
        shared.must_be_past(each.surveyed_on or on, on, row)
    shared.must_be_new([(row, None, each.name, each.credit_code) for row, each in enumerate(spelt)])

    keys = reserve(Company, len(spelt))
    companies = [
        Company(
            pk=key,
            code=serial_code("QY", key),
            name=each.name,
            credit_code=each.credit_code,
            district=each.district,
            park=each.park,
            line_of_business=each.line_of_business,
            keeper=cells[each.keeper.pk],
            cover_cell=each.cover_cell and cells[each.cover_cell.pk],
            **found_by(each.name),
        )
        for key, each in zip(keys, spelt, strict=True)
    ]
    Company.objects.bulk_create(companies, batch_size=BATCH)
    CompanyFact.objects.bulk_create(
        [
            CompanyFact(
                company=company,
                keeper=company.keeper,
                cover=cover_by(company.cover_cell),
                valid=since(each.surveyed_on or on),
                recorded_by_id=by.pk,
                **each.facts() | {"cover_cell": company.cover_cell},
            )
            for company, each in zip(companies, spelt, strict=True)
        ],
        batch_size=BATCH,
    )
    link_companies(companies)

    trail.record_many(
        "cells.company_registered",
        companies,
        by=by,
        at=shared.path_of,
        facts=lambda company: {"keeper": str(company.keeper)},
    )
    return companies
