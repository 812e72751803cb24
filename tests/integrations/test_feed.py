"""The change feed: what a reader hears of, in which order, and what they hear when something is out of their sight."""

import threading

import pytest
from django.db import connection, transaction

from acts.domain import undoing
from acts.models import Act
from audit import events, seals, sentences, trail
from audit.changed import changed_since
from audit.models import Entry
from cells.authority import Narrowing, Span, narrow
from cells.choices import Office, Power
from cells.domain import appointments, tree
from cells.domain.companies import correct as correct_company
from cells.models import Cell, Company
from integrations import feed
from integrations.feed import Mark
from members.domain import merges, places, roster, standing
from members.models import Member
from tests import cast
from tests.cast import TODAY, enlist

pytestmark = pytest.mark.django_db

START = Mark()


def heard(user, since=START, **asked):
    """What somebody hears of everything done so far, as (type, code, gone)."""
    seals.seal_entries()
    page = feed.changes(type(user).objects.get(pk=user.pk), since=since, limit=1000, **asked)
    return [(change.type, change.code, change.gone) for change in page.changes]


def correct(member, by, remarks):
    """Something small done to a record."""
    version = Member.objects.get(pk=member.pk).version
    roster.correct(member, remarks=remarks, version=version, by=by, on=TODAY)


def test_every_action_of_the_trail_is_an_event_or_declared_as_none():
    told, silent = events.told_actions(), events.silent_actions()
    assert told & silent == set()
    assert sentences.known_actions() - told - silent == set()
    assert told | silent <= sentences.known_actions()


