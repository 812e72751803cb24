"""A9: people, their offices and accounts, for who appoints and who keeps accounts."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts import lockout
from cells.choices import GRANTS, CellKind, Office, Power
from cells.domain import appointments
from core.errors import Refusal
from tests.cast import TODAY, appoint

pytestmark = pytest.mark.django_db
PEOPLE = "/settings/people/"


def names(page):
    return [seat.holder.name for seat in page.context["table"].page.rows]


def test_staff_see_who_holds_which_office_within_their_reach(party, client):
    client.force_login(party.north_staff)
    page = client.get(PEOPLE)
    assert party.secretary.name in names(page)
    assert party.advisor.name not in names(page)


def test_the_list_is_narrowed_by_office_account_name_and_scope(party, client):
    client.force_login(party.staff)
    appointments.appoint_named(
        party.yuanfan, holder=None, name="新来的", office=Office.PUBLICITY_COMMISSIONER, by=party.staff, on=TODAY
    )
    assert names(client.get(PEOPLE, {"account": "dormant"})) == ["新来的"]
    assert set(names(client.get(PEOPLE, {"office": "advisor"}))) == {party.advisor.name}
    assert names(client.get(PEOPLE, {"q": party.secretary.code.lower()})) == [party.secretary.name]
    assert party.secretary.name not in names(client.get(PEOPLE, {"scope": party.yuanfan.code}))


def test_one_and_three_offices_ask_the_same_number_of_queries(party, client):
    client.force_login(party.staff)
    with CaptureQueriesContext(connection) as few:
        client.get(PEOPLE, {"office": "advisor"})
    for name in ("甲一", "乙二"):
        appoint(name, Office.ADVISOR, party.south)
    with CaptureQueriesContext(connection) as more:
        client.get(PEOPLE, {"office": "advisor"})
    assert len(few) == len(more)


def test_the_technical_administrator_closes_an_account_and_opens_it_again(party, client):
    client.force_login(party.technician)
    person = f"{PEOPLE}{party.organiser.code}/"
    assert client.post(f"{person}closing/", {"reason": ""}).status_code == 422
    closed = client.post(f"{person}closing/", {"reason": "离职"}, follow=True)
    assert "已停用" in closed.content.decode()
    party.organiser.refresh_from_db()
    assert not party.organiser.is_active
    client.post(f"{person}reopening/", {"reason": "返岗"})
    party.organiser.refresh_from_db()
    assert party.organiser.is_active


def test_the_last_technical_administrator_is_not_closed(party, client):
    other = appoint("另一位", Office.TECHNICAL_ADMINISTRATOR, party.association, username="other")
    client.force_login(other)
    client.post(f"{PEOPLE}{party.technician.code}/closing/", {"reason": "离职"})
    party.technician.refresh_from_db()
    assert not party.technician.is_active
    client.force_login(party.staff)
    assert client.post(f"{PEOPLE}{other.code}/closing/", {"reason": "离职"}).status_code == 403


def test_who_may_appoint_lets_somebody_in_again(party, client):
    for _try in range(lockout.NAME.most):
        lockout.try_password(party.organiser.username, "203.0.113.9")
    client.force_login(party.north_staff)
    person = f"{PEOPLE}{party.organiser.code}/"
    assert "解除登录暂停" in client.get(person).content.decode()
    client.post(f"{person}unlocking/")
    assert not lockout.is_locked(party.organiser)


def test_an_account_administrator_keeps_accounts_of_one_committee_alone(party, client):
    keeper = appoint("账号员", Office.ACCOUNT_ADMINISTRATOR, party.north)
    client.force_login(keeper)
    assert party.secretary.name in names(client.get(PEOPLE))
    assert client.get(f"{PEOPLE}{party.advisor.code}/").status_code == 404
    assert client.post(f"{PEOPLE}{party.organiser.code}/closing/", {"reason": "离职"}).status_code == 302
    assert client.get(f"/cells/{party.yunshan.code}/roster/").status_code == 404
    assert set(GRANTS[Office.ACCOUNT_ADMINISTRATOR]) == {Power.KEEP_ACCOUNTS}


def test_it_stands_in_a_committee_and_not_in_a_branch(party):
    how = {"holder": party.stranger, "office": Office.ACCOUNT_ADMINISTRATOR, "by": party.staff, "on": TODAY}
    assert party.north.kind == CellKind.COMMITTEE
    with pytest.raises(Refusal):
        appointments.appoint(party.yunshan, **how)
    assert appointments.appoint(party.north, **how).pk
