"""谁看过我的信息, 谁能看到我: what the person concerned reads, and that it is what the rules and the trail say."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.adapters import record_failure
from audit.models import Entry
from cells.choices import Office
from cells.models import Appointment
from core.dated import since
from members import seen, visible
from members.domain import disclosures, merges, requests, reveals
from members.models import Member
from tests.cast import LONG_AGO, TODAY, enlist
from tests.members.paper import photo

BACKEND = "cells.signed_in.ByPassword"


@pytest.fixture
def at(client, party):
    def sign_in(who):
        client.force_login(getattr(party, who), BACKEND)
        return client

    return sign_in


def words(response):
    return re.sub(r"<time.*?</time>|<[^>]+>|\s+", "", response.content.decode())


def openings(member):
    return Entry.objects.about(member).did("members.opened").count()


class TestOpening:
    """Every way to somebody's record is noted; what shows nothing is not."""

    @pytest.mark.parametrize("page", ["", "edit/", "reveal/", "place/", "suspend/"])
    @pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
    def test_every_page_of_a_record_notes_it(self, at, party, page, headers):
        assert at("secretary").get(f"{party.wang.get_absolute_url()}{page}", headers=headers).status_code == 200
        assert openings(party.wang) == 1

    def test_asking_for_the_head_alone_notes_it(self, at, party):
        assert at("auditor").head(party.wang.get_absolute_url()).status_code == 200
        assert openings(party.wang) == 1

    def test_lists_and_refusals_do_not_count(self, at, party):
        assert at("secretary").get(reverse("members:roster", args=[party.yunshan.code])).status_code == 200
        assert at("auditor").get(f"{party.wang.get_absolute_url()}edit/").status_code == 403
        assert at("publicist").get(f"{party.wang.get_absolute_url()}reveal/").status_code == 403
        assert at("other_secretary").get(party.wang.get_absolute_url()).status_code == 404
        assert at("plain_member").get(party.wang.get_absolute_url()).status_code == 200
        assert openings(party.wang) == 0

    def test_a_second_look_on_the_same_day_asks_as_much_and_notes_nothing(self, at, party):
        browser = at("secretary")
        browser.get(party.wang.get_absolute_url())
        browser.get(party.wang.get_absolute_url())
        assert openings(party.wang) == 1


class TestWhoLooked:
    """M: the page of the person."""

    def test_it_tells_who_by_which_office_what_and_what_for(self, at, party):
        disclosures.note_opening(party.wang, by=party.auditor, on=TODAY)
        reveals.reveal(party.wang, item="mobile", purpose="核对手机号", by=party.secretary, on=TODAY)
        reveals.reveal(party.wang, item="mobile", purpose="", by=party.plain_member, on=TODAY)
        body = words(at("plain_member").get(reverse("members:seen")))
        assert "近一年2人看过" in body
        assert "李敏云杉科技党支部书记查看完整的手机号用途：核对手机号" in body
        assert "韦素芬青澜协会党委审计人员打开党员卡片" in body
        assert "王涛云杉" not in body

    def test_it_tells_the_office_held_then_not_now(self, party):
        disclosures.note_opening(party.wang, by=party.publicist, on=TODAY)
        entries = list(seen.looks_at(party.wang))
        party.publicist.appointments.void(by=party.staff)
        assert [look.office for look in seen.told(entries)] == ["云杉科技党支部　宣传委员"]

    def test_who_holds_two_offices_is_named_by_the_one_that_let_them(self, party):
        leads = {"holder": party.secretary, "office": Office.GROUP_LEADER, "cell": party.first_group}
        Appointment.objects.create(valid=since(LONG_AGO), **leads)
        reveals.reveal(party.zhou, item="mobile", purpose="核对手机号", by=party.secretary, on=TODAY)
        assert [look.office for look in seen.told(list(seen.looks_at(party.zhou)))] == ["云杉科技党支部　书记"]

    def test_what_was_done_to_record_and_account_stands_apart_from_who_looked(self, at, party):
        record_failure(party.plain_member, "密码不对")
        paper = {"evidence": photo(), "by": party.plain_member, "on": TODAY}
        requests.grant(requests.ask(party.wang, item="name", new="王韬", **paper), by=party.secretary, on=TODAY)
        disclosures.note_opening(party.wang, by=party.auditor, on=TODAY)
        browser = at("plain_member")
        looked, changed = words(browser.get(reverse("members:seen"))), words(browser.get("/me/seen/?changed=1"))
        assert "系统登录未成功：密码不对" in changed
        assert "李敏云杉科技党支部书记同意更正姓名的申请" in changed
        assert "韦素芬" not in changed and "申请更正姓名" not in changed
        assert "韦素芬" in looked and "近一年1人看过" in looked
        assert "系统" not in looked and "李敏" not in looked

    def test_what_was_seen_of_a_record_since_merged_is_told_as_well(self, party):
        double = enlist("王涛", party.yunshan)
        Member.objects.filter(pk=double.pk).update(id_number="", id_number_index="")
        double = Member.objects.get(pk=double.pk)
        disclosures.note_opening(double, by=party.auditor, on=TODAY)
        merges.merge(party.wang, absorbed=double, reason="录入两次", by=party.secretary, on=TODAY)
        assert [look.who for look in seen.told(list(seen.looks_at(party.wang)))] == ["韦素芬"]

    def test_it_asks_as_much_for_one_line_as_for_three(self, at, party, django_assert_num_queries):
        browser, page = at("plain_member"), reverse("members:seen")
        disclosures.note_opening(party.wang, by=party.secretary, on=TODAY)
        browser.get(page)
        with CaptureQueriesContext(connection) as one:
            browser.get(page)
        for by in (party.auditor, party.staff):
            disclosures.note_opening(party.wang, by=by, on=TODAY)
        with django_assert_num_queries(len(one)):
            browser.get(page)

    def test_nobody_reads_it_for_somebody_else(self, at, party):
        disclosures.note_opening(party.wang, by=party.auditor, on=TODAY)
        assert "韦素芬" not in words(at("secretary").get(reverse("members:seen")))
        assert at("stranger").get(reverse("members:seen")).status_code == 404


class TestWhoCanSee:
    """Each named one can, each other one cannot: for everybody of the cast, against the pages themselves."""

    def named(self, member):
        return {seat.holder_id: sight.words for sight in visible.sights(member) for seat in sight.seats}

    @pytest.mark.parametrize("of", ["wang", "zhou", "chen"])
    def test_it_says_what_the_pages_answer(self, at, party, of):
        member = getattr(party, of)
        named = self.named(member)
        for person in party.people.values():
            if person.pk == member.user_id:
                continue
            at_card = at(next(name for name, other in party.people.items() if other == person))
            card, full = (at_card.get(f"{member.get_absolute_url()}{page}").status_code for page in ("", "reveal/"))
            said = str(named.get(person.pk, ""))
            assert (card == 200) == ("号码" in said and "姓名" not in said), (person, said, card)
            assert (full == 200) == ("完整" in said), (person, said, full)

    def test_a_group_leader_is_named_with_what_a_leader_sees(self, party):
        assert "姓名和手机号" in self.named(party.zhou)[party.leader.pk]
        assert party.leader.pk not in self.named(party.wang)

    def test_the_page_names_office_organisation_and_person(self, at, party):
        body = words(at("plain_member").get(reverse("members:visible")))
        assert "书记云杉科技党支部李敏" in body
        assert "党委工作人员北屏党委秦立民" in body
        assert "刘洋" not in body
        assert at("stranger").get(reverse("members:visible")).status_code == 404
