"""Saved filters as somebody meets them: only those whose every criterion lies within their own reach."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, QueryDict

from cells.authority import NOTHING, narrowing
from cells.models import Cell, SavedFilter
from cells.scope import default_scope
from core.errors import Refusal
from core.lists.listing import Listing, listing_named
from core.masks import holds_number
from core.pagination import CAP, Count, capped, count_up_to
from core.together import number_of, read_together


@dataclass(frozen=True)
class Opened:
    """A filter with what it means to its reader: the list, its address, and the scope it looks in."""

    saved: SavedFilter
    listing: Listing
    query: QueryDict
    scope: Cell | None
    user: Any

    @property
    def url(self) -> str:
        return self.listing.address(f"filter={self.saved.code}")

    @property
    def count(self) -> Count | None:
        """How many rows it finds now, within the reach of its reader; None where ``rows`` are not to be asked for."""
        rows = self.rows
        return None if rows is None else count_up_to(rows)

    @property
    def rows(self) -> QuerySet | None:
        """What it finds now, within the reach of its reader.

        None where that is refused, where it would look somebody up by a whole number, which nobody asked for, and for a
        program that may not read the list.
        """
        to = narrowing(self.user)
        if to is not None and not to.reads(self.listing.api_scope):
            return None
        if any(holds_number(value) for value in self.query.getlist("q")):
            return None
        try:
            return self.listing.found(self.user, self.query, self.scope)
        except Refusal:
            return None

    @property
    def words(self) -> list[str]:
        """Its criteria as they are read aloud."""
        criteria = self.listing.criteria_for(self.user, self.query, self.scope)
        return [chip.words for chip in criteria.chips() if chip.name in self.query] if criteria else []


def opened(saved: SavedFilter, user: Any) -> Opened | None:
    """The filter for its reader; None where it names something out of their reach: then it says nothing at all."""
    return next(opened_all([saved], user), None)


def opened_all(filters: Iterable[SavedFilter], user: Any) -> Iterator[Opened]:
    """Those of the filters that their reader can read.

    What somebody else typed is never read: no reach can tell whether it names a person within it.
    """
    usual = default_scope(user)
    asked = [(saved, QueryDict(saved.query)) for saved in filters]
    codes = {query["scope"] for _saved, query in asked if "scope" in query}
    scopes = {cell.code: cell for cell in Cell.objects.visible_to(user).filter(code__in=codes)} if codes else {}
    for saved, query in asked:
        listing, scope = listing_named(saved.listing), usual
        if "scope" in query:
            scope = scopes.get(query["scope"])
        if listing is None or (scope is None and "scope" in query):
            continue
        criteria = listing.criteria_for(user, query, scope)
        if criteria is None or criteria.errors:
            continue
        if saved.owner_id == user.pk or not criteria.typed():
            yield Opened(saved, listing, query, scope, user)


def counted(found: Sequence[Opened]) -> list[tuple[Opened, Count | None]]:
    """Each with its ``count``; all are counted in one turn."""
    asked = [(one, number_of(rows, CAP + 1) if (rows := one.rows) is not None else None) for one in found]
    if numbers := [number for _one, number in asked if number is not None]:
        read_together(*numbers)
    return [(one, None if number is None else capped(sum(number))) for one, number in asked]


def readable_by(user: Any) -> Any:
    """The filters the person may use: their own, and of those offered the ones they can read.

    To a program their own are no more than offered: it reads what its reach can read.
    """
    seen, own = SavedFilter.objects.visible_to(user), NOTHING if narrowing(user) else Q(owner=user.pk)
    offered = seen.exclude(own).select_related("shared_with")
    readable = {found.saved.pk for found in opened_all(offered, user)} if offered else set()
    return seen.filter(own | Q(pk__in=readable))


def query_of(listing: Listing, code: str, user: Any) -> QueryDict:
    """The query of the filter ``code`` of this list; Http404 where there is none for this person."""
    saved = SavedFilter.objects.visible_to(user).filter(code=code, listing=listing.name).first()
    found = opened(saved, user) if saved else None
    if found is None:
        raise Http404
    return found.query
