"""Tokens over REST, and what is sent twice over REST."""

import secrets
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from core.forms import ONCE
from core.lists.listing import listings
from integrations import once
from integrations.choices import Scope
from integrations.domain import answers
from integrations.models import KeptAnswer, Token
from members.domain import places
from portal.api import router
from tests.cast import TODAY
from tests.integrations.programs import drawn, program

pytestmark = pytest.mark.django_db
TOKENS = "/api/v1/tokens/"


@pytest.fixture(autouse=True)
def _nobody_has_asked_too_often():
    cache.clear()


def browser(who, *, again=True):
    client = Client()
    client.force_login(who)
    if again:
        client.post("/reauthenticate/", {"password": "password"})
    return client


def asked(cell):
    last = timezone.localdate() + timedelta(days=30)
    return {"name": "名册同步", "cell": cell.code, "scopes": ["members:read"], "expires_on": last.isoformat()}


def send(client, path, body=None, **headers):
    return client.post(path, body or {}, content_type="application/json", headers=headers)


def test_every_scope_that_a_resource_names_can_be_given_or_is_for_people_alone():
    named = {resource.scope for _base, resource, _name in router.registry if resource.scope}
    given = {scope.partition(":")[0] for scope in Scope}
    assert named - given == {"accounts", "policies"}
    beside = {column.api_scope for listing in listings() for column in listing.columns if column.api_scope}
    assert beside and beside <= given


def test_a_person_draws_up_a_token_over_rest_and_is_shown_it_once(party):
    made = send(browser(party.secretary), TOKENS, asked(party.yunshan))
    assert made.status_code == 201, made.content
    assert made.json()["cell"]["code"] == party.yunshan.code
    assert program(made.json()["token"]).get("/api/v1/me/").status_code == 200
    assert "token" not in browser(party.secretary).get(made.json()["url"]).json()


def test_who_has_not_given_the_password_lately_is_told_so(party):
    refused = send(browser(party.secretary, again=False), TOKENS, asked(party.yunshan))
    assert refused.status_code == 403
    assert "密码" in refused.json()["detail"]


def test_a_token_gets_no_token_and_no_new_secret_whatever_its_scopes(party):
    mine, shown = drawn(party.staff, party.association, *Scope)
    for path, body in ((TOKENS, asked(party.yunshan)), (f"{TOKENS}{mine.code}/rotate/", asked(party.yunshan))):
        body = body if path == TOKENS else {"expires_on": body["expires_on"]}
        assert send(program(shown), path, body).status_code == 403
    assert Token.objects.count() == 1


def test_a_program_lists_and_ends_its_holders_tokens_and_nobody_elses(party):
    mine, shown = drawn(party.secretary, party.yunshan, "tokens:write", "cells:read")
    other, _shown = drawn(party.organiser, party.yunshan)
    there = program(shown)
    assert [row["code"] for row in there.get(TOKENS).json()["results"]] == [mine.code]
    assert send(there, f"{TOKENS}{other.code}/end/").status_code == 404
    assert send(there, f"{TOKENS}{mine.code}/end/").json()["state"] == "ended"
    assert there.get(TOKENS).status_code == 401
    assert Token.objects.get(pk=other.pk).is_live


