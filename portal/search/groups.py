"""What is found, as it is shown: groups of a few hits, each saying why it was found and where the rest is."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from core.matches import Match
from core.names import runs_of
from core.pagination import Count

# Of each kind as many as the eye takes in at once; the list behind "全部" has the rest.
SHOWN = 8
RANKED = 60
NOTHING = Match.plain("")


@dataclass(frozen=True)
class Hit:
    """Something found: where it leads, what tells it from its namesakes, and why it was found.

    ``why`` is the reading that was typed, or what else it was found by.
    """

    name: Match
    url: str
    note: Match = NOTHING
    ref: str = ""
    why: str = ""

    @property
    def words(self) -> str:
        return "".join(piece for piece, _meant in self.name.pieces)


@dataclass(frozen=True)
class Group:
    """The hits of one kind. ``said`` counts them in words: 3 个党员."""

    heading: str
    said: Callable[[int], str]
    hits: list[Hit] = field(default_factory=list)
    more_url: str = ""

    @property
    def count(self) -> Count:
        """How many are shown; with a sign behind it where there are more, which nobody counts."""
        return Count(len(self.hits), capped=bool(self.more_url))

    @property
    def summary(self) -> str:
        return self.said(len(self.hits)) % {"number": self.count}


def summary(groups: Sequence[Group]) -> str:
    """What was found, in one sentence: 3 个党员，1 个党组织."""
    return _("，").join(group.summary for group in groups)


@dataclass(frozen=True)
class Namesakes:
    """How things of one kind are told apart once found: whose name begins as was typed, then by ``order``.

    ``shown`` is where rows come from, with what a hit shows of other things; ``names`` is what they are called and how
    that is usually said.
    """

    shown: QuerySet[Any]
    names: Sequence[str]
    order: Sequence[str]

    def best(self, text: str, called: QuerySet[Any], meant: QuerySet[Any]) -> list[Any]:
        """Those of that very name first, then the others who may be meant; one more than is shown.

        Two questions with an end each, rather than one that would have to rank everybody.
        """
        first = self._some(text, called)
        if len(first) > SHOWN:
            return first
        known = {row.pk for row in first}
        return [*first, *(row for row in self._some(text, meant) if row.pk not in known)][: SHOWN + 1]

    def _some(self, text: str, found: QuerySet[Any]) -> list[Any]:
        """The first of at most sixty of ``found``, whichever the database meets, so that no answer takes long.

        Asked for all of them in order, it may walk an index of that order past a million people to meet one rare name:
        which names are rare it only guesses. Whoever types what more than sixty are called gets the way to all.
        """
        within = self.shown.filter(pk__in=found.order_by().values("pk")[:RANKED])
        return list(within.order_by(self._begins(text).desc(), *self.order)[: SHOWN + 1])

    def _begins(self, text: str) -> ExpressionWrapper:
        first = "".join(runs_of(text))[:1]
        begins = reduce(or_, (Q(**{f"{name}__startswith": first}) for name in self.names))
        return ExpressionWrapper(begins, output_field=BooleanField())


def more(rows: Sequence[Any], url_name: str, text: str) -> str:
    """The way to the full list, where there is more than is shown."""
    return listed(url_name, text) if len(rows) > SHOWN else ""


def listed(url_name: str, text: str) -> str:
    """The list at ``url_name``, narrowed by the same words."""
    return f"{reverse(url_name)}?{urlencode({'q': text})}"
