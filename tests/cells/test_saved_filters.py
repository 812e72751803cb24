"""Saved filters: kept under a name, offered to others within their own reach, and taken back."""

from importlib import import_module

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from accounts.models import User
from acts.domain import undoing
from acts.models import Act
from audit.models import Entry
from cells.authority import narrow
from cells.domain import appointments, saved_filters
from cells.models import Appointment, SavedFilter
from cells.saved import opened
from core.errors import Refusal, Stale
from core.lists.listing import listing_named
from core.masks import mask_id_number
from ledgers.laid_out import Wish, sheet_of
from tests.cast import TODAY
from tests.integrations.programs import drawn
from tests.integrations.programs import program as machine

pytestmark = pytest.mark.django_db
BRANCHES = "kind=branch"


@pytest.fixture
def keep(party):
    """``keep("secretary", "各支部", "kind=branch")``."""

    def kept(who, name="各支部", query=BRANCHES, listing="cells.cells", **more):
        return saved_filters.save(listing=listing, name=name, query=query, by=getattr(party, who), on=TODAY, **more)

    return kept


def test_what_is_kept_is_the_criteria_and_how_rows_are_shown_and_nothing_else(keep):
    saved = keep("secretary", query="kind=branch&sort=-due&columns=name,due&after=abc&view=print&nonsense=1")
    assert QueryDict(saved.query).dict() == {"kind": "branch", "sort": "-due", "columns": "name,due"}


@pytest.mark.parametrize(
    ("query", "field"), [("", "query"), ("sort=name", "query"), ("kind=nonsense", "query"), ("under=ZB-9999", "query")]
)
def test_what_cannot_be_read_is_not_kept(keep, query, field):
    with pytest.raises(Refusal) as refused:
        keep("secretary", query=query)
    assert refused.value.field == field


def test_a_name_stands_once_for_a_list_and_its_owner(keep):
    keep("secretary")
    keep("staff")
    keep("secretary", listing="cells.companies", query="cover=none")
    with pytest.raises(Refusal) as refused:
        keep("secretary")
    assert refused.value.field == "name"


def test_only_who_keeps_the_roster_of_a_cell_shares_with_it(keep, party):
    assert keep("staff", shared_with=party.yunshan).shared_with == party.yunshan
    for who in ("secretary", "auditor"):
        with pytest.raises(PermissionDenied):
            keep(who, "远处", shared_with=party.yuanfan)


def test_it_is_offered_where_it_is_shared_and_below_and_nowhere_else(keep, party):
    shared = keep("staff", shared_with=party.yunshan)
    private = keep("staff", "自己的")
    seen = {who: set(SavedFilter.objects.visible_to(getattr(party, who))) for who in party.people}
    assert seen["secretary"] == seen["leader"] == {shared}
    assert seen["staff"] == {shared, private}
    for who in ("other_secretary", "north_staff", "auditor", "plain_member", "stranger", "former_secretary"):
        assert seen[who] == set()


def test_a_criterion_out_of_reach_hides_the_whole_filter(keep, party, client):
    afar = [
        keep("staff", "远帆范围", f"kind=branch&scope={party.yuanfan.code}", shared_with=party.yunshan),
        keep("staff", "远帆下级", f"parent={party.yuanfan.code}", shared_with=party.yunshan),
        keep("staff", "远帆党员", f"cell={party.yuanfan.code}", listing="members.roster", shared_with=party.yunshan),
    ]
    near = keep("staff", "附近", BRANCHES, shared_with=party.yunshan)
    assert [opened(saved, party.secretary) for saved in afar] == [None] * 3
    assert opened(near, party.secretary) is not None
    client.force_login(party.secretary)
    body = client.get("/filters/").content.decode()
    assert "附近" in body
    for saved in afar:
        assert saved.name not in body and saved.code not in body
        for address in (f"/filters/{saved.code}/", f"/cells/?filter={saved.code}", f"/members/?filter={saved.code}"):
            assert client.get(address).status_code == 404


