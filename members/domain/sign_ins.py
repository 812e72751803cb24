"""Which account is the member's own."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from cells.domain import appointments, people
from cells.models import Appointment
from core.errors import Refusal
from members.domain import lines
from members.models import Member


@transaction.atomic
def link(member: Member, *, user: User, by: Any, on: date) -> Member:
    """Let ``user`` read the record of ``member`` as their own.

    Refuses one's own account, since a reader must not choose what they may read, an account that ``by`` cannot know
    of or that holds an office ``by`` may not vacate, and an account or a record that is linked already.
    """
    member = lines.lock_members([member])[member.pk]
    place = lines.places_of([member], by)[member.pk]
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


@transaction.atomic
def unlink(member: Member, *, by: Any, on: date) -> Member:
    """Let no account read the record as its own. Refuses an account with an office that ``by`` may not vacate."""
    member = lines.lock_members([member])[member.pk]
    place = lines.places_of([member], by)[member.pk]
    if member.user is None:
        raise Refusal(_("%(name)s没有绑定账号。") % {"name": member.name})
    appointments.require_vacating(Appointment.objects.filter(holder=member.user), by=by, on=on)

    facts = {"holder": member.user.code, "on": on}
    member.user = None
    member.version += 1
    member.save(update_fields=["user", "version"])
    trail.record("members.unlinked", member, by=by, at=place.cell.path, facts=facts)
    return member
