"""What the clock does to members' files."""

from typing import Any

from django.utils import timezone

from members.domain import evidence
from work.schedules import schedule


@schedule("members.clear_evidence", every="day", at="03:50", catch_up=1)
def clear_evidence(payload: dict[str, Any]) -> None:
    """Evidence of requests that were closed long ago goes."""
    evidence.clear_expired(now=timezone.now())
