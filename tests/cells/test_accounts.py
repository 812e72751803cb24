"""Keeping accounts: closing, reopening, unlocking; and the last who could let others in stays."""

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import lockout
from accounts.domain import closing
from accounts.lockout import NAME
from accounts.models import User
from acts.domain import undoing
from acts.models import Act
from audit.models import Entry
from cells.choices import Office
from cells.domain import accounts, appointments
from cells.models import Appointment
from core.errors import OutOfTurn, Refusal
from notices.models import Notice
from tests import cast
from tests.cast import TODAY
from tests.cells.test_races import at_once

HOW = {"reason": "长期不用", "on": TODAY}
SETTINGS = reverse("accounts:settings")


def test_a_closed_account_is_out_with_the_next_request_and_stays_out(party):
    secretary = Client()
    secretary.force_login(party.secretary)
    assert secretary.get(SETTINGS).status_code == 200
    accounts.close(party.secretary, by=party.technician, **HOW)
    assert secretary.get(SETTINGS).status_code == 302
    secretary.post(reverse("account_login"), {"login": "secretary", "password": "password"})
    assert secretary.get(SETTINGS).status_code == 302
    entry = Entry.objects.get(action="accounts.suspended")
    assert (entry.path, entry.facts) == (party.yunshan.path, {"reason": "长期不用"})


def test_a_reopened_account_signs_in_again_but_what_was_open_stays_shut(party):
    before = Client()
    before.force_login(party.secretary)
    accounts.close(party.secretary, by=party.technician, **HOW)
    accounts.reopen(party.secretary, by=party.technician, **HOW)
    assert before.get(SETTINGS).status_code == 302
    assert before.post(reverse("account_login"), {"login": "secretary", "password": "password"}).status_code == 302
    assert before.get(SETTINGS).status_code == 200
    assert Entry.objects.filter(action="accounts.reopened").count() == 1


def test_what_its_holder_asked_to_be_closed_for_good_stays_closed(party):
    closing.close(party.plain_member, by=party.staff, on=TODAY)
    with pytest.raises(Refusal, match="不能恢复"):
        accounts.reopen(party.plain_member, by=party.technician, **HOW)


@pytest.mark.parametrize("who", ["staff", "north_staff", "secretary", "auditor", "stranger"])
@pytest.mark.parametrize("deed", [accounts.close, accounts.reopen])
def test_only_who_keeps_accounts_closes_and_reopens(party, who, deed):
    with pytest.raises(PermissionDenied):
        deed(party.organiser, by=getattr(party, who), **HOW)


def test_nobody_closes_the_account_of_who_fills_their_own_office(party):
    keeper = cast.appoint("廖晓", Office.ACCOUNT_ADMINISTRATOR, party.north)
    equal = cast.appoint("莫然", Office.ACCOUNT_ADMINISTRATOR, party.north)
    with pytest.raises(Refusal, match="任免您"):
        accounts.close(party.north_staff, by=keeper, **HOW)
    assert not accounts.close(equal, by=keeper, **HOW).is_active
    assert not accounts.close(party.secretary, by=keeper, **HOW).is_active
    above = cast.appoint("卢清", Office.ACCOUNT_ADMINISTRATOR, party.association)
    assert not accounts.close(party.north_staff, by=above, **HOW).is_active
    other = cast.appoint("另一位", Office.ASSOCIATION_STAFF, party.association)
    with pytest.raises(Refusal, match="任免您"):
        accounts.close(other, by=above, **HOW)
    assert not accounts.close(other, by=party.technician, **HOW).is_active


def test_nobody_closes_their_own(party):
    cast.appoint("另一位", Office.TECHNICAL_ADMINISTRATOR, party.association)
    with pytest.raises(Refusal, match="不能停用自己"):
        accounts.close(party.technician, by=party.technician, **HOW)


def test_closing_takes_a_reason_and_an_open_account(party):
    with pytest.raises(Refusal, match="停用原因"):
        accounts.close(party.organiser, by=party.technician, reason=" ", on=TODAY)
    with pytest.raises(OutOfTurn):
        accounts.reopen(party.organiser, by=party.technician, **HOW)
    accounts.close(party.organiser, by=party.technician, **HOW)
    with pytest.raises(OutOfTurn):
        accounts.close(party.organiser, by=party.technician, **HOW)
    with pytest.raises(Refusal, match="恢复原因"):
        accounts.reopen(party.organiser, by=party.technician, reason="", on=TODAY)


