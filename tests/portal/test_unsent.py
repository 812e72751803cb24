"""A session that ran out while a form was being filled loses nothing that was typed, and gives it to nobody else."""

import re

import pytest
from django.core.cache import cache
from django.urls import reverse

from core.forms import REFILL
from portal import unsent

PROFILE = reverse("accounts:settings-profile")
UNSENT = reverse("portal:unsent")
TYPED = {"name": "李敏敏", "email": "", "password": "hush"}


@pytest.fixture(autouse=True)
def _empty_cache():
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def expired(client, party):
    """The secretary's browser after the session ran out."""
    client.force_login(party.secretary)
    client.get(reverse("accounts:settings"))
    del client.cookies["sessionid"]
    return client


def test_the_form_comes_back_filled_after_signing_in_again(expired, party):
    answer = expired.post(PROFILE, TYPED)
    assert answer.url == f"{reverse('account_login')}?next={UNSENT.replace('/', '%2F')}"

    expired.force_login(party.secretary)
    html = expired.get(UNSENT).content.decode()
    assert f'action="{PROFILE}"' in html
    assert '<input type="hidden" name="name" value="李敏敏">' in html

    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', html))
    answer = expired.post(PROFILE, hidden)
    assert answer.status_code == 422
    assert 'value="李敏敏"' in answer.content.decode()
    party.secretary.refresh_from_db()
    assert party.secretary.name == "李敏"

    assert expired.post(PROFILE, {"name": "李敏敏", "email": ""}).status_code == 302
    party.secretary.refresh_from_db()
    assert party.secretary.name == "李敏敏"


def test_nobody_else_at_the_same_browser_gets_it(expired, party):
    expired.post(PROFILE, TYPED)
    expired.force_login(party.other_secretary)
    assert expired.get(UNSENT).url == reverse("portal:home")


def test_another_browser_does_not_get_it(expired, party):
    expired.post(PROFILE, TYPED)
    del expired.cookies[unsent.KEPT]
    expired.force_login(party.secretary)
    assert expired.get(UNSENT).url == reverse("portal:home")


def test_what_is_kept_is_readable_to_nobody_and_holds_no_password(expired):
    expired.post(PROFILE, TYPED)
    key = expired.cookies[unsent.KEPT].value
    kept = cache.get(f"unsent:{key}")
    assert "李敏敏" not in kept
    opened = unsent.open_sealed(kept, table="unsent", column="fields", uid=key)
    assert "hush" not in opened


def test_a_browser_we_never_saw_leaves_nothing_behind(client, db):
    answer = client.post(PROFILE, TYPED)
    assert answer.url.startswith(reverse("account_login"))
    assert unsent.KEPT not in answer.cookies


def test_a_key_of_ones_own_making_opens_nothing(client, party):
    client.force_login(party.secretary)
    client.cookies[unsent.KEPT] = "made-up"
    assert client.get(UNSENT).url == reverse("portal:home")


def test_too_much_is_not_kept(expired):
    expired.post(PROFILE, {"name": "李" * unsent.LARGEST})
    assert unsent.KEPT not in expired.cookies


def test_a_form_handed_back_says_that_it_is(expired, party):
    expired.post(PROFILE, TYPED)
    expired.force_login(party.secretary)
    assert f'name="{REFILL}"' in expired.get(UNSENT).content.decode()


def test_what_was_typed_into_a_part_of_a_page_is_kept_too(expired, party):
    answer = expired.post(PROFILE, TYPED, headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/home/"})
    assert answer.status_code == 401
    assert answer.headers["HX-Redirect"].endswith(f"?next={UNSENT.replace('/', '%2F')}")
    expired.force_login(party.secretary)
    assert "李敏敏" in expired.get(UNSENT).content.decode()


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
    client.post("/settings/profile/", {"name": "李敏", "_whole": "https://elsewhere.example/"})
    client.force_login(party.secretary)
    assert "elsewhere" not in client.get("/unsent/").content.decode()
