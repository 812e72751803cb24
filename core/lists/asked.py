"""What an address asks of a list besides its criteria: columns, order, page, density; and how to ask otherwise.

All of it stands in the query, so that a colleague who is sent the address sees the same list.
"""

from collections.abc import Collection, Container
from typing import Any
from urllib.parse import quote, urlencode

from django.http import QueryDict

from core.lists.listing import Listing, kept_by, keys_in
from core.masks import is_whole_number
from core.pagination import SIZES

DENSITIES = ("compact", "standard", "roomy")
CURSORS = ("after", "before")
# What a page was asked for once, and no other address goes on asking.
PASSING = (*CURSORS, "adding", "add", "way", "value", "move", "open", "watch", "filter")
# What says how the rows are shown, and not which.
SHOWING = ("columns", "sort", "size", "density")
# What besides is asked of any list: where it looks, as what it is shown, and whose filter it was opened by.
AROUND = ("scope", "view", "of")


class Asked:
    """The query of one request, as far as it concerns ``listing``."""

    def __init__(self, listing: Listing, query: QueryDict, user: Any) -> None:
        self.listing = listing
        self.query = query
        self.user = user

    @property
    def size(self) -> int:
        """Rows on a page."""
        asked = self.query.get("size") or str(kept_by(self.user, self.listing).get("size", ""))
        return int(asked) if asked in map(str, SIZES) else SIZES[1]

    @property
    def density(self) -> str:
        """How close the rows stand; nothing where the list follows the person's display."""
        asked = self.query.get("density") or kept_by(self.user, self.listing).get("density", "")
        return asked if asked in DENSITIES else ""

    def address(self, **changes: Any) -> str:
        """This list asked otherwise, and the place on its page where it stands."""
        return self.listing.anchored(self.query_with(**changes))

    def query_with(self, **changes: Any) -> str:
        """What is asked, otherwise: each change sets a parameter, to one value or several, or lifts it with None."""
        gone = {*PASSING, *changes}
        asked = {name: values for name, values in self.query.lists() if name not in gone}
        asked |= {
            name: value if isinstance(value, list) else [value] for name, value in changes.items() if value is not None
        }
        return f"?{urlencode(asked, doseq=True, safe=',', quote_via=quote)}"

    def hidden(self, *besides: str) -> list[tuple[str, str]]:
        """What a form of the page carries along, except what it asks itself."""
        gone = {*PASSING, *besides}
        return [(name, value) for name, values in self.query.lists() if name not in gone for value in values if value]

    def unknown(self, known: Collection[str]) -> list[str]:
        """The parameters that nobody here reads: a criterion misspelt, which would widen the list unseen."""
        return sorted(self.query.keys() - {*PASSING, *SHOWING, *AROUND, *known})

    def part(self, names: Container[str]) -> QueryDict:
        """Of the query the parameters among ``names`` that are answered."""
        asked = QueryDict(mutable=True)
        for name, values in self.query.lists():
            if name in names and any(values):
                asked.setlist(name, values)
        return asked

    def moved(self) -> str | None:
        """The columns after one step of the chooser (``?move=birth.up``); None where nothing was to move.

        Forms send one ``columns`` for each tick; an address holds them as one, divided by commas.
        """
        move = self.query.get("move", "")
        given = self.query.getlist("columns")
        if not move and len(given) < 2:
            return None
        keys = keys_in(given)
        key, _dot, way = move.partition(".")
        if key in keys and way in ("up", "down"):
            here = keys.index(key)
            there = max(0, here - 1) if way == "up" else min(len(keys) - 1, here + 1)
            keys[here], keys[there] = keys[there], keys[here]
        return ",".join(dict.fromkeys(keys))


def without_number(query: QueryDict) -> QueryDict:
    """What is asked but for a search by a whole number, each of which is written down and counted."""
    left = query.copy()
    if is_whole_number(left.get("q", "")):
        del left["q"]
    return left


def to_keep(listing: Listing, given: QueryDict) -> dict[str, Any]:
    """Of an answer what somebody may keep of how ``listing`` is shown; what is no choice is left out."""
    known = {column.key for column in listing.columns}
    columns = [key for key in dict.fromkeys(keys_in(given.getlist("columns"))) if key in known]
    density, size = given.get("density", ""), given.get("size", "")
    kept: dict[str, Any] = {"columns": columns} if columns else {}
    if density in DENSITIES:
        kept["density"] = density
    if size in map(str, SIZES):
        kept["size"] = int(size)
    return kept
