"""Telling a worker that there is something to do. The truth is in the database; this only saves a wait."""

import logging
import time
from typing import Any

from celery import current_app

# After a failure nobody waits for the broker again for so long; the sweeper finds what was not hinted at.
PAUSE_S = 10.0

logger = logging.getLogger("work.broker")
_away_until = 0.0


def hint(task: str, *arguments: Any) -> bool:
    """Send the hint, or say in the log that the broker is away: the sweeper will come by."""
    global _away_until
    if time.monotonic() < _away_until:
        return False
    try:
        current_app.send_task(task, args=arguments, ignore_result=True, retry=False)
    except Exception as error:  # whatever the broker's client raises, the deed has been done
        _away_until = time.monotonic() + PAUSE_S
        logger.warning("no hint sent for %s: %s", task, type(error).__name__)
        return False
    return True
