"""Signs of life: each sweep that a worker runs proves that clock, broker, worker and database work together."""

import os
import platform
from datetime import datetime, timedelta
from pathlib import Path

from django.utils import timezone

from core import keyring
from work.models import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)
WORKER, WEB = "worker", "web"


def this_process(kind: str) -> str:
    """What this process is called: ``worker host:4711``."""
    return f"{kind} {platform.node()}:{os.getpid()}"


def has_ended(name: str) -> bool:
    """Whether the process of that name ran on this machine and runs no more; of other machines nobody here knows."""
    host, _colon, pid = name.partition(" ")[2].rpartition(":")
    return host == platform.node() and pid.isdecimal() and not Path("/proc", pid).exists()


def beat(name: str) -> None:
    """Note that the process ``name`` is alive now, and by which field keys it reads."""
    known = ",".join(sorted(keyring.ring()["keys"]))[:500]
    Heartbeat.objects.bulk_create(
        [Heartbeat(name=name, seen_at=timezone.now(), field_keys=known)],
        update_conflicts=True,
        unique_fields=["name"],
        update_fields=["seen_at", "field_keys"],
    )


def age(now: datetime) -> timedelta | None:
    """How long ago the last sign of life of a worker came; None when there never was one."""
    workers = Heartbeat.objects.filter(name__startswith=WORKER).order_by("-seen_at")
    last = workers.values_list("seen_at", flat=True).first()
    return now - last if last else None