def test_everybody_counts_within_their_own_reach(keep, party):
    saved = keep("staff", query="category=full", listing="members.roster", shared_with=party.yunshan)
    assert opened(saved, party.staff).count.number == 5
    assert opened(saved, party.secretary).count.number == 3


def test_its_address_leads_to_the_list_with_everything_in_the_address(keep, party, client):
    saved = keep("secretary", query="category=probationary&columns=name,joined", listing="members.roster")
    client.force_login(party.secretary)
    onwards = client.get(f"/members/?filter={saved.code}")
    assert onwards.status_code == 302
    page = client.get(onwards.url)
    assert [place.member.name for place in page.context["table"].page.rows] == ["孙悦"]
    assert [column.key for column in page.context["table"].columns] == ["name", "joined"]
    assert f"of={saved.code}" in onwards.url


def test_only_its_owner_changes_and_removes_it(keep, party):
    saved = keep("staff", shared_with=party.yunshan)
    with pytest.raises(PermissionDenied):
        saved_filters.change(saved, name="别的", query=BRANCHES, by=party.secretary, on=TODAY)
    with pytest.raises(PermissionDenied):
        saved_filters.remove(saved, by=party.secretary, on=TODAY)


def test_it_is_renamed_overwritten_and_pinned_in_one_deed_that_names_what_changed(keep, party):
    saved = keep("secretary")
    saved_filters.change(
        saved, name="各党小组", query="kind=group", pinned=True, version=1, by=party.secretary, on=TODAY
    )
    saved.refresh_from_db()
    assert (saved.name, saved.query, saved.pinned, saved.version) == ("各党小组", "kind=group", True, 2)
    assert Entry.objects.get(action="cells.filter_changed").facts["fields"] == ["name", "query", "pinned"]
    with pytest.raises(Stale):
        saved_filters.change(saved, name="又改", query="kind=group", version=1, by=party.secretary, on=TODAY)


def test_a_filter_that_was_removed_comes_back(keep, party):
    saved = keep("secretary")
    saved_filters.remove(saved, by=party.secretary, on=TODAY)
    assert not SavedFilter.objects.owned_by(party.secretary).exists()
    undoing.undo(Act.objects.order_by("-pk").first(), by=party.secretary, on=TODAY)
    assert SavedFilter.objects.owned_by(party.secretary).get() == saved


def test_whoever_keeps_no_roster_takes_back_their_own_as_well(keep, party, client):
    client.force_login(party.auditor)
    client.post("/filters/new/?list=cells.cells", {"name": "各支部", "query": BRANCHES})
    act = Act.objects.get()
    assert client.post(f"/acts/{act.uid}/undo/").status_code == 302
    assert not SavedFilter.objects.owned_by(party.auditor).exists()


def test_what_is_pinned_stands_on_the_workbench_with_its_number(keep, party, client):
    keep("secretary", "预备期", "category=probationary", "members.roster", pinned=True)
    keep("secretary", "没有固定的")
    client.force_login(party.secretary)
    body = client.get("/home/").content.decode()
    assert "预备期" in body and "<b>1</b>" in body
    assert "没有固定的" not in body


def test_what_is_sent_back_keeps_every_answer(party, client):
    client.force_login(party.secretary)
    page = client.post("/filters/new/?list=cells.cells", {"name": "", "query": BRANCHES, "pinned": "on"})
    assert page.status_code == 422
    assert 'value="kind=branch"' in page.content.decode()
    assert "checked" in page.content.decode()


def test_a_program_counts_only_what_it_was_given_to_read(keep, party):
    saved = keep("staff", shared_with=party.association)
    counted = {}
    for scopes in (("saved-filters:read",), ("saved-filters:read", "cells:read")):
        acting = User.objects.get(pk=party.staff.pk)
        narrow(acting, drawn(party.staff, party.association, *scopes)[0].narrowing)
        counted[scopes[-1]] = opened(saved, acting).count
    assert counted["saved-filters:read"] is None
    assert counted["cells:read"].number == 2


