"""Of what part of the tree, and of which district or park, a figure speaks."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import reduce
from operator import or_
from typing import Any, Self

from django.db.models import CharField, Exists, Expression, ExpressionWrapper, F, FilteredRelation, OuterRef, Q

from cells.authority import Span
from cells.models import CompanyFact

# A day, or what gives one in the query: a trend counts on many days at once.
Day = date | Expression


@dataclass(frozen=True)
class Where:
    """``cell`` and all below it, or everything; ``district`` and ``park`` narrow it further.

    ``reach`` are the stretches whoever asks may see figures of; None where the cell lies wholly inside them.

    A path holds the keys of all superiors, so whether a place lay at or below a cell is seen from the place alone, on
    whatever day: figures of the past need not know first where the cell itself stood then.
    """

    cell: Any = None
    district: str = ""
    park: str = ""
    reach: tuple[Span, ...] | None = None

    def inside(self, path: str, cell: str) -> Q:
        """The places inside, by the names under which a row knows their path and their cell."""
        inside = _below(path, self.cell.pk) if self.cell else Q()
        if self.reach is None:
            return inside
        seen = [_below(path, key) if span.below else Q(**{cell: key}) for span in self.reach for key in [_last(span)]]
        return inside & reduce(or_, seen, Q(pk__in=[]))

    @property
    def is_local(self) -> bool:
        return bool(self.district or self.park)

    def located(self, prefix: str = "") -> Q:
        """The companies of the district and the park."""
        asked = {"district": self.district, "park": self.park}
        return Q(**{f"{prefix}{name}": value for name, value in asked.items() if value})

    def at_work(self, path: str, on: Day, known_at: datetime | None) -> Q:
        """The places that cover, on that day, a company of the district and the park, and all below such a place."""
        if not self.is_local:
            return Q()
        covering = (
            CompanyFact.objects.filter(held("", on, known_at))
            .annotate(
                cover_place=FilteredRelation(
                    "cover_cell__placements", condition=held("cover_cell__placements", on, known_at)
                ),
                here=ExpressionWrapper(OuterRef(path), CharField()),
            )
            .filter(self.located("company__"), standing("company", known_at), here__startswith=F("cover_place__path"))
        )
        return Q(Exists(covering))

    def narrowed(self, **changes: Any) -> Self:
        """The same, but for ``changes``."""
        return replace(self, **changes)


def known(prefix: str, known_at: datetime | None) -> Q:
    """Facts that stand; with ``known_at``, those that stood at that moment. ``prefix`` is where they are reached."""
    if known_at is None:
        return standing(prefix, None)
    return standing(prefix, known_at) & _at(prefix, "recorded_at__lte", known_at)


def held(prefix: str, on: Day, known_at: datetime | None) -> Q:
    """Facts that held on that day, as they stand or stood at that moment.

    The two ends of the span are asked one by one: of "contains" a database that has not yet taken stock of a freshly
    imported table expects next to nothing, and sets about six thousand times six thousand comparisons.
    """
    unended = _at(prefix, "valid__upper_inf", True) | _at(prefix, "valid__endswith__gt", on)
    return known(prefix, known_at) & _at(prefix, "valid__startswith__lte", on) & unended


def together(one: str, other: str) -> Q:
    """Two facts that held on at least one day both; their ends asked one by one, as in ``held``."""
    return (Q(**{f"{one}__upper_inf": True}) | Q(**{f"{other}__startswith__lt": F(f"{one}__endswith")})) & (
        Q(**{f"{other}__upper_inf": True}) | Q(**{f"{one}__startswith__lt": F(f"{other}__endswith")})
    )


def standing(prefix: str, known_at: datetime | None) -> Q:
    """Records nobody has voided, or nobody had voided at that moment."""
    unvoided = _at(prefix, "voided_at__isnull", True)
    return unvoided if known_at is None else unvoided | _at(prefix, "voided_at__gt", known_at)


def _at(prefix: str, lookup: str, value: Any) -> Q:
    return Q(**{f"{prefix}__{lookup}" if prefix else lookup: value})


def _below(path: str, key: int) -> Q:
    return Q(**{f"{path}__contains": f"/{key}/"})


def _last(span: Span) -> int:
    return int(span.path.rstrip("/").rpartition("/")[2])
