"""Who may hand an office-holder the way to their account."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts import invitations as addresses
from accounts.models import User
from audit.models import Entry
from cells.authority import Narrowing, Span, narrow
from cells.choices import Office, Power
from cells.domain import appointments, invitations
from cells.models import Appointment
from core.dated import since
from core.errors import OutOfTurn, Refusal
from members.domain import activation
from notices.models import Notice
from tests import cast
from tests.cast import LONG_AGO, TODAY

PASSWORD = "清晨的银杏和海棠" * 2


def office_of(user):
    return user.appointments.order_by("pk").last()


def name_dormant(cell, office=Office.ORGANISATION_COMMISSIONER, on=LONG_AGO):
    holder = User.objects.open_dormant("王涛")
    with transaction.atomic():
        return Appointment.objects.create(holder=holder, office=office, cell=cell, valid=since(on))


def invite(appointment, *, by):
    return invitations.invite(appointment, by=by, on=TODAY)


def token_of(path):
    return path.rstrip("/").rsplit("/", 1)[1]


def give(holder, office, cell, on=LONG_AGO, until=None):
    with transaction.atomic():
        return Appointment.objects.create(holder=holder, office=office, cell=cell, valid=since(on, until))


def test_a_secretary_invites_the_own_commissioner_and_the_trail_says_so(party):
    appointment = name_dormant(party.yunshan)
    path = invite(appointment, by=party.secretary)
    assert addresses.look_up(token_of(path), on=TODAY).user == appointment.holder
    entry = Entry.objects.get()
    assert (entry.action, entry.actor_id, entry.path) == ("cells.invited", party.secretary.pk, party.yunshan.path)
    assert path.rsplit("/", 2)[1] not in str(entry.facts)


@pytest.mark.parametrize(
    "who", ["other_secretary", "organiser", "publicist", "leader", "advisor", "auditor", "technician"]
)
def test_nobody_invites_where_they_may_not_appoint(party, who):
    with pytest.raises(PermissionDenied):
        invite(name_dormant(party.yunshan), by=getattr(party, who))


def test_nobody_reaches_further_by_inviting_somebody_who_holds_more(party):
    with transaction.atomic():
        Appointment.objects.create(
            holder=party.organiser, office=Office.COMMITTEE_STAFF, cell=party.north, valid=since(LONG_AGO)
        )
    commissioner = party.organiser.appointments.get(office=Office.ORGANISATION_COMMISSIONER)
    with pytest.raises(PermissionDenied):
        invite(commissioner, by=party.secretary)
    assert invite(commissioner, by=party.staff)


def test_a_program_invites_nobody_to_an_office_or_to_their_record(party):
    appointment = name_dormant(party.yunshan)
    narrow(party.secretary, Narrowing(frozenset(Power), Span(party.yunshan.path, below=True)))
    with pytest.raises(PermissionDenied, match="本人"):
        invite(appointment, by=party.secretary)
    with pytest.raises(PermissionDenied, match="本人"):
        activation.invite(party.sun, by=party.secretary, on=TODAY)
    assert not Entry.objects.did("cells.invited", "members.invited").exists()


def test_who_has_an_account_already_is_told(party):
    invite(office_of(party.organiser), by=party.north_staff)
    assert Notice.objects.get().to_id == party.organiser.pk


def test_nobody_invites_themselves(party):
    with pytest.raises(Refusal):
        invite(office_of(party.staff), by=party.staff)


def test_a_closed_account_is_not_invited(party):
    User.objects.filter(pk=party.organiser.pk).update(is_active=False)
    with pytest.raises(Refusal):
        invite(office_of(party.organiser), by=party.north_staff)


def test_an_office_that_has_ended_invites_nobody(party):
    with pytest.raises(OutOfTurn):
        invite(office_of(party.former_secretary), by=party.staff)


def test_the_page_shows_the_address_once_to_whoever_may(client, party):
    appointment = name_dormant(party.yunshan)
    path = reverse("cells:officer-invite", args=[party.yunshan.code, appointment.pk])
    client.force_login(party.secretary)
    assert client.get(path).status_code == 405
    assert "http://testserver/invitations/" in client.post(path).content.decode()
    client.force_login(party.publicist)
    assert client.post(path).status_code == 403
    client.force_login(party.other_secretary)
    assert client.post(path).status_code == 404


def test_a_secretary_does_not_reset_an_account_that_was_taken_up(party):
    with pytest.raises(PermissionDenied):
        invite(office_of(party.organiser), by=party.secretary)


def test_an_office_still_to_begin_counts_as_one_held(party):
    appointment = name_dormant(party.yunshan)
    give(appointment.holder, Office.COMMITTEE_STAFF, party.north, on=TODAY + timedelta(days=30))
    with pytest.raises(PermissionDenied):
        invite(appointment, by=party.secretary)
    assert invite(appointment, by=party.staff)


def test_nobody_reads_a_record_out_of_reach_by_inviting_its_member(party):
    appointment = name_dormant(party.yunshan)
    cast.enlist("王涛", party.shiguang, user=appointment.holder)
    for who in (party.secretary, party.north_staff):
        with pytest.raises(PermissionDenied):
            invite(appointment, by=who)
    assert invite(appointment, by=party.staff)


def stands(client, path):
    """Whether the address opens, and then whether it can be taken up."""
    opened = client.get(path).status_code
    taken = client.post(path, {"username": "wangtao", "password": PASSWORD, "again": PASSWORD}).status_code
    assert (opened, taken) in {(200, 302), (404, 404)}
    return taken == 302


def test_an_invitation_is_taken_up_while_nothing_has_changed(client, party):
    assert stands(client, invite(name_dormant(party.yunshan), by=party.secretary))


@pytest.mark.parametrize("on", [LONG_AGO, TODAY + timedelta(days=30)])
def test_an_invitation_opens_no_office_given_after_it(client, party, on):
    appointment = name_dormant(party.yunshan)
    path = invite(appointment, by=party.secretary)
    give(appointment.holder, Office.COMMITTEE_STAFF, party.north, on=on)
    assert not stands(client, path)
    assert User.objects.get(pk=appointment.holder_id).is_dormant


def test_not_even_one_the_inviter_may_fill(client, party):
    appointment = name_dormant(party.yunshan)
    path = invite(appointment, by=party.staff)
    give(appointment.holder, Office.ADVISOR, party.south)
    assert not stands(client, path)


def test_an_invitation_ends_with_the_office_of_the_inviter(client, party):
    path = invite(name_dormant(party.yunshan), by=party.secretary)
    appointments.end(office_of(party.secretary), reason="换届", by=party.staff, on=TODAY)
    assert not stands(client, path)


def test_an_invitation_ends_with_the_account_of_the_inviter(client, party):
    path = invite(name_dormant(party.yunshan), by=party.secretary)
    User.objects.filter(pk=party.secretary.pk).update(is_active=False)
    assert not stands(client, path)


def test_an_invitation_ends_when_the_member_goes_out_of_reach(client, party):
    appointment = name_dormant(party.yunshan)
    path = invite(appointment, by=party.secretary)
    cast.enlist("王涛", party.shiguang, user=appointment.holder)
    assert not stands(client, path)


def test_the_list_offers_only_invitations_that_may_be_drawn_up(client, party):
    name_dormant(party.yunshan, Office.PUBLICITY_COMMISSIONER)
    path = reverse("cells:officers", args=[party.yunshan.code])
    for who, again in (("secretary", False), ("north_staff", True)):
        client.force_login(getattr(party, who), "cells.signed_in.ByPassword")
        body = client.get(path).content.decode()
        assert "邀请开通账号" in body
        assert ("重新邀请" in body) is again
