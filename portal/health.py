"""Two questions a machine may ask without signing in: are you alive, and may I send you people?

Answers name no versions and no addresses.
"""

import time
from collections.abc import Callable
from datetime import timedelta
from functools import cache

from django.core.cache import cache as shared_cache
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from work import heartbeat

RETRY_AFTER_S = "5"
WORKER_SILENCE = timedelta(minutes=2)
# A worker starts more slowly than the web does; until then its silence means nothing.
_started = timezone.now()


@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """The process answers. Asks nobody else, so that a database that is down does not get every process restarted."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """Database, migrations, broker and worker, each with its milliseconds; 503 when one of them fails."""
    checks = {check.__name__: _timed(check) for check in (database, migrations, broker, worker)}
    ready = all(found["ok"] for found in checks.values())
    response = JsonResponse(
        {"status": "ready" if ready else "not ready", "checks": checks}, status=200 if ready else 503
    )
    if not ready:
        response["Retry-After"] = RETRY_AFTER_S
    return response


def _timed(check: Callable[[], bool]) -> dict:
    began = time.monotonic()
    try:
        ok = check()
    except Exception:  # whatever the driver raises, the answer is no
        ok = False
    return {"ok": ok, "ms": round((time.monotonic() - began) * 1000, 1)}


def database() -> bool:
    """The database answers, and takes writing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_is_in_recovery()")
        return not cursor.fetchone()[0]


def migrations() -> bool:
    """The database is of this version."""
    return _migrated() or False


def broker() -> bool:
    """What is written there is read again."""
    shared_cache.set("portal:ready", 1, 60)
    return shared_cache.get("portal:ready") == 1


def worker() -> bool:
    """Whether a worker has shown itself lately; asked only once there has been time to."""
    now = timezone.now()
    if now - _started < WORKER_SILENCE:
        return True
    age = heartbeat.age(now)
    return age is not None and age < WORKER_SILENCE


class _Behind(Exception):
    pass


@cache
def _migrated() -> bool:
    """Remembered once it is true: this process's code does not change, and nobody migrates backwards under it."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _Behind
    return True
