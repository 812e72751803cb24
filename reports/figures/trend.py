"""The same figures on many days, from history: a day before the records begin is a gap, not a zero."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import connection
from django.db.models import DateField, Value
from django.db.models.expressions import RawSQL

from reports.figures.figure import FIGURES, Rate, Total, percent
from reports.figures.planning import by_hashing
from reports.figures.populations import POPULATIONS, Population, first_days
from reports.figures.sheet import aggregates, totals_of
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


@by_hashing()
def read_trend(
    where: Where, days: Sequence[date], *, known_at: datetime | None = None, keys: Sequence[str] = SHOWN
) -> list[Point]:
    """The figures ``keys`` on each of ``days``: one query per population concerned, and one for the first days."""
    figures = [FIGURES[key] for key in keys]
    populations = tuple(one for one in POPULATIONS if any(figure.population is one for figure in figures))
    begins = first_days(where, known_at)
    counted: dict[date, dict[str, int | None]] = {day: {} for day in days}
    for population in populations:
        totals, first = totals_of(figures, population), begins.get(population.key)
        for day in days:
            counted[day] |= dict.fromkeys(totals)
        on_record = [day for day in days if first is None or day >= first]
        for day, numbers in _many(population, where, on_record, known_at, totals):
            counted[day] |= numbers
    return [Point(day, {figure.key: _value(figure, counted[day]) for figure in figures}) for day in days]


def _many(
    population: Population,
    where: Where,
    days: list[date],
    known_at: datetime | None,
    totals: dict[str, Total],
) -> Iterator[tuple[date, dict[str, int]]]:
    """The totals of one population on each of ``days``: what is counted on one day, asked beside a table of days."""
    rows = population.rows(where, RawSQL("asked.day", (), DateField()), known_at).order_by().values(nothing=Value(""))
    counted, parameters = rows.annotate(**aggregates(totals, where)).query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT asked.day, counted.* FROM unnest(%s::date[]) AS asked(day), LATERAL ({counted}) AS counted",  # noqa: S608
            [days, *parameters],
        )
        for day, _nothing, *numbers in cursor.fetchall():
            yield day, dict(zip(totals, numbers, strict=True))


def _value(figure: Total | Rate, counted: dict[str, int | None]) -> int | Decimal | None:
    if isinstance(figure, Rate):
        return percent(counted[figure.numerator.key], counted[figure.denominator.key])
    return counted[figure.key]
