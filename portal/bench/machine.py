"""What a measurement was made on, without which its numbers mean nothing."""

import os
import platform
import subprocess
from importlib.metadata import distributions
from typing import Any

from django.db import connection

from portal.bench.statements import HERE

PACKAGES = ("Django", "djangorestframework", "psycopg2-binary", "orjson", "openpyxl", "XlsxWriter", "python-calamine")


def load() -> float:
    """How many processes wanted to run within the last minute."""
    return os.getloadavg()[0]


def cores() -> int:
    return len(os.sched_getaffinity(0))


def facts() -> dict[str, Any]:
    """Machine, versions, commit and load, ready to print."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), current_setting('shared_buffers')")
        server, buffers = cursor.fetchone()
        cursor.execute("SELECT count(*) FROM pg_indexes WHERE tablename = 'members_member'")
        (indexes,) = cursor.fetchone()
    return {
        "commit": _commit(),
        "cores": cores(),
        "load": round(load(), 2),
        "machine": platform.platform(),
        "python": platform.python_version(),
        "postgresql": server,
        "shared_buffers": buffers,
        "indexes on members": indexes,
        **{each.name: each.version for each in distributions() if each.name in PACKAGES},
    }


def _commit() -> str:
    """The commit measured, with a mark where the files differ from it; nothing outside a checkout."""
    try:
        told = subprocess.run(  # noqa: S603
            ["git", "-C", str(HERE), "describe", "--always", "--dirty"],  # noqa: S607
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError):
        return ""
    return told.stdout.strip()
