"""Showing a number in full, and whose account reads a record as its own."""

import pytest
from django.core.exceptions import PermissionDenied

from audit.models import Entry
from core.errors import Refusal
from members.domain import reveals, sign_ins
from members.models import Member
from tests.cast import TODAY


def test_a_number_is_shown_for_a_purpose_that_stays_in_the_trail(party):
    shown = reveals.reveal(party.wang, item="mobile", purpose="核对手机号", by=party.secretary, on=TODAY)

    assert shown == "13800005678"
    entry = Entry.objects.about(party.wang).get()
    assert (entry.action, entry.actor, entry.facts["purpose"]) == ("members.revealed", party.secretary, "核对手机号")
    assert shown not in str(entry.facts)


def test_no_purpose_no_number(party):
    for purpose in ("", "  查 看 "[:3]):
        with pytest.raises(Refusal) as refusal:
            reveals.reveal(party.wang, item="mobile", purpose=purpose, by=party.secretary, on=TODAY)
        assert refusal.value.field == "purpose"
    assert not Entry.objects.about(party.wang).exists()


def test_one_sees_ones_own_without_saying_why_and_it_is_recorded(party):
    shown = reveals.reveal(party.wang, item="id_number", purpose="", by=party.plain_member, on=TODAY)
    assert shown == party.wang.id_number
    assert Entry.objects.about(party.wang).count() == 1


@pytest.mark.parametrize(
    "told", ["打 138 0000 5678 找他", "核对＋８６１３８００００５６７８", "{id_number}", "去{address}走访"]
)
def test_a_purpose_that_says_the_number_or_address_is_refused(party, told):
    party.wang.address = "示例市示例区示例路 1 号"
    party.wang.save()
    spaced = " ".join(party.wang.id_number)
    for by in (party.secretary, party.plain_member):
        with pytest.raises(Refusal) as refusal:
            purpose = told.format(id_number=spaced, address="示例市示例区示例路1号")
            reveals.reveal(party.wang, item="mobile", purpose=purpose, by=by, on=TODAY)
        assert refusal.value.field == "purpose"
    assert not Entry.objects.about(party.wang).exists()


def test_only_numbers_and_the_address_are_shown(party):
    with pytest.raises(Refusal):
        reveals.reveal(party.wang, item="void_reason", purpose="核对资料", by=party.secretary, on=TODAY)


@pytest.mark.parametrize("who", ["auditor", "publicist", "organiser", "leader", "other_secretary", "technician"])
def test_who_may_not_reveal_sees_no_number(party, who):
    with pytest.raises(PermissionDenied):
        reveals.reveal(party.wang, item="id_number", purpose="核对资料", by=getattr(party, who), on=TODAY)


def test_an_account_is_linked_once_and_never_ones_own(party):
    linked = sign_ins.link(party.sun, user=party.stranger, by=party.secretary, on=TODAY)
    assert Member.objects.own(party.stranger).get() == linked

    for member, user, by in (
        (party.sun, party.leader, party.secretary),
        (party.zhou, party.stranger, party.secretary),
        (party.zhou, party.secretary, party.secretary),
    ):
        with pytest.raises(Refusal) as refusal:
            sign_ins.link(member, user=user, by=by, on=TODAY)
        assert refusal.value.field == "user"


def test_unlinking_closes_the_own_record(party):
    sign_ins.unlink(party.wang, by=party.north_staff, on=TODAY)
    assert not Member.objects.own(party.plain_member).exists()
    with pytest.raises(Refusal):
        sign_ins.unlink(party.wang, by=party.north_staff, on=TODAY)
    with pytest.raises(PermissionDenied):
        sign_ins.link(party.wang, user=party.stranger, by=party.publicist, on=TODAY)
