"""The ground every test stands on: a database with two roles, a browser where there is one, and the cast."""

import gc
import os
import shutil
from itertools import count
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase
from django.test.utils import setup_databases, teardown_databases
from xdist.scheduler import LoadScopeScheduling

from portal.owner import acting_as_owner, grant_application
from tests import database
from tests.cast import *
from tests.programs import *

# Playwright keeps an event loop running on the thread of the test; the ORM is used beside it, never inside it.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"

TESTS = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER = os.environ.get("ZHIBU_BROWSER") or next(filter(None, map(shutil.which, BROWSERS)), None)

# What stands on ground that takes long to prepare.
TOGETHER = (
    "portal/test_boot.py", "house/test_headers.py", "house/test_hidden_things.py", "house/test_hostile_programs.py",
    "house/test_schema_run.py",
)  # fmt: skip
# Tests; so many leave behind what is worth clearing away.
SWEPT_AFTER = 200
_ended = count(1)
# What depends on how the engines behave: guards, constraints, locks, crashes, dumps, letters.
ENGINE_FOLDERS = {"audit", "work"}
ENGINE_FILES = {
    "test_archive", "test_constraints", "test_crashes", "test_dated", "test_health", "test_invariants",
    "test_names", "test_races", "test_snapshots",
}  # fmt: skip


def pytest_configure(config):
    if "DATABASE_URL" not in os.environ:
        pytest.exit("The tests need PostgreSQL and Valkey: bin/test brings both.", returncode=4)
    TransactionTestCase._fixture_teardown = lambda self: database.empty()


def pytest_collection_modifyitems(config, items):
    """Mark by place what needs a browser and what the engines must do themselves; leave out what takes long."""
    long = [item for item in items if item.get_closest_marker("long")]
    if long and os.environ.get("ZHIBU_FULL") != "1":
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if item not in long]
    for item in items:
        folders = set(item.path.relative_to(TESTS).parts)
        if "journeys" in folders:
            item.add_marker(pytest.mark.journey)
            if not BROWSER and os.environ.get("ZHIBU_REQUIRE_BROWSER") != "1":
                item.add_marker(pytest.mark.skip(reason="no Chromium found: install it, or set ZHIBU_BROWSER"))
        elif ENGINE_FOLDERS & folders or item.path.stem in ENGINE_FILES:
            item.add_marker(pytest.mark.services)
    # Whole portals take longest: first, so that no process waits for them at the end.
    items.sort(key=lambda item: item.get_closest_marker("boot") is None)


def pytest_collection_finish(session):
    """What was imported and collected stays: nobody looks through it again and again for what could be thrown away."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    yield
    if "django_db_setup" in item.fixturenames and next(_ended) % SWEPT_AFTER == 0:
        database.sweep()


class SideBySide(LoadScopeScheduling):
    """One test after the other to whoever is free; those that share their ground in their order to one process.

    The groups of pytest-xdist 3.8 would say so as well, if they were not lost on their way under pytest 9.2.
    """

    def _split_scope(self, nodeid):
        path = nodeid.partition("::")[0]
        return path if path.endswith(TOGETHER) else nodeid


def pytest_xdist_make_scheduler(config, log):
    return SideBySide(config, log)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment, django_db_blocker, django_db_keepdb, django_db_createdb, django_db_modify_db_settings
):
    """The owner makes and migrates the database; from then on the tests are the application."""
    keep = django_db_keepdb and not django_db_createdb
    database.make_application_role()
    with django_db_blocker.unblock(), acting_as_owner():
        made = setup_databases(verbosity=0, interactive=False, keepdb=keep)
        grant_application()
        database.let_tests_draw_tables()
        database.remember_what_migrations_filled()
    yield
    if not django_db_keepdb:
        connections.close_all()
        database.end_forgotten_sessions()
        with django_db_blocker.unblock(), acting_as_owner():
            teardown_databases(made, verbosity=0)


@pytest.fixture
def field_suite(request, settings):
    """The suite named by ``tests.suites.both_suites``."""
    settings.ZHIBU_FIELD_KEYS = settings.ZHIBU_FIELD_KEYS | {"suite": request.param}
    return request.param


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not BROWSER:
        pytest.fail("no Chromium found, and ZHIBU_REQUIRE_BROWSER=1 asks for one")
    quiet = "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    return {
        **browser_type_launch_args,
        "executable_path": BROWSER,
        "args": [*quiet.split(), "--disable-component-update", "--disable-sync"],
    }


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    return {**browser_context_args, "locale": "zh-CN", "timezone_id": "Asia/Shanghai"}


@pytest.fixture(scope="session", autouse=True)
def _files_are_thrown_away():
    yield
    shutil.rmtree(Path(settings.MEDIA_ROOT), ignore_errors=True)
    connections.close_all()