def test_a_reader_hears_of_what_they_see_and_of_nothing_beside_it(party):
    standing.convert(party.sun, by=party.secretary, on=TODAY.replace(year=2027))
    places.place(party.chen, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
    converted = ("member.converted", party.sun.code, False)
    placed = ("member.placed", party.chen.code, False)
    assert heard(party.staff) == [converted, placed]
    assert heard(party.secretary) == [converted]
    assert heard(party.other_secretary) == [placed]
    assert heard(party.plain_member) == heard(party.stranger) == heard(party.technician) == []


def test_who_went_elsewhere_is_gone_for_those_they_left_and_nothing_says_where_to(party):
    places.place(party.chen, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
    seals.seal_entries()
    [change] = feed.changes(party.deputy_alone, since=START, limit=9).changes
    assert (change.type, change.code, change.gone, change.url) == ("member.gone", party.chen.code, True, None)
    assert change.place == party.shiguang.path
    correct(party.chen, party.other_secretary, "已到新支部报到")
    assert heard(party.deputy_alone) == [("member.gone", party.chen.code, True)]


def test_what_goes_along_with_a_branch_is_gone_for_those_it_left_and_new_where_it_went(party):
    company = cast.register("云杉软件有限公司", party.yunshan)
    tree.move(party.yunshan, superior=party.south, by=party.staff, on=TODAY)
    gone = heard(party.north_staff)
    assert {(code, is_gone) for _type, code, is_gone in gone} == {
        (thing.code, True)
        for thing in (party.yunshan, party.first_group, company, party.li, party.wang, party.sun, party.zhou)
    }
    assert heard(party.north_staff, resources=["members"]) == [one for one in gone if one[1].startswith("DY-")]
    came = heard(cast.appoint("南浦工作人员", "committee_staff", party.south))
    assert {code for _type, code, _gone in came} == {code for _type, code, _gone in gone}
    assert not any(is_gone for _type, _code, is_gone in came)
    assert heard(party.secretary)[0] == ("cell.moved", party.yunshan.code, False)


def test_undoing_brings_back_for_the_one_and_takes_from_the_other(party):
    places.place_many(
        [places.Placing(party.chen, party.yuanfan), places.Placing(party.liu, party.shiguang)],
        reason="工作调动",
        by=party.staff,
        on=TODAY,
    )
    seals.seal_entries()
    before = feed.latest()
    undoing.undo(Act.objects.latest("pk"), by=party.staff, on=TODAY)
    assert sorted(heard(party.other_secretary, before)) == sorted(
        [("member.changed", party.liu.code, False), ("member.gone", party.chen.code, True)]
    )
    assert {code for _type, code, _gone in heard(party.staff, before)} == {party.liu.code, party.chen.code}


def test_undoing_what_was_done_to_several_is_heard_of_each(party):
    both = [roster.Correction(member, {"remarks": "抄错"}) for member in (party.wang, party.sun)]
    roster.correct_many(both, by=party.secretary, on=TODAY)
    seals.seal_entries()
    before = feed.latest()
    undoing.undo(Act.objects.latest("pk"), by=party.secretary, on=TODAY)
    changed = [("member.changed", member.code, False) for member in (party.wang, party.sun)]
    assert sorted(heard(party.secretary, before)) == sorted(changed)


def test_a_record_merged_into_another_is_gone_until_the_merge_is_undone(party):
    double = enlist("孙悦", party.yuanfan)
    Member.objects.filter(pk=double.pk).update(id_number_index="", id_number="")
    double.refresh_from_db()
    done = merges.merge(party.sun, absorbed=double, reason="同一个人", by=party.staff, on=TODAY)
    assert heard(party.other_secretary) == [("member.gone", double.code, True)]
    assert heard(party.secretary) == [("member.merged", party.sun.code, False)]
    before = feed.latest()
    merges.undo_merge(done, by=party.staff, on=TODAY)
    assert heard(party.other_secretary, before) == [("member.changed", double.code, False)]


def test_what_ended_is_gone(party):
    roster.void(party.sun, reason="录入有误", by=party.secretary, on=TODAY)
    idle = cast.found("中共闲云公司支部委员会", "branch", party.north)
    tree.dissolve(idle, reason="企业注销", by=party.staff, on=TODAY)
    assert heard(party.north_staff) == [
        ("member.voided", party.sun.code, True),
        ("cell.dissolved", idle.code, True),
    ]


def test_a_company_kept_elsewhere_is_gone_where_it_was_kept(party):
    company = cast.register("远帆软件有限公司", party.north)
    correct_company(company, keeper=party.south, version=company.version, by=party.staff, on=TODAY)
    assert heard(party.north_staff) == [("company.gone", company.code, True)]
    assert heard(party.staff) == [("company.corrected", company.code, False)]


def test_an_office_is_heard_of_by_its_cell(party):
    appointments.appoint(party.south, holder=cast.person("新任"), office=Office.ADVISOR, by=party.staff, on=TODAY)
    assert heard(party.advisor) == [("cell.officers_changed", party.south.code, False)]


def test_a_program_bound_to_a_branch_hears_of_that_branch(party):
    standing.convert(party.sun, by=party.secretary, on=TODAY.replace(year=2027))
    places.place(party.chen, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
    seals.seal_entries()
    narrow(party.staff, Narrowing(frozenset(Power), Span(party.yunshan.path, below=True)))
    assert [change.code for change in feed.changes(party.staff, since=START, limit=9).changes] == [party.sun.code]


def test_whoever_may_hear_of_no_resource_hears_nothing(party):
    correct(party.wang, party.staff, "备注")
    corrected = ("member.corrected", party.wang.code, False)
    assert heard(party.staff) == heard(party.staff, resources=["members"]) == [corrected]
    assert heard(party.staff, resources=[]) == heard(party.staff, types=[]) == []


def test_pages_meet_without_gap_or_repetition_even_inside_one_entry(party):
    tree.move(party.yunshan, superior=party.south, by=party.staff, on=TODAY)
    correct(party.wang, party.staff, "备注")
    seals.seal_entries()
    whole = feed.changes(party.staff, since=START, limit=1000)
    assert len(whole.changes) > 5 and not whole.more
    read, since = [], START
    while True:
        page = feed.changes(party.staff, since=Mark.read(str(since)), limit=2)
        read += page.changes
        since = page.mark
        if not page.more:
            break
    assert read == whole.changes
    assert sorted(change.mark for change in read) == [change.mark for change in read]


@pytest.mark.django_db(transaction=True)
def test_nothing_is_missed_while_deeds_commit_in_another_order_than_they_began(party):
    """A deed that began first and commits last comes last, however early its entry's key."""
    begun, go_on = threading.Event(), threading.Event()

    def slow():
        with transaction.atomic():
            trail.record("members.corrected", party.wang, by=party.staff, at=party.yunshan.path)
            begun.set()
            go_on.wait(10)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(10)
    trail.record("members.corrected", party.sun, by=party.staff, at=party.yunshan.path)
    first = heard(party.staff)
    mark = feed.latest()
    go_on.set()
    thread.join(10)
    assert first == [("member.corrected", party.sun.code, False)]
    assert heard(party.staff, mark) == [("member.corrected", party.wang.code, False)]


def test_reading_changes_nothing_and_is_not_heard_of(party):
    for action in events.silent_actions() & {"members.opened", "members.revealed", "members.read_by_api"}:
        trail.record(action, party.wang, by=party.staff, at=party.yunshan.path)
    assert heard(party.staff) == []


def test_a_page_costs_the_same_for_one_change_and_for_many(party):
    def cost():
        seals.seal_entries()
        user = type(party.secretary).objects.get(pk=party.secretary.pk)
        with connection.execute_wrapper(counting := Counting()):
            assert feed.changes(user, since=START, limit=100).changes
        return counting.number

    correct(party.wang, party.staff, "一")
    once = cost()
    for member in (party.wang, party.sun, party.li):
        correct(member, party.staff, "二")
    assert cost() == once


class Counting:
    number = 0

    def __call__(self, execute, *args):
        self.number += 1
        return execute(*args)


def test_a_list_can_be_asked_for_what_changed_since_a_moment(party):
    cast.register("远帆软件有限公司", party.north)
    trail.record("members.opened", party.sun, by=party.staff, at=party.yunshan.path)
    correct(party.wang, party.staff, "备注")
    moment = Entry.objects.latest("pk").recorded_at
    assert list(changed_since(Member.objects.all(), moment)) == [party.wang]
    assert list(changed_since(Company.objects.all(), moment)) == []
    tree.move(party.yunshan, superior=party.south, by=party.staff, on=TODAY)
    moment = Entry.objects.latest("pk").recorded_at
    assert set(changed_since(Cell.objects.all(), moment)) == {party.yunshan, party.first_group}
    assert set(changed_since(Member.objects.all(), moment)) == {party.li, party.wang, party.sun, party.zhou}
    memberships = changed_since(party.yunshan.memberships.all(), moment, thing="member")
    assert {one.member for one in memberships} == {party.li, party.wang, party.sun}
