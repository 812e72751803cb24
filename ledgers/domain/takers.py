"""Who takes a list out, how far, and what of it: asked again whenever some of an export is made or handed over.

What may be taken is what may be seen where taking out is allowed: a list is asked on behalf of the person limited to
where they may export, and for whole numbers to where they may reveal as well.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied

from cells.authority import Narrowing, Span, narrow, only_where, spans
from cells.choices import Power
from core.lists.columns import Column
from core.lists.listing import listing_named
from ledgers.laid_out import Wish
from ledgers.models import Export
from members.models import Member


def taker_of(by: Any, *, whole: bool) -> Any:
    """``by``, as far as they may take lists out. PermissionDenied where that is nowhere."""
    taker = only_where(by, Power.EXPORT, *([Power.REVEAL] if whole else []))
    if not spans(taker, Power.EXPORT):
        raise PermissionDenied
    return taker


def confined(by: Any, taken: Export) -> Any:
    """``by``, held to what the program that asked was confined to; for whoever goes on without it."""
    if taken.narrowing:
        narrow(by, Narrowing.read(taken.narrowing))
    return by


def wish_of(taken: Export) -> Wish:
    """What was asked for; PermissionDenied when there is no such list any more."""
    listing = listing_named(taken.listing)
    if listing is None:
        raise PermissionDenied
    return Wish(listing, taken.asked, taken.scope, taken.format, whole=taken.whole)


def columns_of(taken: Export, taker: Any) -> list[Column]:
    """The columns asked for. PermissionDenied when ``taker`` has not all of them any more."""
    known = {column.key: column for column in wish_of(taken).listing.columns_of(taker, taken.scope)}
    if set(taken.columns) - set(known):
        raise PermissionDenied
    return [known[key] for key in taken.columns]


def place_of(taken: Export, by: Any) -> str:
    """Where in the tree it happens: the scope, or the topmost place the person may take lists out of."""
    if taken.scope is not None:
        return str(taken.scope.path)
    return min((span.path for span in spans(by, Power.EXPORT)), default="")


def still_allowed(user: Any, who: Callable[[], Any]) -> Callable[[], bool]:
    """Asks, as often as it is called, whether the person may still take out what they might when it began.

    ``who`` gives them as they stand by then; nobody where they are signed in no more.
    """
    begun = _grasp(user)

    def still() -> bool:
        now = who()
        return now is not None and _grasp(now) == begun

    return still


def _grasp(user: Any) -> list[Span]:
    return [*spans(user, Power.EXPORT), *spans(user, Power.REVEAL)]


def covers(taken: Export, *, by: Any) -> bool:
    """Whether everything in the file is within what ``by`` may take out today, by the rule it was taken by."""
    try:
        taker, wish = taker_of(by, whole=taken.whole), wish_of(taken)
        columns_of(taken, taker)
    except PermissionDenied:
        return False
    # Where members once were is within reach as history; they themselves are where they are now, or were last.
    about_members = taken.tells_of == Member._meta.label
    things = Member.objects.visible_to(taker) if about_members else wish.listing.reach(taker, wish.scope)
    for about in taken.pieces.filter(bound=False).values_list("about", flat=True):
        wanted = set(about)
        if wanted - set(things.filter(pk__in=wanted).values_list("pk", flat=True)):
            return False
    return True
