"""What the clock does for the portal as a whole."""

from typing import Any

from django.conf import settings

from portal.retention import clearing
from work.schedules import schedule


@schedule("portal.retention", every="day", at="04:20", catch_up=1)
def retention(payload: dict[str, Any]) -> None:
    """Clear what is due, where an operator has switched that on; until then nothing goes by this schedule."""
    if settings.ZHIBU_RETENTION:
        clearing.by_the_clock()
