"""The worker is killed in the middle of an import: nothing is half, and the next run makes the same of it."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from cells.models import Cell
from ledgers.choices import ImportState
from ledgers.domain import imports
from members.models import Member, MemberFact, Membership
from tests.cast import TODAY
from tests.ledgers.conftest import scene, staged
from work import jobs
from work.models import Job

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.services]

ROOT = Path(__file__).parents[2]
PATIENCE_S = 90
RUN = "import django; django.setup(); from work import jobs; jobs.run(%d)"


def worker(job):
    """A process that does the job, on the test's database."""
    name = connection.settings_dict["NAME"]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
        "DATABASE_URL": settings.DATABASE_URL.rpartition("/")[0] + f"/{name}",
        "DATABASE_OWNER_URL": settings.DATABASE_OWNER_URL,
    }
    return subprocess.Popen([sys.executable, "-c", RUN % job.pk], cwd=ROOT, env=environment)


def test_a_killed_import_leaves_nothing_half_and_goes_on_where_it_was(party):
    the_import = staged(*scene("changchun"), cell=party.association, by=party.staff)
    the_import = imports.begin_commit(the_import, by=party.staff, on=TODAY)
    before = Member.objects.count()
    process = worker(the_import.job)
    deadline = time.monotonic() + PATIENCE_S
    while Member.objects.count() == before and time.monotonic() < deadline:
        time.sleep(0.02)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()

    written = Member.objects.count() - before
    assert written > 0
    assert Membership.objects.count() == MemberFact.objects.count() == Member.objects.count()

    Job.objects.filter(pk=the_import.job_id).update(locked_until=timezone.now() - timedelta(seconds=1))
    jobs.run(the_import.job_id)

    the_import.refresh_from_db()
    assert the_import.state == ImportState.DONE
    assert the_import.result["done"] == {
        "organisations": {"new": 50, "update": 0},
        "companies": {"new": 105, "update": 0},
        "members": {"new": 803, "update": 0},
    }
    committee = Cell.objects.get(name="中共示例市互联网业联合会委员会")
    assert Membership.objects.current().under(committee).count() == 803
    assert the_import.result["secretaries"] == 49
