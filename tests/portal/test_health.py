from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from portal import health
from work import heartbeat


def test_being_alive_asks_no_database(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    assert answer.content == b"ok\n"


@pytest.mark.django_db
def test_ready_names_every_dependency_and_no_version(client):
    heartbeat.beat("worker")
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert list(answer.json()["checks"]) == ["database", "migrations", "broker", "worker"]
    assert all(set(check) == {"ok", "ms"} for check in answer.json()["checks"].values())


@pytest.mark.django_db
def test_a_broker_that_is_away_makes_it_unready(client, settings):
    heartbeat.beat("worker")
    settings.CACHES = {
        "default": {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "5"
    assert [name for name, check in answer.json()["checks"].items() if not check["ok"]] == ["broker"]


@pytest.mark.django_db
def test_a_worker_that_never_came_makes_it_unready_after_two_minutes(client):
    with time_machine.travel(timezone.now() + timedelta(minutes=3), tick=False):
        assert client.get("/readyz").json()["checks"]["worker"]["ok"] is False
        heartbeat.beat("worker")
        assert client.get("/readyz").json()["checks"]["worker"]["ok"] is True


@pytest.mark.django_db
def test_a_migration_that_has_not_run_makes_it_unready(client):
    health._migrated.cache_clear()
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('search_path', 'pg_temp', true)")
        answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["migrations"]["ok"] is False
