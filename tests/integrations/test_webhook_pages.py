"""The room where webhooks are kept, and the doors programs have to them and to the feed."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit import seals
from cells.domain import tree
from integrations import feed
from integrations.choices import WebhookState
from integrations.domain import following, sending, webhooks
from integrations.models import Delivery, Webhook
from members.domain import places, standing
from tests.cast import TODAY
from tests.integrations.programs import drawn
from tests.integrations.programs import program as bearer
from tests.integrations.receiver import verifies

pytestmark = pytest.mark.django_db

OVERVIEW = reverse("integrations:overview")
TYPES = ["member.placed", "member.gone"]


def desk(person):
    client = Client()
    client.force_login(person)
    return client


def sure(client):
    """The password was given a moment ago."""
    client.post(reverse("account_reauthenticate"), {"password": "password"})
    return client


def page(found, verb=""):
    return reverse(f"integrations:webhook-{verb}" if verb else "integrations:webhook", args=[found.code])


def carry():
    seals.seal_entries()
    following.follow()
    for key in Delivery.objects.waiting().values_list("pk", flat=True):
        sending.send(key)


def test_the_empty_room_shows_three_examples_with_a_cell_of_ones_own(party):
    shown = desk(party.north_staff).get(OVERVIEW).content.decode()
    assert shown.count("curl -H") == 3 and f"cell={party.north.code}" in shown
    assert desk(party.secretary).get(OVERVIEW).status_code == 403


def test_a_webhook_is_set_up_tried_and_its_log_read_on_pages(party, receiver):
    client = sure(desk(party.staff))
    asked = {"name": "内网名册", "cell": party.association.code, "address": receiver.url, "types": TYPES}
    drawn_up = client.post(reverse("integrations:webhook-new"), asked)
    found = Webhook.objects.get()
    secret = drawn_up.content.decode().split("whsec_")[1].split("<")[0]
    assert client.post(reverse("integrations:webhook-step", args=[found.code, "test"])).status_code == 302
    receiver.status, receiver.body = 503, "正在维护 13800005678".encode()
    carry()
    [(_path, headers, body)] = receiver.messages
    assert verifies(f"whsec_{secret}", headers, body)
    log = client.get(page(found)).content.decode()
    assert "503" in log and "138****5678" in log and "13800005678" not in log and secret not in log
    assert "正在维护" not in desk(party.other_secretary).get(page(found)).content.decode()


def test_what_cannot_be_is_said_at_the_field_and_nothing_is_lost(party):
    client = sure(desk(party.staff))
    asked = {"name": "内网名册", "cell": party.association.code, "address": "https://127.0.0.1/", "types": TYPES}
    refused = client.post(reverse("integrations:webhook-new"), asked)
    assert (
        refused.status_code == 422 and "内部网络" in refused.content.decode() and "内网名册" in refused.content.decode()
    )
    assert not Webhook.objects.exists()


def test_failed_messages_are_sent_again_from_the_page(party, receiver):
    found, _secret = webhooks.set_up(
        party.association, name="内网名册", address=receiver.url, types=TYPES, by=party.staff
    )
    webhooks.send_test(found, by=party.staff)
    Delivery.objects.update(state="failed", attempts=8)
    client = desk(party.staff)
    assert client.post(page(found, "replay"), {"since": TODAY.replace(year=2020).isoformat()}).status_code == 302
    carry()
    assert client.post(page(found, "replay"), {"delivery": Delivery.objects.get().pk}).status_code == 302
    carry()
    assert len(receiver.ids) == 2 and len(set(receiver.ids)) == 1


def test_the_room_costs_the_same_for_one_webhook_and_for_three(party, receiver):
    client = desk(party.staff)

    def cost():
        with CaptureQueriesContext(connection) as asked:
            client.get(OVERVIEW)
        return len(asked)

    webhooks.set_up(party.association, name="一", address=receiver.url, types=TYPES, by=party.staff)
    once = cost()
    for cell in (party.north, party.south):
        webhooks.set_up(cell, name="二", address=receiver.url, types=TYPES, by=party.staff)
    assert cost() == once


class TestRest:
    def test_a_program_does_with_webhooks_what_a_page_does(self, party, receiver, program):
        staff = program(party.staff)
        asked = {"name": "内网", "cell": party.association.code, "address": receiver.url, "types": TYPES}
        made = staff.post("webhooks/", asked)
        assert made.status_code == 201, made.content
        code, secret = made.json()["code"], made.json()["secret"]
        assert "secret" not in staff.get(f"webhooks/{code}/").json()
        assert staff.post(f"webhooks/{code}/test/").status_code == 428
        any_version = {"headers": {"If-Match": "*"}}
        assert staff.post(f"webhooks/{code}/test/", **any_version).json()["state"] == "waiting"
        carry()
        [(_path, headers, body)] = receiver.messages
        assert verifies(secret, headers, body)
        log = staff.get(f"webhooks/{code}/deliveries/?state=sent").json()["results"]
        assert [one["attempts"][0]["status"] for one in log] == [204]
        assert log[0]["attempts"][0]["at"][-6:] == log[0]["due_at"][-6:] == "+08:00"
        again = staff.post(f"webhooks/{code}/replay/", {"delivery": log[0]["id"]}, **any_version)
        assert again.json() == {"count": 1}
        new = staff.post(f"webhooks/{code}/rotate/", {"hours": 1}, **any_version).json()["secret"]
        assert new != secret
        changed = staff.patch(f"webhooks/{code}/", {"types": ["member.gone"]}, **any_version)
        assert changed.json()["types"] == ["member.gone"]
        assert staff.post(f"webhooks/{code}/pause/", **any_version).json()["state"] == WebhookState.PAUSED
        assert staff.post(f"webhooks/{code}/end/", **any_version).status_code == 204
        assert staff.get(f"webhooks/{code}/").status_code == 404

    def test_bad_input_is_refused_where_it_stands(self, party, program):
        staff = program(party.staff)
        asked = {"name": "内网", "cell": party.association.code, "address": "https://10.0.0.1/", "types": TYPES}
        for wrong in (
            {},
            {"address": 7},
            {"types": []},
            {"types": ["member.eaten"]},
            {"types": "x"},
            {"cell": "ZB-9999"},
        ):
            refused = staff.post("webhooks/", asked | wrong)
            assert refused.status_code == 400 and refused.json()["errors"], wrong
        assert not Webhook.objects.exists()

    def test_the_feed_goes_on_from_its_mark(self, party, program):
        staff = program(party.staff)
        start = staff.get("changes/?since=latest").json()
        assert start["results"] == [] and start["next"] is None
        standing.convert(party.sun, by=party.secretary, on=TODAY.replace(year=2027))
        places.place(party.chen, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
        seals.seal_entries()
        first = staff.get(f"changes/?since={start['mark']}&limit=1").json()
        [converted] = first["results"]
        assert (converted["type"], converted["url"]) == ("member.converted", f"/api/v1/members/{party.sun.code}/")
        second = staff.client.get(first["next"]).json()
        assert [one["type"] for one in second["results"]] == ["member.placed"] and second["next"] is None
        assert staff.get(f"changes/?since={second['mark']}").json()["results"] == []
        twice = "since=0&since=0"
        for wrong in ("since=x", "since=999999999", "limit=0", "resource=people", "sinse=1", "type=x", twice):
            assert staff.get(f"changes/?{wrong}").status_code == 400, wrong
        assert program().get("changes/").status_code == 401

    def test_a_token_hears_of_what_it_was_given_the_reading_of(self, party):
        standing.convert(party.sun, by=party.secretary, on=TODAY.replace(year=2027))
        places.place(party.chen, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
        seals.seal_entries()
        _token, shown = drawn(party.staff, party.south, "members:read")
        heard = bearer(shown).get("/api/v1/changes/").json()["results"]
        assert [(one["type"], one["code"], one["gone"]) for one in heard] == [("member.gone", party.chen.code, True)]
        _token, shown = drawn(party.staff, party.association, "cells:read")
        assert bearer(shown).get("/api/v1/changes/").json()["results"] == []

    def test_a_token_that_reads_no_resource_hears_of_none(self, party):
        """The power to see saved filters is the power to see cells; the scope is not."""
        tree.rename(party.shiguang, name="中共拾光文化联合支部委员会", by=party.staff, on=TODAY)
        seals.seal_entries()
        for scopes, heard in (
            (("saved-filters:read",), []),
            (("tokens:read",), []),
            (("saved-filters:read", "cells:read"), ["cell.renamed"]),
        ):
            there = bearer(drawn(party.staff, party.association, *scopes)[1])
            told = there.get("/api/v1/changes/").json()
            assert [one["type"] for one in told["results"]] == heard
            assert told["mark"] == str(feed.latest())

    def test_who_may_not_hear_of_a_thing_is_shown_neither_its_code_nor_the_answer(self, party, receiver, program):
        """A technician keeps the webhook of somebody who sees members, and sees none."""
        address = f"{receiver.url}?key=SESAME"
        found, _secret = webhooks.set_up(
            party.association, name="内网", address=address, types=["member.converted"], by=party.staff
        )
        receiver.status, receiver.body = 200, "收到孙悦".encode()
        standing.convert(party.sun, by=party.secretary, on=TODAY.replace(year=2027))
        carry()
        path, code = f"webhooks/{found.code}/", party.sun.code
        _token, shown = drawn(party.staff, party.association, "integrations:read")
        deaf, hears = [program(party.technician), program(authorization=f"Bearer {shown}")], program(party.staff)
        for reader in deaf:
            answer = reader.get(f"{path}deliveries/").json()
            [told] = answer["results"]
            assert "code" not in told and "resource" not in told and answer["meta"]["withheld"] == ["code", "resource"]
            assert [(one["status"], one["answer"]) for one in told["attempts"]] == [(200, "")]
            for asked in (f"code={code}", "code__n=x"):
                assert reader.get(f"{path}deliveries/?{asked}").json()["results"] == []
        for query in ("", f"?code={code}"):
            [told] = hears.get(f"{path}deliveries/{query}").json()["results"]
            assert (told["code"], told["attempts"][0]["answer"]) == (code, "收到孙悦")
        assert deaf[0].get(path).json()["address"] == receiver.url.split("/")[2]
        assert hears.get(path).json()["address"] == address
        own, other = (desk(who).get(page(found)).content.decode() for who in (party.staff, party.technician))
        for secret in ("SESAME", code, "收到孙悦"):
            assert secret in own and secret not in other

    def test_a_token_takes_over_no_webhook_for_what_it_may_not_read(self, party, receiver):
        found, _secret = webhooks.set_up(
            party.north, name="内网", address=receiver.url, types=["company.corrected"], by=party.north_staff
        )
        whatever = {"content_type": "application/json", "headers": {"If-Match": "*"}}
        for scope, status in (("cells:read", 403), ("companies:read", 200)):
            _token, shown = drawn(party.staff, party.association, "integrations:write", scope)
            path = f"/api/v1/webhooks/{found.code}/take-over/"
            assert bearer(shown).post(path, **whatever).status_code == status

    def test_a_token_sets_up_no_webhook_for_what_it_may_not_read(self, party, receiver):
        _token, shown = drawn(party.staff, party.north, "integrations:write", "cells:read")
        asked = {"name": "内网", "cell": party.north.code, "address": receiver.url, "types": TYPES}
        client = bearer(shown)

        def post(**more):
            return client.post("/api/v1/webhooks/", asked | more, content_type="application/json")

        assert post().status_code == 403
        assert post(cell=party.association.code, types=["cell.moved"]).status_code in (400, 403)
        assert post(types=["cell.moved"]).status_code == 201
