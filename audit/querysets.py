"""Which entries of the trail. Whether a person may read them is for the caller to decide."""

from datetime import date, datetime, time, timedelta
from typing import Any, Self

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone


class EntryQuerySet(QuerySet[Any]):
    def about(self, thing: Any) -> Self:
        """What was done to this one thing."""
        return self.filter(thing_type=ContentType.objects.get_for_model(thing), thing_id=thing.pk)

    def under(self, path: str) -> Self:
        """What was done in the cell at ``path`` and below it, as the tree stood then."""
        return self.filter(path__gte=path, path__lt=f"{path}~")

    def by(self, person: Any) -> Self:
        """What this person did; ``SYSTEM`` stands for what the clock did."""
        return self.filter(actor_id=person.pk)

    def between(self, first: date | None = None, last: date | None = None) -> Self:
        """What was done from the first day to the last, both included; None leaves that end open."""
        found = self
        if first:
            found = found.filter(recorded_at__gte=_midnight(first))
        if last and last < date.max:  # no day follows the last one that a date can name
            found = found.filter(recorded_at__lt=_midnight(last + timedelta(days=1)))
        return found

    def did(self, *actions: str) -> Self:
        return self.filter(action__in=actions)

    def since(self, moment: datetime) -> Self:
        """What was done at that moment or later."""
        return self.filter(recorded_at__gte=moment)

    def with_people(self) -> Self:
        return self.select_related("actor")


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
