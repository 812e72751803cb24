"""One box: people, organisations, companies, cases and pages, each as far as the reader sees them."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from cells.choices import CellKind, Office
from cells.domain import tree
from cells.models import Appointment
from core.dated import since
from ledgers.models import Import
from members.choices import ExitReason
from members.domain import requests, standing
from news.choices import AnnouncementKind
from news.models import Announcement
from portal.ways import ACTIONS, MANAGEMENT, RAIL, open_to
from tests.cast import LONG_AGO, TODAY, enlist, register
from tests.cast import found as stand
from tests.members.paper import photo
from tests.suites import both_suites

BACKEND = "cells.signed_in.ByPassword"


@pytest.fixture
def asked(client, party):
    """``asked("secretary", "wt")`` → the answer while somebody types."""

    def ask(who, text):
        client.force_login(getattr(party, who), BACKEND)
        response = client.get("/search/", {"q": text}, headers={"HX-Request": "true"})
        assert response.status_code == 200
        return response

    return ask


@pytest.fixture
def found(asked):
    """``found("secretary", "wt")`` → what is listed, in order."""

    def search(who, text):
        return [hit.words for group in asked(who, text).context["groups"] for hit in group.hits]

    return search


@pytest.mark.parametrize("text", ["wt", "wangt", "王涛", "涛", "5678", "13800005678"])
def test_people_are_found_as_they_are_typed(found, text):
    assert found("secretary", text)[0] == "王涛"


@both_suites
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


# The last is found by nobody at all: what lies out of reach has to read like it, to the byte.
HIDDEN = ("刘洋", "洋", "ly", "liuyang", "4819", "15000004819", "远帆", "yfwl", "wlkj", "无此人")


def test_what_is_out_of_reach_reads_like_what_does_not_exist(asked, found, party):
    elsewhere = register("网络科技", party.yuanfan, credit_code="91999999MA00000023")
    request = requests.ask(party.liu, item="education", new="14", evidence=photo(), by=party.other_secretary, on=TODAY)
    an_import = Import.objects.create(
        year=2026, number=7, cell=party.yuanfan, by=party.other_secretary, as_of=TODAY, expires_at="2027-01-01T00:00Z"
    )
    codes = (party.liu.code, party.yuanfan.code, elsewhere.code, elsewhere.credit_code, request.code, an_import.ref)
    nothing = asked("secretary", "无此人").content
    for text in (*HIDDEN, party.liu.id_number, *codes):
        assert asked("secretary", text).content == nothing, text
    for text in (*HIDDEN[:-1], party.liu.id_number, *codes):
        assert found("staff", text), text
    assert not Entry.objects.filter(action="members.found_by_number", actor=party.secretary).exists()


def test_how_many_there_are_elsewhere_is_not_told(asked, party):
    for number in range(9):
        enlist(f"梁{'甲乙丙丁戊己庚辛壬'[number]}", party.yunshan if number < 8 else party.yuanfan)
    assert "/members/?q=" not in asked("secretary", "梁").content.decode()
    assert "8 个党员" in asked("secretary", "梁").content.decode()
    more = asked("north_staff", "梁").content.decode()
    assert f"{reverse('members:members')}?q=%E6%A2%81" in more
    assert "8+ 个党员" in more


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


def test_what_was_found_is_said_in_one_sentence(client, party, asked):
    register("王涛科技有限公司", party.yunshan)
    piece = asked("secretary", "wangt").content.decode()
    assert "data-announce>1 个党员，1 家企业</p>" in piece
    assert "<html" not in piece
    whole = client.get("/search/", {"q": "wt"}).content.decode()
    assert 'role="status"' in whole
    assert 'id="found"' in whole


def test_what_was_meant_is_marked_and_its_reading_said(asked, party):
    enlist("曾国藩", party.yunshan)
    enlist("阿卜杜拉·买买提", party.yunshan)
    for text, shown, said in (
        ("cgf", "<mark>曾国藩</mark>", "Céng Guófān"),
        ("zengg", "<mark>曾国</mark>藩", "Zēng Guófān"),
        ("maimaiti", "阿卜杜拉·<mark>买买提</mark>", "Ābǔdùlā Mǎimǎití"),
        ("阿卜杜拉买", "<mark>阿卜杜拉</mark>·<mark>买</mark>买提", ""),
        ("5678", "王涛", "手机后四位 5678"),
    ):
        body = asked("secretary", text).content.decode()
        assert shown in body, text
        assert said in body, text


def test_what_a_name_holds_is_no_markup(asked, party):
    register("<b>云</b>", party.yunshan)
    body = asked("secretary", "云").content.decode()
    assert "&lt;b&gt;<mark>云</mark>&lt;/b&gt;" in body
    assert "<b>云" not in body


def test_whoever_is_called_so_comes_before_whoever_has_it_in_the_name(found, party):
    for surname in "安白蔡邓方高何金":
        enlist(f"{surname}张伟", party.yunshan)
    enlist("张伟", party.yunshan)
    enlist("张伟国", party.yunshan)
    for text in ("zw", "张伟", "zhangwei", "zhang wei"):
        assert found("secretary", text)[:2] == ["张伟", "张伟国"], text


def test_the_usual_reading_of_a_beginning_comes_before_rare_ones(found, party):
    for name in ("董立群", "苏子墨", "曾广仁"):
        enlist(name, party.yunshan)
    assert found("secretary", "z")[:2] == ["曾广仁", "周子墨"]
    assert "董立群" in found("secretary", "z")


def test_whose_card_is_seen_is_found_once(found, party):
    appoint_leader = {"holder": party.secretary, "office": Office.GROUP_LEADER, "cell": party.first_group}
    Appointment.objects.create(**appoint_leader, valid=since(LONG_AGO))
    assert found("secretary", "周子墨") == ["周子墨"]


def test_a_cell_is_found_by_its_full_name_and_one_that_is_gone_by_its_code(asked, found, party):
    body = asked("secretary", "有限公司").content.decode()
    assert "云杉科技党支部" in body
    assert "中共云杉科技<mark>有限公司</mark>支部委员会" in body
    gone = stand("第二党小组", CellKind.GROUP, party.yunshan)
    tree.dissolve(gone, reason="合并", by=party.staff, on=TODAY)
    assert found("staff", "第二党小组") == []
    assert f"{TODAY} 已撤销" in asked("staff", gone.code).content.decode()


def test_cases_are_found_by_their_number(found, asked, party):
    request = requests.ask(party.wang, item="education", new="14", evidence=photo(), by=party.plain_member, on=TODAY)
    Import.objects.create(
        year=2026, number=7, cell=party.yunshan, by=party.secretary, as_of=TODAY, expires_at="2027-01-01T00:00Z"
    )
    assert found("secretary", request.code) == ["王涛 更正学历"]
    assert request.decide_url in asked("secretary", request.code).content.decode()
    assert request.get_absolute_url() in asked("plain_member", request.code).content.decode()
    assert found("secretary", "2026-0007") == ["导入 2026-0007"]


def test_announcements_are_found_by_a_part_of_their_title_until_they_are_withdrawn(found, party):
    facts = {"publisher": party.association, "kind": AnnouncementKind.NOTICE, "body": "正文", "published_on": TODAY}
    one = Announcement.objects.create(code="GG-234567", title="关于换届的通知", published_by=party.staff, **facts)
    assert found("secretary", "换届") == ["关于换届的通知"]
    Announcement.objects.filter(pk=one.pk).update(
        withdrawn_at="2026-11-20T00:00Z", withdrawn_by=party.staff, withdraw_reason="重复"
    )
    assert found("secretary", "换届") == []


@pytest.mark.parametrize("text", ["导入", "dr", "daoru", "excel", "导入名册", "drmc"])
def test_actions_are_found_by_their_names_and_by_what_people_call_them(found, text):
    assert "从 Excel 导入" in found("staff", text)
    assert "从 Excel 导入" not in found("plain_member", text)


@pytest.mark.parametrize("text", ["令牌", "lingpai", "lp", "token"])
def test_tokens_are_found_by_who_may_draw_one_up(found, text):
    assert "令牌" in found("staff", text)
    assert "令牌" not in found("plain_member", text)


def test_saved_filters_are_found_by_who_holds_an_office(found):
    assert "已存的筛选" in found("leader", "筛选")
    assert "已存的筛选" not in found("plain_member", "筛选")


@pytest.mark.parametrize("who", ["staff", "secretary", "leader", "publicist", "plain_member", "auditor", "advisor"])
def test_no_way_that_is_offered_is_closed(client, party, who):
    client.force_login(getattr(party, who), BACKEND)
    for way in open_to(getattr(party, who), (*RAIL, *MANAGEMENT, *ACTIONS)):
        assert client.get(reverse(way.url_name)).status_code in (200, 302), way.url_name


def test_more_hits_ask_no_more_of_the_database(asked, party):
    def queries():
        with CaptureQueriesContext(connection) as asked_for:
            asked("secretary", "梁")
        return len(asked_for)

    enlist("梁甲", party.yunshan)
    asked("secretary", "梁")
    one = queries()
    for name in ("梁乙", "梁丙"):
        enlist(name, party.yunshan)
    assert queries() == one


@pytest.mark.parametrize("text", ["", " ", "没有这个人", "%", "\x00", "'; --", "长" * 500, "阿卜杜拉·买买提"])
def test_whatever_is_typed_gets_an_answer(found, text):
    assert found("secretary", text) == []


def test_somebody_signed_out_finds_the_way_in(client, db):
    assert re.match("/login/", client.get("/search/", {"q": "wt"}).url)
