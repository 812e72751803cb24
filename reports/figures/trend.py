"""The same figures on many days, from history: a day before the records begin is a gap, not a zero."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db.models import DateField
from django.db.models.expressions import RawSQL

from core.together import Written, read_together
from reports.figures.figure import FIGURES, Rate, Total, percent
from reports.figures.planning import by_hashing
from reports.figures.populations import POPULATIONS, Population, first_days
from reports.figures.sheet import counted_in, totals_of
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
    """The figures ``keys`` on each of ``days``: one query for all populations, and one for the first days."""
    trend = Trend(where, days, first_days(where, known_at), known_at=known_at, keys=keys)
    read_together(*trend.asked)
    return trend.points


class Trend:
    """Figures on many days, to be read together with other things; ``begins`` is ``first_days``."""

    def __init__(
        self,
        where: Where,
        days: Sequence[date],
        begins: dict[str, date],
        *,
        known_at: datetime | None = None,
        keys: Sequence[str] = SHOWN,
    ) -> None:
        self.days, self.figures = days, [FIGURES[key] for key in keys]
        populations = [one for one in POPULATIONS if any(figure.population is one for figure in self.figures)]
        self.totals = {population: totals_of(self.figures, population) for population in populations}
        self.rows = {
            population: _many(population, where, _on_record(days, begins.get(population.key)), known_at, totals)
            for population, totals in self.totals.items()
        }

    @property
    def asked(self) -> tuple[Written, ...]:
        return tuple(self.rows.values())

    @property
    def points(self) -> list[Point]:
        counted: dict[date, dict[str, int | None]] = {day: {} for day in self.days}
        for population, totals in self.totals.items():
            for day in self.days:
                counted[day] |= dict.fromkeys(totals)
            for day, _nothing, *numbers in self.rows[population]:
                counted[day] |= dict(zip(totals, numbers, strict=True))
        return [Point(day, {one.key: _value(one, counted[day]) for one in self.figures}) for day in self.days]


def _on_record(days: Sequence[date], first: date | None) -> list[date]:
    return [day for day in days if first is None or day >= first]


def _many(
    population: Population,
    where: Where,
    days: list[date],
    known_at: datetime | None,
    totals: dict[str, Total],
) -> Written:
    """The totals of one population on each of ``days``: what is counted on one day, asked beside a table of days."""
    on = RawSQL("asked.day", (), DateField())
    counted, parameters = counted_in(population, totals, where, on, known_at).query.sql_with_params()
    beside = f"SELECT asked.day, counted.* FROM unnest(%s::date[]) AS asked(day), LATERAL ({counted}) AS counted"  # noqa: S608
    return Written(beside, [days, *parameters], columns=2 + len(totals))


def _value(figure: Total | Rate, counted: dict[str, int | None]) -> int | Decimal | None:
    if isinstance(figure, Rate):
        return percent(counted[figure.numerator.key], counted[figure.denominator.key])
    return counted[figure.key]
