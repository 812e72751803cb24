"""Coverage by district, or by park, in one query."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import QuerySet

from reports.figures.figure import FIGURES, Total, percent
from reports.figures.planning import by_hashing
from reports.figures.populations import COMPANIES
from reports.figures.sheet import aggregates
from reports.figures.where import Where

# Of fewer companies a rate says nothing of the district and too much of each company.
SMALL_SAMPLE = 5
BASIC = ("companies", "operating_companies", "covered_companies")


@dataclass(frozen=True)
class Area:
    """A district, or a park in one, with its companies: ``counts`` has the figures asked for, by their keys."""

    name: str
    counts: dict[str, int]
    parks: tuple[str, ...] = ()

    @property
    def companies(self) -> int:
        return self.counts["companies"]

    @property
    def operating(self) -> int:
        return self.counts["operating_companies"]

    @property
    def covered(self) -> int:
        return self.counts["covered_companies"]

    @property
    def is_small(self) -> bool:
        return 0 < self.operating < SMALL_SAMPLE

    @property
    def rate(self) -> Decimal | None:
        """None without operating companies and, withheld, with too few."""
        return None if self.is_small else percent(self.covered, self.operating)


def read_districts(
    where: Where, on: date, *, known_at: datetime | None = None, keys: Sequence[str] = BASIC
) -> list[Area]:
    """The districts of ``where`` by name, whichever of them is asked for; companies without one come last."""
    return districts_among(_read(districts_asked(where, on, known_at=known_at, keys=keys)), keys)


def districts_asked(
    where: Where, on: date, *, known_at: datetime | None = None, keys: Sequence[str] = BASIC
) -> QuerySet:
    """``read_districts`` as it is asked, to be read together with other things and told by ``districts_among``."""
    return _counted(where.narrowed(district="", park=""), on, known_at, keys)


def districts_among(rows: Iterable[dict], keys: Sequence[str] = BASIC) -> list[Area]:
    return _grouped(rows, "company__district", keys)


def read_parks(where: Where, on: date, *, known_at: datetime | None = None, keys: Sequence[str] = BASIC) -> list[Area]:
    """The parks of ``where``, within its district if it has one; companies without a park come last."""
    return parks_among(_read(parks_asked(where, on, known_at=known_at, keys=keys)), keys)


def parks_asked(where: Where, on: date, *, known_at: datetime | None = None, keys: Sequence[str] = BASIC) -> QuerySet:
    """``read_parks`` as it is asked, to be read together with other things and told by ``parks_among``."""
    return _counted(where.narrowed(park=""), on, known_at, keys)


def parks_among(rows: Iterable[dict], keys: Sequence[str] = BASIC) -> list[Area]:
    return _grouped(rows, "company__park", keys)


@by_hashing()
def _read(rows: QuerySet) -> list[dict]:
    return list(rows)


def _counted(where: Where, on: date, known_at: datetime | None, keys: Sequence[str]) -> QuerySet:
    totals: dict[str, Total] = {key: FIGURES[key] for key in keys}  # type: ignore[misc]
    rows = COMPANIES.rows(where, on, known_at).order_by().values("company__district", "company__park")
    return rows.annotate(**aggregates(totals, where))


def _grouped(rows: Iterable[dict], by: str, keys: Sequence[str]) -> list[Area]:
    found: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        found[row[by]].append(row)
    return [_area(name, found[name], keys) for name in sorted(found, key=lambda name: (not name, name))]


def _area(name: str, rows: list[dict], keys: Sequence[str]) -> Area:
    return Area(
        name,
        {key: sum(row[f"total_{key}"] for row in rows) for key in keys},
        parks=tuple(sorted({row["company__park"] for row in rows if row["company__park"]})),
    )
