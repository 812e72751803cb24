"""Which acts."""

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.db.models import QuerySet
from django.utils import timezone

# How long an act can be undone, the day it was done not counted. An import has ``ledgers.domain.undoing.DAYS``.
DAYS = 30


class ActQuerySet(QuerySet[Any]):
    def done_by(self, person: Any) -> Self:
        return self.filter(actor_id=person.pk)

    def recent(self, on: date) -> Self:
        """What may still be undone on that day, and what undid something since."""
        first = timezone.make_aware(datetime.combine(on - timedelta(days=DAYS), time.min))
        return self.filter(done_at__gte=first)

    def standing(self) -> Self:
        """Neither undone nor undoing."""
        return self.filter(undone_at__isnull=True, undoes__isnull=True)


def last_day(act: Any) -> date:
    """The last day on which the act can be undone."""
    return timezone.localdate(act.done_at) + timedelta(days=DAYS)
