"""Where one is signed in: seen, ended, and over by itself after a while without anybody there."""

from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.devices import device
from accounts.domain import sessions
from audit.models import Entry
from tests.accounts.test_sign_in import SECRET, code_now
from tests.cast import TODAY

LOGIN = reverse("account_login")
DEVICES = reverse("accounts:devices")
SETTINGS = reverse("accounts:settings")
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0 Safari/537.36 Edg/120.0"
WECHAT = "Mozilla/5.0 (Linux; Android 13; V2244A) AppleWebKit/537.36 Chrome/116.0 Mobile MicroMessenger/8.0.47"


@pytest.fixture(autouse=True)
def _nothing_counted_yet():
    cache.clear()


def signed_in(username, agent=EDGE):
    client = Client(headers={"user-agent": agent})
    assert client.post(LOGIN, {"login": username, "password": "password"}).status_code == 302
    return client


def is_in(client):
    return client.get(SETTINGS).status_code == 200


@pytest.fixture
def desk(party):
    return signed_in("secretary")


@pytest.fixture
def phone(party):
    return signed_in("secretary", WECHAT)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (EDGE, "Edge · Windows"),
        (WECHAT, "微信 · Android"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) Version/17.2 Mobile/15E148 Safari/604.1",
            "Safari · iPhone",
        ),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:121.0) Gecko/20100101 Firefox/121.0", "Firefox · Linux"),
        ("curl/8.4", "未知的浏览器"),
    ],
)
def test_a_device_is_called_what_people_call_it(agent, words):
    assert device(agent) == words


def test_the_devices_are_listed_and_this_one_is_marked(desk, phone):
    html = desk.get(DEVICES).content.decode()
    assert html.count("Edge · Windows") == 1
    assert "微信 · Android" in html
    assert html.count("这一台") == 1


def test_one_device_is_signed_out_and_the_trail_says_so(desk, phone, party):
    other = sessions.of(party.secretary).get(user_agent=WECHAT)
    assert desk.post(reverse("accounts:device-end", args=[other.pk])).url == DEVICES
    assert not is_in(phone)
    assert is_in(desk)
    assert Entry.objects.filter(action="accounts.session_ended", actor=party.secretary).exists()


def test_all_others_are_signed_out_even_such_as_stand_in_no_list(desk, phone, party):
    unlisted = Client()
    unlisted.force_login(party.secretary)
    assert desk.post(reverse("accounts:devices-end")).url == DEVICES
    assert not is_in(phone)
    assert not is_in(unlisted)
    assert is_in(desk)
    assert sessions.of(party.secretary).count() == 1


def test_another_persons_device_does_not_exist(desk, party):
    signed_in("staff")
    theirs = sessions.of(party.staff).get()
    assert desk.post(reverse("accounts:device-end", args=[theirs.pk])).status_code == 404
    with pytest.raises(PermissionDenied):
        sessions.end(theirs, by=party.secretary, on=TODAY)


def test_the_list_costs_the_same_however_long(desk, party):
    desk.get(DEVICES)
    with CaptureQueriesContext(connection) as one:
        desk.get(DEVICES)
    signed_in("secretary")
    signed_in("secretary", WECHAT)
    with CaptureQueriesContext(connection) as three:
        desk.get(DEVICES)
    assert len(three) == len(one)


def test_a_new_password_signs_the_others_out(desk, phone):
    new = "一句好记的长长的话abc"
    answers = {"oldpassword": "password", "password1": new, "password2": new}
    assert desk.post(reverse("account_change_password"), answers).status_code == 302
    assert is_in(desk)
    assert not is_in(phone)


def test_a_new_factor_signs_the_others_out(desk, phone, django_capture_on_commit_callbacks):
    path = reverse("mfa_activate_totp")
    desk.post(reverse("account_reauthenticate"), {"password": "password"})
    secret = desk.get(path).context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(path, {"code": code_now(secret)})
    assert is_in(desk)
    assert not is_in(phone)


def test_the_name_of_a_session_changes_at_every_step_of_the_way_in(client, party):
    TOTP.activate(party.secretary, SECRET)
    client.get(reverse("accounts:recovery"))
    client.session.save()
    step = client.post(LOGIN, {"login": "secretary", "password": "password"}).url
    before = client.cookies["sessionid"].value
    client.post(step, {"code": code_now()})
    assert client.cookies["sessionid"].value != before
    stale = Client()
    stale.cookies["sessionid"] = before
    assert not is_in(stale)


def later(minutes):
    return time_machine.travel(timezone.now() + timedelta(minutes=minutes), tick=False)


def test_who_holds_an_office_is_signed_out_after_half_an_hour_without_a_sign_of_them(desk, party):
    with later(29):
        assert is_in(desk)
    with later(60):
        assert desk.get(SETTINGS).url == f"{LOGIN}?next={SETTINGS}"
        assert "已自动退出" in desk.get(LOGIN).content.decode()
    assert Entry.objects.filter(action="accounts.session_lapsed", thing_id=party.secretary.pk).exists()


def test_who_holds_none_may_stay_away_longer(party):
    member = signed_in("plain_member")
    with later(90):
        assert is_in(member)
    with later(211):
        assert not is_in(member)


def test_what_a_page_asks_by_itself_is_no_sign_of_anybody(desk):
    with later(20):
        desk.get(reverse("work:ring"), headers={"HX-Request": "true"})
    with later(31):
        assert not is_in(desk)


def test_no_session_lasts_longer_than_half_a_day(desk):
    for minutes in range(0, 12 * 60, 29):
        with later(minutes):
            assert is_in(desk)
    with later(12 * 60 + 2):
        assert not is_in(desk)


def test_how_long_is_for_the_deployment_to_say(desk, settings):
    settings.ZHIBU_IDLE_MINUTES = 5
    with later(6):
        assert not is_in(desk)


def test_a_form_sent_too_late_comes_back_filled(desk, party):
    desk.get(SETTINGS)
    with later(40):
        answer = desk.post(reverse("members:member-correct", args=[party.wang.code]), {"name": "王新名"})
        assert answer.url.startswith(LOGIN)
        back = desk.post(answer.url, {"login": "secretary", "password": "password"}, follow=True)
        assert "王新名" in back.content.decode()
