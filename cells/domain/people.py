"""Whose accounts somebody may know of."""

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from cells.models import Appointment, Cell


def known_to(user: Any) -> QuerySet:
    """Accounts of people who hold or held an office in a cell that ``user`` sees, or are members there."""
    cells = Cell.objects.visible_to(user).values("pk")
    officers = Appointment.objects.standing().filter(cell__in=cells).values("holder")
    # Members are an app above this one; their accounts are reached through their own relation.
    people = get_user_model().objects.filter(is_active=True)
    members = people.filter(member__memberships__cell__in=cells, member__memberships__voided_at__isnull=True)
    return people.filter(pk__in=officers.union(members.values("pk")))


def linkable_by(user: Any) -> QuerySet:
    """Those, and accounts that never held an office and are no member's: opened a moment ago, or unlinked before."""
    officers = Appointment.objects.standing().values("holder")
    return get_user_model().objects.filter(
        Q(pk__in=known_to(user).values("pk")) | (~Q(pk__in=officers) & Q(member=None)), is_active=True
    )
