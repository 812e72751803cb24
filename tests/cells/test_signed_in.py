"""Who asks and what they hold is read in one turn, for this request and for no other."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cells.authority import held_by
from cells.domain import appointments
from cells.signed_in import ByAccount, ByPassword
from tests.cast import TODAY


@pytest.mark.parametrize("way", [ByPassword, ByAccount])
def test_somebody_comes_with_what_they_hold(party, way):
    for who in (party.secretary, party.deputy_alone, party.former_secretary, party.plain_member):
        with CaptureQueriesContext(connection) as asked:
            person = way().get_user(str(who.pk))
            held = held_by(person)
        assert len(asked) == 1
        assert person == who
        assert held == held_by(User.objects.get(pk=who.pk))
        assert [office.cell.name for office in held] == [seat.cell.name for seat in who.appointments.in_force(TODAY)]


def test_an_office_that_ended_is_over_with_the_next_request(client, party):
    client.force_login(party.secretary)
    assert client.get("/members/").status_code == 200
    [seat] = party.secretary.appointments.in_force(TODAY)
    appointments.end(seat, reason="换届", by=party.staff, on=TODAY)
    assert client.get("/members/").status_code == 403


def test_an_account_that_was_closed_is_nobody_with_the_next_request(client, party):
    client.force_login(party.secretary)
    User.objects.filter(pk=party.secretary.pk).update(is_active=False)
    assert client.get("/members/").status_code == 302
    assert ByPassword().get_user(party.secretary.pk) is None
    assert ByPassword().get_user(0) is None