def test_programs_keep_change_and_remove_filters_and_see_no_more_than_their_holder(keep, party, program):
    keep("staff", "远帆范围", f"kind=branch&scope={party.yuanfan.code}", shared_with=party.yunshan)
    secretary = program(party.secretary)
    asked = {"listing": "cells.cells", "name": "各支部", "query": BRANCHES, "shared_with": party.yunshan.code}
    made = secretary.post("saved-filters/", asked)
    assert made.status_code == 201, made.content
    shown = made.json()
    place = shown["url"].removeprefix("/api/v1/")
    assert [one["name"] for one in secretary.get("saved-filters/").json()["results"]] == ["各支部"]
    refused = secretary.patch(place, {"query": "kind=nonsense"}, headers={"if-match": made.headers["ETag"]})
    assert refused.status_code == 400
    changed = secretary.patch(place, {"pinned": True}, headers={"if-match": made.headers["ETag"]})
    assert (changed.status_code, changed.json()["pinned"], changed.json()["name"]) == (200, True, "各支部")
    theirs = program(party.organiser)
    seen = theirs.get(place)
    assert theirs.patch(place, {"name": "别的"}, headers={"if-match": seen.headers["ETag"]}).status_code == 403
    removed = secretary.delete(place, headers={"if-match": changed.headers["ETag"]})
    assert removed.status_code == 204
    assert secretary.get(place).status_code == 404


def test_however_many_filters_there_are_what_they_find_is_counted_in_one_turn(keep, party, client, queries_of):
    client.force_login(party.secretary)
    keep("secretary", "一")
    client.get("/filters/")
    one = queries_of(client.get, "/filters/")
    keep("secretary", "二")
    keep("secretary", "三")
    assert queries_of(client.get, "/filters/") == one


@pytest.mark.parametrize("query", ["q={number}", "q=查+{number}", "category=full&scope={number}", "q=13800005678"])
def test_a_whole_number_is_not_kept_in_a_filter(keep, party, client, program, query):
    asked = query.format(number=party.wang.id_number)
    with pytest.raises(Refusal) as refused:
        keep("secretary", query=asked, listing="members.roster")
    assert refused.value.field == "query"
    client.force_login(party.secretary)
    page = client.post("/filters/new/?list=members.roster", {"name": "某人", "query": asked})
    assert page.status_code == 422 and str(refused.value.message) in page.content.decode()
    kept = program(party.secretary).post(
        "saved-filters/", {"listing": "members.roster", "name": "某人", "query": asked}
    )
    assert (kept.status_code, [error["pointer"] for error in kept.json()["errors"]]) == (400, ["/query"])
    with pytest.raises(Refusal) as refused:
        keep("secretary", party.wang.id_number)
    assert refused.value.field == "name"


def test_opening_the_list_of_filters_looks_nobody_up_and_never_breaks(keep, party, client):
    saved = keep("secretary", query="q=王", listing="members.roster", pinned=True)
    SavedFilter.objects.filter(pk=saved.pk).update(
        query=f"q={party.wang.id_number}", shared_with=party.yunshan, owner=party.secretary
    )
    for who in ("secretary", "organiser"):
        client.force_login(getattr(party, who))
        for _again in range(2):
            assert client.get("/filters/").status_code == client.get("/home/").status_code == 200
    assert not Entry.objects.filter(action="members.found_by_number").exists()
    saved.refresh_from_db()
    assert opened(saved, party.secretary).count is None
    assert party.wang.id_number not in "".join(opened(saved, party.secretary).words)


def test_numbers_that_were_kept_are_masked(keep, party):
    number = party.wang.id_number
    saved = keep("secretary", query="q=王&columns=name,joined", listing="members.roster")
    SavedFilter.objects.filter(pk=saved.pk).update(query=f"q={number}&columns=name,joined", name=f"找{number}")
    import_module("cells.migrations.0008_mask_numbers_in_filters").mask_what_is_kept(apps, None)
    saved.refresh_from_db()
    assert number not in saved.query + saved.name
    assert QueryDict(saved.query).dict() == {"q": mask_id_number(number), "columns": "name,joined"}


