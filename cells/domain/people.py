"""Whose accounts somebody may know of."""

from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from cells import rules
from cells.choices import Office
from cells.models import Appointment, Cell


def known_to(user: Any) -> QuerySet:
    """Accounts of people who hold or held an office in a cell that ``user`` sees, or are members there."""
    cells = Cell.objects.visible_to(user).values("pk")
    officers = Appointment.objects.standing().filter(cell__in=cells).values("holder")
    # Members are an app above this one; their accounts are reached through their own relation.
    people = get_user_model().objects.filter(is_active=True)
    members = people.filter(member__memberships__cell__in=cells, member__memberships__voided_at__isnull=True)
    return people.filter(pk__in=officers.union(members.values("pk")))


def advisors_for(user: Any, on: date) -> QuerySet:
    """Those of them who are advisors on ``on``, by name: who may be assigned a company."""
    office = Appointment.objects.in_force(on).filter(office=Office.ADVISOR)
    return known_to(user).filter(pk__in=office.values("holder")).order_by("name", "pk")


def linkable_by(user: Any) -> QuerySet:
    """Those, and accounts that never held an office and are no member's: opened a moment ago, or unlinked before."""
    # Asked of each account by itself: an import links many, one after the other.
    known = known_to(user).filter(pk=OuterRef("pk"))
    offices = Appointment.objects.standing().filter(holder=OuterRef("pk"))
    return get_user_model().objects.filter(Q(Exists(known)) | (~Exists(offices) & Q(member=None)), is_active=True)


def seats_within(user: Any, *, on: date) -> QuerySet | None:
    """The offices, held on ``on`` or to be held later, that ``user`` may fill or keeps the accounts of.

    None for whoever does neither anywhere.
    """
    found = [rule.scope(user) for rule in (rules.FILL_SEAT, rules.KEEP_HOLDER) if rule.anywhere(user)]
    if not found:
        return None
    first, *rest = [Appointment.objects.filter(scope).values("pk") for scope in found]
    return Appointment.objects.reaching(on).filter(pk__in=first.union(*rest, all=True))


def named_by_office(user: Any, on: date) -> str:
    """Why who holds an office, or is to hold one, is not called otherwise by themselves; nothing for anybody else."""
    if not Appointment.objects.reaching(on).filter(holder=user.pk).exists():
        return ""
    return _("任职期间姓名不能自行改动。写错了的，请告诉任命您的党组织。")
