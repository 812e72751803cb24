"""Coverage by district and park, in one query."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db.models import Count

from reports.figures.definitions import COVERED, OPERATING
from reports.figures.figure import percent
from reports.figures.planning import by_hashing
from reports.figures.populations import COMPANIES
from reports.figures.where import Where

# Of fewer companies a rate says nothing of the district and too much of each company.
SMALL_SAMPLE = 5


@dataclass(frozen=True)
class District:
    """A district with its companies: all on the ledger, those operating, those covered of them."""

    name: str
    companies: int
    operating: int
    covered: int
    parks: tuple[str, ...]

    @property
    def is_small(self) -> bool:
        return 0 < self.operating < SMALL_SAMPLE

    @property
    def rate(self) -> Decimal | None:
        """None without operating companies and, withheld, with too few."""
        return None if self.is_small else percent(self.covered, self.operating)


@by_hashing()
def read_districts(where: Where, on: date, *, known_at: datetime | None = None) -> list[District]:
    """The districts of ``where`` by name, whichever of them is asked for; companies without one come last."""
    rows = (
        COMPANIES.rows(where.narrowed(district="", park=""), on, known_at)
        .order_by()
        .values("company__district", "company__park")
        .annotate(
            companies=Count("pk"),
            operating_now=Count("pk", filter=OPERATING),
            covered_now=Count("pk", filter=OPERATING & COVERED),
        )
    )
    found: dict[str, list[dict]] = defaultdict(list)
    for row in rows:
        found[row["company__district"]].append(row)
    return [_district(name, found[name]) for name in sorted(found, key=lambda name: (not name, name))]


def _district(name: str, rows: list[dict]) -> District:
    return District(
        name,
        companies=sum(row["companies"] for row in rows),
        operating=sum(row["operating_now"] for row in rows),
        covered=sum(row["covered_now"] for row in rows),
        parks=tuple(sorted({row["company__park"] for row in rows if row["company__park"]})),
    )
