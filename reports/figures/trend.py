"""The same figures on many days, from history: a day before the records begin is a gap, not a zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import DateField, Value

from reports.figures.figure import FIGURES, Rate, percent
from reports.figures.populations import POPULATIONS, first_days
from reports.figures.where import Where

MONTHS = 24
SHOWN = ("members", "organisational_coverage", "operating_companies")


@dataclass(frozen=True)
class Point:
    """One day of the trend; what is None was not yet recorded, or could not be divided."""

    on: date
    values: dict[str, int | Decimal | None]

    def __getitem__(self, key: str) -> int | Decimal | None:
        return self.values[key]


def month_ends(on: date, months: int = MONTHS) -> list[date]:
    """``on`` and the last days of the months before it, the earliest first."""
    days = [on]
    while len(days) < months:
        days.append(days[-1].replace(day=1) - timedelta(days=1))
    return days[::-1]


def read_trend(
    where: Where, days: Sequence[date], *, known_at: datetime | None = None, keys: Sequence[str] = SHOWN
) -> list[Point]:
    """The figures ``keys`` on each of ``days``: one query per population concerned, and one for the first days."""
    figures = [FIGURES[key] for key in keys]
    populations = tuple(one for one in POPULATIONS if any(figure.population is one for figure in figures))
    begins = first_days(where, known_at, populations)
    counted: dict[date, dict[str, int | None]] = {day: {} for day in days}
    for population in populations:
        totals = {
            part.key: part
            for figure in figures
            if figure.population is population
            for part in ((figure.numerator, figure.denominator) if isinstance(figure, Rate) else (figure,))
        }
        first = begins.get(population.key)
        on_record = [day for day in days if first is None or day >= first]
        aggregates = {f"total_{key}": total.aggregate(where) for key, total in totals.items()}
        for day in days:
            counted[day] |= dict.fromkeys(totals)
        for row in _many(population, where, on_record, known_at, aggregates):
            counted[row["day"]] |= {key: row[f"total_{key}"] for key in totals}
    return [Point(day, {figure.key: _value(figure, counted[day]) for figure in figures}) for day in days]


def _many(population: Any, where: Where, days: list[date], known_at: datetime | None, aggregates: dict) -> Any:
    asked = [
        population.rows(where, day, known_at)
        .order_by()
        .values(day=Value(day, output_field=DateField()))
        .annotate(**aggregates)
        for day in days
    ]
    return asked[0].union(*asked[1:], all=True) if asked else ()


def _value(figure: Any, counted: dict[str, int | None]) -> int | Decimal | None:
    if isinstance(figure, Rate):
        return percent(counted[figure.numerator.key], counted[figure.denominator.key])
    return counted[figure.key]
