"""Every route × method × principal × relation answers as docs/matrix.md says, and none is missing from it."""

from itertools import groupby

import pytest
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, reverse

from tests.house import targets
from tests.house.matrix import METHODS, PRINCIPALS, routes, rows

ROWS = rows()
LOGIN = "/login/"


class Undo(Exception):
    """Raised to take back whatever a request did."""


def test_every_route_stands_in_the_matrix_for_reading_and_for_writing():
    written = {(row.route, row.method) for row in ROWS}
    missing = sorted({(route, method) for route in routes() for method in METHODS} - written)
    assert missing == []


def test_the_matrix_speaks_of_no_route_that_is_gone():
    assert sorted({row.route for row in ROWS} - set(routes())) == []


@pytest.mark.parametrize("route", sorted({row.route for row in ROWS}))
def test_a_route_answers_each_principal_as_written(party, route):
    found, expected = {}, {}
    for row in (row for row in ROWS if row.route == route):
        address = targets.address(party, row)
        for principal, answer in zip(PRINCIPALS, row.answers, strict=True):
            expected[f"{row} as {principal}"] = answer
            found[f"{row} as {principal}"] = _answer(party, principal, row.method, address)
    assert found == expected


def _answer(party, principal, method, address):
    """What the person meets: ``ok`` for a page, a form sent back or a way on; ``in`` for the way to the sign-in."""
    client = Client()
    if principal != "anonymous":
        client.force_login(getattr(party, principal), "django.contrib.auth.backends.ModelBackend")
    try:
        with transaction.atomic():
            response = client.generic(method, address)
            raise Undo
    except Undo:
        pass
    if response.status_code in (301, 302) and response.url.startswith(LOGIN):
        return "in"
    return "ok" if response.status_code in (200, 204, 302, 409, 422) else str(response.status_code)
