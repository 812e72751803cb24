"""What may be asked of a list: one declaration for REST, for the list page, for its export and for a saved filter.

A ``Criteria`` is declared in ``<app>/filters.py``, one line for each thing that may be asked::

    class CellCriteria(Criteria):
        kind = Choice(_("组织类别"), choices=CellKind)
        founded_on = Day(_("成立日期"))

    found = CellCriteria(request.GET, Cell.objects.visible_to(user), user=user)
    found.qs, found.errors, found.chips()

A criterion is asked in several ways, told by a suffix: ``kind=branch``, ``kind__n=group``, ``name__ic=海``,
``founded_on__gte=2020-01-01``, ``founded_on__empty=1``. The plain way and ``__n`` take several values, any of which
will do. What cannot be read is an error at its parameter and finds nothing: it never widens a list.
"""

from collections.abc import Iterable
from typing import Any, NamedTuple

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.criterion import (
    Choice,
    Code,
    Criterion,
    Day,
    Moment,
    Number,
    Search,
    Several,
    Text,
    Typed,
    YesNo,
    YesNoAnswer,
)

__all__ = [
    "WAYS",
    "Chip",
    "Choice",
    "Code",
    "Criteria",
    "Criterion",
    "Day",
    "Moment",
    "Number",
    "Search",
    "Text",
    "YesNo",
]


class Way(NamedTuple):
    """One way of asking: what the database is asked, and how it is said."""

    lookup: str
    words: Any


WAYS = {
    "": Way("in", _("%(label)s：%(value)s")),
    "n": Way("in", _("%(label)s不是：%(value)s")),
    "ic": Way("icontains", _("%(label)s含：%(value)s")),
    "gte": Way("gte", _("%(label)s ≥ %(value)s")),
    "lte": Way("lte", _("%(label)s ≤ %(value)s")),
    "empty": Way("isnull", _("%(label)s未填：%(value)s")),
}


class Chip(NamedTuple):
    """A criterion that is asked: its parameter, how it reads, and the address's query without it."""

    name: str
    words: str
    without: str


class Asked(django_filters.Filter):
    """One criterion in one of its ways, as the parameter ``name``."""

    def __init__(self, criterion: Criterion, way: str) -> None:
        super().__init__(criterion.at, WAYS[way].lookup, label=criterion.label)
        self.criterion = criterion
        self.way = way

    def __deepcopy__(self, memo: dict[int, Any]) -> "Asked":
        # Every list copies all its filters, and nothing in one is ever changed.
        return Asked(self.criterion, self.way)

    @cached_property
    def field(self) -> Any:
        if self.way == "empty":
            return YesNoAnswer(required=False)
        one = self.criterion.field(self.parent.user)
        if self.way in ("", "n") and self.criterion.several:
            return Several(one, required=False)
        one.required = False
        return one

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        if value in (None, "", []):
            return queryset
        if self.criterion.by:
            return getattr(self.parent, self.criterion.by)(queryset, value)
        if self.way == "empty":
            empty = self.criterion.empty()
            return queryset.filter(empty if value else ~empty)
        lookup = "exact" if self.way == "" and not self.criterion.several else self.lookup_expr
        wanted = Q(**{f"{self.field_name}__{lookup}": value})
        return queryset.filter(~wanted if self.way == "n" else wanted)

    def said(self, value: Any) -> str:
        """This question with this answer, in words."""
        if self.way == "empty":
            words = YesNoAnswer.said(value)
        else:
            several = value if isinstance(value, list) else [value]
            words = gettext("、").join(self.criterion.said(one) for one in several)
        return str(WAYS[self.way].words % {"label": self.label, "value": words})


class Criteria(django_filters.FilterSet):
    """All that may be asked of one kind of rows, on behalf of ``user``.

    ``qs`` are the rows that answer, among those given; ``errors`` says by parameter what could not be read.
    """

    def __init__(self, data: QueryDict | None = None, queryset: QuerySet | None = None, *, user: Any) -> None:
        super().__init__(data=QueryDict() if data is None else data, queryset=queryset)
        self.user = user

    @classmethod
    def declared(cls) -> dict[str, Criterion]:
        """Every criterion by its name, in the order written: for choosing one, and for the schema."""
        own = [vars(base) for base in reversed(cls.mro())]
        return {name: value for names in own for name, value in names.items() if isinstance(value, Criterion)}

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        asked: dict[str, Any] = {}
        for name, criterion in cls.declared().items():
            asked |= {f"{name}__{way}" if way else name: Asked(criterion.named(name), way) for way in criterion.ways}
        return super().get_filters() | asked

    def get_form_class(self) -> Any:
        """A form of what is asked alone: of sixty parameters an address names two."""
        fields = {name: asked.field for name, asked in self.filters.items() if name in self.data}
        return type(f"{type(self).__name__}Form", (self._meta.form,), fields)

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        return queryset.none() if self.errors else super().filter_queryset(queryset)

    def unknown(self, besides: Iterable[str] = ()) -> list[str]:
        """The parameters that are neither ours nor among ``besides``."""
        return sorted(set(self.data) - set(self.filters) - set(besides))

    def typed(self) -> list[str]:
        """The parameters that are answered in words of one's own."""
        return [
            name
            for name, asked in self.filters.items()
            if isinstance(asked.criterion, Typed) and asked.way != "empty" and any(self.data.getlist(name))
        ]

    def chips(self) -> list[Chip]:
        """What is asked, each with how it reads; what could not be read is no chip but an error."""
        answered = self.form.cleaned_data.items() if self.form.is_valid() or self.form.errors else ()
        return [
            Chip(name, self.filters[name].said(value), self._without(name))
            for name, value in answered
            if value not in (None, "", [])
        ]

    def _without(self, name: str) -> str:
        rest = self.data.copy()
        for gone in (name, "after", "before", "start"):
            rest.pop(gone, None)
        return rest.urlencode()
