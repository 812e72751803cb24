"""Inviting members to their own record, and what has to be true before it opens."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts import invitations as addresses
from accounts import purposes
from accounts.domain import consents
from accounts.invitations import DAYS, Gone
from accounts.models import User
from audit.models import Entry
from cells.choices import Office
from cells.domain import appointments
from cells.models import Appointment
from core.dated import since
from core.errors import OutOfTurn, Refusal, Stale
from members.choices import ExitReason
from members.domain import activation, standing
from members.models import Member
from notices.models import Notice
from tests.cast import LONG_AGO, TODAY, enlist, person

PASSWORD = "清晨的银杏和海棠" * 2


@pytest.fixture(autouse=True)
def _nothing_counted(db):
    cache.clear()


def invite(member, *, by):
    """What stands in the address behind the door."""
    return activation.invite(member, by=by, on=TODAY).rstrip("/").rsplit("/", 1)[1]


def gone(token):
    found, member = activation.invited(token, on=TODAY)
    assert (member is None) == bool(found.gone)
    return found.gone


def take_up(token, **answers):
    known = {"confirmed": True, "read": 1, "agreed": [], "username": "sunyue", "password": PASSWORD}
    return activation.take_up(token, **known | answers, on=TODAY)


def test_a_member_without_an_account_gets_one_that_sleeps(party):
    token = invite(party.sun, by=party.secretary)
    sun = Member.objects.get(pk=party.sun.pk)
    assert sun.user.is_dormant
    assert gone(token) is None
    entry = Entry.objects.get(action="members.invited")
    assert (entry.path, entry.actor_id) == (party.yunshan.path, party.secretary.pk)
    assert token not in str(entry.facts)


def test_taking_it_up_opens_the_account_and_writes_down_what_was_read_and_agreed_to(party):
    member = take_up(invite(party.sun, by=party.secretary), agreed=[purposes.MAIL])
    user = User.objects.get(pk=member.user_id)
    assert (user.username, user.check_password(PASSWORD)) == ("sunyue", True)
    assert consents.stands(user, purposes.NOTICE)
    assert consents.stands(user, purposes.MAIL)
    assert not consents.stands(user, purposes.CALL)
    assert Entry.objects.filter(action="members.activated", path=party.yunshan.path, actor=user).exists()


@pytest.mark.parametrize(
    ("answers", "refusal"), [({"confirmed": False}, OutOfTurn), ({"read": 0}, Stale), ({"username": "LI"}, None)]
)
def test_nothing_opens_before_each_step_was_taken(party, answers, refusal):
    person("李", "li")
    token = invite(party.sun, by=party.secretary)
    with pytest.raises(refusal or Refusal):
        take_up(token, **answers)
    assert Member.objects.get(pk=party.sun.pk).user.is_dormant
    assert gone(token) is None


@pytest.mark.parametrize("who", ["organiser", "publicist", "leader", "auditor", "other_secretary", "advisor"])
def test_only_those_invite_who_may_read_the_record_whole(party, who):
    """Otherwise an organisation commissioner, who may reveal nothing, would read it all in the member's place."""
    assert not activation.may_invite(party.sun, by=getattr(party, who), on=TODAY)
    with pytest.raises(PermissionDenied):
        invite(party.sun, by=getattr(party, who))


def test_nobody_invites_themselves_or_somebody_who_left(party):
    with pytest.raises(Refusal):
        invite(party.li, by=party.secretary)
    standing.leave(party.sun, reason=ExitReason.TRANSFERRED_OUT, by=party.staff, on=TODAY)
    with pytest.raises(OutOfTurn):
        invite(party.sun, by=party.secretary)


def test_nobody_takes_over_an_office_by_inviting_its_holder(party):
    officer = enlist("周航", party.yunshan, user=party.organiser)
    with pytest.raises(Refusal, match="已经开通"):
        invite(officer, by=party.secretary)
    assert invite(officer, by=party.staff)


def test_who_has_an_account_is_told_that_somebody_asked_for_another_way_in(party):
    token = invite(party.wang, by=party.north_staff)
    assert "重新生成了登录邀请" in Notice.objects.get(to=party.plain_member).text
    take_up(token, username="another")
    assert User.objects.get(pk=party.plain_member.pk).username == "plain_member"


