"""The old values of acts go when the acts can no longer be undone; that they were done stays."""

from datetime import date

from django.db import transaction
from django.utils import timezone

from acts.models import Act, Effect

BATCH = 1000


def clear(*, on: date) -> int:
    """Clear what acts wrote whose last day for undoing lies before ``on``; returns how many acts."""
    over = Act.objects.exclude(pk__in=Act.objects.recent(on)).filter(cleared_at__isnull=True)
    cleared = 0
    while keys := list(over.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        with transaction.atomic():
            Effect.objects.filter(act__in=keys).delete()
            Act.objects.filter(pk__in=keys).update(cleared_at=timezone.now())
        cleared += len(keys)
    return cleared
