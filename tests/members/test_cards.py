"""The card and what is done from it: every deed through its page and through htmx, refused and forbidden."""

import re
from datetime import date, timedelta

import pytest

from audit.models import Entry
from members.choices import Category, ExitReason, Standing
from members.domain import merges, reveals, roster, standing
from members.domain.disclosures import OPENED
from members.models import Member, Membership, Merge
from tests.cast import TODAY, enlist, fictional_id_number

BACKEND = "cells.signed_in.ByPassword"
NUMBER = fictional_id_number(date(1993, 9, 30), 26)


@pytest.fixture
def at(client, party):
    """``at("secretary")`` is the secretary's browser."""

    def sign_in(who):
        client.force_login(getattr(party, who), BACKEND)
        return client

    return sign_in


@pytest.fixture(params=["page", "htmx"])
def door(request):
    return {"HX-Request": "true"} if request.param == "htmx" else {}


def done(response):
    """Whether the deed was done and the way leads back: a redirect, or htmx told to go."""
    return response.status_code == 302 or "HX-Redirect" in response.headers


def done_to(member):
    """What was done to the record; that its card was opened is another matter."""
    return Entry.objects.about(member).exclude(action=OPENED)


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


def test_the_card_tells_who_this_is_without_telling_the_numbers(at, party):
    response = at("secretary").get(party.wang.get_absolute_url())
    body = response.content.decode()
    assert response.status_code == 200
    for shown in ("王涛", "wang tao", party.wang.code, "正式党员", "汉族", "138****5678", "2013-06-01", "党龄"):
        assert shown in body
    for hidden in (party.wang.id_number, party.wang.mobile):
        assert hidden not in body


def test_the_card_answers_when_somebody_was_converted(at, party):
    assert "转为正式党员2013-06-01" in words(at("secretary").get(party.wang.get_absolute_url()))


def test_the_card_tells_what_was_changed_and_who_saw_the_numbers(at, party):
    roster.correct(party.wang, version=1, by=party.organiser, on=TODAY, education="硕士")
    reveals.reveal(party.wang, item="mobile", purpose="核对手机号", by=party.secretary, on=TODAY)
    body = words(at("secretary").get(party.wang.get_absolute_url()))
    assert "学历原为大学本科毕业→改为硕士研究生毕业周航" in body
    assert "李敏查看完整的手机号核对手机号" in body


def test_what_was_done_in_another_cell_is_not_told(at, party):
    roster.correct(party.liu, version=1, by=party.other_secretary, on=TODAY, landline="0431-7654")
    from_elsewhere = Entry.objects.about(party.liu).get()
    Membership.objects.filter(member=party.liu).void(by=party.staff)
    Membership.objects.create(member=party.liu, cell=party.yunshan, valid=(TODAY, None), entry_reason="placed")
    body = at("secretary").get(party.liu.get_absolute_url()).content.decode()
    assert from_elsewhere.path == party.yuanfan.path
    assert "<ins>" not in body


def test_buttons_show_for_those_who_may(at, party):
    assert "编辑" in words(at("secretary").get(party.wang.get_absolute_url()))
    for who in ("publicist", "auditor"):
        body = words(at(who).get(party.wang.get_absolute_url()))
        assert "编辑" not in body
        assert "查看手机号" not in body


def test_who_has_no_account_is_invited_before_one_is_linked(at, party):
    section = words(at("secretary").get(party.sun.get_absolute_url())).partition("登录账号")[2]
    assert section.index("邀请本人开通账号") < section.rindex("绑定账号")


@pytest.mark.parametrize(
    ("who", "answer"),
    [("secretary", 200), ("plain_member", 200), ("auditor", 200), ("publicist", 200), ("leader", 404), ("advisor", 404),
     ("other_secretary", 404), ("technician", 404), ("stranger", 404)],
)  # fmt: skip
def test_who_may_open_the_card(at, party, who, answer):
    assert at(who).get(party.wang.get_absolute_url()).status_code == answer


def test_somebody_without_an_office_reads_their_own_card_and_no_other(at, party):
    browser = at("plain_member")
    assert "编辑" not in words(browser.get(party.wang.get_absolute_url()))
    assert browser.get(party.sun.get_absolute_url()).status_code == 404


