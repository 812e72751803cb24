"""Which account is the member's own."""

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


@reversible
def link(member: Member, *, user: User, by: Any, on: date) -> Member:
    """Let ``user`` read the record of ``member`` as their own.

    Refuses one's own account, since a reader must not choose what they may read, an account that ``by`` cannot know
    of or that holds an office ``by`` may not vacate, and an account or a record that is linked already.
    """
    member = lines.lock_members([member])[member.pk]
    place = lines.places_of([member], by)[member.pk]
    lines.require_others([member], by)
    if user.pk == by.pk:
        raise Refusal(_("不能把自己的账号绑定到名册，请上级党组织办理。"), field="user")
    if not people.linkable_by(by).filter(pk=user.pk).exists():
        raise Refusal(_("没有这个编号的账号，请核对。"), field="user")
    if member.user_id is not None:
        raise Refusal(_("%(name)s已经绑定账号，请先解除绑定。") % {"name": member.name}, field="user")
    if Member.objects.filter(user=user).exists():
        raise Refusal(_("这个账号已经绑定另一名党员。"), field="user")
    appointments.require_vacating(Appointment.objects.filter(holder=user), by=by, on=on, field="user")

    member.user = user
    member.version += 1
    member.save(update_fields=["user", "version"])
    trail.record("members.linked", member, by=by, at=place.cell.path, facts={"holder": user.code, "on": on})
    return member


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
