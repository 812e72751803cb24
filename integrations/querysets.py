"""Which tokens, which kept answers, which webhooks and deliveries."""

from datetime import date, datetime
from typing import Any, Self

from django.db.models import F, Q, QuerySet

from integrations import rules
from integrations.choices import DeliveryState, WebhookState


class TokenQuerySet(QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """The person's own, over as well as live."""
        return self.filter(holder_id=user.pk) if user.pk else self.none()

    def live(self, on: date) -> Self:
        """Tokens that let a program in on ``on``: not ended, not expired, their holder's sign-in still the same."""
        stands = {"holder__is_active": True, "holder__session_round": F("session_round")}
        return self.filter(ended_at=None, expires_on__gte=on, **stands)

    def expiring(self, on: date) -> Self:
        """Live tokens whose last day is ``on``."""
        return self.live(on).filter(expires_on=on)


class KeptAnswerQuerySet(QuerySet[Any]):
    def standing(self, now: datetime) -> Self:
        """Answers that are still given once more."""
        return self.filter(expires_at__gt=now)

    def over(self, now: datetime) -> Self:
        """Answers whose time is over."""
        return self.filter(expires_at__lte=now)


class WebhookQuerySet(QuerySet[Any]):
    def visible_to(self, user: Any) -> Self:
        """Webhooks of cells where the person keeps integrations; one that was ended is gone."""
        return self.filter(rules.KEEP_WEBHOOK.scope(user)).exclude(state=WebhookState.ENDED)

    def behind(self, sequence: int) -> Self:
        """Active ones for which the trail has not been read up to ``sequence``."""
        return self.filter(state=WebhookState.ACTIVE, sequence__lt=sequence)

    def with_people(self) -> Self:
        return self.select_related("owner", "cell")


class DeliveryQuerySet(QuerySet[Any]):
    def waiting(self) -> Self:
        return self.filter(state=DeliveryState.WAITING)

    def failed(self) -> Self:
        """Those given up."""
        return self.filter(state=DeliveryState.FAILED)

    def sendable(self, now: datetime) -> Self:
        """Those whose time has come, that nobody is sending, to webhooks that send."""
        free = Q(locked_until=None) | Q(locked_until__lte=now)
        return self.waiting().filter(free, due_at__lte=now, webhook__state=WebhookState.ACTIVE)

    def settled_before(self, moment: datetime) -> Self:
        """Those that were decided before a moment."""
        return self.filter(settled_at__lt=moment)