def test_ones_own_card_leads_to_ones_own_room_and_to_no_deed(at, party):
    own, others = (at("secretary").get(card.get_absolute_url()) for card in (party.li, party.wang))
    assert 'href="/me/profile/"' in own.content.decode()
    assert "/edit/" not in own.content.decode() and "解除绑定" not in words(own)
    assert "/edit/" in others.content.decode() and "解除绑定" in words(others)
    browser = at("secretary")
    form = TestCorrecting().form(browser, party.li)[1]
    refused = browser.post(f"/members/{party.li.code}/edit/", form | {"joined_on": "2011-07-01"})
    assert refused.status_code == 422
    assert "自己的资料请在“我的”里提出更正" in words(refused)


class TestDeeds:
    """Each deed: done, refused with 422 and the form, forbidden with 403, out of reach with 404."""

    DEEDS = {
        "convert": ("zheng", {"on": "2026-11-02"}, {"on": "2024-11-02"}),
        "place": ("wang", {"cell": "第一党小组", "reason": "编入", "on": TODAY}, {"cell": "没有", "reason": ""}),
        "suspend": ("wang", {"reason": "失去联系六个月", "on": TODAY}, {"reason": "", "on": TODAY}),
        "leave": ("wang", {"reason": ExitReason.WITHDREW, "on": TODAY}, {"reason": "died", "on": TODAY}),
        "death": ("wang", {"on": TODAY}, {"on": "2031-01-01"}),
        "void": ("wang", {"reason": "录错了人", "on": TODAY}, {"reason": "", "on": TODAY}),
    }  # fmt: skip

    @pytest.fixture
    def zheng(self, party):
        return enlist("郑一", party.yunshan, category=Category.PROBATIONARY, joined_on=date(2025, 11, 1))

    @pytest.fixture
    def someone(self, party, zheng):
        return lambda name: zheng if name == "zheng" else getattr(party, name)

    @pytest.mark.parametrize("deed", DEEDS)
    def test_done(self, at, party, someone, door, deed):
        who, answers, _wrong = self.DEEDS[deed]
        member = someone(who)
        before = done_to(member).count()
        assert at("secretary").get(f"/members/{member.code}/{deed}/", headers=door).status_code == 200
        assert done(at("secretary").post(f"/members/{member.code}/{deed}/", answers, headers=door))
        assert done_to(member).count() == before + 1

    @pytest.mark.parametrize("deed", DEEDS)
    def test_refused(self, at, party, someone, door, deed):
        who, _answers, wrong = self.DEEDS[deed]
        member = someone(who)
        response = at("secretary").post(f"/members/{member.code}/{deed}/", wrong, headers=door)
        assert response.status_code == 422
        assert response.context["form"].errors
        assert "处需要修改" in response.content.decode()
        assert not done_to(member).exists()

    @pytest.mark.parametrize("deed", [*DEEDS, "edit", "merge", "account", "restore"])
    @pytest.mark.parametrize(("who", "answer"), [("publicist", 403), ("auditor", 403), ("plain_member", 403),
                                                 ("other_secretary", 404), ("leader", 404)])  # fmt: skip
    def test_shut(self, at, party, someone, door, deed, who, answer):
        member = party.wang
        for method in ("get", "post"):
            response = getattr(at(who), method)(f"/members/{member.code}/{deed}/", headers=door)
            assert response.status_code == answer

    def test_a_suspended_member_is_restored_from_the_card(self, at, party, door):
        standing.suspend(party.wang, reason="失去联系六个月", by=party.secretary, on=date(2026, 11, 1))
        card = words(at("secretary").get(party.wang.get_absolute_url()))
        assert "恢复党籍" in card
        answers = {"cell": party.yunshan.code, "reason": "已恢复联系", "on": TODAY}
        assert done(at("secretary").post(f"/members/{party.wang.code}/restore/", answers, headers=door))
        assert Member.objects.get(pk=party.wang.pk).standing == Standing.NORMAL

    @pytest.mark.parametrize("deed", ["convert", "place", "suspend", "leave", "death", "restore"])
    def test_of_two_who_saw_the_same_record_the_second_is_told(self, at, party, someone, door, deed):
        who, answers, _wrong = self.DEEDS.get(deed, ("wang", {"cell": party.yunshan.code, "reason": "已恢复联系"}, {}))
        member = someone(who)
        if deed == "restore":
            standing.suspend(member, reason="失去联系六个月", by=party.secretary, on=TODAY - timedelta(days=1))
        address = f"/members/{member.code}/{deed}/"
        seen = at("secretary").get(address, headers=door).context["form"]["version"].value()
        first = {"version": seen, "on": TODAY, **answers, "reason": answers.get("reason", "")}
        roster.correct(member, version=seen, by=party.organiser, on=TODAY, landline="0431-7654")
        changed = Member.objects.get(pk=member.pk)
        history = set(Membership.objects.standing().filter(member=member).values_list("pk", flat=True))

        second = at("secretary").post(address, first, headers=door)
        assert second.status_code == 412
        assert "这份资料刚才已被别人修改" in second.content.decode()
        now = Member.objects.get(pk=member.pk)
        assert (now.version, now.standing, now.category) == (changed.version, changed.standing, changed.category)
        assert set(Membership.objects.standing().filter(member=member).values_list("pk", flat=True)) == history

        again = first | {"version": second.context["form"]["version"].value()}
        assert done(at("secretary").post(address, again, headers=door))
        assert Member.objects.get(pk=member.pk).version == changed.version + 1

    def test_two_posts_of_one_page_do_the_deed_once(self, at, party, door):
        address = f"/members/{party.wang.code}/place/"
        answers = {"cell": "第一党小组", "reason": "编入", "on": TODAY, "version": party.wang.version}
        assert done(at("secretary").post(address, answers, headers=door))
        where = Membership.objects.current().get(member=party.wang)
        back = answers | {"cell": party.yunshan.code}
        assert at("secretary").post(address, back, headers=door).status_code == 412
        assert Membership.objects.current().get(member=party.wang) == where

    def test_a_step_out_of_turn_comes_back_with_the_form(self, at, party, door):
        response = at("secretary").post(
            f"/members/{party.wang.code}/restore/",
            {"cell": party.yunshan.code, "reason": "没有停过", "on": TODAY},
            headers=door,
        )
        assert response.status_code == 422

    def test_merging_and_undoing_from_the_card(self, at, party, door):
        twin = enlist("王涛", party.yunshan)
        Member.objects.filter(pk=twin.pk).update(id_number="", id_number_index="")
        answers = {"absorbed": twin.code.lower(), "reason": "录了两次", "on": TODAY}
        assert done(at("secretary").post(f"/members/{party.wang.code}/merge/", answers, headers=door))
        assert at("secretary").get(f"/members/{twin.code}/").status_code == 404

        merge = Merge.objects.get()
        assert twin.code in at("secretary").get(party.wang.get_absolute_url()).content.decode()
        assert done(at("secretary").post(f"/members/{party.wang.code}/merges/{merge.uid}/undo/"))
        assert at("secretary").get(f"/members/{twin.code}/").status_code == 200

    def test_undoing_needs_both_rosters_at_the_door_too(self, at, party):
        twin = enlist("王涛", party.yuanfan)
        Member.objects.filter(pk=twin.pk).update(id_number="", id_number_index="")
        merge = merges.merge(party.wang, absorbed=twin, reason="录了两次", by=party.staff, on=TODAY)
        address = f"/members/{party.wang.code}/merges/{merge.uid}/undo/"
        assert at("secretary").post(address).status_code == 403
        assert at("other_secretary").post(address).status_code == 404

    def test_an_account_is_linked_and_unlinked(self, at, party, door):
        address = f"/members/{party.sun.code}/account/"
        assert at("secretary").post(address, {"user": "U-XXXXXX"}, headers=door).status_code == 422
        assert done(at("secretary").post(address, {"user": party.stranger.code}, headers=door))
        assert at("stranger").get(party.sun.get_absolute_url()).status_code == 200
        at("secretary").post(f"{address}remove/")
        assert at("stranger").get(party.sun.get_absolute_url()).status_code == 200
        assert done(at("north_staff").post(f"{address}remove/"))
        assert at("stranger").get(party.sun.get_absolute_url()).status_code == 404


