"""What goes with every answer: the policies, what no cache keeps, the token, and the second factor before all else."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client, override_settings
from django.urls import reverse

from tests.house import programs, targets
from tests.house.matrix import is_for_programs, rows
from tests.house.pages import faults

POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
# A file somebody sent in, handed out again.
SANDBOX = {"default-src": "'none'", "sandbox": ""}
ALWAYS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
INLINE = ("inline", "a script for an address", "outside the house", "without a token")
PART = '<html lang="zh-Hans"><title>部分 · 支部 · {}</title><a href="#main"></a><main id="main"><h1>部分</h1>{}</main>'

# The first row of each route and method: with these three people every kind of answer occurs.
FIRST = {(row.route, row.method): row for row in reversed(rows())}.values()
ASKING = ("anonymous", "stranger", "staff")
READ = [row for row in FIRST if row.method == "GET"]
WRITTEN = [row for row in FIRST if row.method == "POST"]


def missing(response):
    """What an answer should carry and does not."""
    said = dict(
        part.strip().partition(" ")[::2] for part in response.headers.get("Content-Security-Policy", "- -").split(";")
    )
    handed_out = "sandbox" in said and response.headers.get("Content-Disposition", "").startswith("attachment")
    if said != (SANDBOX if handed_out else POLICY):
        yield f"the policy is {said}"
    for name, value in ALWAYS.items():
        if response.headers.get(name) != value:
            yield f"{name}: {response.headers.get(name)}"
    if not response.headers.get("X-Request-ID"):
        yield "no number"


def inline(response):
    """What of a page is against its own policy."""
    if not response.headers.get("Content-Type", "").startswith("text/html"):
        return []
    html = response.content.decode()
    page = html if "<html" in html else PART.format(settings.ZHIBU_SITE_NAME, html)
    return [fault for fault in faults(page, settings.ZHIBU_SITE_NAME) if any(words in fault for words in INLINE)]


@pytest.mark.parametrize("principal", ASKING)
def test_every_answer_carries_the_policies_and_keeps_to_them(house, principal):
    wrong, met = {}, set()
    for row in FIRST:
        response = house.ask(principal, row)
        met.add(response.status_code)
        # What somebody else is shown of a page is drawn of the same parts.
        found = [*missing(response), *(inline(response) if principal == "staff" else ())]
        if response.headers.get("X-Frame-Options") != "DENY":
            found.append("may be framed")
        # What answers a sign-out belongs to nobody any more.
        personal = principal != "anonymous" and row.route != "account_logout"
        if personal and "no-store" not in response.headers.get("Cache-Control", ""):
            found.append("may be kept by a cache")
        if found:
            wrong[str(row)] = found
    assert wrong == {}
    assert (
        met
        >= {"anonymous": {200, 302, 405}, "stranger": {200, 302, 403, 404, 405}, "staff": {200, 302, 405}}[principal]
    )


def test_what_is_no_page_of_ours_carries_them_too(client, db):
    style = "css/zhibu.css"
    assert finders.find(style)
    met = {
        client.get(f"/static/{style}"): 200,
        client.get("/nowhere/"): 404,
        client.get("/static/nowhere.css"): 404,
        client.get("/cells/%00/"): 404,
        client.get("/help/", headers={"Host": "evil.example"}): 400,
        client.get("/help"): 301,
    }
    for response, status in met.items():
        assert response.status_code == status
        assert list(missing(response)) == []


def test_what_signs_somebody_in_is_out_of_reach_of_scripts(client, party):
    client.post("/login/", {"login": "secretary", "password": "password"})
    for name in (settings.SESSION_COOKIE_NAME, "zhibu_who"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_no_route_takes_a_post_without_a_token(house, undrawn):
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = house.clients["staff"].cookies
    taken = {}
    for row in WRITTEN:
        address, body = targets.address(house.party, row), targets.body(house.party, row)
        response = programs.send(strict, row, address, body) if to_program(row) else strict.post(address, body)
        # Where there is nothing, nothing is taken.
        if response.status_code != (404 if row.route == "api:nothing" else 403):
            taken[str(row)] = response.status_code
    assert taken == {}


# What somebody may reach who holds an office and has yet to set up a second factor.
OPEN = {
    "account_login", "account_logout", "account_reauthenticate", "account_set_password",
    "accounts:settings-display", "portal:feedback", "portal:help",
}  # fmt: skip


def to_program(row):
    """Whether a program is answered; the description for people is a page like any other."""
    return is_for_programs(row.route) and row.route != "api:docs"


def closed(asked):
    """Those of ``asked`` that wait for a second factor."""
    return [row for row in asked if row.route not in OPEN and not row.route.startswith("mfa_")]


@pytest.mark.parametrize("principal", ["other_secretary", "technician"])
def test_every_route_leads_an_office_holder_without_a_second_factor_to_setting_one_up(house, undrawn, principal):
    set_up, astray = reverse("mfa_index"), {}
    with override_settings(ZHIBU_SECOND_FACTOR=True):
        for row in closed(FIRST):
            response = house.ask(principal, row)
            if to_program(row):
                if response.status_code != 403 or response.json()["type"] != "/problems/second-factor/":
                    astray[str(row)] = (response.status_code, response.content[:200])
                continue
            to = urlsplit(response.headers.get("Location", ""))
            back = [targets.address(house.party, row)] if row.method == "GET" else None
            if response.status_code != 302 or to.path != set_up or parse_qs(to.query).get("next") != back:
                astray[str(row)] = (response.status_code, response.headers.get("Location"))
    assert astray == {}


def test_a_part_of_a_page_leads_there_too(house, undrawn):
    with override_settings(ZHIBU_SECOND_FACTOR=True):
        for row in closed(READ):
            if to_program(row):
                continue
            response = house.ask("leader", row, headers={"HX-Request": "true"})
            assert (response.status_code, urlsplit(response.headers["HX-Redirect"]).path) == (403, reverse("mfa_index"))


def test_whoever_holds_no_office_is_not_asked_for_one(house, undrawn):
    with override_settings(ZHIBU_SECOND_FACTOR=True):
        for row in READ:
            assert reverse("mfa_index") not in house.ask("plain_member", row).headers.get("Location", ""), row
