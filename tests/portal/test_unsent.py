"""A session that ran out while a form was being filled loses nothing that was typed, and gives it to nobody else."""

import json
import re

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from cells.domain import invitations as seats
from core.forms import REFILL
from news.models import Announcement
from portal import unsent
from tests.cast import appoint
from tests.suites import both_suites

FORM = reverse("news:publish")
UNSENT = reverse("portal:unsent")
NEW = "清晨的银杏和海棠清晨的银杏"
WORDS = "七一座谈会的通知"
TYPED = {"kind": "notice", "title": WORDS, "body": "请各支部派一人参加。"}
SECRET = {"password": "hush-1", "new_password": "hush-2", "again": "hush-3", "credential": "hush-4", "proof": "hush-5"}


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def expired(client, party):
    """The browser of the association's staff after the session ran out."""
    client.force_login(party.staff)
    client.get(reverse("accounts:settings"))
    del client.cookies["sessionid"]
    return client


@both_suites
def test_the_form_comes_back_filled_after_signing_in_again(expired, party):
    answer = expired.post(FORM, TYPED)
    assert answer.url == f"{reverse('account_login')}?next={UNSENT.replace('/', '%2F')}"

    expired.force_login(party.staff)
    html = expired.get(UNSENT).content.decode()
    assert f'action="{FORM}"' in html
    assert f'<input type="hidden" name="title" value="{WORDS}">' in html

    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    answer = expired.post(FORM, hidden)
    assert answer.status_code == 200
    assert f'value="{WORDS}"' in answer.content.decode()
    assert not Announcement.objects.exists()

    assert expired.post(FORM, TYPED).status_code == 302
    assert Announcement.objects.get().title == WORDS


def test_nobody_else_at_the_same_browser_gets_it(expired, party):
    expired.post(FORM, TYPED)
    expired.force_login(party.other_secretary)
    assert expired.get(UNSENT).url == reverse("portal:home")


def test_another_browser_does_not_get_it(expired, party):
    expired.post(FORM, TYPED)
    del expired.cookies[unsent.KEPT]
    expired.force_login(party.secretary)
    assert expired.get(UNSENT).url == reverse("portal:home")


def test_what_is_kept_is_readable_to_nobody_and_holds_no_password(expired):
    expired.post(FORM, TYPED | SECRET)
    key = expired.cookies[unsent.KEPT].value
    kept = cache.get(f"unsent:{key}")
    assert WORDS not in kept
    opened = unsent.open_sealed(kept, table="unsent", column="fields", uid=key)
    assert json.loads(opened)["fields"].keys() == TYPED.keys()


@pytest.mark.parametrize(
    ("way", "typed"),
    [
        ("/recovery/proof/", {"proof": "ABCDE-12345"}),
        ("/2fa/totp/activate/", {"code": "123456"}),
        ("/2fa/webauthn/add/", {"credential": "{}"}),
        ("/password/change/", {"oldpassword": "hush", "password1": "hushhush", "password2": "hushhush"}),
        ("/settings/profile/", {"name": "李敏"}),
        ("/settings/display/", {"theme": "dark"}),
    ],
)
def test_nothing_is_kept_of_what_is_typed_to_get_in(expired, way, typed):
    expired.post(way, typed)
    assert unsent.KEPT not in expired.cookies


def test_a_new_password_taken_is_nothing_unsent(expired, party):
    seat = appoint("何文", "publicity_commissioner", party.yunshan)
    way = seats.invite(seat.appointments.get(), by=party.north_staff, on=timezone.localdate())
    answer = expired.post(way, {"username": "hewen", "password": NEW, "again": NEW})
    assert answer.url == reverse("account_login")
    assert unsent.KEPT not in expired.cookies


def test_a_browser_we_never_saw_leaves_nothing_behind(client, db):
    answer = client.post(FORM, TYPED)
    assert answer.url.startswith(reverse("account_login"))
    assert unsent.KEPT not in answer.cookies


def test_a_key_of_ones_own_making_opens_nothing(client, party):
    client.force_login(party.secretary)
    client.cookies[unsent.KEPT] = "made-up"
    assert client.get(UNSENT).url == reverse("portal:home")


def test_too_much_is_not_kept(expired):
    expired.post(FORM, TYPED | {"body": "李" * unsent.LARGEST})
    assert unsent.KEPT not in expired.cookies


def test_a_form_handed_back_says_that_it_is(expired, party):
    expired.post(FORM, TYPED)
    expired.force_login(party.staff)
    assert f'name="{REFILL}"' in expired.get(UNSENT).content.decode()


def test_what_was_typed_into_a_part_of_a_page_is_kept_too(expired, party):
    answer = expired.post(FORM, TYPED, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/home/"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].endswith(f"?next={UNSENT.replace('/', '%2F')}")
    expired.force_login(party.staff)
    assert WORDS in expired.get(UNSENT).content.decode()


def test_a_part_of_a_form_brings_the_whole_form_back(client, party):
    whole = f"/cells/{party.yunshan.code}/roster/add/"
    client.force_login(party.secretary)
    client.get("/home/")
    del client.cookies["sessionid"]
    client.post(f"{whole}number/", {"name": "欧阳静", "_whole": whole}, headers={"HX-Request": "true"})
    client.force_login(party.secretary)
    page = client.get("/unsent/").content.decode()
    assert f'action="{whole}"' in page
    assert "欧阳静" in page


def test_a_part_cannot_send_what_was_typed_out_of_the_house(client, party):
    client.force_login(party.secretary)
    client.get("/home/")
    del client.cookies["sessionid"]
    client.post(FORM, TYPED | {"_whole": "https://elsewhere.example/"})
    client.force_login(party.secretary)
    assert "elsewhere" not in client.get("/unsent/").content.decode()


def test_who_changed_the_own_account_too_late_comes_back_to_the_settings(expired):
    answer = expired.post(reverse("accounts:settings-profile"), {"name": "赵卫东", "email": ""})
    assert answer.url == f"{reverse('account_login')}?next=%2Fsettings%2F"
