"""Two records of one person made one, and made two again."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Entry
from core.errors import OutOfTurn, Refusal
from members.domain import merges
from members.models import Member, MemberFact, Membership
from tests.cast import LONG_AGO, TODAY, enlist
from tests.suites import both_suites


@pytest.fixture
def double(party):
    """王涛 once more, as somebody wrote him down without his number, in the other branch."""
    twin = enlist("王涛", party.yuanfan, mobile="13800005678", school="青澜大学")
    Member.objects.filter(pk=twin.pk).update(id_number="", id_number_index="")
    return Member.objects.get(pk=twin.pk)


def merge(party, double, **changed):
    return merges.merge(
        party.wang, **({"absorbed": double, "reason": "同一个人录了两次", "by": party.staff, "on": TODAY} | changed)
    )


def test_the_absorbed_record_counts_nowhere_at_any_date(party, double):
    merge(party, double)
    assert not Membership.objects.as_of(LONG_AGO).filter(member=double).exists()
    assert not MemberFact.objects.as_of(TODAY).filter(member=double).exists()
    assert not Member.objects.visible_to(party.staff).filter(pk=double.pk).exists()
    assert Entry.objects.about(party.wang).get().action == "members.merged"


def test_blank_items_are_filled_and_taken_back(party, double):
    done = merge(party, double)
    assert Member.objects.get(pk=party.wang.pk).school == "青澜大学"

    merges.undo_merge(done, by=party.staff, on=TODAY)
    assert Member.objects.get(pk=party.wang.pk).school == ""
    again = Member.objects.get(pk=double.pk)
    assert (again.school, again.mobile, again.merged_into) == ("青澜大学", "13800005678", None)
    assert again.place.cell == party.yuanfan
    assert again.place.starts_on == LONG_AGO


def test_what_was_changed_since_is_left_alone_by_undoing(party, double):
    done = merge(party, double)
    Member.objects.filter(pk=party.wang.pk).update(school="别的大学")
    merges.undo_merge(done, by=party.staff, on=TODAY)
    assert Member.objects.get(pk=party.wang.pk).school == "别的大学"


def test_a_merge_is_undone_once(party, double):
    done = merge(party, double)
    merges.undo_merge(done, by=party.staff, on=TODAY)
    with pytest.raises(OutOfTurn):
        merges.undo_merge(done, by=party.staff, on=TODAY)


@both_suites
def test_a_filled_in_number_goes_back_to_the_record_it_came_from(party, double):
    done = merges.merge(double, absorbed=party.wang, reason="同一个人录了两次", by=party.staff, on=TODAY)
    number = party.wang.id_number
    assert Member.objects.on_record().with_id_number(number).get() == double

    merges.undo_merge(done, by=party.staff, on=TODAY)
    assert Member.objects.on_record().with_id_number(number).get() == party.wang
    assert Member.objects.get(pk=party.wang.pk).user == party.plain_member


def test_what_undoing_needs_is_sealed(party, double):
    done = merge(party, double)
    stored = type(done).objects.filter(pk=done.pk).values_list("before", flat=True).get()
    assert stored.token.startswith("v1|")


def test_merging_needs_both_rosters(party, double):
    for who in (party.secretary, party.other_secretary, party.auditor):
        with pytest.raises(PermissionDenied):
            merge(party, double, by=who)


def test_undoing_needs_both_rosters(party, double):
    done = merge(party, double)
    with pytest.raises(PermissionDenied):
        merges.undo_merge(done, by=party.secretary, on=TODAY)


def test_two_people_are_not_merged(party, double):
    with pytest.raises(Refusal):
        merge(party, party.liu)
    with pytest.raises(Refusal):
        merge(party, party.wang)
    with pytest.raises(Refusal) as refusal:
        merge(party, double, reason="")
    assert refusal.value.field == "reason"


def test_days_that_contradict_the_kept_record_are_not_filled_in(party, double):
    merges.merge(party.sun, absorbed=double, reason="同一个人录了两次", by=party.staff, on=TODAY)
    probationary = Member.objects.get(pk=party.sun.pk)
    assert (probationary.school, probationary.converted_on) == ("青澜大学", None)


def test_of_two_days_out_of_order_neither_is_taken_over(party, double):
    Member.objects.filter(pk=party.wang.pk).update(joined_on="2015-06-01", converted_on=None)
    merge(party, double)
    kept = Member.objects.get(pk=party.wang.pk)
    assert (str(kept.joined_on), kept.converted_on) == ("2015-06-01", None)
