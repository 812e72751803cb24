"""Rosters: what is on them, for whom, in which order, at what price."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from core.pagination import Count
from members.choices import Category, ExitReason
from members.domain import places, standing
from members.models import Member, Membership
from members.querysets import INCOMPLETE
from tests.cast import LONG_AGO, TODAY, enlist
from tests.suites import both_suites

BACKEND = "cells.signed_in.ByPassword"


@pytest.fixture
def look(client, party):
    """``look("secretary", "?q=wt")`` opens the roster of 云杉 as the secretary."""

    def open_page(who, query="", cell=None, path=None, **headers):
        client.force_login(getattr(party, who), BACKEND)
        address = path or f"/cells/{(cell or party.yunshan).code}/roster/"
        return client.get(address + query, headers=headers)

    return open_page


def names(response):
    """The names on the page, in their order."""
    body = response.content.decode()
    return re.findall(r'class="name"[^>]*>([^<]+)<', body)


def test_the_roster_of_a_branch_shows_its_members_and_those_of_its_groups(look):
    response = look("secretary")
    assert response.status_code == 200
    assert set(names(response)) == {"李敏", "孙悦", "王涛", "周子墨"}


def test_the_line_of_figures_says_how_many_and_since_when(look):
    body = re.sub(r"<[^>]+>|\s+", "", look("secretary").content.decode())
    assert "4名党员，正式3，预备1" in body
    assert "截至" in body


def test_members_are_grouped_by_their_group_with_its_leader(look):
    body = look("secretary").content.decode()
    assert body.index("未编入党小组") < body.index("第一党小组")
    assert "组长 覃小满" in body


def test_numbers_are_masked(look, party):
    body = look("secretary").content.decode()
    assert "138****5678" in body
    assert party.wang.mobile not in body
    assert party.wang.id_number not in body


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?q=wt", {"王涛"}),
        ("?q=wangtao", {"王涛"}),
        ("?q=涛", {"王涛"}),
        ("?q=5678", {"王涛"}),
        ("?q=13800005678", {"王涛"}),
        ("?q=567", set()),
        ("?category=probationary", {"孙悦"}),
        ("?gender=2", {"李敏"}),
        ("?education=2", {"李敏", "孙悦", "王涛", "周子墨"}),
        ("?education=1", set()),
        ("?missing=1", {"李敏", "孙悦", "王涛", "周子墨"}),
        ("?lost=1", set()),
        ("?migrant=1", set()),
        ("?category=nonsense", set()),
    ],
)
def test_filters_stand_in_the_address(look, query, expected):
    assert set(names(look("secretary", query))) == expected


@both_suites
def test_a_whole_id_number_finds_and_a_part_of_it_does_not(look, party):
    number = party.wang.id_number
    assert names(look("secretary", f"?q={number}")) == ["王涛"]
    assert names(look("secretary", f"?q={number[:17]}")) == []
    assert names(look("secretary", f"?q={number[6:14]}")) == []


@pytest.mark.parametrize("who", ["publicist", "inspector", "auditor"])
def test_who_may_not_read_a_number_finds_nobody_by_it(look, party, who):
    for whole in (party.wang.id_number, party.wang.mobile):
        assert names(look(who, f"?q={whole}")) == []
        assert names(look(who, f"?q={whole}", path="/members/")) == []
    assert names(look(who, "?q=5678")) == ["王涛"]
    assert not Entry.objects.filter(action="members.found_by_number").exists()


def test_what_was_found_by_a_whole_number_stands_in_the_trail_without_it(look, party):
    look("organiser", f"?q={party.wang.id_number}")
    look("secretary", f"?q={party.wang.mobile}")
    entries = Entry.objects.filter(action="members.found_by_number").order_by("pk")
    assert [(entry.actor, entry.thing_code) for entry in entries] == [
        (party.organiser, party.wang.code),
        (party.secretary, party.wang.code),
    ]
    for entry in entries:
        assert party.wang.id_number not in str(entry.facts) and party.wang.mobile not in str(entry.facts)


def test_numbers_are_not_looked_for_without_end(look, party, monkeypatch):
    monkeypatch.setattr("members.domain.lookups.PER_HOUR", 2)
    query = f"?q={party.wang.id_number}"
    assert [names(look("secretary", query)) for _time in range(3)] == [["王涛"], ["王涛"], []]
    assert "一小时内最多" in look("secretary", query).content.decode()
    assert names(look("organiser", query)) == ["王涛"]
    assert names(look("secretary", "?q=5678")) == ["王涛"]


def test_surnames_are_found_as_they_are_read(look, party):
    for reading in ("sxd", "shanxiaodong", "dxd"):
        assert names(look("staff", f"?q={reading}", cell=party.shiguang)) == ["单晓东"]


def test_who_left_is_found_by_standing_and_not_otherwise(look, party):
    standing.leave(party.wang, reason=ExitReason.WITHDREW, by=party.secretary, on=TODAY)
    assert "王涛" not in names(look("secretary"))
    assert names(look("secretary", "?standing=left")) == ["王涛"]


@pytest.mark.parametrize(
    ("sort", "first", "last"), [("name", "李敏", "周子墨"), ("-name", "周子墨", "李敏"), ("joined", "李敏", "孙悦")]
)
def test_sorting_is_said_to_those_who_listen(look, sort, first, last):
    response = look("secretary", f"?sort={sort}&flat=1")
    shown = names(response)
    assert (shown[0], shown[-1]) == (first, last)
    direction = "descending" if sort.startswith("-") else "ascending"
    assert f'aria-sort="{direction}"' in response.content.decode()


def test_pages_follow_each_other_and_lose_nobody(client, party):
    for number in range(25):
        enlist(f"朱{number}", party.yuanfan)
    client.force_login(party.other_secretary, BACKEND)
    address = f"/cells/{party.yuanfan.code}/roster/"
    first = client.get(f"{address}?size=20")
    following = re.search(r'rel="next" href="([^"]+)"', first.content.decode())[1].replace("&amp;", "&")
    second = client.get(address + following)
    assert len(names(first)) == 20
    assert len(set(names(first)) | set(names(second))) == 26
    assert not re.search(r'rel="next"', second.content.decode())


@pytest.mark.parametrize("query", ["", "&sort=-name", "&category=full", "&flat=1"])
def test_no_page_of_a_roster_is_said_to_lead_nowhere(client, party, query):
    for number in range(25):
        enlist(f"朱{number}", party.first_group)
    client.force_login(party.secretary, BACKEND)
    for path in ("/members/", f"/cells/{party.yunshan.code}/roster/"):
        first = client.get(f"{path}?size=20{query}").context["table"]
        second = client.get(f"{path}{first.page.next}").context["table"]
        assert (first.passed_over, second.passed_over) == ([], [])
        assert client.get(f"{path}{second.page.previous}").context["table"].passed_over == []
        assert client.get(f"{path}?after=abc{query}").context["table"].passed_over != []


def test_a_list_of_one_and_of_three_asks_the_same(client, party):
    client.force_login(party.other_secretary, BACKEND)
    address = f"/cells/{party.yuanfan.code}/roster/"

    def queries():
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200
        return len(asked)

    client.get(address)
    one = queries()
    for name in ("朱一", "朱二"):
        enlist(name, party.yuanfan)
    assert queries() == one


def test_the_roster_is_printed_whole(client, party):
    for number in range(60):
        enlist(f"朱{number}", party.yuanfan)
    client.force_login(party.other_secretary, BACKEND)
    response = client.get(f"/cells/{party.yuanfan.code}/roster/?view=print")
    assert len(names(response)) == 61
    assert party.yuanfan.name in response.content.decode()


def test_the_foot_of_a_print_counts_what_is_on_it(look, monkeypatch):
    monkeypatch.setattr("members.views.rosters.capped", lambda number: Count(1, capped=True))
    assert "共 4 人，全部显示" in look("secretary", "?view=print").content.decode()


def test_people_ticked_on_the_roster_are_put_into_a_group_together(client, party):
    client.force_login(party.secretary, BACKEND)
    address = f"/cells/{party.yunshan.code}/roster/place/?member={party.wang.code}&member={party.sun.code}"
    assert "王涛" in client.get(address).content.decode()
    refused = client.post(address, {"cell": "没有", "reason": "", "on": TODAY})
    assert refused.status_code == 422
    answers = {"cell": party.first_group.code, "reason": "重新划分", "on": TODAY}
    tried = client.post(address, answers).content.decode()
    assert "还没有办理" in tried and "调整 2 人" in tried
    assert Membership.objects.current().filter(cell=party.first_group).count() == 1
    assert client.post(address, answers | {"done": "1"}).status_code == 302
    assert Membership.objects.current().filter(cell=party.first_group).count() == 3


def test_after_a_batch_one_is_back_among_what_was_found(client, party):
    client.force_login(party.secretary, BACKEND)
    roster = f"/cells/{party.yunshan.code}/roster/"
    address = f"{roster}place/?member={party.wang.code}&found=category%3Dfull%26q%3Dwt"
    assert f'href="{roster}?category=full&amp;q=wt"' in client.get(address).content.decode()
    answers = {"cell": party.first_group.code, "reason": "重新划分", "on": TODAY, "done": "1"}
    assert client.post(address, answers).url == f"{roster}?category=full&q=wt"
    assert client.post(f"{roster}place/?found=next%3D//elsewhere.example%26filter%3DSX-1", answers).url == roster


class TestARosterThatHasStood:
    def watch(self, look, query=""):
        asked = f"?watch=2026-01-01T00:00:00%2B08:00{query}"
        return look("secretary", asked, path="/members/", **{"HX-Request": "true"})

    def test_somebody_moved_twice_is_one_change(self, look, party):
        for cell, on in ((party.first_group, TODAY - timedelta(days=9)), (party.yunshan, TODAY)):
            places.place(party.wang, cell=cell, reason="调整", by=party.secretary, on=on)
        assert "1 处变化" in self.watch(look).content.decode()

    def test_somebody_who_is_not_asked_for_is_none(self, look, party):
        places.place(party.wang, cell=party.first_group, reason="调整", by=party.secretary, on=TODAY)
        assert self.watch(look, "&q=wt").status_code == 200
        assert self.watch(look, "&category=probationary").status_code == 204

    def test_a_number_is_not_looked_up_again_by_a_page_alone(self, look, party):
        self.watch(look, f"&q={party.wang.id_number}")
        assert not Entry.objects.filter(action="members.found_by_number").exists()


def test_nobody_elsewhere_is_moved_along(client, party):
    client.force_login(party.secretary, BACKEND)
    address = f"/cells/{party.yunshan.code}/roster/place/?member={party.liu.code}"
    answers = {"cell": party.first_group.code, "reason": "重新划分", "on": TODAY, "done": "1"}
    assert client.get(address).status_code == 302
    assert client.post(address, answers).status_code == 302
    assert Membership.objects.current().get(member=party.liu).cell == party.yuanfan


def test_one_person_of_another_roster_among_many_holds_up_all_and_is_not_named(client, party):
    client.force_login(party.secretary, BACKEND)
    answers = {"cell": party.first_group.code, "reason": "重新划分", "on": TODAY, "done": "1"}

    def answer(foreign):
        address = f"/cells/{party.yunshan.code}/roster/place/?member={party.wang.code}&member={foreign}"
        body = client.post(address, answers, follow=True).content.decode()
        return re.sub(r'watch=[^"]*', "", _constant(body)).replace(foreign, "")

    assert answer(party.liu.code) == answer("DY-ZZZZZZ")
    assert "刘洋" not in answer(party.liu.code)
    assert Membership.objects.current().get(member=party.wang).cell == party.yunshan


def test_who_cannot_go_along_stays_behind_and_why_is_said(client, party):
    client.force_login(party.secretary, BACKEND)
    everybody = "".join(f"&member={member.code}" for member in (party.li, party.wang, party.zhou))
    address = f"/cells/{party.yunshan.code}/roster/place/?{everybody}"
    answers = {"cell": party.first_group.code, "reason": "重新划分", "on": TODAY}
    tried = client.post(address, answers)
    assert [member.name for member in tried.context["going"]] == ["王涛"]
    assert {member.name for member, _why in tried.context["staying"]} == {"李敏", "周子墨"}
    assert "周子墨已在第一党小组" in tried.content.decode()
    client.post(address, answers | {"done": "1"})
    assert Membership.objects.current().get(member=party.wang).cell == party.first_group
    assert Membership.objects.current().get(member=party.li).cell == party.yunshan


def test_all_that_were_found_are_found_again_when_something_is_done_to_them(client, party):
    client.force_login(party.secretary, BACKEND)
    address = f"/cells/{party.yunshan.code}/roster/place/?all=1&found=category%3Dprobationary"
    assert [member.name for member in client.get(address).context["members"]] == ["孙悦"]
    beyond = f"/cells/{party.yunshan.code}/roster/place/?all=1&found=q%3D刘洋"
    assert client.get(beyond).status_code == 302


@pytest.mark.parametrize(("who", "answer"), [("publicist", 403), ("auditor", 403), ("other_secretary", 404)])
def test_who_keeps_no_roster_moves_nobody(client, party, who, answer):
    client.force_login(getattr(party, who), BACKEND)
    address = f"/cells/{party.yunshan.code}/roster/place/?member={party.wang.code}"
    assert client.get(address).status_code == client.post(address, {}).status_code == answer


def test_htmx_gets_the_table_alone(look):
    body = look("secretary", "?q=wt", **{"HX-Request": "true"}).content.decode()
    assert body.strip().startswith('<div id="roster"')
    assert "<html" not in body


def test_nothing_found_and_nobody_there_say_different_things(look, party):
    assert "清空筛选" in look("secretary", "?q=zzz").content.decode()
    standing.leave(party.liu, reason=ExitReason.TRANSFERRED_OUT, by=party.north_staff, on=TODAY)
    empty = look("north_staff", cell=party.yuanfan).content.decode()
    assert "还没有党员" in empty
    assert "补录一名" in empty


def test_a_group_leader_sees_names_and_mobiles_and_nothing_else(look, party):
    response = look("leader", cell=party.first_group)
    body = response.content.decode()
    assert names(response) == ["周子墨"]
    assert party.zhou.mobile in body
    for hidden in ("1990-01-01", "2012-06-01", party.zhou.code, "本科"):
        assert hidden not in body
    assert names(look("leader", "?category=probationary", path="/members/")) == ["周子墨"]
    assert names(look("leader", f"?q={party.zhou.id_number}", path="/members/")) == []


@pytest.mark.parametrize(
    ("who", "answer"),
    [
        ("secretary", 200), ("deputy", 200), ("organiser", 200), ("publicist", 200), ("inspector", 200), ("staff", 200),
        ("north_staff", 200), ("auditor", 200), ("other_secretary", 404), ("advisor", 404), ("technician", 404),
        ("leader", 404), ("plain_member", 404), ("stranger", 404),
    ],
)  # fmt: skip
def test_who_may_open_the_roster_of_the_branch(look, who, answer):
    assert look(who).status_code == answer


def test_who_sees_the_cell_but_no_roster_is_told_so(look, party):
    assert look("advisor", cell=party.shiguang).status_code == 403
    response = look("technician", path="/members/")
    assert response.status_code == 403
    assert "名册" in response.content.decode()


def test_nobody_signed_out_sees_a_roster(client, party):
    assert client.get(f"/cells/{party.yunshan.code}/roster/").url.startswith("/login/")


PARTS = (
    "", "edit/", "reveal/", "convert/", "place/", "suspend/", "restore/", "leave/", "death/", "merge/", "account/",
    "account/remove/",
)  # fmt: skip


def _constant(body):
    """The page without what differs from one request to the next: the form's token and the number of the request."""
    return re.sub(r'[0-9A-Za-z]{32,}|<span class="number">[^<]*</span>', "", body)


