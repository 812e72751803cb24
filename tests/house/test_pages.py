"""Every page of the portal, as the rules of the house would have it."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import NoReverseMatch, reverse

from accounts import invitations
from accounts.models import User
from cells.domain.companies import contacts
from ledgers.models import StagedRow
from reports.domain import snapshots
from tests.cast import TODAY, register
from tests.house.matrix import routes
from tests.house.pages import faults
from tests.ledgers.conftest import roster, somebody, staged
from work import jobs

GOOD = """<html lang="zh-Hans"><title>名册 · 支部 · 站</title><a href="#main">跳到正文</a><main id="main"><h1>名册</h1>
{}</main></html>"""

# The ring in the masthead asks for itself alone.
PARTS = {"work:ring"}
ROUTES = sorted(set(routes()) - PARTS)


@pytest.fixture
def portal(party, django_capture_on_commit_callbacks):
    """The cast with something on every shelf; gives the arguments of a route by its name."""
    company = register("云杉科技有限公司", party.north)
    contact = contacts.add_contact(company, name="何静", phone="13900000001", by=party.staff, on=TODAY)
    officer = party.yunshan.appointments.get(holder=party.organiser)
    review = staged(roster(somebody(1), somebody(2, 公民身份证号="123")), cell=party.yunshan, by=party.secretary)
    job = jobs.start("ledgers.review", by=party.secretary, title="核对 名册.xlsx", payload={"import": review.pk})
    snapshot = snapshots.draw(party.association, by=party.staff, on=TODAY)
    given = {
        "cells:officer-": [party.yunshan.code, officer.pk],
        "cells:contact-add": [company.code],
        "cells:contact-": [company.code, contact.pk],
        "cells:company": [company.code],
        "cells:": [party.yunshan.code],
        "members:roster": [party.yunshan.code],
        "members:member-enrol": [party.yunshan.code],
        "members:enrol-number": [party.yunshan.code],
        "members:": [party.wang.code],
        "work:": [job.code],
        "ledgers:template": ["members"],
        "ledgers:row": [review.ref, StagedRow.objects.of(review, "members").first().pk],
        "ledgers:problems": [review.ref, "members"],
        "ledgers:": [review.ref],
        "reports:figure": ["members"],
        "reports:snapshot-draw": [party.association.code],
        "reports:snapshot": [snapshot.code],
        "accounts:invitation": [invitations.address_for(User.objects.open_dormant("韩磊")).rstrip("/").split("/")[-1]],
    }
    return lambda route: next((args for name, args in given.items() if route.startswith(name)), [])


def address(route, args):
    """Where the route leads: bare, or with what it asks for; nowhere for what only an undo or a notice knows."""
    for given in ([], args):
        try:
            return reverse(route, args=given)
        except NoReverseMatch:
            continue
    return None


@pytest.mark.parametrize("principal", ["anonymous", "staff", "secretary", "plain_member"])
def test_every_page_keeps_the_rules_of_the_house(party, portal, principal):
    client = Client()
    if principal != "anonymous":
        client.force_login(getattr(party, principal), "django.contrib.auth.backends.ModelBackend")
    found, seen = {}, []
    for route in ROUTES:
        path = address(route, portal(route))
        response = client.get(path) if path else None
        if response is not None and response.status_code == 200 and "text/html" in response.headers["Content-Type"]:
            seen.append(route)
            found[route] = faults(response.content.decode(), settings.ZHIBU_SITE_NAME)
    assert {route: wrong for route, wrong in found.items() if wrong} == {}
    assert len(seen) >= {"anonymous": 5, "staff": 40, "secretary": 30, "plain_member": 10}[principal]


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "409", "429", "500", "503"])
def test_a_fault_has_a_page_that_needs_no_request(status):
    html = render_to_string(f"{status}.html")
    assert faults(html, settings.ZHIBU_SITE_NAME) == []
    assert reverse("portal:feedback") in html


def test_a_page_that_is_not_there_says_under_which_number(client, party):
    client.force_login(party.secretary)
    response = client.get("/nowhere/")
    assert response.status_code == 404
    assert response.headers["X-Request-ID"][:12] in response.content.decode()


def test_a_fault_shows_nothing_of_whom_it_happened_to(client, party):
    client.force_login(party.secretary)
    assert party.secretary.name not in client.get("/nowhere/").content.decode()


def test_every_page_offers_a_way_to_complain(client, party):
    complain = f'href="{reverse("portal:feedback")}"'
    assert complain in client.get(reverse("account_login")).content.decode()
    client.force_login(party.secretary)
    assert complain in client.get(reverse("accounts:settings")).content.decode()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("<h1>又一个</h1>", "2 h1"),
        ('<p id="a"></p><p id="a"></p>', "ids given twice"),
        ("<input name='q'>", "a control without a label"),
        ('<label for="none">姓名</label>', "which is not there"),
        ("<p style='color:red'></p>", "inline style"),
        ("<p onclick='x()'></p>", "inline style or handler"),
        ("<style>p{}</style>", "an inline style sheet"),
        ("<script>x()</script>", "an inline script"),
        ('<a href="javascript:x()">点</a>', "a script for an address"),
        ('<img src="https://example.com/a.png" alt="">', "outside the house"),
        ('<form method="post"></form>', "without a token"),
        ("<img src='/a.png'>", "without alt"),
    ],
)
def test_each_rule_is_noticed_when_it_is_broken(wrong, said):
    assert faults(GOOD.format(""), "站") == []
    assert any(said in sentence for sentence in faults(GOOD.format(wrong), "站"))
