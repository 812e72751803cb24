"""Every route × method × principal × relation answers as docs/matrix.md says, and none is missing from it."""

import re
from functools import partial
from itertools import groupby

import pytest
from django.http import HttpResponse

from portal import urls
from tests.house import bodies, targets
from tests.house.conftest import LONG
from tests.house.matrix import METHODS, PRINCIPALS, Row, is_for_programs, routes, rows

ROWS = rows()
FEW = ("anonymous", "plain_member", "secretary", "staff")
SENDERS = (*FEW, "leader", "north_staff", "auditor")
ANSWERS = {"ok", "in", "403", "404", "405"}
LOGIN = "/login/"
FINE = {200, 302, 409, 412, 422}
DONE_FOR_PROGRAMS = {200, 201, 202, 204}
FINE_TO_PROGRAMS = DONE_FOR_PROGRAMS | {400, 409, 412}
TOKEN = re.compile(r"\b\w{64}\b")
DIFFERING = {"X-Request-ID", "Content-Length", "RateLimit-Remaining"}


@pytest.fixture
def bare_refusals(undrawn, monkeypatch):
    """Refusals without their pages: here their number is enough, and there are thousands of them.

    The portal's own addresses stay in force: others of the same kind would be compiled anew for every test.
    """
    for status in (403, 404):
        bare = partial(_bare, status)
        monkeypatch.setattr(urls, f"handler{status}", bare, raising=False)


def _bare(status, request, exception):
    return HttpResponse(status=status)


def test_every_route_stands_in_the_matrix_for_reading_and_for_writing():
    written = {(row.route, row.method) for row in ROWS}
    pages = [route for route in routes() if not is_for_programs(route)]
    missing = sorted({(route, method) for route in pages for method in METHODS} - written)
    assert missing == []


def test_every_address_of_programs_stands_in_the_matrix():
    """What else than its methods it is asked for is answered alike everywhere, and the schema names them."""
    missing = sorted(set(filter(is_for_programs, routes())) - {row.route for row in ROWS})
    assert missing == []


def test_the_matrix_speaks_of_no_route_that_is_gone():
    assert sorted({row.route for row in ROWS} - set(routes())) == []


def test_no_row_stands_twice():
    names = [str(row) for row in ROWS]
    assert sorted({name for name in names if names.count(name) > 1}) == []


def test_the_matrix_promises_no_fault_and_nothing_unheard_of():
    assert {str(row): set(row.answers) - ANSWERS for row in ROWS if set(row.answers) - ANSWERS} == {}


@pytest.mark.parametrize("route", sorted({row.route for row in ROWS}))
def test_a_route_answers_each_principal_as_written(house, bare_refusals, route):
    found, expected = {}, {}
    for row in (row for row in ROWS if row.route == route):
        for principal in asked(row):
            expected[f"{row} as {principal}"] = row.answers[PRINCIPALS.index(principal)]
            found[f"{row} as {principal}"] = in_the_words_of_the_matrix(house.ask(principal, row))
    assert found == expected


def asked(row):
    """Who is asked: in the long run everybody; else a few for all who meet the same, and for who sends programs."""
    if LONG:
        return PRINCIPALS
    if len(set(row.answers[1:])) == 1:
        return FEW
    return SENDERS if is_for_programs(row.route) else PRINCIPALS


def in_the_words_of_the_matrix(response):
    """``ok`` for a page, a form sent back or a way on; ``in`` for the way to the sign-in.

    To programs ``ok`` is also what was made, what is done and gone, and what is wrong with what they sent.
    """
    if response.status_code == 401 or (response.status_code == 302 and response.url.startswith(LOGIN)):
        return "in"
    fine = FINE_TO_PROGRAMS if response.request["PATH_INFO"].startswith("/api/") else FINE
    return "ok" if response.status_code in fine else str(response.status_code)


# What comes back as a page when it was done; everything else leads on.
SHOWN = {
    "cells:cell-reveal", "cells:contact-reveal", "members:member-reveal", "members:enrol-number",
    "members:activate-doubt", "ledgers:template-filled", "exports:new",
    "integrations:token-new", "integrations:token-rotate", "integrations:webhook-new", "integrations:webhook-rotate",
}  # fmt: skip


