"""What a figure is: a condition on a population or a ratio of two such counts, with its definition as data."""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.functional import Promise

from reports.figures.populations import Population
from reports.figures.where import Where

Words = str | Promise


@dataclass(frozen=True)
class Figure:
    """What every figure says of itself. ``version`` goes up when the definition changes what is counted.

    ``dated`` is False where something undated goes in, so that the past cannot be read again as it was known.
    """

    key: str
    words: Words
    definition: Words
    formula: Words
    source: Words
    version: int

    @property
    def is_rate(self) -> bool:
        return False

    def unit(self, number: Any) -> str:
        """What is said behind ``number``."""
        return "%"


@dataclass(frozen=True)
class Total(Figure):
    """How many rows of ``population`` meet ``condition``; with ``adds``, the sum of that column over them."""

    counted_in: Any
    population: Population
    condition: Callable[[Where], Q]
    adds: str = ""
    dated: bool = True

    def unit(self, number: Any) -> str:
        """In English one member, two members."""
        return str(self.counted_in % number)

    def aggregate(self, where: Where) -> Any:
        condition = self.condition(where)
        if self.adds:
            return Coalesce(Sum(self.adds, filter=condition), 0)
        counted: Aggregate = Count("pk", filter=condition or None)
        return counted


@dataclass(frozen=True)
class Rate(Figure):
    """``numerator`` ÷ ``denominator`` in per cent, both totals of one population, the first within the second."""

    numerator: Total
    denominator: Total
    rest: Words
    dated: bool = True

    @property
    def is_rate(self) -> bool:
        return True

    @property
    def population(self) -> Population:
        return self.denominator.population


FIGURES: dict[str, Total | Rate] = {}


def total(
    population: Population,
    words: Words,
    counted_in: Any,
    *,
    definition: Words,
    formula: Words,
    source: Words,
    version: int = 1,
    adds: str = "",
    dated: bool = True,
) -> Callable[[Callable[[Where], Q]], Total]:
    """Declare a figure: the function gives the condition, its name is the key.

    ``counted_in`` is the unit, from ``npgettext_lazy``, so that it follows the number.
    """

    def declare(condition: Callable[[Where], Q]) -> Total:
        key = condition.__name__
        new = Total(key, words, definition, formula, source, version, counted_in, population, condition, adds, dated)
        FIGURES[key] = new
        return new

    return declare


def rate(
    words: Words,
    *,
    definition: Words,
    formula: Words,
    source: Words,
    rest: Words,
    version: int = 1,
    dated: bool = True,
) -> Callable[[Callable[[], tuple[Total, Total]]], Rate]:
    """Declare a ratio: the function gives what is divided by what."""

    def declare(parts: Callable[[], tuple[Total, Total]]) -> Rate:
        numerator, denominator = parts()
        key = parts.__name__
        new = Rate(key, words, definition, formula, source, version, numerator, denominator, rest, dated)
        FIGURES[key] = new
        return new

    return declare


def percent(numerator: int | None, denominator: int | None) -> Decimal | None:
    """With one decimal; None where there is nothing to divide by."""
    if numerator is None or not denominator:
        return None
    # Half to even, as the printed totals of the associations have it: 10 of 32 is 31.2.
    return (Decimal(numerator) * 100 / denominator).quantize(Decimal("0.1"))
