"""What is counted: the rows that figures count and that the lists behind them show. Every figure is a condition on one
of these, so a number and its list cannot differ.

Whatever is read here is dated and never rewritten; a day and a moment of knowledge give the same rows for ever.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DurationField,
    Exists,
    Expression,
    ExpressionWrapper,
    F,
    FilteredRelation,
    IntegerField,
    Min,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest

from cells.choices import KINDS_WITHOUT_COVER, CellKind, Cover, Office, PolicyItem
from cells.formation import LARGE
from cells.models import CompanyFact, Placement, Policy, Term
from members.choices import Category, Standing
from members.models import Membership
from reports.figures.where import Day, Where, held, known, standing, together

# Only what covers: a temporary or functional branch does not hold its members' relations, a group is no organisation.
COVERING = [kind for kind in CellKind if kind not in (*KINDS_WITHOUT_COVER, CellKind.GROUP)]

Rows = Callable[[Where, Day, datetime | None], QuerySet]


@dataclass(frozen=True)
class Population:
    """``rows`` gives those of a day; ``first`` the first day on which there was one."""

    key: str
    rows: Rows
    first: Callable[[Where, datetime | None], QuerySet]


def _members(where: Where, on: Day, known_at: datetime | None) -> QuerySet:
    """Memberships that held, of members in normal standing, with ``place`` and ``fact`` as they were."""
    return (
        Membership.objects.filter(held("", on, known_at))
        .annotate(
            place=FilteredRelation("cell__placements", condition=held("cell__placements", on, known_at)),
            fact=FilteredRelation("member__facts", condition=held("member__facts", on, known_at)),
        )
        .filter(
            standing("member", known_at),
            where.inside("place__path", "place__cell"),
            where.at_work("place__path", on, known_at),
            place__path__gt="",
            fact__standing=Standing.NORMAL,
        )
    )


def _first_member(where: Where, known_at: datetime | None) -> QuerySet:
    return _first(Membership.objects.filter(known("", known_at)), where, known_at)


def _suspended(where: Where, on: Day, known_at: datetime | None) -> QuerySet:
    """The latest membership of suspended members. They belong to no cell now; that last one keeps their record."""
    begun = {"valid__startswith__lte": on}
    later = Membership.objects.filter(
        known("", known_at), member=OuterRef("member"), valid__startswith__gt=OuterRef("valid__startswith"), **begun
    )
    moved = Placement.objects.filter(
        known("", known_at), cell=OuterRef("cell"), valid__startswith__gt=OuterRef("place__valid__startswith"), **begun
    )
    return (
        Membership.objects.filter(known("", known_at), standing("member", known_at), ~Exists(later), **begun)
        .annotate(
            # Where the cell stands, or stood last when it has been dissolved since.
            place=FilteredRelation(
                "cell__placements",
                condition=known("cell__placements", known_at) & Q(cell__placements__valid__startswith__lte=on),
            ),
            fact=FilteredRelation("member__facts", condition=held("member__facts", on, known_at)),
        )
        .filter(
            ~Exists(moved),
            where.inside("place__path", "place__cell"),
            where.at_work("place__path", on, known_at),
            place__path__gt="",
            fact__standing=Standing.SUSPENDED,
        )
    )


def _cells(where: Where, on: Day, known_at: datetime | None) -> QuerySet:
    """Organisations as they stood. A group is a part of a branch and counts as none (BR2018 Art 13)."""
    return (
        Placement.objects.filter(held("", on, known_at))
        .filter(where.inside("path", "cell"), where.at_work("path", on, known_at))
        .exclude(kind=CellKind.GROUP)
    )


def _first_cell(where: Where, known_at: datetime | None) -> QuerySet:
    places = Placement.objects.filter(known("", known_at), where.inside("path", "cell"))
    return places.order_by().values(which=Value("")).annotate(first=Min("valid__startswith"))


def _terms(where: Where, on: Day, known_at: datetime | None) -> QuerySet:
    """The latest term of each organisation, with the day asked about and how far it lies behind the term's last."""
    today = on if isinstance(on, Expression) else Value(on, output_field=DateField())
    return (
        Term.objects.filter(held("", on, known_at))
        .annotate(
            place=FilteredRelation("cell__placements", condition=held("cell__placements", on, known_at)),
            today=today,
            over=ExpressionWrapper(today - F("due_on"), DurationField()),
        )
        .filter(
            where.inside("place__path", "place__cell"),
            where.at_work("place__path", on, known_at),
            place__path__gt="",
        )
    )


def _first_term(where: Where, known_at: datetime | None) -> QuerySet:
    return _first(Term.objects.filter(known("", known_at)), where, known_at)


