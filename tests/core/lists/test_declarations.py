"""Every list there is: its declaration holds together, its columns can be filled, and it widens nobody's reach."""

from datetime import date
from urllib.parse import quote

import pytest
from django.http import QueryDict

from audit.models import Entry
from cells.domain import saved_filters
from core.actors import SYSTEM
from core.lists.chosen import Foreign, chosen
from core.lists.listing import listing_named, listings
from ledgers.models import Import
from members.domain import rights, roster
from members.lists import ROSTER
from news.choices import AnnouncementKind
from news.domain import publishing
from notices.domain import post
from portal import feedback
from reports.choices import PeriodKind
from reports.domain import snapshots
from tests.cast import TODAY, register
from work.models import Job

pytestmark = pytest.mark.django_db
ALL = [listing.name for listing in listings()]


@pytest.fixture
def bait(party):
    """Something on every list, so that something could be seen."""
    register("白石有限公司", party.north, cover_cell=party.yunshan)
    register("应建有限公司", party.north, members_known=4)
    saved_filters.save(listing="cells.cells", name="各支部", query="kind=branch", by=party.staff, on=TODAY)
    words = {"title": "通知", "kind": AnnouncementKind.NOTICE, "body": "请准时参加。"}
    publishing.publish(party.association, **words, by=party.staff, on=TODAY)
    roster.correct(party.wang, version=1, school="青澜大学", by=party.staff, on=TODAY)
    Job.objects.create(kind="tests.job", title="导出名册", owner=party.staff)
    rights.ask(party.wang, kind="erasure", words="请删除我的手机号", by=party.plain_member, on=TODAY)
    post.tell(party.staff, "请核对名册", by=party.secretary)
    snapshots.draw(party.association, by=SYSTEM, on=date(2026, 10, 31), kind=PeriodKind.MONTHLY)
    feedback.send(text="名册打不开", reply_to="", page="", by=party.wang.user or party.secretary)
    Import.objects.create(
        year=2026, number=1, cell=party.north, by=party.staff, as_of=TODAY, expires_at="2027-01-01T00:00Z"
    )
    return party


@pytest.mark.parametrize("name", ALL)
def test_a_declaration_holds_together(name):
    listing = listing_named(name)
    keys = [column.key for column in listing.columns]
    assert len(keys) == len(set(keys))
    assert [column.is_first for column in listing.columns].count(True) == 1
    assert listing.columns[0].is_first
    assert listing.order.removeprefix("-") in listing.orders
    assert not listing.presets or {preset.name for preset in listing.presets} <= set(listing.criteria.base_filters)


@pytest.mark.parametrize("name", ALL)
def test_it_is_empty_for_who_is_nobody_and_filled_for_who_is_not(bait, name):
    listing = listing_named(name)
    assert not listing.reach(bait.stranger, None).exists()
    keeper = bait.leader if name == "members.contacts" else bait.staff
    rows = listing.furnish(list(listing.queryset(keeper, QueryDict(), None)), keeper)
    assert rows
    for column in listing.columns_of(keeper, None):
        for row in rows:
            column.value(row)
            assert "<t" in column.cell(row)


@pytest.mark.parametrize("name", ALL)
def test_it_is_sorted_by_each_of_its_orders_both_ways(bait, name):
    listing = listing_named(name)
    keeper = bait.leader if name == "members.contacts" else bait.staff
    for key in listing.orders:
        up, down = (
            [row.pk for row in listing.queryset(keeper, QueryDict(f"sort={sign}{key}"), None)] for sign in ("", "-")
        )
        assert sorted(up) == sorted(down)


def meant(party, query, **more):
    return chosen(ROSTER, QueryDict(query), party.secretary, party.yunshan, **more)


def test_what_is_ticked_is_read_again_within_reach(party):
    chose = meant(party, f"member={party.wang.code}&member={party.sun.code}&member={party.wang.code}")
    assert {place.member.name for place in chose.rows} == {"王涛", "孙悦"}
    assert not chose.is_cut


@pytest.mark.parametrize("whole", ["id_number", "mobile"])
def test_who_was_found_by_a_whole_number_is_ticked_without_looking_for_it_again(party, whole):
    found = quote(f"q={quote(getattr(party.wang, whole))}&category=full")
    assert [place.member for place in meant(party, f"member={party.wang.code}&found={found}").rows] == [party.wang]
    assert not Entry.objects.filter(action="members.found_by_number").exists()
    with pytest.raises(Foreign):  # the other criteria still tell what was on the list
        meant(party, f"member={party.sun.code}&found={found}")


def test_one_foreign_tick_refuses_all_alike(party):
    said = set()
    for foreign in (party.liu.code, "DY-ZZZZZZ", "", "\x00"):
        with pytest.raises(Foreign) as refused:
            meant(party, f"member={party.wang.code}&member={foreign}" if foreign != "\x00" else "member=DY-%2500")
        said.add(str(refused.value))
    assert len(said) == 1


def test_all_that_were_found_are_no_more_than_can_be_dealt_with(party):
    chose = meant(party, "all=1&found=category%3Dfull", most=2)
    assert len(chose.rows) == 2
    assert (chose.count.number, chose.is_cut) == (3, True)
    assert meant(party, "all=1&found=category%3Dnonsense").rows == []
    assert meant(party, f"all=1&found=q%3D{party.liu.code}").rows == []
