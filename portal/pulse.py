"""A sign of life of each web process, whether or not anybody asks it anything, and the field keys it knows."""

import logging
import threading
import time

from django.db import DatabaseError, connection

from work import heartbeat

EVERY_S = 30

logger = logging.getLogger(__name__)


def begin() -> None:
    """Beat until the process ends."""
    threading.Thread(target=_beat_on, name="pulse", daemon=True).start()


def _beat_on() -> None:
    while True:
        try:
            heartbeat.beat(heartbeat.this_process(heartbeat.WEB))
        except DatabaseError as error:
            logger.warning("no sign of life: %s", type(error).__name__)
        finally:
            connection.close()
        time.sleep(EVERY_S)