@pytest.mark.parametrize("header", once.HEADERS)
def test_a_request_sent_again_gets_the_same_answer_and_has_one_effect(party, header):
    client, body = browser(party.secretary), asked(party.yunshan)
    first, second = (send(client, TOKENS, body, **{header: "k-1"}) for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json() == second.json()
    assert first.headers["Location"] == second.headers["Location"]
    assert once.REPLAYED not in first.headers
    assert second.headers[once.REPLAYED] == "true"
    assert Token.objects.count() == 1


def test_other_content_under_the_same_key_is_refused(party):
    client, body = browser(party.secretary), asked(party.yunshan)
    send(client, TOKENS, body, **{"Idempotency-Key": "k-1"})
    refused = send(client, TOKENS, body | {"name": "另一个"}, **{"Idempotency-Key": "k-1"})
    assert refused.status_code == 422
    assert refused.json()["type"] == "/problems/key-reused/"
    assert send(client, TOKENS, body, **{"Idempotency-Key": "k-2"}).status_code == 201
    assert Token.objects.count() == 2


def test_an_answer_is_each_tokens_own_and_a_dead_one_gets_none(party):
    _one, first = drawn(party.secretary, party.yunshan, "tokens:write")
    two, second = drawn(party.secretary, party.yunshan, "tokens:write")
    path, key = f"{TOKENS}{two.code}/end/", {"Idempotency-Key": "k-1"}
    assert send(program(second), path, **key).status_code == 200
    assert send(program(second), path, **key).status_code == 401
    assert send(program(first), path, **key).status_code == 409


def test_a_refusal_is_kept_but_for_those_that_pass(party):
    _token, shown = drawn(party.secretary, party.yunshan, "tokens:write")
    ended, _shown = drawn(party.secretary, party.yunshan)
    there, key = program(shown), {"Idempotency-Key": "k-1"}
    assert [send(there, TOKENS, {}, **key).headers.get(once.REPLAYED) for _ in range(2)] == [None, "true"]
    path = f"{TOKENS}{ended.code}/end/"
    send(there, path)
    again = [send(there, path, **key) for _ in range(2)]
    assert [(one.status_code, one.headers.get(once.REPLAYED)) for one in again] == [(409, None), (409, None)]


def test_who_is_not_let_in_is_not_answered_from_before(party, settings):
    client, body = Client(enforce_csrf_checks=True), asked(party.yunshan) | {"name": ""}
    client.force_login(party.secretary)
    client.get("/feedback/")
    key, own = {"Idempotency-Key": "k-1"}, {"X-CSRFToken": client.cookies["csrftoken"].value}
    assert [send(client, TOKENS, body, **key, **own).headers.get(once.REPLAYED) for _ in range(2)] == [None, "true"]
    forged = send(client, TOKENS, body, **key)
    assert (forged.status_code, forged.headers.get(once.REPLAYED)) == (403, None)
    settings.ZHIBU_REST_PER_MINUTE = 1
    # A minute may end in between.
    assert 429 in [send(client, TOKENS, body, **key, **own).status_code for _time in range(3)]


def multipart(client, path, **fields):
    return client.post(path, fields, headers={"Idempotency-Key": secrets.token_hex(8)})


def test_a_key_opens_no_way_around_the_parser(party):
    token, shown = drawn(party.staff, party.association, "tokens:write", "ledgers:write")
    assert multipart(program(shown), f"{TOKENS}{token.code}/end/", reason="x").status_code == 415
    assert Token.objects.get(pk=token.pk).is_live
    for path, status in ((TOKENS, 415), ("/api/v1/imports/", 413)):
        refused = multipart(program(shown), path, note="x" * 3_000_000)
        assert (refused.status_code, refused.headers["Content-Type"]) == (status, "application/problem+json")
    assert send(program(shown), TOKENS, {"name": "x" * 3_000_000}, **{"Idempotency-Key": "k-1"}).status_code == 413


def test_a_rehearsal_leaves_its_key_for_the_real_thing(party):
    client, body, key = browser(party.secretary), asked(party.yunshan), {"Idempotency-Key": "k-1"}
    for _time in range(2):
        rehearsed = send(client, f"{TOKENS}?dry_run=1", body, **key)
        assert (rehearsed.status_code, rehearsed.headers.get(once.REPLAYED)) == (200, None)
        assert send(client, TOKENS, body, **key).status_code == 201
    assert Token.objects.count() == 1


def test_what_went_out_of_reach_is_not_shown_from_before(party):
    client, wang = browser(party.secretary), f"/api/v1/members/{party.wang.code}/"
    change = {"path": wang, "data": {"remarks": "新"}, "content_type": "application/json"}
    first, again = (client.patch(**change, headers={"If-Match": "*", "Idempotency-Key": "k-1"}) for _ in range(2))
    assert (first.status_code, again.headers.get(once.REPLAYED)) == (200, "true")
    places.place(party.wang, cell=party.shiguang, reason="调动", by=party.staff, on=TODAY)
    gone = client.patch(**change, headers={"If-Match": "*", "Idempotency-Key": "k-1"})
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/not-found/")


def test_what_a_request_itself_took_away_is_told_again(party):
    client, kept = browser(party.secretary), {"listing": "members.roster", "name": "女同志", "query": "gender=2"}
    address = send(client, "/api/v1/saved-filters/", kept).json()["url"]
    taken = [client.delete(address, headers={"If-Match": "*", "Idempotency-Key": "k-1"}) for _time in range(2)]
    assert [(one.status_code, one.headers.get(once.REPLAYED)) for one in taken] == [(204, None), (204, "true")]


def test_a_long_refusal_is_worked_out_anew_instead_of_kept(party):
    client, body = browser(party.secretary), asked(party.yunshan) | {"scopes": ["x"] * 80}
    again = [send(client, TOKENS, body, **{"Idempotency-Key": "k-1"}) for _ in range(2)]
    assert [(one.status_code, one.headers.get(once.REPLAYED)) for one in again] == [(400, None), (400, None)]
    assert len(again[0].content) > once.LARGEST_REFUSAL
    assert not KeptAnswer.objects.exists()


def test_a_key_that_is_none_is_refused(party):
    for key in ("k" * 256, "a\tb"):
        refused = send(browser(party.secretary), TOKENS, asked(party.yunshan), **{"Idempotency-Key": key})
        assert refused.status_code == 400
    assert not Token.objects.exists()


def test_after_a_day_a_key_is_free(party):
    _token, shown = drawn(party.secretary, party.yunshan, "tokens:write")
    ended, _shown = drawn(party.secretary, party.yunshan)
    send(program(shown), f"{TOKENS}{ended.code}/end/", **{"Idempotency-Key": "k-1"})
    kept = KeptAnswer.objects.get()
    assert (kept.expires_at - kept.kept_at).total_seconds() == pytest.approx(24 * 3600, abs=1)
    KeptAnswer.objects.update(expires_at=timezone.now())
    late = send(program(shown), f"{TOKENS}{ended.code}/end/", **{"Idempotency-Key": "k-1"})
    assert late.status_code == 409
    assert once.REPLAYED not in late.headers


class TestAtOnce:
    """Each on a connection of their own."""

    pytestmark = pytest.mark.django_db(transaction=True)

    def test_sixteen_equal_posts_have_one_effect(self, party):
        _token, shown = drawn(party.secretary, party.yunshan, "tokens:write")
        ended, _shown = drawn(party.secretary, party.yunshan)

        def run(_nth):
            try:
                return send(program(shown), f"{TOKENS}{ended.code}/end/", **{"Idempotency-Key": "k-1"})
            finally:
                connection.close()

        with ThreadPoolExecutor(16) as pool:
            found = list(pool.map(run, range(16)))
        done = [one for one in found if one.status_code == 200]
        assert sum(once.REPLAYED not in one.headers for one in done) == 1
        waiting = [one for one in found if one.status_code != 200]
        assert {(one.status_code, one.headers.get("Retry-After")) for one in waiting} <= {(409, "1")}

    def test_one_that_is_under_way_is_told_to_come_back(self, party, monkeypatch):
        _token, shown = drawn(party.secretary, party.yunshan, "tokens:write")
        heard = []

        def meanwhile(holder_client):
            try:
                heard.append(send(holder_client, TOKENS, {}, **{"Idempotency-Key": "k-1"}))
            finally:
                connection.close()

        kept = answers.keep

        def slowly(*given, **how):
            with ThreadPoolExecutor(1) as pool:
                pool.submit(meanwhile, program(shown)).result()
            return kept(*given, **how)

        monkeypatch.setattr(answers, "keep", slowly)
        send(program(shown), TOKENS, {}, **{"Idempotency-Key": "k-1"})
        assert (heard[0].status_code, heard[0].headers["Retry-After"]) == (409, "1")


def test_no_program_lets_anybody_sign_in(party):
    _token, shown = drawn(party.staff, party.association, *Scope.values)
    held = party.organiser.appointments.get()
    office = f"{held.cell.code}.{held.office}.{party.organiser.code}.{held.starts_on}"
    for path in (f"appointments/{office}/invite/", f"members/{party.sun.code}/invite/"):
        answer = program(shown).post(f"/api/v1/{path}", content_type="application/json", headers={"if-match": "*"})
        assert answer.status_code == 403, path
        assert "登录邀请" in answer.json()["detail"]


def test_a_way_to_sign_in_is_kept_for_a_double_click_and_no_longer(party):
    held = party.organiser.appointments.get()
    office = f"{held.cell.code}.{held.office}.{party.organiser.code}.{held.starts_on}"
    there, form = browser(party.staff), {ONCE: secrets.token_hex(32)}
    for path in (f"appointments/{office}/invite/", f"members/{party.sun.code}/invite/"):
        answer = send(there, f"/api/v1/{path}", **{"If-Match": "*", "Idempotency-Key": path})
        assert answer.status_code == 200 and answer.json()["address"], path
    assert there.post(reverse("members:member-invite", args=[party.sun.code]), form).status_code == 200
    assert KeptAnswer.objects.count() == 3
    assert {one.expires_at - one.kept_at < timedelta(minutes=3) for one in KeptAnswer.objects.all()} == {True}
