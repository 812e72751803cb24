"""所在单位: which companies a cell's members work in. Written as text; linked where the company is on file."""

from collections.abc import Collection, Iterable
from typing import Any

from cells import checks
from cells.models import Cell, Company
from core.dated import BATCH


def link_units(cells: Iterable[Cell]) -> None:
    """Link each cell to the companies its text names. What is not on file stays text."""
    named = {cell.pk: set(checks.units(cell.units_text)) for cell in cells if cell.units_text}
    names = {name for units in named.values() for name in units}
    if not names:
        return
    known = Company.objects.filter(name__in=names, voided_at__isnull=True).values_list("name", "pk")
    companies: dict[str, int] = dict(known)
    _link((cell, companies[name]) for cell, units in named.items() for name in units if name in companies)


def relink_units(cells: Collection[Cell]) -> None:
    """As ``link_units``, after the text was changed."""
    Cell.units.through.objects.filter(cell__in=[cell.pk for cell in cells]).delete()
    link_units(cells)


def link_companies(companies: Collection[Company]) -> None:
    """Link companies newly on file to the cells whose text names them."""
    by_name = {company.name: company.pk for company in companies}
    naming = Cell.objects.standing().exclude(units_text="")
    if len(by_name) == 1:
        naming = naming.filter(units_text__contains=next(iter(by_name)))
    pairs = [
        (key, by_name[name])
        for key, text in naming.values_list("pk", "units_text")
        for name in set(checks.units(text))
        if name in by_name
    ]
    _link(pairs)


def _link(pairs: Iterable[tuple[int, int]]) -> None:
    through: Any = Cell.units.through
    rows = [through(cell_id=cell, company_id=company) for cell, company in pairs]
    through.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)
