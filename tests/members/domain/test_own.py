"""What members change on their own record: at once, alone, and without the trail telling what it is."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts import purposes
from accounts.domain import consents
from audit.models import Entry
from core.errors import OutOfTurn, Refusal
from members.choices import ExitReason
from members.domain import own, roster, standing
from members.models import Member
from tests.cast import TODAY, found_by_mobile

NEW = "139 0000 8866"


def change(member, *, by=None, **fact):
    return own.change(member, by=by or member.user, on=TODAY, **fact)


def test_a_new_mobile_holds_at_once_and_finds_its_owner(party):
    change(party.wang, mobile=NEW)
    wang = Member.objects.get(pk=party.wang.pk)
    assert (wang.mobile, wang.version) == ("13900008866", party.wang.version + 1)
    assert list(found_by_mobile("13900008866")) == [wang]
    assert list(found_by_mobile("8866")) == [wang]


def test_the_trail_names_the_item_and_never_what_stands_in_it(party):
    change(party.wang, address="青澜市示例路 8 号")
    entry = Entry.objects.get(action="members.own_changed")
    assert (entry.facts["field"], entry.path, entry.actor_id) == ("家庭住址", party.yunshan.path, party.plain_member.pk)
    assert "示例路" not in str(entry.facts)


@pytest.mark.parametrize("who", ["secretary", "staff", "other_secretary", "stranger"])
def test_nobody_else_changes_it_by_this_way(party, who):
    with pytest.raises(PermissionDenied):
        change(party.wang, by=getattr(party, who), mobile=NEW)


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        ({"mobile": "1390000886"}, "mobile"),
        ({"mobile": " "}, "mobile"),
        ({"address": ""}, "address"),
        ({"email": "nowhere"}, "email"),
        ({"education": "博士研究生"}, None),
        ({"id_number": "1"}, None),
    ],
)
def test_what_cannot_be_is_refused_where_it_was_said(party, fact, field):
    with pytest.raises(Refusal) as refused:
        change(party.wang, **fact)
    assert refused.value.field == field
    assert Member.objects.get(pk=party.wang.pk).version == party.wang.version


def test_what_stays_the_same_leaves_no_trace(party):
    change(party.wang, mobile="+86 138 0000 5678")
    assert Member.objects.get(pk=party.wang.pk).version == party.wang.version
    assert not Entry.objects.exists()


def test_an_address_to_write_to_rests_on_consent(party):
    with pytest.raises(Refusal) as refused:
        change(party.wang, email="wt@qinglan.example")
    assert refused.value.field == "agreed"
    change(party.wang, email="wt@qinglan.example", agreed=True)
    assert consents.stands(party.plain_member, purposes.MAIL)
    change(party.wang, email="wangtao@qinglan.example")
    assert Member.objects.get(pk=party.wang.pk).email == "wangtao@qinglan.example"


def test_without_consent_it_can_still_be_taken_away(party):
    Member.objects.filter(pk=party.wang.pk).update(email="wt@qinglan.example")
    change(party.wang, email="")
    assert Member.objects.get(pk=party.wang.pk).email == ""


def test_a_record_that_is_no_longer_live_is_changed_by_nobody(party):
    standing.leave(party.wang, reason=ExitReason.TRANSFERRED_OUT, by=party.staff, on=TODAY)
    with pytest.raises(OutOfTurn):
        change(party.wang, mobile=NEW)
    roster.void(party.zhou, reason="录错了人", by=party.staff, on=TODAY)
    with pytest.raises(OutOfTurn):
        change(party.zhou, by=party.plain_member, mobile=NEW)
