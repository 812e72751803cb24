"""Outside the demo whoever holds an office sets up a second factor before anything else."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.urls import reverse

from accounts import second_factor, signing_in
from accounts.adapters import FactorAdapter
from accounts.domain import recovery
from cells.domain import recoveries
from core.errors import Refusal
from tests.cast import TODAY

SETTINGS = reverse("accounts:settings")
SET_UP = reverse("mfa_index")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _outside_the_demo(settings):
    settings.ZHIBU_SECOND_FACTOR = True


@pytest.mark.parametrize(
    ("who", "required"),
    [("secretary", True), ("technician", True), ("leader", True), ("former_secretary", False), ("plain_member", False)],
)
def test_every_office_held_today_asks_for_one(party, who, required):
    assert second_factor.required_for(getattr(party, who)) is required


def test_an_office_holder_without_one_is_led_to_where_it_is_set_up(client, party):
    client.force_login(party.secretary)
    answer = client.get(SETTINGS)
    assert answer.url == f"{SET_UP}?next=%2Fsettings%2F"
    assert "您担任的职务要求第二验证方式" in client.get(answer.url).content.decode()


def test_the_way_to_set_one_up_stays_open(client, party):
    client.force_login(party.secretary)
    assert client.get(SET_UP).status_code == 200
    assert client.post(reverse("accounts:settings-display"), {"theme": "dark"}).url == SETTINGS


def test_an_inline_request_is_led_there_too(client, party):
    client.force_login(party.secretary)
    answer = client.get(SETTINGS, headers={"hx-request": "true"})
    assert (answer.status_code, answer.headers["HX-Redirect"].split("?")[0]) == (403, SET_UP)


def test_with_one_set_up_the_way_is_free(client, party):
    TOTP.activate(party.secretary, SECRET)
    client.force_login(party.secretary)
    assert client.get(SETTINGS).status_code == 200


def test_recovery_codes_alone_are_no_second_factor(client, party):
    Authenticator.objects.create(user=party.secretary, type=Authenticator.Type.RECOVERY_CODES, data={})
    client.force_login(party.secretary)
    assert client.get(SETTINGS).status_code == 302


def test_a_plain_member_needs_none(client, party):
    client.force_login(party.plain_member)
    assert client.get(SETTINGS).status_code == 200


def test_the_demo_asks_for_none(client, party, settings):
    settings.ZHIBU_SECOND_FACTOR = False
    client.force_login(party.secretary)
    assert client.get(SETTINGS).status_code == 200


def test_the_last_one_cannot_be_taken_off_while_the_office_lasts(party):
    app = TOTP.activate(party.secretary, SECRET).instance
    assert not FactorAdapter().can_delete_authenticator(app)
    Authenticator.objects.create(user=party.secretary, type=Authenticator.Type.WEBAUTHN, data={})
    assert FactorAdapter().can_delete_authenticator(app)


def test_without_an_office_it_may_be_taken_off(party):
    assert FactorAdapter().can_delete_authenticator(TOTP.activate(party.plain_member, SECRET).instance)


def test_an_invitation_is_no_way_around_it(party):
    TOTP.activate(party.secretary, SECRET)
    with pytest.raises(Refusal, match="请改设密码"):
        signing_in.add_passkey(None, party.secretary, None)


def test_nor_around_the_two_who_confirm_that_it_was_lost(party):
    recovered = recovery.ask(party.secretary, by=party.secretary, on=TODAY)
    for by in (party.staff, party.technician):
        recoveries.confirm(recovered, checked="当面核对身份证", met=True, by=by, on=TODAY)
    with pytest.raises(Refusal, match="请改设密码"):
        signing_in.add_passkey(None, party.secretary, None)
