"""The way back through the pages: beside the word that it is done, and in the list of what was done lately."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from acts.domain import undoing
from acts.models import Act
from acts.recording import recording
from cells.choices import CellKind
from cells.domain import tree
from cells.domain.companies import register
from ledgers.choices import Kind
from ledgers.domain import downloads
from members.choices import Category
from members.domain import own, places, requests, roster
from members.models import Member
from notices.models import Notice
from reports.figures import Where, read
from tests.cast import TODAY, enlist, fictional_id_number
from tests.members.paper import photo

pytestmark = pytest.mark.django_db

UNDO = re.compile(r'class="toast.*?action="(/acts/[0-9a-f-]+/undo/)"', re.S)


def place(client, member, cell, **headers):
    given = {"cell": cell.code, "reason": "工作调动", "on": TODAY.isoformat(), "version": member.version}
    return client.post(f"{member.get_absolute_url()}place/", given, headers=headers)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_the_word_after_a_deed_carries_the_way_back(client, party, headers):
    client.force_login(party.staff)
    place(client, party.wang, party.yuanfan, **headers)

    page = client.get("/home/").content.decode()
    undo = UNDO.search(page)[1]
    assert 'data-toast-seconds="8"' in page
    answer = client.post(undo, follow=True)

    assert answer.request["PATH_INFO"] == party.wang.get_absolute_url()
    assert "已撤销：王涛" in answer.content.decode()
    assert not UNDO.search(answer.content.decode())
    assert Member.objects.get(pk=party.wang.pk).cell == party.yunshan


def test_what_was_done_to_several_is_said_of_them_all_and_leads_to_the_list(client, party):
    both = [places.Placing(party.wang, party.yuanfan), places.Placing(party.sun, party.yuanfan)]
    places.place_many(both, reason="工作调动", by=party.staff, on=TODAY)
    client.force_login(party.staff)

    answer = client.post(f"/acts/{Act.objects.get().uid}/undo/", follow=True)

    assert answer.request["PATH_INFO"] == "/acts/"
    assert "已撤销：孙悦等 2 项<" in answer.content.decode()


def test_the_list_shows_what_can_and_what_cannot_be_undone_and_why(client, party):
    client.force_login(party.staff)
    place(client, party.wang, party.yuanfan)
    place(client, party.sun, party.yuanfan)
    first, second = Act.objects.order_by("pk")
    undoing.undo(second, by=party.staff, on=TODAY)
    wang = Member.objects.get(pk=party.wang.pk)
    roster.correct(wang, version=wang.version, school="青澜大学", by=party.other_secretary, on=TODAY)

    client.get("/home/")  # takes the words still waiting
    mine = client.get("/acts/").content.decode()

    assert "已撤销" in mine
    assert "刘洋又办理了“更正资料”，请先撤销那一项" in mine
    assert f"/acts/{first.uid}/undo/" not in mine
    everybody = client.get("/acts/?all=1").content.decode()
    assert f"/acts/{Act.objects.latest('pk').uid}/undo/" in everybody
    assert "青澜大学" in everybody
    refused = client.post(f"/acts/{first.uid}/undo/", follow=True)
    assert "请先撤销那一项" in refused.content.decode()


def test_the_list_ends_at_the_reach_of_its_reader(client, party):
    places.place(party.chen, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
    client.force_login(party.secretary)

    assert "单晓东" not in client.get("/acts/?all=1").content.decode()
    assert client.post(f"/acts/{Act.objects.get().uid}/undo/").status_code == 404


def listed(client, **asked):
    return [act.entry.thing_label for act in client.get("/acts/", asked).context["table"].page.rows]


def test_the_list_is_ones_own_until_everybodys_is_asked_for(client, party):
    roster.correct(party.wang, version=1, school="青澜大学", by=party.secretary, on=TODAY)
    roster.correct(party.sun, version=1, school="青澜大学", by=party.staff, on=TODAY)
    roster.correct(party.chen, version=1, school="青澜大学", by=party.staff, on=TODAY)
    client.force_login(party.secretary)

    assert listed(client) == ["王涛"]
    assert listed(client, all="1") == ["孙悦", "王涛"]
    assert listed(client, all="0", q="孙") == []
    assert listed(client, all="1", q="孙") == ["孙悦"]
    for words in ("单晓东", party.chen.code, party.staff.name):
        assert "单晓东" not in listed(client, all="1", q=words)
    undoing.undo(Act.objects.get(actor=party.secretary), by=party.secretary, on=TODAY)
    assert listed(client, all="1", undone="1") == ["王涛"]
    assert listed(client, all="1", scope=party.yunshan.code, undone="0") == ["孙悦"]


def test_the_button_of_a_row_belongs_to_a_form_with_a_token(client, party):
    roster.correct(party.wang, version=1, school="青澜大学", by=party.staff, on=TODAY)
    client.force_login(party.staff)
    for headers in ({}, {"HX-Request": "true"}):
        page = client.get("/acts/", headers=headers).content.decode()
        form = re.search(r'<button[^>]*form="([^"]+)" formaction="/acts/[0-9a-f-]+/undo/" name="list"', page)[1]
        assert re.search(rf'<form id="{form}" method="post"><input type="hidden" name="csrfmiddlewaretoken"', page)
    answer = client.post(f"/acts/{Act.objects.get().uid}/undo/", {"list": "1"})
    assert answer.url == "/acts/"


def test_who_keeps_only_one_end_is_told_no(client, party):
    places.place(party.wang, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
    client.force_login(party.secretary)

    assert client.post(f"/acts/{Act.objects.get().uid}/undo/").status_code == 403
    assert Act.objects.get().undone_at is None


def test_the_card_offers_the_record_as_it_was_before_its_last_correction(client, party):
    client.force_login(party.secretary)
    roster.correct(party.wang, version=1, school="青澜大学", by=party.secretary, on=TODAY)
    card = client.get(party.wang.get_absolute_url()).content.decode()
    assert "恢复到更正前" in card

    client.post(f"/acts/{Act.objects.get(undoes=None).uid}/undo/")

    card = client.get(party.wang.get_absolute_url()).content.decode()
    assert "恢复到更正前" not in card
    assert Member.objects.get(pk=party.wang.pk).school == ""


def test_what_was_made_by_mistake_leads_back_to_the_list(client, party):
    client.force_login(party.staff)
    given = {"superior": party.north.code, "name": "中共误设支部委员会", "kind": "branch"}
    assert client.post("/cells/new/", given).status_code == 302

    answer = client.post(f"/acts/{Act.objects.get().uid}/undo/")

    assert answer.url == "/acts/"


def test_the_list_asks_as_often_for_three_as_for_one(client, party):
    client.force_login(party.staff)

    def queries():
        client.get("/acts/")
        with CaptureQueriesContext(connection) as asked:
            assert client.get("/acts/").status_code == 200
        return len(asked)

    place(client, party.wang, party.yuanfan)
    one = queries()
    for name in ("林晓", "方远"):
        place(client, enlist(name, party.yunshan), party.yuanfan)
    assert queries() == one
    for number in range(60):
        place(client, enlist(f"林{number}", party.yunshan), party.yuanfan)
    assert queries() == one + 1  # how many there are, where they do not all stand on the page


def test_what_was_voided_is_found_listed_and_handed_out_nowhere(client, party):
    """Bait: a member, a cell and a company of one name, taken back again."""
    day = date(2026, 11, 1)
    cell = tree.found("中共诱饵科技支部委员会", CellKind.BRANCH, party.north, by=party.staff, on=day)
    company = register("诱饵科技有限公司", party.north, by=party.staff, on=day)
    number = fictional_id_number(date(1991, 3, 4), 7)
    member = roster.enrol(
        party.yunshan, name="诱饵", id_number=number, category=Category.FULL, joined_on=date(2015, 6, 1),
        converted_on=date(2016, 6, 1), mobile="13911112222", by=party.staff, on=day,
    )  # fmt: skip
    client.force_login(party.staff)
    pages = [
        *(f"/search/?q={words}" for words in ("诱饵", "youer", number, "13911112222", "2222")),
        "/cells/", "/cells/?standing=dissolved", "/companies/", "/companies/?q=诱饵", "/members/",
        f"/cells/{party.yunshan.code}/roster/", f"/cells/{party.north.code}/", "/reports/", "/reports/figures/",
    ]  # fmt: skip
    own = [thing.get_absolute_url() for thing in (member, cell, company)]
    codes = {thing.code for thing in (member, cell, company)}

    def telling():
        answers = {address: client.get(address).content.decode() for address in pages}
        return [address for address, page in answers.items() if any(code in page for code in codes)]

    assert len(telling()) >= 8

    for act in Act.objects.order_by("-pk"):
        undoing.undo(act, by=party.staff, on=TODAY)

    assert telling() == []
    assert [client.get(address).status_code for address in own] == [404, 404, 404]
    for on in (day, TODAY):
        names = {key: reading.number for key, reading in read(Where(party.association), on).readings.items()}
        assert (names["members"], names["companies"]) == (6, 0)
    given = {"cell": party.association, "purpose": "年底核对", "by": party.staff, "on": TODAY}
    assert "诱饵" not in str([downloads.recorded(kind=kind, **given) for kind in Kind])


@pytest.mark.parametrize("many", [False, True], ids=["one", "several"])
def test_a_correction_that_was_granted_is_undone_from_the_word_that_it_is(client, party, many):
    request = requests.ask(party.wang, item="name", new="王韬", evidence=photo(), by=party.plain_member, on=TODAY)
    client.force_login(party.secretary)
    if many:
        client.post("/requests/grant/", {"code": [request.code], "next": "/inbox/"})
    else:
        client.post(f"/requests/{request.code}/grant/", {"next": "/inbox/"})
    page = client.get("/inbox/").content.decode()
    assert UNDO.search(page)[1] == f"/acts/{Act.objects.get().uid}/undo/"
    assert UNDO.search(page)[1] in client.get("/acts/").content.decode()

    assert client.post(UNDO.search(page)[1]).url == party.wang.get_absolute_url()

    assert Member.objects.get(pk=party.wang.pk).name == "王涛"
    told = Notice.objects.to(party.plain_member).latest("pk")
    assert told.text == "您更正姓名的申请同意后又撤销了，名册已恢复原来的登记"
    client.force_login(party.plain_member)
    own = client.get(request.get_absolute_url()).content.decode()
    assert "已撤销，名册恢复原来的登记" in own
    assert "重新申请" in own


def test_what_a_member_asks_later_stands_in_no_correction_s_way(client, party):
    roster.correct(party.wang, version=1, school="青澜大学", by=party.secretary, on=TODAY)
    requests.ask(party.wang, item="name", new="王韬", evidence=photo(), by=party.plain_member, on=TODAY)
    client.force_login(party.secretary)

    assert f"/acts/{Act.objects.get().uid}/undo/" in client.get("/acts/").content.decode()


def test_what_an_import_changed_later_leads_to_the_import(client, party):
    roster.correct(party.wang, version=1, school="青澜大学", by=party.staff, on=TODAY)
    mine = Act.objects.get()
    with recording(part_of="import 2026-0002"):
        wang = Member.objects.get(pk=party.wang.pk)
        roster.correct(wang, version=wang.version, school="远帆大学", by=party.staff, on=TODAY)
    client.force_login(party.staff)

    page = client.get("/acts/").content.decode()

    assert "的“导入 2026-0002”又改了同一份资料，请先撤销那一次" in page
    assert 'href="/imports/2026-0002/"' in page
    assert f"/acts/{mine.uid}/undo/" not in page


def test_what_cannot_be_undone_itself_is_not_asked_to_be_undone_first(client, party):
    roster.correct(party.wang, version=1, school="青澜大学", by=party.secretary, on=TODAY)
    own.change(party.wang, address="新路9号", by=party.plain_member, on=TODAY)
    client.force_login(party.secretary)

    page = client.get("/acts/").content.decode()

    assert "那一项不能撤销，请直接更正" in page
    assert "请先撤销" not in page
