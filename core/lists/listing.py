"""The declaration of a list, and where all of them are found."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from core.criteria import Criteria
from core.lists.columns import Column
from core.ready import Ready
from core.stretches import Stretch


@dataclass(frozen=True, kw_only=True)
class Preset:
    """A criterion one click away: the answer of one parameter, with how many rows it leaves, if ``counted``."""

    words: Any
    name: str
    value: str
    counted: str = ""


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A deed done to many rows at once, at an address of its own. ``url`` is given the scope of the list."""

    words: Any
    url: Callable[[Any], str]
    right: Callable[[Any, Any], bool]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """One list of the portal.

    ``reach(user, scope)`` are the rows within a person's reach and the scope of the page; nothing else ever widens
    them. ``criteria`` narrow them, by ``defaults`` where an address gives no answer. ``dress`` fetches along what
    columns show; ``furnish(rows, user)`` sets on some of the rows what takes a query of its own, and is asked by pages,
    files and prints alike. ``code`` names a row to a program and, under ``ticks``, to a batch deed; ``link`` is its
    page, ``edit`` where one fact of it is put right in place, ``mark`` a class of its own. ``changes(rows,
    since)`` counts which of them others changed since a moment. ``may_leave`` is False for what nobody takes out as a
    file; ``api_scope`` is the scope of what stands in it (``members``), without which no program takes it out.
    ``ready`` are the rows nobody narrowed, in one order, and the stretches of the tree somebody sees of them there.
    ``anchor`` is where on its page the list stands, if it stands below other things. ``deeds`` says that rows carry
    buttons that do something (``columns.deed_button``).
    """

    name: str
    title: Any
    thing: Any
    noun: Any
    url_name: str
    columns: tuple[Column, ...]
    reach: Callable[[Any, Any], QuerySet]
    order: str
    criteria: type[Criteria] | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    dress: Callable[[QuerySet], QuerySet] = lambda rows: rows
    furnish: Callable[[Sequence[Any], Any], Sequence[Any]] = lambda rows, user: rows
    code: Callable[[Any], str] | None = None
    code_path: str = "code"
    ticks: str = "code"
    link: Callable[[Any], str] | None = None
    edit: Callable[[Any], str] | None = None
    mark: Callable[[Any], str] | None = None
    find: Any = ""
    presets: tuple[Preset, ...] = ()
    batches: tuple[Batch, ...] = ()
    may_leave: bool = True
    api_scope: str = ""
    changes: Callable[[Any, datetime], int] | None = None
    offers: Mapping[str, Callable[[Any, Any], Iterable[str]]] = field(default_factory=dict)
    ready: tuple[Ready, Callable[[Any, Any], Sequence[Stretch]]] | None = None
    anchor: str = ""
    deeds: bool = False

    @property
    def id(self) -> str:
        """By what its part of the page is known."""
        return self.name.rpartition(".")[2]

    @property
    def orders(self) -> Mapping[str, tuple[str, ...]]:
        """What the list can be sorted by."""
        return {column.key: column.sort for column in self.columns if column.sort}

    def address(self, query: str = "") -> str:
        """The page of the list over everything within reach."""
        return f"{reverse(self.url_name)}{f'?{query}' if query else ''}"

    def anchored(self, address: str) -> str:
        """``address`` led on to where on its page the list stands."""
        return f"{address}#{self.anchor}" if self.anchor else address

    def columns_of(self, user: Any, scope: Any = None) -> list[Column]:
        """Every column this person may have here."""
        return [column for column in self.columns if column.is_for(user, scope)]

    def columns_for(self, user: Any, query: QueryDict, scope: Any = None) -> list[Column]:
        """The columns ``query`` asks for, in its order; those of the person, or of the list, where it names none."""
        known = {column.key: column for column in self.columns_of(user, scope)}
        asked = keys_in(query.getlist("columns")) or keys_in(kept_by(user, self).get("columns", ()))
        chosen = [known[key] for key in dict.fromkeys(asked) if key in known]
        if not any(not column.is_first for column in chosen):
            return [column for column in known.values() if column.is_usual(scope)]
        first = [column for column in known.values() if column.is_first]
        return [*first, *(column for column in chosen if not column.is_first)]

    def criteria_for(self, user: Any, query: QueryDict, scope: Any = None) -> Criteria | None:
        """What ``query`` asks of the rows within reach, read on behalf of ``user``."""
        rows = self.reach(user, scope)
        return self.criteria(self._with_defaults(query), rows, user=user) if self.criteria else None

    def found(self, user: Any, query: QueryDict, scope: Any = None) -> QuerySet:
        """The rows within reach that answer ``query``, in no order; none where the query cannot be read."""
        criteria = self.criteria_for(user, query, scope)
        return self.reach(user, scope) if criteria is None else criteria.qs

    def queryset(self, user: Any, query: QueryDict, scope: Any = None) -> QuerySet:
        """The rows that answer ``query``, in the order it asks for and with what their columns show.

        ``furnish`` is to be called on them, a page or a chunk at a time, before ``Column.value`` is.
        """
        rows = self.dress(self.found(user, query, scope))
        return rows.order_by(*self.order_of(user, query, scope), "pk")

    def order_of(self, user: Any, query: QueryDict, scope: Any = None) -> tuple[str, ...]:
        """The order ``query`` asks for; one told by a column the person does not have is none."""
        return falling(self.orders, self.sort_of(user, query, scope))

    def sort_of(self, user: Any, query: QueryDict, scope: Any = None) -> str:
        """The key the list is sorted by, with a leading ``-`` where it falls."""
        asked = query.get("sort", "")
        own = {column.key for column in self.columns_of(user, scope) if column.sort}
        return asked if asked.removeprefix("-") in own else self.order

    def _with_defaults(self, query: QueryDict) -> QueryDict:
        """Where a criterion is left without an answer, or with a blank one, the list's own stands."""
        known = self.criteria.base_filters if self.criteria else {}
        asked = {key.partition("__")[0] for key, values in query.lists() if key in known and any(values)}
        full = query.copy()
        for name in self.defaults.keys() - asked:
            full[name] = self.defaults[name]
        return full


