"""Wrong passwords and codes are counted before they are looked at, and shut the door for a while."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
import time_machine
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts import lockout
from accounts.lockout import CODE, NAME, Limit
from accounts.models import Tries
from audit.models import Entry
from notices.models import Notice

LOGIN = reverse("account_login")


def sign_in(client, username="secretary", password="password", **more):
    return client.post(LOGIN, {"login": username, "password": password}, **more)


def guess(client, times, username="secretary"):
    return [sign_in(client, username, "guess") for _time in range(times)]


def test_after_ten_wrong_tries_the_door_stays_shut_even_to_the_right_key(client, party):
    assert {answer.status_code for answer in guess(client, NAME.most)} == {422}
    answer = sign_in(client)
    assert answer.status_code == 429
    assert "请等 15 分钟再试" in answer.content.decode()
    assert "_auth_user_id" not in client.session


def test_time_opens_it(client, party):
    guess(client, NAME.most + 3)
    with time_machine.travel(timezone.now() + timedelta(minutes=NAME.minutes, seconds=1)):
        assert sign_in(client).status_code == 302


def test_knocking_on_a_shut_door_does_not_keep_it_shut(client, party):
    guess(client, NAME.most)
    with time_machine.travel(timezone.now() + timedelta(minutes=NAME.minutes - 1)):
        guess(client, 3)
    with time_machine.travel(timezone.now() + timedelta(minutes=NAME.minutes, seconds=1)):
        assert sign_in(client).status_code == 302


def test_the_right_password_forgives_earlier_slips(client, party):
    guess(client, NAME.most - 1)
    assert sign_in(client).status_code == 302
    client.logout()
    assert {answer.status_code for answer in guess(client, NAME.most)} == {422}


def test_a_name_nobody_has_is_answered_in_the_very_same_way(client, party, few_tries):
    known, unknown = guess(client, 3), guess(client, 3, "nobody-here")
    for one, other in zip(known, unknown, strict=True):
        assert one.status_code == other.status_code
        assert bare(one, "secretary") == bare(other, "nobody-here")


def bare(answer, name):
    page = answer.content.decode().replace(name, "")
    return [line for line in page.splitlines() if "csrf" not in line.lower()]


@pytest.fixture
def few_tries(monkeypatch):
    monkeypatch.setattr(lockout, "NAME", Limit("name", most=2))


def test_the_holder_is_told_once_and_so_is_the_trail(client, party, few_tries):
    guess(client, 4)
    assert "登录已暂停 15 分钟" in Notice.objects.get(to=party.secretary).text
    assert Entry.objects.filter(action="accounts.locked_out").count() == 1


def test_the_rows_tell_nobodys_name(client, party):
    guess(client, 1, "limin")
    assert not any("limin" in key or len(key) != 64 for key in Tries.objects.values_list("key", flat=True))


def test_codes_of_the_second_step_are_counted_too(client, party):
    TOTP.activate(party.secretary, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    step = sign_in(client).url
    answers = [client.post(step, {"code": "000000"}) for _time in range(CODE.most + 1)]
    assert [answer.status_code for answer in answers] == [422] * CODE.most + [429]


CHANGE = {"password1": "清晨的银杏和海棠甲乙", "password2": "清晨的银杏和海棠甲乙"}
ASKED_OF_WHO_IS_SIGNED_IN = {
    "account_change_password": ("oldpassword", CHANGE),
    "account_reauthenticate": ("password", {}),
}


@pytest.fixture
def few_tries_again(monkeypatch):
    cache.clear()
    monkeypatch.setattr(lockout, "AGAIN", Limit("again", most=2))


@pytest.mark.parametrize("page", ASKED_OF_WHO_IS_SIGNED_IN)
def test_who_is_signed_in_has_no_more_guesses_at_the_password_either(client, party, few_tries_again, page):
    field, rest = ASKED_OF_WHO_IS_SIGNED_IN[page]
    sign_in(client)
    answers = [client.post(reverse(page), rest | {field: "guess"}).status_code for _time in range(2)]
    assert answers == [422, 422]
    shut = client.post(reverse(page), rest | {field: "password"})
    assert shut.status_code == 429
    assert "请等 15 分钟再试" in shut.content.decode()
    assert Entry.objects.filter(action="accounts.sign_in_failed").count() == 2
    assert "登录已暂停 15 分钟" in Notice.objects.get(to=party.secretary).text
    party.secretary.refresh_from_db()
    assert party.secretary.check_password("password")


@pytest.mark.parametrize("page", ASKED_OF_WHO_IS_SIGNED_IN)
def test_strangers_at_the_door_do_not_keep_who_is_signed_in_from_it(client, party, few_tries_again, page):
    field, rest = ASKED_OF_WHO_IS_SIGNED_IN[page]
    sign_in(client)
    guess(Client(), NAME.most)
    assert client.post(reverse(page), rest | {field: "guess"}).status_code == 422
    assert client.post(reverse(page), rest | {field: "password"}).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_of_many_at_once_no_more_get_through_than_may():
    limit, tries, through = Limit("together", most=5), 16, []
    start = Barrier(tries)

    def knock():
        try:
            start.wait()
            through.append(limit.take("somebody") <= limit.most)
        finally:
            connection.close()

    threads = [Thread(target=knock) for _try in range(tries)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (len(through), sum(through)) == (tries, limit.most)
