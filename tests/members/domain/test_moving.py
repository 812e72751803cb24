"""Places and standing: who belongs where, and how they stand."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from cells.models import Appointment
from core.errors import OutOfTurn, Refusal
from members.choices import Category, EntryReason, ExitReason, Standing
from members.domain import places, standing
from members.domain.places import Placing
from members.models import Member, MemberFact, Membership
from tests.cast import LONG_AGO, TODAY

EARLIER = TODAY - timedelta(days=10)


def current(member):
    return list(Membership.objects.current().filter(member=member))


def test_placing_ends_one_membership_and_begins_the_next_the_same_day(party):
    places.place(party.wang, cell=party.yuanfan, reason="换了公司", by=party.north_staff, on=TODAY)

    old, new = Membership.objects.standing().filter(member=party.wang).order_by("valid")
    assert (old.cell, old.ends_on, old.exit_reason) == (party.yunshan, TODAY, ExitReason.PLACED)
    assert (new.cell, new.starts_on, new.entry_reason, new.note) == (
        party.yuanfan, TODAY, EntryReason.PLACED, "换了公司",
    )  # fmt: skip
    assert Membership.objects.as_of(EARLIER).get(member=party.wang).cell == party.yunshan
    entry = Entry.objects.about(party.wang).get()
    assert (entry.action, entry.path) == ("members.placed", party.yunshan.path)


def test_placing_on_the_very_first_day_puts_the_member_there_from_the_start(party):
    places.place(party.wang, cell=party.first_group, reason="编入小组", by=party.secretary, on=LONG_AGO)
    only = Membership.objects.standing().get(member=party.wang)
    assert (only.cell, only.starts_on, only.entry_reason) == (party.first_group, LONG_AGO, EntryReason.ENROLLED)


@pytest.mark.parametrize("who", ["secretary", "other_secretary", "publicist", "auditor"])
def test_placing_needs_the_roster_of_both_cells(party, who):
    with pytest.raises(PermissionDenied):
        places.place(party.wang, cell=party.yuanfan, reason="换了公司", by=getattr(party, who), on=TODAY)
    assert current(party.wang)[0].cell == party.yunshan


@pytest.mark.parametrize(
    ("cell", "on", "field"),
    [
        ("yunshan", TODAY, "cell"),
        ("north", TODAY, "cell"),
        ("yuanfan", LONG_AGO - timedelta(days=1), "on"),
    ],
)
def test_placing_refuses(party, cell, on, field):
    with pytest.raises(Refusal) as refusal:
        places.place(party.wang, cell=getattr(party, cell), reason="换了公司", by=party.staff, on=on)
    assert refusal.value.field == field


def test_many_are_placed_with_as_many_queries_as_one(party):
    def queries(*members, cell):
        with CaptureQueriesContext(connection) as asked:
            places.place_many(
                [Placing(member, cell) for member in members], reason="支部调整", by=party.staff, on=TODAY
            )
        return len(asked)

    one = queries(party.chen, cell=party.yuanfan)
    assert queries(party.sun, party.zhou, cell=party.shiguang) == one
    assert Membership.objects.current().filter(cell=party.shiguang).count() == 2


def test_leaving_a_branch_ends_the_office_held_there(party):
    places.place(party.li, cell=party.yuanfan, reason="换了公司", by=party.north_staff, on=TODAY)
    assert not Appointment.objects.current().filter(holder=party.secretary).exists()


def test_moving_into_a_group_of_the_branch_ends_no_office(party):
    places.place(party.li, cell=party.first_group, reason="编入小组", by=party.north_staff, on=TODAY)
    assert Appointment.objects.current().filter(holder=party.secretary, cell=party.yunshan).exists()


def test_converting_makes_a_full_member_from_the_day(party):
    on = date(2027, 1, 16)
    member = standing.convert(party.sun, by=party.secretary, on=on)
    assert (member.category, member.converted_on) == (Category.FULL, on)
    assert MemberFact.objects.as_of(on - timedelta(days=1)).get(member=member).category == Category.PROBATIONARY
    assert MemberFact.objects.as_of(on).get(member=member).category == Category.FULL


def test_converting_waits_for_the_end_of_probation(party):
    with pytest.raises(Refusal) as refusal:
        standing.convert(party.sun, by=party.secretary, on=date(2027, 1, 15))
    assert refusal.value.field == "on"


def test_a_full_member_is_not_converted_again(party):
    with pytest.raises(OutOfTurn):
        standing.convert(party.wang, by=party.secretary, on=TODAY)


def test_suspending_takes_the_member_off_the_roster_and_restoring_puts_them_back(party):
    standing.suspend(party.wang, reason="失去联系六个月", by=party.secretary, on=EARLIER)
    assert current(party.wang) == []
    assert Member.objects.get(pk=party.wang.pk).standing == Standing.SUSPENDED

    standing.restore(party.wang, cell=party.yunshan, reason="已恢复联系", by=party.secretary, on=TODAY)
    assert [place.entry_reason for place in current(party.wang)] == [EntryReason.RESTORED]
    assert Membership.objects.as_of(EARLIER).filter(member=party.wang).count() == 0
    assert [entry.action for entry in Entry.objects.about(party.wang)] == ["members.restored", "members.suspended"]


def test_suspending_ends_every_office(party):
    standing.suspend(party.li, reason="失去联系六个月", by=party.north_staff, on=TODAY)
    assert not Appointment.objects.current().filter(holder=party.secretary).exists()


def test_nobody_ends_their_own_office_by_leaving(party):
    with pytest.raises(Refusal):
        standing.leave(party.li, reason=ExitReason.WITHDREW, by=party.secretary, on=TODAY)
    assert current(party.li)


def test_leaving_takes_a_reason_from_the_list(party):
    with pytest.raises(Refusal) as refusal:
        standing.leave(party.wang, reason=ExitReason.DIED, by=party.secretary, on=TODAY)
    assert refusal.value.field == "reason"
    with pytest.raises(Refusal):
        standing.leave(party.wang, reason=ExitReason.PROBATION_CANCELLED, by=party.secretary, on=TODAY)

    standing.leave(party.sun, reason=ExitReason.PROBATION_CANCELLED, by=party.secretary, on=TODAY)
    fact = MemberFact.objects.current().get(member=party.sun)
    assert (fact.standing, fact.standing_reason) == (Standing.LEFT, ExitReason.PROBATION_CANCELLED)


def test_somebody_suspended_may_leave_for_a_reason_of_its_own(party):
    standing.suspend(party.wang, reason="失去联系六个月", by=party.secretary, on=EARLIER)
    standing.leave(party.wang, reason=ExitReason.SELF_WITHDRAWAL, by=party.secretary, on=TODAY)
    assert Membership.objects.standing().get(member=party.wang).exit_reason == ExitReason.SUSPENDED
    assert MemberFact.objects.current().get(member=party.wang).standing_reason == ExitReason.SELF_WITHDRAWAL


def test_the_dead_are_neither_restored_nor_recorded_dead_again(party):
    standing.record_death(party.wang, by=party.secretary, on=TODAY)
    with pytest.raises(OutOfTurn):
        standing.record_death(party.wang, by=party.secretary, on=TODAY)
    with pytest.raises(OutOfTurn):
        standing.restore(party.wang, cell=party.yunshan, reason="登记有误", by=party.secretary, on=TODAY)


@pytest.mark.parametrize("who", ["publicist", "other_secretary", "auditor", "leader", "plain_member"])
def test_who_does_not_keep_the_roster_changes_nobodys_standing(party, who):
    by = getattr(party, who)
    for deed in (
        lambda: standing.suspend(party.wang, reason="失去联系", by=by, on=TODAY),
        lambda: standing.leave(party.wang, reason=ExitReason.WITHDREW, by=by, on=TODAY),
        lambda: standing.record_death(party.wang, by=by, on=TODAY),
        lambda: standing.convert(party.sun, by=by, on=date(2027, 1, 16)),
    ):
        with pytest.raises(PermissionDenied):
            deed()


def test_restoring_needs_the_roster_of_the_cell_entered(party):
    standing.suspend(party.wang, reason="失去联系六个月", by=party.secretary, on=EARLIER)
    with pytest.raises(PermissionDenied):
        standing.restore(party.wang, cell=party.yuanfan, reason="换了公司", by=party.secretary, on=TODAY)


def test_a_day_that_leaves_nothing_of_the_membership_is_refused(party):
    for deed in (
        lambda: standing.suspend(party.wang, reason="失去联系", by=party.secretary, on=LONG_AGO),
        lambda: standing.record_death(party.wang, by=party.secretary, on=LONG_AGO),
    ):
        with pytest.raises(Refusal) as refusal:
            deed()
        assert refusal.value.field == "on"
