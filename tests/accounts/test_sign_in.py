"""P3: password, second step, and what the trail keeps of it."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.urls import reverse

from accounts import lockout
from accounts.adapters import FactorAdapter
from accounts.models import User
from audit.models import Entry
from tests.suites import both_suites

LOGIN = reverse("account_login")
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def _doors_unlocked():
    cache.clear()
    yield
    cache.clear()


def sign_in(client, username="secretary", password="password", **more):
    return client.post(LOGIN, {"login": username, "password": password, **more})


def actions():
    return list(Entry.objects.order_by("pk").values_list("action", flat=True))


def code_now(secret=SECRET):
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


def test_the_right_password_opens_the_workbench_and_is_written_down(client, party):
    answer = sign_in(client)
    assert answer.url == reverse("portal:home")
    entry = Entry.objects.get()
    assert (entry.action, entry.actor_id, entry.facts) == (
        "accounts.signed_in",
        party.secretary.pk,
        {"way": ["password"]},
    )


def test_the_case_and_width_of_the_username_do_not_matter(client, party):
    assert sign_in(client, "ＳECRETARY").status_code == 302


def test_signing_in_leads_to_where_one_wanted_to_go(client, party):
    assert sign_in(client, next="/settings/").url == "/settings/"


def test_a_wrong_password_says_so_and_is_written_down_without_the_password(client, party):
    html = sign_in(client, password="guess").content.decode()
    assert "用户名或密码不对" in html
    assert "guess" not in html
    entry = Entry.objects.get()
    assert (entry.action, entry.actor_id, entry.thing_id) == ("accounts.sign_in_failed", None, party.secretary.pk)


def test_an_unknown_name_gets_the_same_words_and_concerns_nobody(client, party):
    assert "用户名或密码不对" in sign_in(client, "nobody").content.decode()
    assert not Entry.objects.exists()


def test_a_dormant_account_opens_to_no_password(client, db):
    user = User.objects.open_dormant("王涛")
    assert sign_in(client, "", "").status_code == 422
    assert sign_in(client, user.code, "").status_code == 422
    assert "_auth_user_id" not in client.session


def test_a_closed_account_is_told_so(client, party):
    User.objects.filter(pk=party.secretary.pk).update(is_active=False)
    sign_in(client)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["/signup/", "/accounts/signup/", "/password/reset/", "/email/"])
def test_nobody_signs_up_alone(client, db, path):
    assert client.get(path).status_code == 404


def test_leaving_is_written_down(client, party):
    sign_in(client)
    client.post(reverse("account_logout"))
    assert actions() == ["accounts.signed_in", "accounts.signed_out"]


def test_leaving_takes_a_press_of_a_button(client, party):
    client.force_login(party.secretary)
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session


def test_a_changed_password_is_written_down_and_works(client, party):
    sign_in(client)
    new = "一句好记的长长的话abc"
    answer = client.post(
        reverse("account_change_password"),
        {"oldpassword": "password", "password1": new, "password2": new},
    )
    assert answer.status_code == 302
    assert actions()[-1] == "accounts.password_changed"
    party.secretary.refresh_from_db()
    assert party.secretary.check_password(new)


@both_suites
def test_the_second_step_asks_for_the_code_of_the_app(client, party):
    TOTP.activate(party.secretary, SECRET)
    answer = sign_in(client)
    assert answer.url == reverse("mfa_authenticate")
    assert "_auth_user_id" not in client.session
    page = client.get(answer.url).content.decode()
    assert 'autocomplete="one-time-code"' in page
    assert client.post(answer.url, {"code": code_now()}).url == reverse("portal:home")
    assert Entry.objects.get(action="accounts.signed_in").facts == {"way": ["password", "totp"]}


def test_a_wrong_code_says_what_to_type_and_is_written_down(client, party):
    TOTP.activate(party.secretary, SECRET)
    answer = sign_in(client)
    html = client.post(answer.url, {"code": "000000"}).content.decode()
    assert "请输入应用里现在显示的 6 位数字" in html
    assert actions() == ["accounts.sign_in_failed"]


def test_the_secret_of_the_app_is_not_readable_in_the_database(party):
    TOTP.activate(party.secretary, SECRET)
    stored = Authenticator.objects.get(user=party.secretary).data["secret"]
    assert SECRET not in stored
    assert FactorAdapter().decrypt(stored) == SECRET


def test_setting_up_the_app_is_written_down(client, party, django_capture_on_commit_callbacks):
    sign_in(client)
    path = reverse("mfa_activate_totp")
    again = client.get(path).url
    assert again.startswith(reverse("account_reauthenticate"))
    assert client.post(again, {"password": "password"}).url == path
    secret = client.get(path).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        client.post(path, {"code": code_now(secret)})
    assert "accounts.factor_added" in actions()
    assert client.get(reverse("mfa_view_recovery_codes")).status_code == 200


def test_the_passkey_tab_carries_scripts_from_our_own_house_only(client, db):
    html = client.get(LOGIN, {"way": "passkey"}).content.decode()
    assert 'src="/static/mfa/js/webauthn.js"' in html
    assert reverse("mfa_login_webauthn") in html
    options = client.get(reverse("mfa_login_webauthn"), headers={"accept": "application/json"}).json()
    assert options["request_options"]["publicKey"]["rpId"] == "testserver"


@pytest.fixture
def few_tries(monkeypatch):
    """Three wrong passwords from one address are as many as fifty."""
    monkeypatch.setattr(lockout, "ADDRESS", lockout.Limit("address", most=3))


def wrong_passwords(client, times, address):
    for time in range(times):
        client.post(LOGIN, {"login": f"nobody-{time}", "password": "guess"}, headers={"X-Forwarded-For": address(time)})


def test_behind_a_proxy_wrong_passwords_shut_only_the_door_they_were_tried_at(client, party, settings, few_tries):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    wrong_passwords(client, 4, lambda time: f"198.51.100.{time}, 203.0.113.1")

    right = {"login": "secretary", "password": "password"}
    assert client.post(LOGIN, right, headers={"X-Forwarded-For": "203.0.113.1"}).status_code != 302
    assert client.post(LOGIN, right, headers={"X-Forwarded-For": "203.0.113.2"}).status_code == 302


def test_without_a_proxy_a_forwarded_address_opens_no_door(client, party, few_tries):
    wrong_passwords(client, 4, lambda time: f"203.0.113.{time}")

    right = {"login": "secretary", "password": "password"}
    assert client.post(LOGIN, right, headers={"X-Forwarded-For": "203.0.113.99"}).status_code != 302


def test_who_is_asked_again_who_they_are_can_turn_back(client, party):
    sign_in(client)
    for wanted, back in ((reverse("mfa_activate_totp"), "accounts:settings"), (reverse("members:copy"), "members:me")):
        page = client.get(reverse("account_reauthenticate"), {"next": wanted}).content.decode()
        assert f'href="{reverse(back)}">不做了，返回' in page
    page = client.get(reverse("account_reauthenticate"), {"next": "https://example.org/me/"}).content.decode()
    assert f'href="{reverse("accounts:settings")}">不做了，返回' in page
    assert "example.org" not in page.partition("不做了")[0].rpartition("<a ")[2]
