"""Every page of the portal, as the rules of the house would have it."""

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.test import Client
from django.urls import reverse

from tests.house.furnished import WHOLE, addresses
from tests.house.pages import faults

GOOD = """<html lang="zh-Hans"><title>名册 · 支部 · 站</title><a href="#main">跳到正文</a><main id="main"><h1>名册</h1>
{}</main></html>"""


@pytest.mark.parametrize("principal", ["anonymous", "staff", "secretary", "plain_member"])
def test_every_page_keeps_the_rules_of_the_house(party, principal):
    at = addresses(party)
    client = Client()
    if principal != "anonymous":
        client.force_login(getattr(party, principal), "cells.signed_in.ByPassword")
    found, seen = {}, []
    for route in WHOLE & at.keys():
        response = client.get(at[route])
        if response.status_code == 200 and "text/html" in response.headers["Content-Type"]:
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