def falling(orders: Mapping[str, tuple[str, ...]], sort: str) -> tuple[str, ...]:
    """The paths of an order; a leading ``-`` turns the first of them round, and with it the list."""
    first, *rest = orders[sort.removeprefix("-")]
    if not sort.startswith("-"):
        return (first, *rest)
    return (first[1:] if first.startswith("-") else f"-{first}", *rest)


def keys_in(given: Sequence[str]) -> list[str]:
    """The keys in ``?columns=name,birth`` or in ``?columns=name&columns=birth``."""
    return [key for part in given for key in part.split(",") if key]


def kept_by(user: Any, listing: Listing) -> dict[str, Any]:
    """How this person has the list shown unless an address says otherwise."""
    return (getattr(user, "lists", None) or {}).get(listing.name, {})


# What an app above this one does with ticked rows of any list: its AppConfig.ready() appends what gives the batch, or
# None for a list it has nothing to do with.
BATCHES: list[Callable[[Listing], Batch | None]] = []
_listings: dict[str, Listing] = {}
# (rows, keys of columns, whole) -> their cells, or None
Straight = Callable[..., Iterator[Sequence[Any]] | None]
_straight: dict[str, Straight] = {}


def register(*listings: Listing) -> None:
    """Make lists known to exports, saved filters and search. Each app does so in its ``lists.py``."""
    for listing in listings:
        if listing.name in _listings and _listings[listing.name] is not listing:
            raise ValueError(f"There is a list {listing.name} already")
        _listings[listing.name] = listing


def listing_named(name: str) -> Listing | None:
    return _listings.get(name)


def listings() -> Iterator[Listing]:
    """Every list, by name."""
    return iter(_listings[name] for name in sorted(_listings))


def reads_straight(listing: Listing) -> Callable[[Straight], Straight]:
    """Declare how the cells of a list are read for a file without making objects of its rows.

    The function is given the rows, the keys of the columns and whether numbers are wanted ``whole``; it gives the very
    cells the columns give, or None where it does not know one of them.
    """

    def keep(read: Straight) -> Straight:
        _straight[listing.name] = read
        return read

    return keep


def straight(listing: Listing, rows: QuerySet, keys: Sequence[str], *, whole: bool) -> Iterator[Sequence[Any]] | None:
    """The cells of ``keys``, read that way; None where the list, or one of the columns, has no such way."""
    return _straight[listing.name](rows, keys, whole=whole) if listing.name in _straight else None
