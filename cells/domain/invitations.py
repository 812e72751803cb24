"""Inviting office-holders to open their accounts."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, telling
from audit import trail
from cells import rules
from cells.authority import narrowing
from cells.domain import appointments
from cells.models import Appointment, Assignment, Cell
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
    life = Life(holder, on)
    if not may_invite(life, by=by):
        raise PermissionDenied
    if not holder.is_active:
        raise Refusal(_("这个账号已停用，不能邀请。"))

    trail.record("cells.invited", appointment, by=by, at=appointment.cell.path, facts={"holder": holder.name})
    if not holder.is_dormant:
        telling.tell(holder, INVITED_AGAIN)
    return invitations.address_for(holder, by=by, offices=life.keys)


def require_person(by: Any) -> None:
    """Raises PermissionDenied for a program: what lets somebody sign in is handed out by people alone."""
    if narrowing(by) is not None:
        raise PermissionDenied(_("登录邀请只能由本人登录后生成，程序不能代办。"))


class Life:
    """Where somebody has anything to say today or later, and where their record is kept: what inviting them hangs on.

    Each is asked when it is looked at, unless ``asked`` was read together with other things.
    """

    def __init__(self, holder: Any, on: date) -> None:
        self.holder = holder
        self.offices = Appointment.objects.reaching(on).filter(holder=holder).select_related("cell").order_by("pk")
        self.assignments = Assignment.objects.reaching(on).filter(advisor=holder).select_related("company__keeper")
        # Members are an app above this one; where the holder's record is kept is reached through their own relation.
        belongs = Cell.objects.filter(memberships__member__user=holder, memberships__voided_at__isnull=True)
        self.homes = belongs.order_by("-memberships__valid")[:1]

    @property
    def asked(self) -> tuple[QuerySet, ...]:
        return self.offices, self.assignments, self.homes

    @property
    def keys(self) -> list[int]:
        """Of the offices, as an invitation names them."""
        return [row.pk for row in self.offices]


def still_stands(holder: Any, *, by: Any, offices: list[int], on: date) -> bool:
    """Whether ``by`` could draw up today what they drew up when ``holder`` had ``offices``."""
    life = Life(holder, on)
    return life.keys == offices and may_invite(life, by=by)


def may_invite(life: Life, *, by: Any) -> bool:
    """Whether ``by`` may let somebody in to this life; nobody lets in themselves."""
    if life.holder.pk == by.pk or appointments.beyond_among(life.offices, by=by):
        return False
    # Whoever signs in as an advisor reaches the companies they look after.
    if not rules.ASSIGN.allows_all(by, [row.company for row in life.assignments]):
        return False
    home = next(iter(life.homes), None)
    if not life.holder.is_dormant:
        # Whoever reads the link signs in as somebody with a life here: no matter for the branch, and never for nobody.
        places = [row.cell for row in life.offices] + ([home] if home else [])
        return bool(places) and rules.APPOINT.allows_all(by, places)
    return home is None or rules.KEEP_ROSTER.allows(by, home) or rules.APPOINT.allows(by, home)


def who_invites(cell: Cell) -> QuerySet:
    """The names of the first few who appoint in ``cell``: whom somebody there may ask who forgot the password."""
    return rules.APPOINT.holders(cell).order_by("-pk").values_list("name", flat=True)[:3]


def who_invites_again(cell: Cell) -> str:
    """``who_invites`` as they are named in a sentence."""
    return _("、").join(who_invites(cell))
