"""What members mean for the cells they belong to: nobody is left without a place when a cell is merged or dissolved.

Cells stand below members and cannot ask; ``MembersConfig.ready`` hands these to ``cells.domain``.
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cells.models import Cell
from members.domain import places, sign_ins
from members.domain.places import Placing
from members.models import Member, Membership


def remaining(cell: Cell) -> str | None:
    """What keeps a cell from being dissolved: every member must have a destination first (BR2018 Art 7)."""
    count = Membership.objects.current().filter(cell=cell).count()
    if not count:
        return None
    return ngettext(
        "还有 %(count)d 名党员，请先调整到其他党组织。", "还有 %(count)d 名党员，请先调整到其他党组织。", count
    ) % {"count": count}


def carry(cell: Cell, into: Cell, *, by: Any, on: date) -> None:
    """Place all members of ``cell`` in ``into``, as part of merging the two. Refuses as ``place_many`` does."""
    belonging = Membership.objects.current().filter(cell=cell).select_related("member").order_by("pk")
    placings = [Placing(membership.member, into) for membership in belonging]
    if placings:
        places.place_many(placings, reason=_("党组织合并"), by=by, on=on, everybody=True)


def recognise(user: Any, cell: Cell, *, by: Any, on: date) -> None:
    """Link an account opened for an officer to the one member of that name at or below the cell, if there is one."""
    here = Membership.objects.current().under(cell).values("member")
    named = list(Member.objects.on_record().filter(pk__in=here, name=user.name)[:2])
    if len(named) == 1 and named[0].user_id is None:
        sign_ins.link(named[0], user=user, by=by, on=on)
