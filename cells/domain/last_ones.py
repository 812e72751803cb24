"""The offices that must not be left empty: without them nobody could let anybody in again."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _

from cells.choices import Office
from cells.models import Appointment
from core.errors import Refusal

NEVER_EMPTY = (Office.TECHNICAL_ADMINISTRATOR, Office.ASSOCIATION_STAFF)
_LOCK = 7311


def require_another(leaving: Collection[Appointment], *, on: date) -> None:
    """Refuses where nobody who can sign in would hold such an office once ``leaving`` no longer do.

    Two who would leave at once wait for one another here, inside their deeds' transactions.
    """
    today = max(on, timezone.localdate())
    for office in NEVER_EMPTY:
        going = {row.pk for row in leaving if row.office == office}
        if not going:
            continue
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        held = Appointment.objects.filter(office=office, holder__is_active=True, holder__username__isnull=False)
        held_now = set(held.in_force(timezone.localdate()).values_list("pk", flat=True))
        staying = set(held.in_force(today).values_list("pk", flat=True)) - going
        if going & held_now and not staying:
            words = {"office": Office(office).label}
            raise Refusal(_("这是最后一位%(office)s，请先任命另一位并等其开通账号，再办理。") % words)


def offices_of(person: Any, *, on: date) -> list[Appointment]:
    """What somebody would leave empty by no longer signing in."""
    return list(Appointment.objects.in_force(on).filter(holder=person, office__in=NEVER_EMPTY))
