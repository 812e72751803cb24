"""Which rows somebody means: those that are ticked, or all that were found. Asked anew within reach, every time."""

from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext as _

from core.errors import Refusal
from core.lists.asked import without_number
from core.lists.listing import Listing
from core.pagination import Count, count_up_to

MOST = 500


class Foreign(Refusal):
    """Among the rows sent is one that is not on this list; which one is not said."""


@dataclass(frozen=True)
class Chosen:
    """The rows a batch deed is about. ``count`` is how many were meant; more than ``rows`` where there are too many."""

    rows: list[Any]
    count: Count

    @property
    def is_cut(self) -> bool:
        return self.count.capped or self.count.number > len(self.rows)


def among_found(listing: Listing, query: QueryDict) -> str:
    """The end of the address of what was found when somebody chose: back there a batch deed leads."""
    known = listing.criteria.base_filters if listing.criteria else ()
    asked = QueryDict(mutable=True)
    for name, values in QueryDict(query.get("found", "")).lists():
        if name in known:
            asked.setlist(name, values)
    return f"?{asked.urlencode()}" if asked else ""


def chosen(listing: Listing, query: QueryDict, user: Any, scope: Any = None, *, most: int = MOST) -> Chosen:
    """What ``query`` means: with ``all=1`` whatever answers the criteria in ``found``, else of that the codes ticked.

    No row is taken on trust. Raises :class:`Foreign` when one code is not on the list for this person, whoever else it
    may belong to: then none of them is meant. A whole number by which the ticked were found is not looked for again:
    that was written down and counted when the list was shown, and the codes say who is meant.
    """
    asked = QueryDict(query.get("found", ""))
    if query.get("all") == "1":
        rows = listing.queryset(user, asked, scope)[:most]
        return Chosen(list(rows), count_up_to(listing.found(user, asked, scope)))
    codes = set(query.getlist(listing.ticks))
    if len(codes) > most:
        raise Refusal(_("一次最多选 %(most)d 行，请分几次办理。") % {"most": most})
    readable = listing.code is not None and not any("\x00" in code for code in codes)
    found = listing.queryset(user, without_number(asked), scope)
    ticked = list(found.filter(**{f"{listing.code_path}__in": codes})) if readable else []
    if len(ticked) != len(codes):
        raise Foreign(_("所选的里面有不在这份名单上的，请回到名单重新勾选。"))
    return Chosen(ticked, Count(len(ticked), capped=False))
