"""Keeping a roster is not appointing: nobody is put out of office by way of their record."""

import pytest

from accounts.models import User
from cells.choices import Office
from cells.domain import appointments
from cells.models import Appointment
from core.errors import Refusal
from members.choices import ExitReason
from members.domain import merges, places, roster, sign_ins, standing
from members.domain.places import Placing
from members.models import Member, Membership
from tests.cast import LONG_AGO, TODAY, appoint, enlist

DEEDS = {
    "suspend": lambda member, by: standing.suspend(member, reason="失去联系六个月", by=by, on=TODAY),
    "leave": lambda member, by: standing.leave(member, reason=ExitReason.WITHDREW, by=by, on=TODAY),
    "record_death": lambda member, by: standing.record_death(member, by=by, on=TODAY),
    "unlink": lambda member, by: sign_ins.unlink(member, by=by, on=TODAY),
    "void": lambda member, by: roster.void_many([member], reason="录错了人", by=by, on=TODAY),
}


def offices_of(holder):
    return Appointment.objects.reaching(TODAY).filter(holder=holder).count()


@pytest.fixture
def commissioner(party):
    """A member whose office the secretary fills."""
    return enlist("周航", party.yunshan, user=party.organiser)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("who", ["deputy", "organiser", "secretary"])
def test_the_secretary_is_not_put_out_of_office_by_whoever_keeps_the_roster(party, deed, who):
    with pytest.raises(Refusal):
        DEEDS[deed](party.li, getattr(party, who))
    assert offices_of(party.secretary) == 1
    assert Membership.objects.current().filter(member=party.li).exists()
    assert Member.objects.get(pk=party.li.pk).user == party.secretary


@pytest.mark.parametrize("deed", DEEDS)
def test_whoever_appoints_from_above_may(party, deed):
    assert DEEDS[deed](party.li, party.north_staff)


# An account in use is taken off a record from above alone, whoever fills the office.
@pytest.mark.parametrize("deed", sorted(DEEDS.keys() - {"unlink"}))
def test_a_secretary_may_where_the_office_is_theirs_to_fill(party, commissioner, deed):
    assert DEEDS[deed](commissioner, party.secretary)


@pytest.mark.parametrize("deed", DEEDS)
def test_an_office_still_to_begin_counts_too(party, deed):
    appointments.appoint(
        party.north, holder=party.plain_member, office=Office.ADVISOR, by=party.staff, on=TODAY.replace(year=2027)
    )
    with pytest.raises(Refusal, match="王涛还担任党建工作指导员"):
        DEEDS[deed](party.wang, party.secretary)


def test_moving_somebody_out_of_a_branch_asks_for_the_offices_left_there(party):
    by = appoint("何静", Office.SECRETARY, party.north)
    with pytest.raises(Refusal, match="李敏还担任书记") as refusal:
        places.place_many(
            [Placing(party.wang, party.yuanfan), Placing(party.li, party.yuanfan)], reason="换了公司", by=by, on=TODAY
        )
    assert refusal.value.row == 1
    assert offices_of(party.secretary) == 1
    assert Membership.objects.current().get(member=party.li).cell == party.yunshan


def test_within_the_branch_nobody_is_asked(party):
    places.place(party.li, cell=party.first_group, reason="编入小组", by=party.organiser, on=TODAY)
    assert offices_of(party.secretary) == 1


@pytest.mark.parametrize("whose", ["staff", "technician", "auditor", "other_secretary"])
def test_an_account_nobody_here_knows_is_not_linked(party, whose):
    with pytest.raises(Refusal, match="没有这个编号的账号") as refusal:
        sign_ins.link(party.sun, user=getattr(party, whose), by=party.secretary, on=TODAY)
    assert refusal.value.field == "user"


def test_an_account_with_an_office_is_linked_by_whoever_fills_it(party):
    with pytest.raises(Refusal, match="陈思远还担任副书记"):
        sign_ins.link(party.sun, user=party.deputy, by=party.secretary, on=TODAY)
    sign_ins.link(party.sun, user=party.organiser, by=party.secretary, on=TODAY)
    sign_ins.link(party.zhou, user=party.deputy, by=party.north_staff, on=TODAY)


def test_an_account_just_opened_is_linked(party):
    sign_ins.link(party.sun, user=User.objects.open_dormant("孙悦"), by=party.secretary, on=TODAY)


def test_merging_does_not_unlink_who_holds_an_office(party):
    twin = enlist("李敏", party.yunshan, user=appoint("李敏", Office.DEPUTY_SECRETARY, party.north), on=LONG_AGO)
    Member.objects.filter(pk=twin.pk).update(id_number="", id_number_index="")
    with pytest.raises(Refusal) as refusal:
        merges.merge(party.li, absorbed=twin, reason="同一个人录了两次", by=party.organiser, on=TODAY)
    assert refusal.value.field == "absorbed"
    assert merges.merge(party.li, absorbed=twin, reason="同一个人录了两次", by=party.north_staff, on=TODAY)
