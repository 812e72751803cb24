"""What journeys share: the cast in a real database, an address that passkeys accept, a worker, a way to sign in."""

import threading
from pathlib import Path

import pytest
from django.core.cache import cache
from django.db import connections

from tests.cast import draw
from work import jobs, outbox

SCENES = Path(__file__).parents[1] / "scenes"
A_MOMENT_S = 0.2


@pytest.fixture
def party(transactional_db):
    cache.clear()
    return draw()


@pytest.fixture
def address(live_server):
    """By name, not by number: passkeys refuse a bare address."""
    return live_server.url.replace("127.0.0.1", "localhost")


@pytest.fixture
def worker(live_server):
    """Does what the portal promised to do later, as the sweeper and its workers would."""
    over = threading.Event()
    thread = threading.Thread(target=_work_until, args=(over,))
    thread.start()
    yield
    over.set()
    thread.join()


def _work_until(over):
    while not over.wait(A_MOMENT_S):
        for pk in outbox.sweep():
            outbox.perform(pk)
        for pk in jobs.sweep():
            jobs.run(pk)
    connections.close_all()


@pytest.fixture
def sign_in(page, address):
    """``sign_in("secretary", then="/home/")``; everybody's password is the same."""

    def go(username, then="/home/", password="password"):
        page.goto(f"{address}/login/?next={then}")
        page.get_by_label("用户名").fill(username)
        page.get_by_label("密码", exact=True).fill(password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{address}{then}")

    return go