class TestNothingLeaks:
    """刘洋 belongs to 远帆; nothing the secretary of 云杉 can ask tells that there is such a person."""

    def test_list_search_filter_and_count(self, look, party):
        Member.objects.filter(pk=party.liu.pk).update(is_lost=True, is_migrant=True)
        liu = party.liu
        queries = (
            "",
            "?q=ly",
            "?q=4819",
            f"?q={liu.id_number}",
            f"?q={liu.code}",
            "?lost=1",
            "?migrant=1",
            "?missing=1",
        )
        for query in queries:
            for path in ("/members/", None):
                body = look("secretary", query, path=path).content.decode()
                assert "刘洋" not in body
                assert liu.get_absolute_url() not in body
        body = re.sub(r"<[^>]+>|\s+", "", look("secretary", path="/members/").content.decode())
        assert "4名党员" in body

    def test_the_scope_of_another_branch_is_not_found(self, look, party):
        assert look("secretary", f"?scope={party.yuanfan.code}", path="/members/").status_code == 404

    @pytest.mark.parametrize("part", PARTS)
    @pytest.mark.parametrize("method", ["get", "post"])
    def test_a_record_elsewhere_answers_as_one_that_is_not_there(self, client, party, part, method):
        client.force_login(party.secretary, BACKEND)

        def answer(code):
            response = getattr(client, method)(f"/members/{code}/{part}")
            return response.status_code, _constant(response.content.decode().replace(code, ""))

        assert answer(party.liu.code) == answer("DY-ZZZZZZ")
        assert answer(party.liu.code)[0] in (404, 405)

    def test_merging_with_a_record_elsewhere_says_what_an_unknown_code_says(self, client, party):
        client.force_login(party.secretary, BACKEND)

        def errors(code):
            response = client.post(
                f"/members/{party.wang.code}/merge/", {"absorbed": code, "reason": "同一个人", "on": str(TODAY)}
            )
            assert response.status_code == 422
            return response.context["form"].errors["absorbed"]

        assert errors(party.liu.code) == errors("DY-ZZZZZZ")

    def test_placing_into_a_branch_elsewhere_says_what_an_unknown_name_says(self, client, party):
        client.force_login(party.secretary, BACKEND)

        def errors(text):
            response = client.post(
                f"/members/{party.wang.code}/place/", {"cell": text, "reason": "换", "on": str(TODAY)}
            )
            return str(response.context["form"].errors["cell"]).replace(text, "")

        assert errors(party.yuanfan.code) == errors("ZB-9999")


