"""The figures as JSON, for whoever calculates on."""

import json
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from cells.models import Cell
from core.codes import read_code
from reports.figures import Reading, Where, read


class Command(BaseCommand):
    help = "Print the figures of the whole installation, or of one cell and all below it, as of a day."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--as-of", type=_day, metavar="DATE", help="the day, as 2026-11-20; today without it")
        parser.add_argument("--cell", metavar="CODE", help="the cell, as ZB-0231; the whole installation without it")
        parser.add_argument("--district", default="", help="only companies of this district")
        parser.add_argument("--park", default="", help="only companies of this park")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of one line per figure")

    def handle(
        self, *, as_of: date | None, cell: str | None, district: str, park: str, json: bool, **options: Any
    ) -> None:
        on = as_of or timezone.localdate()
        if on > timezone.localdate():
            raise CommandError(f"--as-of: {on} has not come yet")
        place = _cell(cell) if cell else None
        sheet = read(Where(cell=place, district=district, park=park), on)
        asked = {"as_of": on.isoformat(), "cell": place.code if place else None}
        if district or park:
            asked |= {"district": district, "park": park}
        numbers = {name: value for reading in sheet for name, value in _named(reading)}
        begins = {reading.figure.key: reading.begins.isoformat() for reading in sheet if reading.begins}
        self._print(asked | numbers | ({"records_begin": begins} if begins else {}), as_json=json)

    def _print(self, found: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
            return
        for name, value in found.items():
            self.stdout.write(f"{name} {'—' if value is None else value}")


def _named(reading: Reading) -> list[tuple[str, Any]]:
    """The names the associations' own totals go by: rates in per cent, and branches by their second name as well."""
    key, number = reading.figure.key, reading.number
    if reading.figure.is_rate:
        return [(f"{key}_percent", float(number) if isinstance(number, Decimal) else None)]
    return [(key, number), ("branches_all_levels", number)] if key == "branches" else [(key, number)]


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--as-of: {text} is no date; write it as 2026-11-20") from None


def _cell(text: str) -> Cell:
    cell: Cell | None = Cell.objects.filter(code=read_code(text) or text).first()
    if cell is None:
        raise CommandError(f"--cell: there is no organisation {text}")
    return cell
