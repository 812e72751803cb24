"""All figures of one place on one day: one query for all populations and one for where the records begin."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Value

from core.together import read_together
from reports.figures.figure import FIGURES, Figure, Rate, Total, percent
from reports.figures.planning import by_hashing
from reports.figures.populations import POPULATIONS, Population, first_days
from reports.figures.where import Day, Where


@dataclass(frozen=True)
class Reading:
    """One figure read. ``number`` is None where there is nothing to say; ``begins``, then, when the records begin."""

    figure: Figure
    number: int | Decimal | None
    numerator: int | None = None
    denominator: int | None = None
    begins: date | None = None

    @property
    def unit(self) -> str:
        """What is said behind the number."""
        return "" if self.number is None else self.figure.unit(self.number)

    @property
    def rest(self) -> int | None:
        """What is missing to a hundred per cent."""
        if self.numerator is None or self.denominator is None:
            return None
        return self.denominator - self.numerator


@dataclass(frozen=True)
class Sheet:
    where: Where
    on: date
    known_at: datetime | None
    readings: dict[str, Reading]

    def __getitem__(self, key: str) -> Reading:
        return self.readings[key]

    def __iter__(self) -> Iterator[Reading]:
        return iter(self.readings.values())

    def numbers(self) -> dict[str, Any]:
        """What a snapshot freezes: only numbers and texts, the same for ever."""
        return {reading.figure.key: _frozen(reading) for reading in self}


@by_hashing()
def read(where: Where, on: date, *, known_at: datetime | None = None, only: tuple[str, ...] = ()) -> Sheet:
    """The figures of ``where`` as of ``on``, as known now or at ``known_at``; with ``only``, just those.

    Four queries, however many figures, members and companies there are. Two of them only say how to go about it.
    """
    counting = Counting(where, on, first_days(where, known_at), known_at=known_at, only=only)
    read_together(*counting.asked)
    return counting.sheet


class Counting:
    """The figures of one place on one day, to be read together with other things; ``begins`` is ``first_days``."""

    def __init__(
        self,
        where: Where,
        on: date,
        begins: dict[str, date],
        *,
        known_at: datetime | None = None,
        only: tuple[str, ...] = (),
    ) -> None:
        self.where, self.on, self.begins, self.known_at = where, on, begins, known_at
        self.figures = [FIGURES[key] for key in only] if only else list(FIGURES.values())
        populations = [one for one in POPULATIONS if any(figure.population is one for figure in self.figures)]
        self.totals = {population: totals_of(self.figures, population) for population in populations}
        self.rows = {
            population: counted_in(population, totals, where, on, known_at)
            for population, totals in self.totals.items()
            if not _before(begins.get(population.key), on)
        }

    @property
    def asked(self) -> tuple[QuerySet, ...]:
        """One row for each population that was on record."""
        return tuple(self.rows.values())

    @property
    def sheet(self) -> Sheet:
        counted: dict[str, int | None] = {}
        for population, totals in self.totals.items():
            counted |= dict.fromkeys(totals)
            for row in self.rows.get(population, ()):
                counted |= {key: row[f"total_{key}"] for key in totals}
        readings = {one.key: _reading(one, counted, self.begins, self.on) for one in self.figures}
        return Sheet(self.where, self.on, self.known_at, readings)


def counted_in(
    population: Population, totals: dict[str, Total], where: Where, on: Day, known_at: datetime | None
) -> QuerySet:
    """Those totals of one population on one day: a queryset of one row."""
    rows = population.rows(where, on, known_at).order_by().values(nothing=Value(""))
    return rows.annotate(**aggregates(totals, where))


def aggregates(totals: dict[str, Total], where: Where) -> dict[str, Any]:
    """What counts the totals, under names that are no columns', as "staff" is."""
    return {f"total_{key}": total.aggregate(where) for key, total in totals.items()}


def totals_of(figures: list[Total | Rate], population: Population) -> dict[str, Total]:
    """The totals of one population that the figures are made of."""
    parts = [
        part
        for figure in figures
        if figure.population is population
        for part in ((figure.numerator, figure.denominator) if isinstance(figure, Rate) else (figure,))
    ]
    return {part.key: part for part in parts}


def _reading(figure: Total | Rate, counted: dict[str, int | None], begins: dict[str, date], on: date) -> Reading:
    first = begins.get(figure.population.key)
    unknown = first if _before(first, on) else None
    if isinstance(figure, Total):
        return Reading(figure, counted[figure.key], begins=unknown)
    numerator, denominator = counted[figure.numerator.key], counted[figure.denominator.key]
    return Reading(figure, percent(numerator, denominator), numerator, denominator, unknown)


def _before(first: date | None, on: date) -> bool:
    return first is not None and on < first


def _frozen(reading: Reading) -> dict[str, Any]:
    frozen: dict[str, Any] = {"version": reading.figure.version}
    number = reading.number
    frozen["number"] = str(number) if isinstance(number, Decimal) else number
    if isinstance(reading.figure, Rate):
        frozen |= {"numerator": reading.numerator, "denominator": reading.denominator}
    if reading.begins:
        frozen["begins"] = reading.begins.isoformat()
    return frozen
