"""Signs of life: each sweep that a worker runs proves that clock, broker, worker and database work together."""

from datetime import datetime, timedelta

from django.utils import timezone

from work.models import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)


def beat(name: str) -> None:
    """Note that the worker ``name`` is alive now."""
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, seen_at=timezone.now())],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["seen_at"],
    )


def age(now: datetime) -> timedelta | None:
    """How long ago the last sign of life came; None when there never was one."""
    last = Heartbeat.objects.order_by("-seen_at").values_list("seen_at", flat=True).first()
    return now - last if last else None
