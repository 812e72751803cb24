"""Which notices: a person's own, the unread ones."""

from typing import Any, Self

from django.db.models import QuerySet


class NoticeQuerySet(QuerySet[Any]):
    def to(self, user: Any) -> Self:
        """What this person was told."""
        return self.filter(to_id=user.pk) if user.pk else self.none()

    def unread(self) -> Self:
        return self.filter(read_at=None)