class TestRevealing:
    def test_a_purpose_shows_the_number_and_the_page_is_not_kept(self, at, party, door):
        address = f"/members/{party.wang.code}/reveal/"
        assert at("secretary").get(f"{address}?item=mobile", headers=door).status_code == 200
        response = at("secretary").post(address, {"item": "mobile", "purpose": "核对手机号"}, headers=door)
        assert party.wang.mobile in response.content.decode()
        assert "no-store" in response["Cache-Control"]

    def test_a_short_purpose_shows_nothing(self, at, party, door):
        response = at("secretary").post(
            f"/members/{party.wang.code}/reveal/", {"item": "mobile", "purpose": "看"}, headers=door
        )
        assert response.status_code == 422
        assert party.wang.mobile not in response.content.decode()

    def test_ones_own_number_is_shown_and_stands_in_the_trail(self, at, party, door):
        response = at("plain_member").post(f"/members/{party.wang.code}/reveal/", {"item": "id_number"}, headers=door)
        assert party.wang.id_number in response.content.decode()
        assert "查看完整的公民身份证号" in words(at("plain_member").get(party.wang.get_absolute_url()))

    @pytest.mark.parametrize(("who", "answer"), [("publicist", 403), ("organiser", 403), ("auditor", 403),
                                                 ("leader", 404), ("other_secretary", 404)])  # fmt: skip
    def test_shut(self, at, party, door, who, answer):
        address = f"/members/{party.wang.code}/reveal/"
        for response in (
            at(who).get(f"{address}?item=mobile", headers=door),
            at(who).post(address, {"item": "mobile", "purpose": "核对手机号"}, headers=door),
        ):
            assert response.status_code == answer
            assert party.wang.mobile not in response.content.decode()


