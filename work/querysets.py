"""Which rows of background work: what is due, what is open, whose it is."""

from datetime import datetime
from typing import Any, Self

from django.db.models import Q, QuerySet

from work import acting
from work.choices import OPEN_STATES, JobState, OutboxState


class OutboxQuerySet(QuerySet[Any]):
    def waiting(self) -> Self:
        return self.filter(state=OutboxState.WAITING)

    def dead(self) -> Self:
        """Effects that were tried as often as the house tries, and need a person."""
        return self.filter(state=OutboxState.DEAD)

    def due(self, now: datetime) -> Self:
        """Effects whose time has come and that nobody is known to be working on."""
        return self.waiting().filter(Q(locked_until=None) | Q(locked_until__lte=now), run_after__lte=now)


class JobQuerySet(QuerySet[Any]):
    def owned_by(self, user: Any) -> Self:
        """The jobs this person started; to a program that acts for them, those a program as confined as it did.

        Nobody sees another person's jobs.
        """
        return self.filter(acting.within(user), owner_id=user.pk) if user.pk else self.none()

    def open(self) -> Self:
        """Jobs that wait or run: what a key may be held by only once."""
        return self.filter(state__in=OPEN_STATES)

    def due(self, now: datetime) -> Self:
        """Jobs to hand to a worker: queued ones, and running ones whose worker fell silent."""
        return self.open().filter(Q(locked_until=None) | Q(locked_until__lte=now))

    def held_by(self, token: Any) -> Self:
        """The job that the run with this token is working on, as long as it still does."""
        return self.filter(state=JobState.RUNNING, run_token=token)
