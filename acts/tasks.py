"""The clock's door: what can no longer be undone is no longer kept for it."""

from typing import Any

from django.utils import timezone

from acts.domain import clearing
from work.schedules import schedule


@schedule("acts.clear", every="day", at="03:50", catch_up=1)
def clear(payload: dict[str, Any]) -> None:
    """Old values whose time is over go."""
    clearing.clear(on=timezone.localdate())