class TestAdding:
    ANSWERS = {"id_number": NUMBER, "name": "尉迟明", "category": "full", "joined_on": "2014.6.20",
               "converted_on": "20150620", "mobile": "136 0000 2907", "id_kind": "resident"}  # fmt: skip

    @pytest.fixture
    def address(self, party):
        return f"/cells/{party.yunshan.code}/roster/add/"

    def test_seven_answers_make_a_member_and_lead_to_the_next(self, at, party, address):
        response = at("secretary").post(address, self.ANSWERS | {"another": "1"})
        assert (response.status_code, response.url) == (302, address)
        member = Member.objects.get(name="尉迟明")
        assert (member.birth_date, member.joined_on, member.mobile) == (
            date(1993, 9, 30), date(2014, 6, 20), "13600002907",
        )  # fmt: skip
        assert "尉迟明已列入" in at("secretary").get(address).content.decode()

    def test_what_was_just_done_can_be_taken_back(self, at, party, address):
        at("secretary").post(address, self.ANSWERS)
        member = Member.objects.get(name="尉迟明")
        body = at("secretary").get(address).content.decode()
        assert f'action="/members/{member.code}/void/"' in body
        assert at("secretary").post(f"/members/{member.code}/void/", {"csrfmiddlewaretoken": "x"}).status_code == 302
        assert not Membership.objects.standing().filter(member=member).exists()
        assert at("secretary").post(address, self.ANSWERS).status_code == 302

    def test_all_that_is_wrong_is_said_at_once_and_nothing_typed_is_lost(self, at, address):
        wrong = {
            "id_number": NUMBER[:17] + "0",
            "name": "",
            "mobile": "1360000290",
            "joined_on": "不知道",
            "remarks": "留着",
        }
        response = at("secretary").post(address, self.ANSWERS | wrong)
        assert response.status_code == 422
        assert set(response.context["form"].errors) == {"id_number", "name", "mobile", "joined_on"}
        body = response.content.decode()
        assert "有 4 处需要修改" in body
        assert "留着" in body
        assert "需修改：" in body

    def test_the_number_fills_what_follows_from_it(self, at, party, address):
        response = at("secretary").post(f"{address}number/", {"id_number": NUMBER}, headers={"HX-Request": "true"})
        body = response.content.decode()
        assert 'value="1993-09-30"' in body
        assert '<option value="2" selected>' in body

    def test_the_number_says_which_digit_is_wrong(self, at, address):
        wrong = NUMBER[:17] + ("0" if NUMBER[17] != "0" else "1")
        assert "校验位应为" in at("secretary").post(f"{address}number/", {"id_number": wrong}).content.decode()

    def test_somebody_on_a_roster_within_reach_is_named_and_linked(self, at, party, address):
        body = at("secretary").post(f"{address}number/", {"id_number": party.wang.id_number}).content.decode()
        assert "王涛已在云杉科技党支部的名册上" in body
        assert party.wang.get_absolute_url() in body

    def test_somebody_on_a_roster_elsewhere_is_not_named(self, at, party, address):
        for path in (address, f"{address}number/"):
            body = at("secretary").post(path, self.ANSWERS | {"id_number": party.liu.id_number}).content.decode()
            assert "已在本协会的另一份名册上" in body
            for hidden in ("刘洋", "远帆", party.liu.code):
                assert hidden not in body

    def test_who_is_met_by_a_number_is_noted_and_not_asked_for_without_end(self, at, party, address, monkeypatch):
        monkeypatch.setattr("members.domain.lookups.MET_PER_DAY", 2)

        def typed(number, path=f"{address}number/"):
            return at("secretary").post(path, self.ANSWERS | {"id_number": number}).content.decode()

        assert "已在" not in typed(NUMBER)
        for path in (f"{address}number/", address):  # typed, then sent: one meeting
            assert "已在本协会的另一份名册上" in typed(party.liu.id_number, path)
        assert "已在本协会的另一份名册上" in typed(party.chen.id_number)
        found = Entry.objects.filter(action="members.found_by_number").order_by("pk")
        assert {entry.actor for entry in found} == {party.secretary}
        assert [(entry.thing_code, entry.path) for entry in found] == [
            (party.liu.code, party.yuanfan.path),
            (party.chen.code, party.shiguang.path),
        ]
        for number in (party.liu.id_number, NUMBER):
            assert "一天内" in typed(number) and "已在" not in typed(number)
        assert found.count() == 2

    def test_a_name_of_five_thousand_characters_gets_one_sentence(self, at, address):
        response = at("secretary").post(address, self.ANSWERS | {"name": "长" * 5000})
        assert response.context["form"].errors["name"] == ["姓名最多 50 个字，现在是 5000 个字。"]

    @pytest.mark.parametrize(("who", "answer"), [("publicist", 403), ("auditor", 403), ("other_secretary", 404),
                                                 ("leader", 404), ("plain_member", 404)])  # fmt: skip
    def test_shut(self, at, address, who, answer):
        assert at(who).get(address).status_code == answer
        assert at(who).post(address, self.ANSWERS).status_code == answer
        assert at(who).post(f"{address}number/", {"id_number": NUMBER}).status_code == answer
        assert not Member.objects.filter(name="尉迟明").exists()

    def test_a_committee_has_no_roster_of_its_own_to_add_to(self, at, party):
        assert at("staff").get(f"/cells/{party.north.code}/roster/add/").status_code == 403


