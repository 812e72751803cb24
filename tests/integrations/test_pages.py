"""The pages of tokens: shown once, listed without a secret, ended by oneself or by who keeps the account."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from core.forms import ONCE
from integrations import once
from integrations.domain import tokens
from integrations.models import KeptAnswer, Token
from tests.integrations.programs import drawn, program

pytestmark = pytest.mark.django_db

LIST = "/settings/tokens/"
NEW = f"{LIST}new/"
SHOWN = re.compile(r"pbt_LP-\w{6}\.[\w-]{43}")


@pytest.fixture
def at(party):
    """Somebody of the cast at their desk, having given the password a moment ago."""

    def signed_in(who):
        client = Client()
        client.force_login(getattr(party, who))
        assert client.post("/reauthenticate/", {"password": "password"}).status_code == 302
        return client

    return signed_in


def asked(where, **more):
    last = timezone.localdate() + timedelta(days=30)
    return {"name": "名册同步", "cell": where.code, "scopes": ["members:read"], "expires_on": last.isoformat()} | more


def test_a_token_is_drawn_up_shown_once_and_works(party, at):
    desk = at("secretary")
    page = desk.post(NEW, asked(party.yunshan, networks="203.0.113.0/24"))
    [shown, *_again] = SHOWN.findall(page.content.decode())
    assert page.headers["Cache-Control"].startswith(("max-age=0", "no-store"))
    token = Token.objects.get(holder=party.secretary)
    for path in (LIST, token.get_absolute_url(), reverse("integrations:token-end", args=[token.code])):
        assert shown.partition(".")[2] not in desk.get(path).content.decode()
    assert program(shown).get("/api/v1/me/").json()["token"] == token.code


def test_a_double_click_shows_the_same_token_and_keeps_it_two_minutes(party, at):
    desk, key = at("secretary"), "a" * 64
    pages = [desk.post(NEW, asked(party.yunshan) | {ONCE: key}) for _ in range(2)]
    assert len({tuple(SHOWN.findall(page.content.decode())) for page in pages}) == 1
    assert pages[1].headers[once.REPLAYED] == "true"
    assert Token.objects.count() == 1
    kept = KeptAnswer.objects.get(request__gt="", status=200)
    assert (kept.expires_at - kept.kept_at).total_seconds() < 121


def test_bad_input_comes_back_at_its_field_with_nothing_lost(party, at):
    desk = at("secretary")
    for field, wrong in {
        "name": "",
        "cell": party.yuanfan.code,
        "scopes": [],
        "expires_on": "2999-01-01",
        "networks": "昨天",
    }.items():
        page = desk.post(NEW, asked(party.yunshan, **{field: wrong}))
        assert page.status_code == 422
        assert page.context["form"].errors.keys() == {field}
    assert "昨天" in page.content.decode()
    assert not Token.objects.exists()


def test_the_password_is_asked_for_before_a_secret_is_drawn(party):
    desk = Client()
    desk.force_login(party.secretary)
    token, _shown = drawn(party.secretary, party.yunshan)
    for path in (NEW, reverse("integrations:token-rotate", args=[token.code])):
        assert desk.get(path).url.startswith("/reauthenticate/")


def test_a_new_secret_is_shown_once_and_the_old_one_is_over(party, at):
    token, old = drawn(party.secretary, party.yunshan)
    page = at("secretary").post(
        reverse("integrations:token-rotate", args=[token.code]), {"expires_on": token.expires_on.isoformat()}
    )
    [anew, *_again] = SHOWN.findall(page.content.decode())
    assert program(old).get("/api/v1/me/").status_code == 401
    assert program(anew).get("/api/v1/me/").status_code == 200


def test_who_keeps_the_account_sees_and_ends_the_tokens_of_their_people(party, at):
    token, shown = drawn(party.secretary, party.yunshan)
    desk, here = at("technician"), f"/settings/people/{party.secretary.code}/tokens/"
    assert here in desk.get(f"/settings/people/{party.secretary.code}/").content.decode()
    assert token.name in desk.get(here).content.decode()
    assert desk.post(reverse("integrations:token-end", args=[token.code])).url == here
    assert program(shown).get("/api/v1/me/").status_code == 401
    for stranger in ("north_staff", "organiser"):
        assert at(stranger).get(here).status_code == 404
        assert at(stranger).get(token.get_absolute_url()).status_code == 404


def test_three_tokens_cost_as_many_queries_as_one(party, at):
    desk, counts = at("secretary"), []
    for more in (1, 2):
        for _ in range(more):
            drawn(party.secretary, party.yunshan)
        with CaptureQueriesContext(connection) as found:
            desk.get(LIST)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_a_token_that_is_over_stays_in_sight_without_a_way_to_end_it(party, at):
    token, _shown = drawn(party.secretary, party.yunshan)
    tokens.end(token, by=party.secretary, on=timezone.localdate())
    desk = at("secretary")
    assert reverse("integrations:token-end", args=[token.code]) not in desk.get(LIST).content.decode()
    assert desk.post(reverse("integrations:token-end", args=[token.code])).status_code == 422
