"""Which announcements."""

from typing import Any, Self

from django.db.models import Q, QuerySet

from news import rules
from news.choices import LISTED, AnnouncementKind


class AnnouncementQuerySet(QuerySet[Any]):
    def public(self) -> Self:
        """What everybody may read: published and not withdrawn."""
        return self.filter(withdrawn_at=None)

    def listed(self) -> Self:
        return self.filter(kind__in=LISTED)

    def about(self) -> Self:
        """What the association says of itself."""
        return self.filter(kind=AnnouncementKind.ABOUT)

    def kept_by(self, user: Any) -> Self:
        """Those ``user`` may correct and withdraw, the withdrawn ones included."""
        return self.filter(rules.PUBLISH.scope(user))

    def titled(self, text: str) -> Self:
        """Those with ``text`` in their title, in either language."""
        return self.filter(Q(title__icontains=text) | Q(title_en__icontains=text))

    def latest(self) -> Self:  # type: ignore[override]
        return self.order_by("-published_on", "-pk")