def test_what_is_missing_is_asked_alike_of_one_and_of_many(party):
    full = enlist(
        "全一", party.yuanfan, mobile="13500001111", address="示例路 1 号", birth_date=date(1990, 1, 1), post="022"
    )
    enlist("缺一", party.yuanfan, mobile="13500001112", address="示例路 1 号", post="")
    enlist("座机", party.yuanfan, landline="0431-1", address="示例路 1 号")
    found = {place.member_id for place in Membership.objects.current().incomplete()}
    assert found == {member.pk for member in Member.objects.all() if member.missing_items}
    assert full.pk not in found
    assert INCOMPLETE


def test_probation_about_to_end_is_pointed_out(look, party):
    enlist("何静", party.yunshan, category=Category.PROBATIONARY, joined_on=date(2025, 10, 8))
    body = look("secretary").content.decode()
    assert "预备期已满" in body
    assert LONG_AGO.isoformat() not in body


@pytest.mark.parametrize("sort", ["birth", "-birth", "joined", "converted"])
def test_who_sees_names_alone_sorts_by_names_alone(look, party, sort):
    enlist("安康", party.first_group, birth_date=date(1999, 1, 1))
    response = look("leader", f"?sort={sort}", path="/members/")
    assert names(response) == ["安康", "周子墨"]
    assert response.context["table"].sort == "name"


