"""Workers are killed in mid-effect and the broker forgets everything: nothing is lost, nothing done twice."""

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
import redis
from django.conf import settings
from django.db import connection

from notices.models import Notice
from tests.work import slow_effects
from work import jobs, outbox, tasks
from work.choices import JobState, OutboxState
from work.models import Job, Outbox

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]

ROOT = Path(__file__).parents[2]
ROWS = 40
PATIENCE_S = 25


def worker():
    """A real Celery worker on the test's database, in a process group of its own."""
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "DATABASE_URL": settings.DATABASE_URL.rpartition("/")[0] + f"/{name}",
        "DATABASE_OWNER_URL": settings.DATABASE_OWNER_URL,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    command = ["-m", "celery", "-A", "tests.work.crashing", "worker", "--pool", "prefork", "--concurrency", "2"]
    return subprocess.Popen(
        [sys.executable, *command, "--without-gossip", "--without-mingle", "--loglevel", "ERROR"],
        cwd=ROOT,
        env=environment,
        start_new_session=True,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def kill(process):
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def sweep_until(condition, deadline):
    """Sweep as the clock does, until the condition holds. True when it did in time."""
    while not condition():
        if time.monotonic() > deadline:
            return False
        tasks.sweep()
        time.sleep(0.25)
    return True


def finished():
    return Outbox.objects.filter(state=OutboxState.DONE).count()


@pytest.fixture
def slow(monkeypatch):
    """The test posts what its worker does, and sweeps with the same short leases."""
    monkeypatch.setitem(outbox._effects, "tests.slow", slow_effects.slow)
    monkeypatch.setitem(jobs._jobs, "tests.long", slow_effects.long)
    monkeypatch.setattr(outbox, "LEASE", slow_effects.LEASE)
    monkeypatch.setattr(jobs, "LEASE", slow_effects.LEASE)


def test_killed_workers_and_a_forgetful_broker_lose_nothing_and_repeat_nothing(party, slow):
    broker = redis.Redis.from_url(settings.CELERY_BROKER_URL)
    broker.flushdb()
    deadline = time.monotonic() + PATIENCE_S
    for number in range(ROWS):
        outbox.post("tests.slow", {"id": number, "to": party.staff.pk})
    job = jobs.start("tests.long", by=party.staff, title="导出", key="crash")
    running = worker()
    try:
        for share in (5, 15):
            assert sweep_until(lambda share=share: finished() >= share, deadline)
            kill(running)
            broker.flushdb()
            running = worker()
        assert sweep_until(lambda: finished() >= 28, deadline)
        broker.flushdb()
        done = sweep_until(lambda: finished() == ROWS and Job.objects.get(pk=job.pk).state == JobState.DONE, deadline)
    finally:
        kill(running)
        broker.flushdb()

    assert done, f"{finished()} of {ROWS} rows and {Job.objects.get(pk=job.pk).done} chunks in {PATIENCE_S} s"
    expected = [f"{half} {number}" for half in ("begun", "ended") for number in range(ROWS)]
    expected += [f"chunk {chunk}" for chunk in range(slow_effects.CHUNKS)]
    assert Counter(Notice.objects.values_list("sentence", flat=True)) == Counter(expected)
    assert Outbox.objects.filter(attempts__gt=1).exists()
