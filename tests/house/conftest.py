"""What tests over every route share: the cast drawn once, everybody signed in, every request taken back."""

import os
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.template.base import Template
from django.test import Client, override_settings

from tests import cast
from tests.house import programs, targets
from tests.house.matrix import PRINCIPALS, is_for_programs

LONG = os.environ.get("ZHIBU_FULL") == "1"
LOGIN = "/login/"
NOON = datetime(cast.TODAY.year, cast.TODAY.month, cast.TODAY.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


class Undo(Exception):
    """Raised to take back whatever a request did."""


class House:
    """The cast, everybody signed in: by their password, given once more as for what touches their own account."""

    def __init__(self):
        self.party = cast.draw()
        self.clients = {name: self._signed_in(name, desk) for desk, name in enumerate(PRINCIPALS, start=1)}
        self.cookies = {name: dict(client.cookies) for name, client in self.clients.items()}

    def _signed_in(self, name, desk):
        client = Client(raise_request_exception=False, REMOTE_ADDR=f"10.0.0.{desk}")
        if name != "anonymous":
            person = getattr(self.party, name)
            assert client.post(LOGIN, {"login": person.username, "password": "password"}).status_code == 302
            assert client.post("/reauthenticate/", {"password": "password"}).status_code == 302
        return client

    def ask(self, principal, row, *, headers=None, **answers):
        """The answer to one request; whatever it wrote is taken back, in the database, the cache and the browser."""
        address = targets.address(self.party, row)
        body = targets.body(self.party, row) | answers
        client = self.clients[principal]
        try:
            with transaction.atomic():
                if is_for_programs(row.route):
                    response = programs.send(client, row, address, body, headers)
                elif row.method == "GET":
                    response = client.get(address, headers=headers)
                else:
                    response = client.post(address, body, headers=headers)
                raise Undo
        except Undo:
            pass
        if row.method != "GET":
            cache.clear()  # a session that was ended is remembered there as over
        client.cookies.clear()
        client.cookies.update(self.cookies[principal])
        return response


@pytest.fixture
def undrawn(monkeypatch):
    """Answers whose pages are left empty, for whoever asks thousands for their number and their headers alone.

    That every page can be drawn is asked by ``test_pages`` and ``test_headers``, and of all in the long run.
    """
    if not LONG:
        monkeypatch.setattr(Template, "_render", lambda self, context: "")


@pytest.fixture(scope="module")
def ground(django_db_setup, django_db_blocker):
    """A database for one module, at noon of the tests' own day; what was drawn on it is gone afterwards.

    The clock stands: once a minute has passed, every request writes down that its session was seen.
    """
    with django_db_blocker.unblock(), time_machine.travel(NOON, tick=False):
        try:
            with transaction.atomic():
                yield
                raise Undo
        except Undo:
            pass


@pytest.fixture(scope="module")
def house(ground):
    cache.clear()
    with override_settings(ZHIBU_SECOND_FACTOR=False, ZHIBU_REST_PER_MINUTE=1_000_000):
        yield House()
    cache.clear()