def test_the_sheet_of_an_export_tells_no_number_that_was_searched_for(party):
    wish = Wish(listing_named("members.roster"), QueryDict(f"q={party.wang.id_number}"), None, "csv")
    [said] = [note for note in sheet_of(wish, [], by=party.staff).notes if note.startswith("筛选：")]
    assert mask_id_number(party.wang.id_number) in said and party.wang.id_number not in said


def test_what_somebody_typed_is_shared_with_nobody(keep, party):
    for query in ("q=单晓东", "category=full&employer_text__ic=云杉"):
        with pytest.raises(Refusal) as refused:
            keep("staff", query=query, listing="members.roster", shared_with=party.yunshan)
        assert refused.value.field == "shared_with"
    saved = keep("staff", query="q=单晓东", listing="members.roster")
    with pytest.raises(Refusal):
        saved_filters.change(
            saved, name="又一个", query=saved.query, shared_with=party.yunshan, by=party.staff, on=TODAY
        )
    SavedFilter.objects.filter(pk=saved.pk).update(shared_with=party.yunshan)
    saved.refresh_from_db()
    assert opened(saved, party.secretary) is None
    assert opened(saved, party.staff) is not None


def test_who_lost_the_office_steers_no_filter_that_is_shared_but_takes_it_back(keep, party, client):
    saved = keep("secretary", shared_with=party.yunshan)
    gone = keep("secretary", "另一个", shared_with=party.yunshan)
    back = keep("secretary", "再一个", shared_with=party.yunshan)
    saved_filters.remove(back, by=party.secretary, on=TODAY)
    removal = Act.objects.order_by("-pk").first()
    office = Appointment.objects.get(holder=party.secretary)
    appointments.end(office, reason="换届", by=party.north_staff, on=TODAY)
    former = User.objects.get(pk=party.secretary.pk)
    changed = {"query": saved.query, "by": former, "on": TODAY}
    with pytest.raises(PermissionDenied):
        saved_filters.change(saved, name="请重新登录", shared_with=party.yunshan, **changed)
    with pytest.raises(PermissionDenied):
        undoing.undo(removal, by=former, on=TODAY)
    client.force_login(former)
    assert "不能再向它共享" in client.get(f"/filters/{saved.code}/").content.decode()
    assert saved_filters.change(saved, name="只给自己", **changed).shared_with is None
    saved_filters.remove(gone, by=former, on=TODAY)
    assert not SavedFilter.objects.visible_to(party.organiser).exists()


def test_a_program_sees_of_its_holders_filters_what_lies_within_its_stretch(keep, party):
    afar = keep("staff", "远处", shared_with=party.yuanfan)
    near, own = keep("staff", "近处", shared_with=party.yunshan), keep("staff", "自己的")
    by = drawn(party.staff, party.yunshan, "cells:read", "saved-filters:write")[1]
    beside = machine(by)
    assert {one["name"] for one in beside.get("/api/v1/saved-filters/").json()["results"]} == {near.name, own.name}
    place = f"/api/v1/saved-filters/{afar.code}/"
    assert beside.get(place).status_code == 404
    assert beside.delete(place, headers={"if-match": "*"}).status_code == 404
    assert SavedFilter.objects.standing().filter(pk=afar.pk).exists()


def test_a_program_takes_nothing_back_that_is_shared_beyond_its_stretch(keep, party):
    above = keep("staff", "上级的", shared_with=party.north)
    beside = machine(drawn(party.staff, party.yunshan, "cells:read", "saved-filters:write")[1])
    place = f"/api/v1/saved-filters/{above.code}/"
    assert beside.get(place).status_code == 200
    assert beside.delete(place, headers={"if-match": "*"}).status_code == 403
    loose = beside.patch(place, {"shared_with": None}, content_type="application/json", headers={"if-match": "*"})
    assert loose.status_code == 403
