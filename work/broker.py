"""Telling a worker that there is something to do. The truth is in the database; this only saves a wait."""

import logging
from typing import Any

from celery import current_app

logger = logging.getLogger("work.broker")


def hint(task: str, *arguments: Any) -> bool:
    """Send the hint, or say in the log that the broker is away: the sweeper will come by."""
    try:
        current_app.send_task(task, args=arguments, ignore_result=True, retry=False)
    except Exception as error:  # whatever the broker's client raises, the deed has been done
        logger.warning("no hint sent for %s: %s", task, type(error).__name__)
        return False
    return True