def _companies(where: Where, on: Day, known_at: datetime | None) -> QuerySet:
    """Companies kept or covered inside, with where they were kept, what covered them and who was known there.

    ``covered`` asks the covering organisation as it was that day: one dissolved or made functional covers no more.
    ``large_from`` is the association's own measure of a large company that day.
    ``in_term`` and ``led`` say whether its term runs and a secretary is in post that day.
    ``full_known`` is how many full members are known: as surveyed, or as many as the rolls name it as the employer of,
    whichever is more. A survey counts those as well whose relation has not been transferred in.
    """
    return (
        CompanyFact.objects.filter(held("", on, known_at))
        .annotate(
            keeper_place=FilteredRelation("keeper__placements", condition=held("keeper__placements", on, known_at)),
            cover_place=FilteredRelation(
                "cover_cell__placements", condition=held("cover_cell__placements", on, known_at)
            ),
            cover_term=FilteredRelation("cover_cell__terms", condition=held("cover_cell__terms", on, known_at)),
            cover_secretary=FilteredRelation(
                "cover_cell__appointments",
                condition=held("cover_cell__appointments", on, known_at)
                & Q(cover_cell__appointments__office=Office.SECRETARY),
            ),
            in_term=Case(When(cover_term__due_on__gte=on, then=Value(True)), default=Value(False)),
            led=Case(When(cover_secretary__holder__isnull=False, then=Value(True)), default=Value(False)),
            covered=Case(
                When(~Q(cover=Cover.NONE) & Q(cover_place__kind__in=COVERING), then=Value(True)), default=Value(False)
            ),
            large_from=_large_from(on, known_at),
            full_known=Greatest(Coalesce("members_known", 0), Coalesce(_full_members_employed(on, known_at), 0)),
        )
        .filter(
            where.inside("keeper_place__path", "keeper_place__cell")
            | where.inside("cover_place__path", "cover_place__cell"),
            standing("company", known_at),
            where.located("company__"),
        )
    )


def _large_from(on: Day, known_at: datetime | None) -> Coalesce:
    """From how many employees a company is expected to have an organisation, as the association had it that day."""
    set_by_us = Policy.objects.filter(held("", on, known_at), item=PolicyItem.LARGE_COMPANY).values("value")
    return Coalesce(Subquery(set_by_us[:1]), Value(LARGE), output_field=IntegerField())


def _full_members_employed(on: Day, known_at: datetime | None) -> Subquery:
    employed = (
        Membership.objects.filter(held("", on, known_at))
        .annotate(fact=FilteredRelation("member__facts", condition=held("member__facts", on, known_at)))
        .filter(
            standing("member", known_at),
            member__employer=OuterRef("company"),
            fact__standing=Standing.NORMAL,
            fact__category=Category.FULL,
        )
    )
    counted = employed.order_by().values("member__employer").annotate(count=Count("pk"))
    return Subquery(counted.values("count"), output_field=IntegerField())


def _first_company(where: Where, known_at: datetime | None) -> QuerySet:
    facts = CompanyFact.objects.filter(known("", known_at)).annotate(
        keeper_place=FilteredRelation("keeper__placements", condition=known("keeper__placements", known_at)),
        cover_place=FilteredRelation("cover_cell__placements", condition=known("cover_cell__placements", known_at)),
    )
    kept = where.inside("keeper_place__path", "keeper_place__cell") & together("valid", "keeper_place__valid")
    covered = where.inside("cover_place__path", "cover_place__cell") & together("valid", "cover_place__valid")
    begins = Case(
        When(kept, then=Greatest("valid__startswith", "keeper_place__valid__startswith")),
        When(covered, then=Greatest("valid__startswith", "cover_place__valid__startswith")),
        output_field=DateField(),
    )
    inside = facts.filter(kept | covered, standing("company", known_at), where.located("company__"))
    return inside.order_by().values(which=Value("")).annotate(first=Min(begins))


def _first(facts: QuerySet, where: Where, known_at: datetime | None) -> QuerySet:
    """The first day on which one of ``facts`` and a place inside held together."""
    inside = facts.annotate(
        place=FilteredRelation("cell__placements", condition=known("cell__placements", known_at))
    ).filter(where.inside("place__path", "place__cell"), together("valid", "place__valid"))
    begins = Greatest("valid__startswith", "place__valid__startswith")
    return inside.order_by().values(which=Value("")).annotate(first=Min(begins))


MEMBERS = Population("members", _members, _first_member)
SUSPENDED = Population("suspended", _suspended, _first_member)
CELLS = Population("cells", _cells, _first_cell)
TERMS = Population("terms", _terms, _first_term)
COMPANIES = Population("companies", _companies, _first_company)
POPULATIONS = (MEMBERS, SUSPENDED, CELLS, TERMS, COMPANIES)


def first_days(where: Where, known_at: datetime | None) -> dict[str, Any]:
    """The first day of each population, in one query.

    A place that has no record of one population at all has records of it from its first record of anything: from then
    on there were none of them, before it nothing is known.
    """
    head, *tail = [
        population.first(where, known_at)
        .annotate(population=Value(population.key, output_field=CharField()))
        .values_list("population", "first")
        for population in POPULATIONS
    ]
    found = {key: first for key, first in head.union(*tail, all=True) if first is not None}
    earliest = min(found.values(), default=None)
    return {population.key: found.get(population.key, earliest) for population in POPULATIONS}
