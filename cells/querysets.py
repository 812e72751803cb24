"""Which rows: sentences that finish with "cells …", "companies …", "appointments …"."""

import re
from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import (
    CharField,
    Count,
    Exists,
    F,
    FilteredRelation,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.db.models.functions import Coalesce, Collate, Concat

from cells import rules
from cells.authority import narrowing, spans, subtree
from cells.choices import BRANCHES, GRANTS, POLICY_BOUNDS, CellKind, Office, Reach
from core.codes import read_code
from core.dated import DatedQuerySet
from core.names import name_filter, whole_name_filter
from core.ready import NEVER, Statement
from core.stretches import Stretch

# Two signs, the division, the rest: no name in pinyin looks like it.
_CREDIT_CODE = re.compile(r"[0-9A-Z]{2}\d{6}[0-9A-Z]{10}", re.ASCII)


class CellQuerySet(QuerySet[Any]):
    def visible_to(self, user: Any) -> "CellQuerySet":
        """Cells the person may see. One that was voided was never there."""
        return self.filter(rules.SEE_CELL.scope(user), voided_at__isnull=True)

    def under(self, cell: Any) -> "CellQuerySet":
        """``cell`` and all below it."""
        return self.filter(subtree(cell.path))

    def above(self, cell: Any) -> "CellQuerySet":
        """The superiors of ``cell``, the top first; not ``cell`` itself."""
        return self.filter(path__in=ancestors(cell.path)[:-1]).order_by("path")

    def standing(self) -> "CellQuerySet":
        """Cells that have not been dissolved."""
        return self.filter(dissolved_on__isnull=True)

    def matching(self, text: str) -> "CellQuerySet":
        """Cells meant by ``text``: a code, or a name in any reading."""
        code = read_code(text)
        return self.filter(code=code) if code else self.filter(name_filter(text))

    def called(self, text: str) -> "CellQuerySet":
        """Cells whose whole name or short name is ``text``, as it is written or as it is said."""
        return self.filter(whole_name_filter(text))

    def with_secretary(self, on: date) -> "CellQuerySet":
        """Each with the name of who leads it on ``on``, as ``secretary``: of a group, its leader."""
        leading = (Office.SECRETARY, Office.GROUP_LEADER)
        held = _related(self, "appointments").in_force(on).filter(cell=OuterRef("pk"), office__in=leading)
        return self.annotate(secretary=Subquery(held.values("holder__name")[:1]))

    def with_term(self) -> "CellQuerySet":
        """Each with the last day of its term, as ``due_on``."""
        term = _related(self, "terms").current().filter(cell=OuterRef("pk"))
        return self.annotate(due_on=Subquery(term.values("due_on")[:1]))

    def with_members(self) -> "CellQuerySet":
        """Each with how many belong to it or below it now, as ``full`` and ``probationary``.

        Members are an app above this one; they are counted through their own relation to cells.
        """
        here = (
            _related(self, "memberships")
            .current()
            .filter(cell__path__gte=OuterRef("path"), cell__path__lt=Concat(OuterRef("path"), Value("~")))
        )

        def counted(category: str) -> Coalesce:
            found = here.filter(member__category=category).order_by().values(together=Value(1))
            return Coalesce(Subquery(found.annotate(number=Count("pk")).values("number")), 0)

        return self.annotate(full=counted("full"), probationary=counted("probationary"))

    def count_members(self, paths: Iterable[str]) -> dict[str, dict[str, int]]:
        """How many belong at or below each of ``paths`` now, as ``full`` and ``probationary``.

        Everybody is counted once, in their own cell, however much the cells lie in one another.
        """
        counted = {path: {"full": 0, "probationary": 0} for path in paths}
        tops = [Stretch(path, below=True) for path in counted if not counted.keys() & set(ancestors(path)[:-1])]
        if not tops:
            return counted
        there = _related(self, "memberships").current().filter(cell__path__within=tops).order_by()
        for path, category, number in there.values_list("cell__path", "member__category").annotate(Count("pk")):
            for above in counted.keys() & set(ancestors(path)):
                counted[above][category] += number
        return counted

    def in_tree_order(self) -> "CellQuerySet":
        """Each with ``tree_order``: superiors before inferiors, and siblings by age rather than by first digit."""
        return self.annotate(tree_order=Collate(_TreeOrder(F("path")), "C"))


class _TreeOrder(Func):
    """``/1/10/`` as ``000000001/000000010``."""

    template = (
        "(SELECT string_agg(lpad(step, 9, '0'), '/' ORDER BY place)"
        " FROM unnest(string_to_array(trim(both '/' from %(expressions)s), '/'))"
        " WITH ORDINALITY AS steps (step, place))"
    )
    output_field = CharField()


def _related(queryset: QuerySet, name: str) -> Any:
    """All rows of the model that points here by ``name``."""
    return queryset.model._meta.get_field(name).related_model.objects.all()


class PlacementQuerySet(DatedQuerySet):
    def under(self, path: str) -> "PlacementQuerySet":
        """Places that were at or below ``path``."""
        return self.filter(subtree(path))


class CompanyQuerySet(QuerySet[Any]):
    def visible_to(self, user: Any) -> "CompanyQuerySet":
        """Companies kept or covered by a cell the person may see, or that the person looks after as an advisor.

        Last of the filters it is the cheapest: each of the three is asked only of what is left.
        """
        seen = (rules.SEE_COMPANY_KEPT, rules.SEE_COMPANY_COVERED, rules.SEE_COMPANY_ASSIGNED)
        kept, covered, assigned = (self.order_by().filter(rule.scope(user)).values("pk") for rule in seen)
        return self.filter(pk__in=kept.union(covered, assigned), voided_at__isnull=True)

    def under(self, cell: Any) -> "CompanyQuerySet":
        """Companies whose file is kept at or below ``cell``, or that a cell there covers."""
        kept = self.model.objects.filter(subtree(cell.path, "keeper__path")).values("pk")
        covered = self.model.objects.filter(subtree(cell.path, "cover_cell__path")).values("pk")
        return self.filter(pk__in=kept.union(covered))

    def matching(self, text: str) -> "CompanyQuerySet":
        """Companies meant by ``text``: a code, a whole credit code, or a name in any reading."""
        code, credit_code = read_code(text), "".join(text.split()).upper()
        if code:
            return self.filter(code=code)
        if _CREDIT_CODE.fullmatch(credit_code):
            return self.filter(credit_code=credit_code)
        return self.filter(name_filter(text))

    def called(self, text: str) -> "CompanyQuerySet":
        """Companies whose whole name is ``text``, as it is written or as it is said."""
        return self.filter(whole_name_filter(text))

    def with_facts(self) -> "CompanyQuerySet":
        """Each with its facts as they stand now, reachable as ``now__staff`` and so on."""
        current = Q(facts__voided_at__isnull=True, facts__valid__upper_inf=True)
        return self.annotate(now=FilteredRelation("facts", condition=current))

    def with_fact_values(self) -> "CompanyQuerySet":
        """As ``with_facts``, with what a list shows of them at hand as ``cover_now``, ``staff_now`` and so on."""
        shown = ("cover", "operating", "staff", "members_known")
        return self.annotate(**{f"{name.removesuffix('_known')}_now": F(f"now__{name}") for name in shown})


class AppointmentQuerySet(DatedQuerySet):
    def in_force(self, on: date) -> "AppointmentQuerySet":
        """Offices held on ``on``."""
        return self.as_of(on)

    def reaching(self, on: date) -> "AppointmentQuerySet":
        """Offices held on ``on`` or to be held later."""
        return self.standing().filter(Q(valid__upper_inf=True) | Q(valid__endswith__gt=on))

    def with_seat(self, on: date) -> "AppointmentQuerySet":
        """Each with whether a secretary is in post in the same cell: a deputy's powers hang on it."""
        appointments: Any = self.model
        secretary = appointments.objects.in_force(on).filter(cell=OuterRef("cell"), office=Office.SECRETARY)
        return self.annotate(secretary_in_post=Exists(secretary))

    def carrying(self, power: str, path: str, on: date) -> "AppointmentQuerySet":
        """Offices that carry ``power`` over the cell at ``path`` on ``on``."""
        above = ancestors(path)
        below = Q(office__in=_offices(power, Reach.BELOW), cell__path__in=above)
        whole = Q(cell__path=path) | Q(cell__path__in=above, cell__kind__in=(*BRANCHES, CellKind.GROUP))
        here = Q(office__in=_offices(power, Reach.HERE)) & whole
        deputy = Q(office=Office.DEPUTY_SECRETARY)
        standing_in = deputy & Q(secretary_in_post=False) & _reach(Office.SECRETARY, power, above, path)
        otherwise = deputy & Q(secretary_in_post=True) & _reach(Office.ORGANISATION_COMMISSIONER, power, above, path)
        return self.in_force(on).with_seat(on).filter(below | here | standing_in | otherwise)

    def holders(self) -> QuerySet:
        """The people who hold them, each once."""
        return get_user_model().objects.filter(pk__in=self.values("holder"), is_active=True)


class AssignmentQuerySet(DatedQuerySet):
    def in_force(self, on: date) -> "AssignmentQuerySet":
        """Companies looked after on ``on``: only while the advisor holds that office somewhere."""
        people: Any = self.model._meta.get_field("advisor").related_model
        offices = _related(people.objects.all(), "appointments").in_force(on)
        office = offices.filter(holder=OuterRef("advisor"), office=Office.ADVISOR)
        return self.as_of(on).filter(Exists(office))

    def reaching(self, on: date) -> "AssignmentQuerySet":
        """Assignments that hold on ``on`` or later."""
        return self.standing().filter(Q(valid__upper_inf=True) | Q(valid__endswith__gt=on))

    def holders(self) -> QuerySet:
        """The advisors, each once."""
        return get_user_model().objects.filter(pk__in=self.values("advisor"), is_active=True)


def ancestors(path: str) -> list[str]:
    """``/1/7/23/`` → ``/1/``, ``/1/7/``, ``/1/7/23/``."""
    steps = path.strip("/").split("/")
    return ["/" + "/".join(steps[: depth + 1]) + "/" for depth in range(len(steps))]


def _offices(power: str, reach: str) -> list[str]:
    return [office for office, grants in GRANTS.items() if grants.get(power) == reach]


def _reach(office: str, power: str, above: list[str], path: str) -> Q:
    reach = GRANTS[office].get(power)
    if reach == Reach.BELOW:
        return Q(cell__path__in=above)
    if reach == Reach.HERE:
        return Q(cell__path=path) | Q(cell__path__in=above, cell__kind__in=(*BRANCHES, CellKind.GROUP))
    return Q(pk__in=[])


class SavedFilterQuerySet(QuerySet[Any]):
    def standing(self) -> "SavedFilterQuerySet":
        """Filters that have not been removed."""
        return self.filter(voided_at__isnull=True)

    def owned_by(self, user: Any) -> "SavedFilterQuerySet":
        """The person's own filters."""
        return self.standing().filter(owner=user.pk)

    def visible_to(self, user: Any) -> "SavedFilterQuerySet":
        """The person's own, and those shared with where they see cells, or with what is above that.

        A program sees of its holder's own what is shared with nobody, or within its stretch.
        """
        above = {path for span in spans(user, rules.SEE_CELL.power) for path in ancestors(span.path)}
        own, to = Q(owner=user.pk), narrowing(user)
        if to is not None:
            own &= Q(shared_with=None) | to.stretch.q("shared_with__path")
        return self.standing().filter(own | Q(shared_with__path__in=above))


class PolicyQuerySet(DatedQuerySet):
    def values_on(self, on: date) -> dict[str, int]:
        """What every item comes to on that day, what was never set as well. One query."""
        return policy_values(_policies(self.model).fetch({NEVER: on}))

    def set_on(self, on: date) -> Any:
        """What was set by that day, to be read with other things and told by ``policy_values``."""
        return self.as_of(on).values_list("item", "value")


def policy_values(told: Iterable[tuple[str, int]]) -> dict[str, int]:
    """What every item comes to where this was set."""
    return {str(item): bounds[2] for item, bounds in POLICY_BOUNDS.items()} | dict(told)


@cache
def _policies(model: Any) -> Statement:
    """What was set by a day: asked for every list that reminds of anything."""
    return Statement(model.objects.set_on(NEVER))
