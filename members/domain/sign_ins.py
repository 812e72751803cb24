"""Which account is the member's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from acts.recording import reversible
from audit import trail
from cells.domain import appointments, people
from cells.models import Appointment
from cells.rules import APPOINT
from core.errors import Refusal
from members.domain import lines
from members.models import Member
from notices.domain import post

UNLINKED = gettext_lazy("您的账号不再绑定党员记录。如果不是您要求的，请告诉上级党组织。")


@dataclass(frozen=True)
class Link:
    """A record, and the account that is to read it."""

    member: Member
    user: User


def link(member: Member, *, user: User, by: Any, on: date) -> Member:
    """Let ``user`` read the record of ``member`` as their own. Refuses as ``link_many`` does."""
    return link_many([Link(member, user)], by=by, on=on)[0]


@reversible
def link_many(links: Sequence[Link], *, by: Any, on: date) -> list[Member]:
    """Let each account read one record as its own; the records come in the order asked.

    Refuses, naming the row, one's own account, since a reader must not choose what they may read, an account that
    ``by`` cannot know of or that holds an office ``by`` may not vacate, and an account or a record that is linked
    already. A constant number of queries.
    """
    locked = lines.lock_members([one.member for one in links])
    members, users = [locked[one.member.pk] for one in links], [one.user.pk for one in links]
    places = lines.places_of(members, by)
    lines.require_others(members, by)
    known = set(people.linkable_by(by).filter(pk__in=users).values_list("pk", flat=True))
    taken = set(Member.objects.filter(user__in=users).values_list("user", flat=True))
    for row, (member, user) in enumerate(zip(members, [one.user for one in links], strict=True)):
        if user.pk == by.pk:
            raise Refusal(_("不能把自己的账号绑定到名册，请上级党组织办理。"), field="user", row=row)
        if user.pk not in known:
            raise Refusal(_("没有这个编号的账号，请核对。"), field="user", row=row)
        if member.user_id is not None:
            raise Refusal(_("%(name)s已经绑定账号，请先解除绑定。") % {"name": member.name}, field="user", row=row)
        if user.pk in taken:
            raise Refusal(_("这个账号已经绑定另一名党员。"), field="user", row=row)
        member.user = user
        member.version += 1
        taken.add(user.pk)
    appointments.require_vacating(Appointment.objects.filter(holder__in=users), by=by, on=on, field="user")
    Member.objects.bulk_update(members, ["user", "version"], batch_size=lines.BATCH)
    trail.record_many(
        "members.linked",
        members,
        by=by,
        at=lambda member: places[member.pk].cell.path,
        facts=lambda member: {"holder": member.user.code, "on": on},
    )
    return members


@reversible
def unlink(member: Member, *, by: Any, on: date) -> Member:
    """Let no account read the record as its own, and tell its holder.

    Refuses one's own, one with an office ``by`` may not vacate, and, to who does not appoint there, an account in use:
    a branch that could take a member's account off the record could put another in its place.
    """
    member = lines.lock_members([member])[member.pk]
    place = lines.places_of([member], by)[member.pk]
    lines.require_others([member], by)
    if member.user is None:
        raise Refusal(_("%(name)s没有绑定账号。") % {"name": member.name})
    appointments.require_vacating(Appointment.objects.filter(holder=member.user), by=by, on=on)
    if not member.user.is_dormant and not APPOINT.allows(by, place.cell):
        raise Refusal(_("%(name)s的账号已经开通，解除绑定由上级党组织办理。") % {"name": member.name})

    post.tell(member.user, UNLINKED, by=by)
    facts = {"holder": member.user.code, "on": on}
    member.user = None
    member.version += 1
    member.save(update_fields=["user", "version"])
    trail.record("members.unlinked", member, by=by, at=place.cell.path, facts=facts)
    return member


def named_by_record(user: User, on: date) -> str:
    """Why who has a record does not rename the account themselves: its name follows the record. Nothing without one."""
    if not Member.objects.filter(user=user.pk).exists():
        return ""
    return _("姓名随名册。写错了的，请在“我的”里申请更正。")