def test_who_keeps_the_roster_does_not_come_by_an_account_in_use_and_reads_who_can_help(party):
    assert not activation.may_invite(party.wang, by=party.secretary, on=TODAY)
    with pytest.raises(Refusal, match=r"账号已经开通.*秦立民"):
        invite(party.wang, by=party.secretary)
    assert "秦立民" in activation.who_helps(party.wang, by=party.secretary)
    assert not Notice.objects.exists()
    assert not Entry.objects.filter(action="members.invited").exists()


def test_an_invitation_of_the_branch_to_an_account_in_use_opens_nothing_however_it_came_about(party):
    path = addresses.address_for(party.plain_member, by=party.secretary, door=activation.DOOR)
    assert gone(path.rstrip("/").rsplit("/", 1)[1]) == Gone.WITHDRAWN


def test_who_is_invited_again_is_mailed_too(party, settings, django_capture_on_commit_callbacks):
    settings.ZHIBU_MAIL = True
    party.plain_member.email = "wangtao@example.cn"
    party.plain_member.save()
    with django_capture_on_commit_callbacks(execute=True):
        token = invite(party.wang, by=party.north_staff)
    (sent,) = mail.outbox
    assert "重新生成了登录邀请" in sent.body
    assert token not in sent.body


def test_an_invitation_says_why_it_is_gone(party):
    token = invite(party.sun, by=party.secretary)
    take_up(token)
    assert gone(token) == Gone.USED
    with pytest.raises(OutOfTurn, match="已经用过"):
        take_up(token)
    late = invite(party.zhou, by=party.secretary)
    with time_machine.travel(datetime.now(UTC) + timedelta(days=DAYS, hours=1)):
        assert gone(late) == Gone.LATE
    assert gone("of-nobodys-making") == Gone.UNKNOWN


def test_an_invitation_ends_with_the_power_to_draw_it_up(party):
    token = invite(party.sun, by=party.secretary)
    appointments.end(party.secretary.appointments.get(), reason="换届", by=party.staff, on=TODAY)
    assert gone(token) == Gone.WITHDRAWN


def test_an_invitation_opens_no_office_given_after_it(party):
    token = invite(party.sun, by=party.secretary)
    holder = Member.objects.get(pk=party.sun.pk).user
    with transaction.atomic():
        Appointment.objects.create(holder=holder, office=Office.ADVISOR, cell=party.south, valid=since(LONG_AGO))
    assert gone(token) == Gone.WITHDRAWN


def test_whoever_says_it_is_not_them_opens_nothing_and_the_secretary_hears_of_it(party):
    token = invite(party.sun, by=party.secretary)
    with pytest.raises(Refusal):
        activation.doubt(token, doubts=["nonsense"], on=TODAY)
    activation.doubt(token, doubts=["person", "cell"], on=TODAY)
    assert gone(token) == Gone.USED
    assert "孙悦的邀请被退回" in Notice.objects.get(to=party.secretary).text
    entry = Entry.objects.get(action="members.doubted")
    assert (entry.actor_id, entry.facts["doubts"]) == (None, ["person", "cell"])


def test_an_account_in_use_survives_a_doubt_and_who_invited_hears_once_a_day(party):
    token = invite(party.wang, by=party.north_staff)
    for _time in range(3):
        activation.doubt(token, doubts=["name"], on=TODAY)
    assert Notice.objects.filter(to=party.north_staff).count() == 1
    assert User.objects.get(pk=party.plain_member.pk).check_password("password")


def test_what_is_shown_tells_a_stranger_little(party):
    told = str(activation.masked_facts(party.wang))
    for hidden in ("王涛", party.wang.id_number[-4:], "2012-06-01"):
        assert hidden not in told
    assert "王*" in told
    assert party.wang.id_number[-2:] in told


def test_a_name_that_nobody_has_is_proposed(party):
    assert activation.free_username(party.wang) == "wangtao"
    person("王涛", "wangtao")
    assert activation.free_username(party.wang) == "wangtao2"
