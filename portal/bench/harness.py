"""Ratios that hold on a shared machine: what is compared runs side by side, round by round, in shuffled order.

A case alone says little: the same call took 0.7 ms and 1.1 ms an hour apart. The quotient of two calls of one round
moves by a few per cent. A control measured against itself says by how much; where it strays, the run is void.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from statistics import median

Case = Callable[[], object]

CONTROL = "control"
RESAMPLED = 2_000
# An interval of nine parts in ten.
LOW, HIGH = 0.05, 0.95
STRAYS = 0.10
WIDEST = 0.20


@dataclass(frozen=True)
class Ratio:
    """How many times as long one case takes as another, with the interval it lies in."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.3g} ({self.low:.3g}–{self.high:.3g})"

    @property
    def is_steady(self) -> bool:
        """Whether the interval is narrow enough to say anything."""
        return (self.high - self.low) / 2 <= WIDEST * self.value


@dataclass(frozen=True)
class Rounds:
    """Seconds of every case, round by round."""

    seconds: Mapping[str, list[float]]

    def ratio(self, case: str, to: str) -> Ratio:
        """The median of the quotients of each round, and its interval by resampling the rounds."""
        quotients = [one / other for one, other in zip(self.seconds[case], self.seconds[to], strict=True)]
        draw = Random(len(quotients))  # noqa: S311 -- the same rounds give the same interval
        medians = sorted(median(draw.choices(quotients, k=len(quotients))) for _each in range(RESAMPLED))
        return Ratio(median(quotients), medians[int(LOW * RESAMPLED)], medians[int(HIGH * RESAMPLED)])

    def milliseconds(self, case: str) -> float:
        """The median of the case by itself: for the eye, never for a gate."""
        return median(self.seconds[case]) * 1000

    def control(self, of: str) -> Ratio:
        return self.ratio(CONTROL, of)

    def is_void(self, of: str) -> bool:
        """Whether the machine was too restless for these rounds to say anything."""
        found = self.control(of)
        return abs(found.value - 1) > STRAYS or not found.is_steady


def measure(
    cases: Mapping[str, Case],
    *,
    control: str,
    rounds: int = 21,
    inner: int = 5,
    seed: int = 7,
    before: Case | None = None,
) -> Rounds:
    """Every case in every round, once untimed and ``inner`` times timed; ``control`` takes part twice.

    ``before`` is done before each of them, untimed: what they leave behind must not be found by the next.
    """
    taking_part = {**cases, CONTROL: cases[control]}
    shuffle = Random(seed).shuffle  # noqa: S311 -- an order, no secret
    seconds: dict[str, list[float]] = {name: [] for name in taking_part}
    order = list(taking_part)
    for _round in range(rounds):
        shuffle(order)
        for name in order:
            seconds[name].append(_timed(taking_part[name], inner, before))
    return Rounds(seconds)


def _timed(case: Case, inner: int, before: Case | None) -> float:
    case()
    if before:
        before()
    began = time.perf_counter()
    for _time in range(inner):
        case()
    return (time.perf_counter() - began) / inner


@dataclass(frozen=True)
class Gate:
    """One promise: a ratio, and the bound its unfavourable end must keep."""

    number: str
    words: str
    ratio: Ratio
    most: float | None = None
    least: float | None = None

    @property
    def held(self) -> bool:
        if self.most is not None:
            return self.ratio.high <= self.most
        return self.least is not None and self.ratio.low >= self.least

    @property
    def bound(self) -> str:
        return f"≤ {self.most:g}" if self.most is not None else f"≥ {self.least:g}"

    def __str__(self) -> str:
        return f"{self.number:4} {'held  ' if self.held else 'BROKEN'} {self.words}: {self.ratio}, {self.bound}"
