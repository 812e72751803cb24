"""Every route × method × principal × relation answers as docs/matrix.md says, and none is missing from it."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.cache import cache
from django.db import transaction
from django.test import Client, override_settings

from tests import cast
from tests.house import targets
from tests.house.matrix import METHODS, PRINCIPALS, routes, rows

ROWS = rows()
LOGIN = "/login/"
NOON = datetime(cast.TODAY.year, cast.TODAY.month, cast.TODAY.day, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
# What no row names although it exists: in these places of a target stands something that does not.
NOWHERE = ("nowhere", "nobody")


class Undo(Exception):
    """Raised to take back whatever a request did."""


class House:
    """The cast, drawn once, with everybody signed in: by their password, given once more as for their own account."""

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

    def ask(self, principal, row, address=None):
        """The answer to one request; whatever it wrote is taken back, in the database and in the browser."""
        address = address or targets.address(self.party, row)
        client = self.clients[principal]
        try:
            with transaction.atomic():
                if row.method == "POST":
                    response = client.post(address, targets.body(self.party, row))
                else:
                    response = client.get(address)
                raise Undo
        except Undo:
            pass
        client.cookies.clear()
        client.cookies.update(self.cookies[principal])
        return response


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker):
    bare = override_settings(ROOT_URLCONF="tests.house.bare_urls", ZHIBU_SECOND_FACTOR=False)
    with django_db_blocker.unblock(), time_machine.travel(NOON, tick=True), bare:
        cache.clear()
        try:
            with transaction.atomic():
                yield House()
                raise Undo
        except Undo:
            pass
        cache.clear()


def test_every_route_stands_in_the_matrix_for_reading_and_for_writing():
    written = {(row.route, row.method) for row in ROWS}
    missing = sorted({(route, method) for route in routes() for method in METHODS} - written)
    assert missing == []


def test_the_matrix_speaks_of_no_route_that_is_gone():
    assert sorted({row.route for row in ROWS} - set(routes())) == []


def test_no_row_stands_twice():
    names = [str(row) for row in ROWS]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize("route", sorted({row.route for row in ROWS}))
def test_a_route_answers_each_principal_as_written(house, route):
    found, expected = {}, {}
    for row in (row for row in ROWS if row.route == route):
        address = targets.address(house.party, row)
        for principal, answer in zip(PRINCIPALS, row.answers, strict=True):
            expected[f"{row} as {principal}"] = answer
            found[f"{row} as {principal}"] = in_the_words_of_the_matrix(house.ask(principal, row, address))
    assert found == expected


def in_the_words_of_the_matrix(response):
    """``ok`` for a page, a form sent back or a way on; ``in`` for the way to the sign-in."""
    if response.status_code == 302 and response.url.startswith(LOGIN):
        return "in"
    return "ok" if response.status_code in (200, 204, 302, 409, 412, 422) else str(response.status_code)
