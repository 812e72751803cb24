"""An invitation opens one account, for one person, once."""

import datetime

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.test import Client
from django.urls import reverse

from accounts import invitations
from accounts.domain import people
from accounts.models import User
from audit.models import Entry
from cells.choices import CellKind, Office
from core.errors import Refusal
from tests import cast
from tests.cast import TODAY
from tests.cells.test_races import at_once

PASSWORD = "清晨的银杏和海棠"
ANSWERS = {"username": "WangTao", "password": PASSWORD * 2, "again": PASSWORD * 2}


@pytest.fixture
def dormant(db):
    return User.objects.open_dormant("王涛")


@pytest.fixture
def address_for(db):
    """Invitations drawn up by somebody who may draw up any of these: the association's staff."""
    association = cast.found("中共青澜市社会组织委员会", CellKind.COMMITTEE)
    by = cast.appoint("赵卫东", Office.ASSOCIATION_STAFF, association)
    return lambda user: invitations.address_for(user, by=by)


def activate(user, *, by=None, **answers):
    return people.activate(
        user, **({"username": "wangtao", "password": PASSWORD * 2} | answers), by=by or user, on=TODAY
    )


def test_taking_up_an_invitation_opens_the_account_and_is_written_down(client, dormant, address_for):
    path = address_for(dormant)
    assert "王涛" in client.get(path).content.decode()
    assert client.post(path, ANSWERS).url == reverse("account_login")
    dormant.refresh_from_db()
    assert dormant.username == "wangtao"
    assert dormant.check_password(PASSWORD * 2)
    assert Entry.objects.get().action == "accounts.activated"


def test_an_invitation_works_once(client, dormant, address_for):
    path = address_for(dormant)
    client.post(path, ANSWERS)
    answer = client.get(path)
    assert answer.status_code == 404
    assert "邀请链接已失效" in answer.content.decode()


def test_an_invitation_ages(client, dormant, address_for):
    path = address_for(dormant)
    with time_machine.travel(datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=invitations.DAYS, hours=1)):
        assert client.get(path).status_code == 404


def test_an_invitation_of_ones_own_making_opens_nothing(client, dormant, address_for):
    assert client.get(reverse("accounts:invitation", args=["made-up"])).status_code == 404
    path = address_for(dormant)
    assert client.get(path[:-2] + "x/").status_code == 404


def test_a_closed_account_is_not_opened_by_an_old_invitation(client, dormant, address_for):
    path = address_for(dormant)
    User.objects.filter(pk=dormant.pk).update(is_active=False)
    assert client.get(path).status_code == 404
    with pytest.raises(Refusal):
        activate(dormant)


def test_who_has_a_username_keeps_it_and_sets_a_new_password(client, party):
    office = party.secretary.appointments.get()
    path = invitations.address_for(party.secretary, by=party.staff, offices=[office.pk])
    client.post(path, ANSWERS)
    party.secretary.refresh_from_db()
    assert party.secretary.username == "secretary"
    assert party.secretary.check_password(PASSWORD * 2)


def test_a_name_somebody_else_uses_is_refused_at_its_field(client, dormant, party, address_for):
    answer = client.post(address_for(dormant), ANSWERS | {"username": "Secretary"})
    assert answer.status_code == 422
    assert answer.context["form"].errors["username"] == ["这个用户名已有人使用，请换一个"]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"again": "something else"}, "again"),
        ({"password": "short", "again": "short"}, "password"),
        ({"username": "x"}, "username"),
    ],
)
def test_what_cannot_stand_is_said_at_its_field(client, dormant, address_for, wrong, field):
    answer = client.post(address_for(dormant), ANSWERS | wrong)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == [field]
    dormant.refresh_from_db()
    assert dormant.is_dormant


def test_nobody_takes_up_another_persons_invitation(dormant, party):
    with pytest.raises(PermissionDenied):
        activate(dormant, by=party.staff)


@pytest.mark.django_db(transaction=True)
def test_of_several_who_take_it_up_at_once_one_does(party):
    dormant = User.objects.open_dormant("王涛")
    path = invitations.address_for(dormant, by=party.staff)
    takers = [{"username": f"taker{place}", "password": f"{PASSWORD}{place}甲乙"} for place in range(4)]
    outcomes = at_once(
        *(lambda taken=taken: Client().post(path, taken | {"again": taken["password"]}).status_code for taken in takers)
    )
    assert sorted(outcomes) == [302, 404, 404, 404]
    dormant.refresh_from_db()
    assert dormant.username == takers[outcomes.index(302)]["username"]
    assert dormant.check_password(takers[outcomes.index(302)]["password"])
    assert Entry.objects.filter(action="accounts.activated").count() == 1