def test_a_shut_door_is_opened_by_who_may_answer_for_the_person(party):
    for _try in range(NAME.most + 1):
        lockout.try_password("organiser", "10.0.0.1")
    assert lockout.is_locked(party.organiser)
    for who in ("secretary", "organiser", "auditor"):
        with pytest.raises(PermissionDenied):
            accounts.unlock(party.organiser, by=getattr(party, who), on=TODAY)
    accounts.unlock(party.organiser, by=party.north_staff, on=TODAY)
    assert not lockout.is_locked(party.organiser)
    assert lockout.try_password("organiser", "10.0.0.1")
    assert Notice.objects.filter(to=party.organiser, sentence__contains="解除").exists()
    with pytest.raises(OutOfTurn):
        accounts.unlock(party.organiser, by=party.technician, on=TODAY)


class TestTheLast:
    def end(self, who, party, by):
        office = Appointment.objects.in_force(TODAY).get(holder=getattr(party, who))
        return appointments.end(office, reason="调离", by=by, on=TODAY)

    def test_technical_administrator_is_not_ended_and_reads_why(self, client, party):
        with pytest.raises(Refusal, match="这是最后一位技术管理员，请先任命另一位"):
            self.end("technician", party, party.staff)
        client.force_login(party.staff)
        office = party.technician.appointments.get()
        path = reverse("cells:officer-end", args=[party.association.code, office.pk])
        answer = client.post(path, {"reason": "调离", "on": TODAY.isoformat()})
        assert answer.status_code == 422
        assert "这是最后一位技术管理员" in answer.content.decode()
        assert Appointment.objects.in_force(TODAY).filter(pk=office.pk).exists()

    def test_staff_of_the_association_is_not_closed(self, party):
        with pytest.raises(Refusal, match="这是最后一位协会党委工作人员"):
            accounts.close(party.staff, by=party.technician, **HOW)
        party.staff.refresh_from_db()
        assert party.staff.is_active

    def test_does_not_count_who_cannot_sign_in(self, party):
        other = cast.appoint("另一位", Office.TECHNICAL_ADMINISTRATOR, party.association)
        type(other).objects.filter(pk=other.pk).update(username=None)
        with pytest.raises(Refusal):
            self.end("technician", party, party.staff)

    def test_is_not_put_out_by_undoing_the_appointment_either(self, party):
        other = cast.person("另一位")
        office = Office.TECHNICAL_ADMINISTRATOR
        appointments.appoint(party.association, holder=other, office=office, by=party.staff, on=TODAY)
        appointed = Act.objects.latest("pk")
        self.end("technician", party, party.staff)
        with pytest.raises(Refusal, match="这是最后一位技术管理员"):
            undoing.undo(appointed, by=party.staff, on=TODAY)

    def test_but_one_goes_once_there_is_another(self, party):
        cast.appoint("另一位", Office.TECHNICAL_ADMINISTRATOR, party.association)
        assert self.end("technician", party, party.staff).ends_on == TODAY

    def test_other_offices_may_stand_empty(self, party):
        assert self.end("secretary", party, party.staff).ends_on == TODAY


@pytest.mark.django_db(transaction=True)
def test_of_two_who_close_each_other_at_once_one_stays(party):
    one, other = party.technician, cast.appoint("另一位", Office.TECHNICAL_ADMINISTRATOR, party.association)
    for _round in range(5):
        outcomes = at_once(
            lambda: accounts.close(one, by=other, **HOW),
            lambda: accounts.close(other, by=one, **HOW),
        )
        refused = [str(outcome) for outcome in outcomes if isinstance(outcome, Refusal)]
        assert len(refused) == 1, outcomes
        assert "这是最后一位技术管理员" in refused[0]
        User.objects.filter(pk__in=[one.pk, other.pk]).update(is_active=True)


def test_a_closed_account_gets_no_office_back_by_undoing(party):
    office = party.yunshan.appointments.get(holder=party.organiser)
    appointments.end(office, reason="调离", by=party.north_staff, on=TODAY)
    ended = Act.objects.latest("pk")
    closing.close(party.organiser, by=party.staff, on=TODAY)
    with pytest.raises(Refusal, match="周航的账号已停用"):
        undoing.undo(ended, by=party.north_staff, on=TODAY)
    assert not party.organiser.appointments.reaching(TODAY).exists()