def test_a_number_that_does_not_open_takes_no_page_down(client, party):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE members_member SET id_number = o.id_number, mobile = o.mobile, address = o.id_number"
            " FROM members_member o WHERE o.id = %s AND members_member.id = %s",
            [party.li.pk, party.wang.pk],
        )
    client.force_login(party.secretary, BACKEND)
    card = f"/members/{party.wang.code}/"
    roster = f"/cells/{party.yunshan.code}/roster/"
    for address in (card, f"{card}edit/", roster, f"{roster}?view=print"):
        response = client.get(address)
        assert response.status_code == 200
        assert "无法解密" in response.content.decode()
    changed = Member.objects.get(pk=party.wang.pk)
    changed.fill_what_follows()
    changed.save()
    assert Member.objects.get(pk=party.wang.pk).id_number_index == party.wang.id_number_index
    filled = client.post(
        "/imports/templates/filled/", {"kind": "members", "cell": party.yunshan.code, "purpose": "核对名册"}
    )
    assert filled.status_code == 200


@pytest.mark.parametrize("blank", ["standing=", "standing__x=1", "standing=&sort=-name"])
def test_a_blank_standing_shows_nobody_who_has_left(party, client, blank):
    places.place(party.sun, cell=party.yuanfan, reason="other", by=party.staff, on=LONG_AGO + timedelta(days=9))
    client.force_login(party.secretary)
    page = client.get(f"/cells/{party.yunshan.code}/roster/?{blank}")
    assert party.wang.name in page.content.decode()
    assert party.sun.name not in page.content.decode()
    sheet = client.get(f"/exports/new/members.roster/?scope={party.yunshan.code}&{blank}")
    assert sheet.context["laid"].count.number == Membership.objects.under(party.yunshan).current().count()
