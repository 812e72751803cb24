"""The pages on one's own data, and the desk where requests are answered."""

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from audit.models import Entry
from members.choices import RightKind, RightState
from members.domain import disclosures, rights
from members.models import Member, SubjectRequest
from tests.cast import TODAY, enlist, person

BACKEND = "cells.signed_in.ByPassword"


@pytest.fixture
def at(client, party):
    def sign_in(who):
        client.force_login(getattr(party, who), BACKEND)
        return client

    return sign_in


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


@pytest.fixture
def right(party):
    return rights.ask(party.wang, kind="erasure", words="请删除我的手机号", by=party.plain_member, on=TODAY)


class TestCopy:
    def test_it_asks_for_the_password_first_and_keeps_no_copy(self, client, party):
        client.post("/login/", {"login": "plain_member", "password": "password"})
        at_once = client.post(reverse("members:copy"))
        assert (at_once.status_code, at_once.url.partition("?")[0]) == (302, "/reauthenticate/")
        assert client.get(reverse("members:copy")).url.startswith("/reauthenticate/")

        client.post("/reauthenticate/", {"password": "password"})
        assert client.get(reverse("members:copy")).status_code == 200
        given = client.post(reverse("members:copy"))
        assert "no-store" in given.headers["Cache-Control"]
        assert given.headers["Content-Disposition"].startswith("attachment")
        with zipfile.ZipFile(io.BytesIO(b"".join(given.streaming_content))) as archive:
            assert "13800005678" in archive.read("data.json").decode()

    def test_an_account_without_a_record_has_one_too(self, client, party):
        client.post("/login/", {"login": "stranger", "password": "password"})
        client.post("/reauthenticate/", {"password": "password"})
        given = client.post(reverse("members:copy"))
        with zipfile.ZipFile(io.BytesIO(b"".join(given.streaming_content))) as archive:
            told = archive.read("data.json").decode()
        assert "黎昕" in told
        assert "王涛" not in told


class TestAsking:
    def test_asked_on_the_own_page_and_answered_there(self, at, party):
        page = reverse("members:rights")
        assert at("plain_member").post(page, {"kind": "correction", "words": "籍贯写错了"}).status_code == 302
        rights.refuse(SubjectRequest.objects.get(), answer="与档案一致，不能更改", by=party.staff, on=TODAY)
        body = words(at("plain_member").get(page))
        assert "更正、补充籍贯写错了答复与档案一致，不能更改" in body
        assert "不予办理" in body

    def test_what_is_missing_comes_back_with_the_form(self, at, party):
        response = at("plain_member").post(reverse("members:rights"), {"kind": "erasure", "words": "删"})
        assert response.status_code == 422
        assert "至少4个字" in words(response)

    def test_who_has_no_record_asks_nothing(self, at, party):
        assert at("stranger").post(reverse("members:rights"), {"kind": "copy", "words": "要一份"}).status_code == 404


