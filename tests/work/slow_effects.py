"""An effect and a job slow enough to be killed in the middle; what they did is counted in notices."""

import time
from datetime import timedelta

from django.db import transaction

from notices.models import Notice

SLOW_S = 0.12
# Leases short enough for a test to wait for their end.
LEASE = timedelta(seconds=3)
CHUNKS = 12


def slow(payload):
    """Half of it before the moment the worker may die in, half after."""
    Notice.objects.create(to_id=payload["to"], sentence=f"begun {payload['id']}")
    time.sleep(SLOW_S)
    Notice.objects.create(to_id=payload["to"], sentence=f"ended {payload['id']}")


def long(progress):
    for chunk in range(progress.checkpoint.get("next", 0), CHUNKS):
        with transaction.atomic():
            Notice.objects.create(to=progress.owner, sentence=f"chunk {chunk}")
            time.sleep(SLOW_S)
            progress.checkpoint["next"] = chunk + 1
            progress.save()
        progress.step(chunk + 1, CHUNKS)
