"""Who may hand an office-holder the way to their account."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse

from accounts import invitations as addresses
from accounts.models import User
from audit.models import Entry
from cells.choices import Office
from cells.domain import invitations
from cells.models import Appointment
from core.dated import since
from core.errors import OutOfTurn, Refusal
from notices.models import Notice
from tests.cast import LONG_AGO, TODAY


def office_of(user):
    return user.appointments.order_by("pk").last()


def name_dormant(cell, office=Office.ORGANISATION_COMMISSIONER, on=LONG_AGO):
    holder = User.objects.open_dormant("王涛")
    with transaction.atomic():
        return Appointment.objects.create(holder=holder, office=office, cell=cell, valid=since(on))


def invite(appointment, *, by):
    return invitations.invite(appointment, by=by, on=TODAY)


def test_a_secretary_invites_the_own_commissioner_and_the_trail_says_so(party):
    appointment = name_dormant(party.yunshan)
    path = invite(appointment, by=party.secretary)
    assert addresses.invited_by(path.rstrip("/").rsplit("/", 1)[1]) == appointment.holder
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


def test_who_has_an_account_already_is_told(party):
    invite(office_of(party.organiser), by=party.secretary)
    assert Notice.objects.get().to_id == party.organiser.pk


def test_nobody_invites_themselves(party):
    with pytest.raises(Refusal):
        invite(office_of(party.staff), by=party.staff)


def test_a_closed_account_is_not_invited(party):
    User.objects.filter(pk=party.organiser.pk).update(is_active=False)
    with pytest.raises(Refusal):
        invite(office_of(party.organiser), by=party.secretary)


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
