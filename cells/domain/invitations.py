"""Inviting office-holders to open their accounts."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations
from audit import trail
from cells.domain import appointments
from cells.models import Appointment, Cell
from core.errors import OutOfTurn, Refusal
from notices.domain import post

INVITED_AGAIN = gettext_lazy("有人为您重新生成了登录邀请。如果不是您要求的，请告诉上级党组织。")


@transaction.atomic
def invite(appointment: Appointment, *, by: Any, on: date) -> str:
    """Draw up an invitation for the holder of an office; returns the path to be handed on to them.

    Whoever takes it up signs in as the holder, so only those may invite who may fill every office the holder has:
    nobody reaches further by another's account. Who has an account already gets a way to a new password, and is told.
    Refuses oneself, a closed account, an office that has ended.
    """
    Cell.objects.select_for_update().get(pk=appointment.cell_id)
    appointment = Appointment.objects.select_related("holder", "cell").get(pk=appointment.pk)
    holder = appointment.holder
    offices = Appointment.objects.in_force(on).filter(holder=holder).select_related("cell")
    for office in (appointment, *offices):
        if office.office not in appointments.offices_fillable(office.cell, by):
            raise PermissionDenied
    if holder.pk == by.pk:
        raise Refusal(_("不用邀请自己：修改密码在“设置”里。"))
    if not holder.is_active:
        raise Refusal(_("这个账号已停用，不能邀请。"))
    if appointment.pk not in {office.pk for office in offices}:
        raise OutOfTurn(_("这项任职今天不在任期内，不能凭它邀请。"))

    trail.record("cells.invited", appointment, by=by, at=appointment.cell.path, facts={"holder": holder.name})
    if not holder.is_dormant:
        post.tell(holder, INVITED_AGAIN, by=by)
    return invitations.address_for(holder)
