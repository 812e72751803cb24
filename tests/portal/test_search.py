"""One box: people, organisations, companies and pages, each as far as the reader sees them."""

import re

import pytest

from audit.models import Entry
from members.choices import ExitReason
from members.domain import standing
from tests.cast import TODAY, register

BACKEND = "django.contrib.auth.backends.ModelBackend"


@pytest.fixture
def found(client, party):
    """``found("secretary", "wt")`` → what the page lists, in order."""

    def search(who, text, **headers):
        client.force_login(getattr(party, who), BACKEND)
        response = client.get("/search/", {"q": text}, headers=headers)
        assert response.status_code == 200
        return [hit.words for group in response.context["groups"] for hit in group.hits]

    return search


@pytest.mark.parametrize("text", ["wt", "wangt", "王涛", "涛", "5678", "13800005678"])
def test_people_are_found_as_they_are_typed(found, text):
    assert found("secretary", text)[0] == "王涛"


def test_codes_and_whole_numbers_lead_straight_there(found, party):
    assert found("secretary", party.wang.code) == ["王涛"]
    assert found("secretary", party.wang.id_number) == ["王涛"]
    assert found("secretary", party.wang.id_number.lower()) == ["王涛"]
    assert found("secretary", party.wang.id_number[:-1]) == []
    assert found("secretary", party.yunshan.code) == ["云杉科技党支部"]


@pytest.mark.parametrize("who", ["publicist", "auditor", "leader"])
def test_a_masked_number_cannot_be_guessed(found, party, who):
    assert found(who, party.wang.id_number) == found(who, party.wang.mobile) == []
    assert found(who, party.zhou.mobile) == []


def test_guessing_numbers_ends_soon(client, found, party, monkeypatch):
    monkeypatch.setattr("members.domain.lookups.PER_HOUR", 1)
    assert found("secretary", party.wang.mobile) == ["王涛"]
    assert found("secretary", party.wang.mobile) == []
    assert "一小时内最多" in client.get("/search/", {"q": party.wang.id_number}).content.decode()
    assert Entry.objects.filter(action="members.found_by_number").count() == 1


def test_surnames_are_found_by_their_reading(found):
    assert "单晓东" in found("staff", "sxd")
    assert "单晓东" in found("staff", "shanxd")


def test_organisations_companies_and_pages_are_found(found, party):
    register("云杉科技有限公司", party.yunshan)
    hits = found("secretary", "云杉")
    assert "云杉科技党支部" in hits
    assert "云杉科技有限公司" in hits
    assert "名册" in found("secretary", "mc")


def test_pages_are_offered_only_to_those_they_open_for(found):
    assert "新建党组织" in found("staff", "新建")
    assert found("secretary", "新建") == []


def test_nothing_out_of_reach_is_found(found, party):
    for text in ("刘洋", "ly", "4819", party.liu.id_number, party.liu.code, party.yuanfan.code, "远帆"):
        assert found("secretary", text) == []


def test_a_group_leader_finds_names_and_no_cards(client, party):
    client.force_login(party.leader, BACKEND)
    response = client.get("/search/", {"q": "zzm"})
    body = response.content.decode()
    assert "周子墨" in body
    assert party.zhou.get_absolute_url() not in body
    assert party.zhou.code not in body


def test_who_left_is_found_by_code_and_not_by_name(found, party):
    standing.leave(party.wang, reason=ExitReason.WITHDREW, by=party.secretary, on=TODAY)
    assert found("secretary", "wt") == []
    assert found("secretary", party.wang.code) == ["王涛"]


def test_the_number_of_hits_is_said_aloud_and_htmx_gets_the_list_alone(client, party):
    client.force_login(party.secretary, BACKEND)
    whole = client.get("/search/", {"q": "wt"}).content.decode()
    assert 'role="status"' in whole
    assert "找到 1 项" in whole
    piece = client.get("/search/", {"q": "wt"}, headers={"HX-Request": "true"}).content.decode()
    assert piece.strip().startswith('<div id="found"')
    assert "<html" not in piece


@pytest.mark.parametrize("text", ["", " ", "没有这个人", "%", "\x00", "'; --", "长" * 500, "阿卜杜拉·买买提"])
def test_whatever_is_typed_gets_an_answer(found, text):
    assert found("secretary", text) == []


def test_somebody_signed_out_finds_the_way_in(client, db):
    assert re.match("/login/", client.get("/search/", {"q": "wt"}).url)