@pytest.mark.parametrize("route", bodies.BODIES)
def test_what_is_posted_is_really_tried(house, route):
    """A form that is always sent back asks nobody for permission inside the deed."""
    statuses = set()
    for row in (row for row in ROWS if row.route == route and row.method != "GET"):
        known = zip(PRINCIPALS[1:], row.answers[1:], strict=True)
        allowed = [who for who, answer in known if answer in ("ok", "in")]
        statuses |= {house.ask(who, row).status_code for who in allowed[-2:]}
    if is_for_programs(route):
        assert statuses & DONE_FOR_PROGRAMS
    else:
        assert (200 if route in SHOWN else 302) in statuses


@pytest.mark.parametrize("principal", ["secretary", "plain_member"])
def test_what_exists_elsewhere_looks_like_what_does_not_exist(house, principal):
    column = PRINCIPALS.index(principal)
    hidden = sorted((row for row in ROWS if row.answers[column] == "404"), key=lambda row: (row.route, row.method))
    told = {}
    for (route, method), group in groupby(hidden, key=lambda row: (row.route, row.method)):
        found = list(group)
        # Enough: one that exists nowhere, and one that exists elsewhere.
        nowhere = [row for row in found if re.search("nowhere|nobody|made up|nonsense", row.target)][:1]
        elsewhere = [row for row in found if row not in nowhere][:1]
        if nowhere and elsewhere:
            told[route, method] = {without_what_differs(house, principal, row) for row in (*nowhere, *elsewhere)}
    assert len(told) > 50
    assert {route: pages for route, pages in told.items() if len(pages) > 1} == {}


def without_what_differs(house, principal, row):
    """A refusal but for its number, its token and the address asked for."""
    response = house.ask(principal, row)
    assert response.status_code == 404
    page = TOKEN.sub("", response.content.decode()).replace(response.headers["X-Request-ID"][:12], "")
    path, _mark, query = targets.address(house.party, row).partition("?")
    page = page.replace(path, "").replace(query, "")
    headers = {name: value for name, value in response.headers.items() if name not in DIFFERING}
    return page, tuple(sorted(headers.items()))


# Who posts to which target, naming in which answer something that exists elsewhere.
FOREIGN = [
    ("north_staff", "cells:cell-found", "—", "superior", "south"),
    ("north_staff", "cells:cell-move", "yunshan", "superior", "south"),
    ("north_staff", "cells:cell-merge", "yunshan", "into", "shiguang"),
    ("north_staff", "cells:company-register", "—", "keeper", "south"),
    ("north_staff", "cells:company-correct", "qingshan", "keeper", "south"),
    ("north_staff", "cells:company-survey", "baita", "cover_cell", "shiguang"),
    ("secretary", "members:member-place", "wang", "cell", "yuanfan"),
    ("secretary", "members:roster-place", "yunshan?member=wang", "cell", "yuanfan"),
    ("secretary", "members:member-restore", "wu", "cell", "yuanfan"),
    ("secretary", "members:member-merge", "wang", "absorbed", "liu"),
    ("secretary", "cells:officers", "yunshan", "name", "other_secretary"),
    ("secretary", "ledgers:import-new", "—", "cell", "yuanfan"),
]


@pytest.mark.parametrize(("principal", "route", "target", "field", "foreign"), FOREIGN)
def test_an_answer_may_not_name_what_is_out_of_reach(house, principal, route, target, field, foreign):
    row = Row(route, "POST", target, ())
    elsewhere = getattr(house.party, foreign).code
    nowhere = re.sub(r"-.+", "-" + "9" * len(elsewhere.split("-")[1]), elsewhere)
    more = {"open_account": ""} if field == "name" else {}
    pages = []
    for code in (elsewhere, nowhere):
        response = house.ask(principal, row, **{field: code}, **more)
        assert response.status_code == 422
        pages.append(TOKEN.sub("", response.content.decode()).replace(code, ""))
    assert pages[0] == pages[1]
