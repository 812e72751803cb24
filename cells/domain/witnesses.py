"""Whether the two who confirm for a third are really two: neither made the other, nor had a hand in the case."""

from copy import copy
from datetime import date, datetime, timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q

from accounts.models import RecoveryCase
from audit.models import Entry
from cells import authority
from cells.models import Appointment

# So long before the case was asked an office has to stand that carries a word in it.
SETTLED = timedelta(days=7)
# So long those do not count as two of whom one put the other in office or let them in. Not for good: in a small
# association everybody was appointed by the same person.
CLOSE = timedelta(days=90)


def as_settled(person: Any, case: RecoveryCase, *, on: date) -> Any:
    """``person`` with those offices alone that nobody gave them in view of the case. What set-up gave, counts."""
    seen = copy(person)
    settled = Q(appointed_by=None) | Q(recorded_at__lte=case.asked_at - SETTLED)
    seen.held_offices = authority.held_in(person.appointments.in_force(on).filter(settled), on)
    return seen


def are_close(one: Any, other: Any, case: RecoveryCase, *, on: date) -> bool:
    """Whether one of them put the other in office, or invited them to their account, not long before the case."""
    since = case.asked_at - CLOSE
    return any(
        _put_in_office(holder, by=by, since=since, on=on) or has_invited(holder, by=by, since=since)
        for holder, by in ((one, other), (other, one))
    )


def has_invited(person: Any, *, by: Any, since: datetime) -> bool:
    """Whether ``by`` drew up a way into the account of ``person``, by an office of theirs or their member's record."""
    offices = Appointment.objects.filter(holder=person.pk).values("pk")
    # Members are an app above this one; the record is reached through its own relation.
    records = get_user_model().objects.filter(pk=person.pk, member__isnull=False).values("member")
    invited = Q(action="cells.invited", thing_id__in=offices) | Q(action="members.invited", thing_id__in=records)
    return Entry.objects.by(by).filter(invited, recorded_at__gte=since).exists()


def _put_in_office(holder: Any, *, by: Any, since: datetime, on: date) -> bool:
    held = Appointment.objects.in_force(on).filter(holder=holder.pk, recorded_at__gte=since)
    return held.filter(Q(appointed_by=by.pk) | Q(recorded_by=by.pk)).exists()
