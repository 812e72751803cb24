"""Inviting office-holders to open their accounts."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, telling
from audit import trail
from cells import rules
from cells.authority import narrowing
from cells.domain import appointments
from cells.models import Appointment, Assignment, Cell
from cells.querysets import AppointmentQuerySet, AssignmentQuerySet
from core.errors import OutOfTurn, Refusal

INVITED_AGAIN = gettext_lazy("有人为您重新生成了登录邀请。如果不是您要求的，请告诉上级党组织。")


@transaction.atomic
def invite(appointment: Appointment, *, by: Any, on: date) -> str:
    """Draw up an invitation for the holder of an office; returns the path to be handed on to them.

    Whoever takes it up signs in as the holder, so only those may invite who may fill every office the holder has or
    is to have, and who reach the holder's own record: nobody reaches further by another's account. Who has an account
    already gets a way to a new password, and is told; that is for those who appoint from above. The same is asked
    again when the invitation is taken up. Refuses a program, oneself, a closed account, an office that has ended.
    """
    require_person(by)
    Cell.objects.select_for_update().get(pk=appointment.cell_id)
    appointment = Appointment.objects.select_related("holder", "cell").get(pk=appointment.pk)
    holder = appointment.holder
    if appointment.office not in appointments.offices_fillable(appointment.cell, by):
        raise PermissionDenied
    if holder.pk == by.pk:
        raise Refusal(_("不用邀请自己：修改密码在“设置”里。"))
    if appointment.voided_at or not appointment.holds(on):
        raise OutOfTurn(_("这项任职今天不在任期内，不能凭它邀请。"))
    if not _may_invite(holder, by=by, on=on):
        raise PermissionDenied
    if not holder.is_active:
        raise Refusal(_("这个账号已停用，不能邀请。"))

    trail.record("cells.invited", appointment, by=by, at=appointment.cell.path, facts={"holder": holder.name})
    if not holder.is_dormant:
        telling.tell(holder, INVITED_AGAIN)
    return invitations.address_for(holder, by=by, offices=offices_of(holder, on=on))


def require_person(by: Any) -> None:
    """Raises PermissionDenied for a program: what lets somebody sign in is handed out by people alone."""
    if narrowing(by) is not None:
        raise PermissionDenied(_("登录邀请只能由本人登录后生成，程序不能代办。"))


def offices_of(holder: Any, *, on: date) -> list[int]:
    """The keys of the offices somebody holds or is to hold, as an invitation names them."""
    return sorted(_offices(holder, on).values_list("pk", flat=True))


def still_stands(holder: Any, *, by: Any, offices: list[int], on: date) -> bool:
    """Whether ``by`` could draw up today what they drew up when ``holder`` had ``offices``."""
    return offices_of(holder, on=on) == offices and holder.pk != by.pk and _may_invite(holder, by=by, on=on)


def who_invites_again(cell: Cell) -> str:
    """Whom somebody of ``cell`` may ask who forgot the password: the first few of those who appoint there."""
    names = rules.APPOINT.holders(cell).order_by("-pk").values_list("name", flat=True)
    return _("、").join(names[:3])


def _may_invite(holder: Any, *, by: Any, on: date) -> bool:
    offices = _offices(holder, on)
    if appointments.beyond(offices, by=by, on=on):
        return False
    # Whoever signs in as an advisor reaches the companies they look after.
    if not rules.ASSIGN.allows_all(by, [row.company for row in _assignments(holder, on)]):
        return False
    # Members are an app above this one; where the holder's record is kept is reached through their own relation.
    belongs = Cell.objects.filter(memberships__member__user=holder, memberships__voided_at__isnull=True)
    home = belongs.order_by("-memberships__valid").first()
    if not holder.is_dormant:
        # Whoever reads the link signs in as somebody with a life here: no matter for the branch, and never for nobody.
        places = [row.cell for row in offices] + ([home] if home else [])
        return bool(places) and rules.APPOINT.allows_all(by, places)
    return home is None or rules.KEEP_ROSTER.allows(by, home) or rules.APPOINT.allows(by, home)


def _offices(holder: Any, on: date) -> AppointmentQuerySet:
    return Appointment.objects.reaching(on).filter(holder=holder).select_related("cell")


def _assignments(holder: Any, on: date) -> AssignmentQuerySet:
    return Assignment.objects.reaching(on).filter(advisor=holder).select_related("company__keeper")