class TestCorrecting:
    def form(self, browser, member):
        """What a browser would send back unchanged."""
        response = browser.get(f"/members/{member.code}/edit/")
        form = response.context["form"]
        sent = {"version": member.version} | {f"initial-{name}": value for name, value in form.shown_before}
        for bound in form:
            value = bound.value()
            if bound.name != "version" and value not in (None, False, ""):
                sent[bound.name] = "on" if value is True else value
        return response, sent

    def test_the_form_shows_no_number(self, at, party):
        response, _sent = self.form(at("secretary"), party.wang)
        body = response.content.decode()
        assert "138****5678" in body
        for hidden in (party.wang.mobile, party.wang.id_number):
            assert hidden not in body

    def test_sent_back_unchanged_it_changes_nothing(self, at, party):
        _response, sent = self.form(at("secretary"), party.wang)
        assert at("secretary").post(f"/members/{party.wang.code}/edit/", sent).status_code == 302
        again = Member.objects.get(pk=party.wang.pk)
        assert (again.version, again.mobile) == (1, "13800005678")
        assert not done_to(party.wang).exists()

    def test_one_item_is_put_right(self, at, party):
        _response, sent = self.form(at("secretary"), party.wang)
        sent |= {"education": "14", "address": "示例路 2 号"}
        assert at("secretary").post(f"/members/{party.wang.code}/edit/", sent).status_code == 302
        again = Member.objects.get(pk=party.wang.pk)
        assert (again.education, again.address, again.mobile) == ("14", "示例路 2 号", "13800005678")

    def test_a_number_and_an_address_are_cleared_with_a_tick(self, at, party):
        roster.correct(party.wang, version=1, by=party.organiser, on=TODAY, address="示例路 2 号")
        party.wang.refresh_from_db()
        response, sent = self.form(at("secretary"), party.wang)
        assert "清除手机号" in response.content.decode()
        sent |= {"clear_mobile": "on", "clear_address": "on"}
        assert at("secretary").post(f"/members/{party.wang.code}/edit/", sent).status_code == 302
        again = Member.objects.get(pk=party.wang.pk)
        assert (again.mobile, again.address, again.version) == ("", "", 3)
        response, _sent = self.form(at("secretary"), again)
        assert "清除" not in response.content.decode()

    def test_a_number_is_not_cleared_and_written_anew_at_once(self, at, party):
        _response, sent = self.form(at("secretary"), party.wang)
        sent |= {"clear_mobile": "on", "mobile": "13900005678"}
        response = at("secretary").post(f"/members/{party.wang.code}/edit/", sent)
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["mobile"]
        assert Member.objects.get(pk=party.wang.pk).mobile == "13800005678"

    def test_two_editors_of_different_items_lose_nothing(self, at, party):
        _response, sent = self.form(at("secretary"), party.wang)
        roster.correct(party.wang, version=1, by=party.organiser, on=TODAY, landline="0431-1")
        overtaken = at("secretary").post(f"/members/{party.wang.code}/edit/", sent | {"school": "青澜大学"})
        assert overtaken.status_code == 412
        assert "周航" in overtaken.content.decode()
        assert overtaken.context["choices"] == []

        kept = dict(overtaken.context["kept"])
        assert at("secretary").post(f"/members/{party.wang.code}/edit/", kept).status_code == 302
        again = Member.objects.get(pk=party.wang.pk)
        assert (again.landline, again.school) == ("0431-1", "青澜大学")

    def test_two_editors_of_one_item_choose(self, at, party):
        _response, sent = self.form(at("secretary"), party.wang)
        roster.correct(party.wang, version=1, by=party.organiser, on=TODAY, landline="0431-1")
        overtaken = at("secretary").post(f"/members/{party.wang.code}/edit/", sent | {"landline": "0431-2"})
        assert [(choice["mine"], choice["theirs"]) for choice in overtaken.context["choices"]] == [("0431-2", "0431-1")]
        assert Member.objects.get(pk=party.wang.pk).landline == "0431-1"

    def test_what_is_wrong_comes_back_with_the_form(self, at, party):
        _response, sent = self.form(at("secretary"), party.wang)
        response = at("secretary").post(f"/members/{party.wang.code}/edit/", sent | {"converted_on": "2012-12-01"})
        assert response.status_code == 422
        assert list(response.context["form"].errors) == ["converted_on"]


def test_a_card_asks_as_much_for_one_change_as_for_three(at, party, django_assert_max_num_queries):
    for number in range(3):
        roster.correct(party.wang, version=number + 1, by=party.secretary, on=TODAY, landline=f"0431-{number}")
    browser = at("secretary")
    browser.get(party.wang.get_absolute_url())
    with django_assert_max_num_queries(25):
        browser.get(party.wang.get_absolute_url())


def test_the_printed_card_is_one_sheet_with_masked_numbers(party, client):
    client.force_login(party.secretary)
    page = client.get(party.wang.get_absolute_url(), {"view": "print"}).content.decode()
    assert "党员信息卡" in page
    assert party.wang.id_number not in page
    assert 'data-view="print"' in page