class TestAnswering:
    def test_overdue_ones_are_marked_on_the_list_and_on_the_desk(self, at, party, right):
        SubjectRequest.objects.update(due_on=timezone.localdate() - timedelta(days=1))
        assert "逾期，应于" in words(at("north_staff").get(reverse("members:rights-to-answer")))
        assert "王涛的个人信息申请：删除逾期1天" in words(at("north_staff").get("/home/"))
        assert "个人信息申请：" not in words(at("secretary").get("/home/"))

    def test_a_granted_one_is_done_and_said(self, at, party, right):
        address = reverse("members:right", args=[right.code])
        assert "请删除我的手机号" in words(at("north_staff").get(address))
        assert at("north_staff").post(f"{address}grant/", {"answer": ""}).status_code == 302
        right.refresh_from_db()
        party.wang.refresh_from_db()
        assert (right.state, party.wang.mobile) == (RightState.GRANTED, "")
        page = reverse("members:rights-to-answer")
        answered = at("north_staff").get(f"{page}?answered", follow=True)
        assert "已办理" in words(answered)
        assert "王涛" not in words(at("north_staff").get(page))
        assert answered.request["QUERY_STRING"] == "state__n=open&sort=-asked"

    def test_the_card_tells_of_the_latest_erasure(self, at, party, right):
        for again, year in ((person("王涛"), 2024), (None, 2025)):
            rights.grant(right, answer="", by=party.north_staff, on=TODAY)
            SubjectRequest.objects.filter(pk=right.pk).update(answered_at=datetime(year, 3, 1, tzinfo=UTC))
            if again is not None:
                Member.objects.filter(pk=party.wang.pk).update(user=again)
                party.wang.refresh_from_db()
                right = rights.ask(party.wang, kind="erasure", words="请再删除一次", by=again, on=TODAY)
        card = words(at("north_staff").get(party.wang.get_absolute_url()))
        assert re.findall(r"(\S{10})按本人申请删除了联系方式", card) == ["2025-03-01"]

    def test_a_refusal_without_a_reason_comes_back(self, at, party, right):
        response = at("north_staff").post(reverse("members:right-refuse", args=[right.code]), {"answer": "不"})
        assert response.status_code == 422
        assert "请写明不予办理的理由" in words(response)

    def test_reading_it_is_an_opening_of_the_record(self, at, party, right):
        at("north_staff").get(reverse("members:right", args=[right.code]))
        assert Entry.objects.about(party.wang).did(disclosures.OPENED).get().actor == party.north_staff

    def test_the_list_asks_as_much_for_one_as_for_three(self, at, party, right):
        browser, page = at("staff"), reverse("members:rights-to-answer")
        browser.get(page)
        with CaptureQueriesContext(connection) as one:
            browser.get(page)
        for name in ("赵一", "钱二"):
            asker = person(name)
            member = enlist(name, party.yuanfan, user=asker)
            rights.ask(member, kind=RightKind.COPY, words="要一份纸质的", by=asker, on=TODAY)
        with CaptureQueriesContext(connection) as three:
            assert words(browser.get(page)).count("前答复") == 3
        assert len(three) == len(one)
        for number in range(60):
            asker = person(f"金{number}")
            rights.ask(
                enlist(f"金{number}", party.yuanfan, user=asker), kind=RightKind.COPY, words="要一份纸质的", by=asker,
                on=TODAY,
            )  # fmt: skip
        with CaptureQueriesContext(connection) as many:
            assert words(browser.get(page)).count("前答复") == 50
        assert len(many) == len(one) + 1  # how many there are, where they do not all stand on the page

    def test_the_list_is_narrowed_within_the_reach_of_its_reader(self, at, party, right):
        asker = person("钱二")
        south = enlist("钱二", party.shiguang, user=asker)
        rights.ask(south, kind=RightKind.COPY, words="要一份纸质的", by=asker, on=TODAY)

        def listed(who, **asked):
            answer = at(who).get(reverse("members:rights-to-answer"), asked)
            return [one.member.name for one in answer.context["table"].page.rows]

        assert sorted(listed("staff")) == ["王涛", "钱二"]
        assert listed("staff", q="qe") == listed("staff", kind="copy") == ["钱二"]
        assert listed("north_staff") == ["王涛"]
        for asked in ({"q": "钱二"}, {"kind": "copy"}, {"state__n": "granted", "q": "qe"}, {"member": south.code}):
            assert listed("north_staff", **asked) == []


def test_the_ways_in_stand_in_the_own_room_and_in_the_settings(at, party):
    disclosures.note_opening(party.wang, by=party.secretary, on=TODAY)
    browser = at("plain_member")
    assert "谁看过我的信息近一年1人" in words(browser.get(reverse("members:me")))
    assert "谁看过我的信息" in words(browser.get(reverse("accounts:settings")))
    assert "谁看过我的信息" not in words(at("stranger").get(reverse("accounts:settings")))
