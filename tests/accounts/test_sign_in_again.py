"""A part of a page asked for after the session ended leads to the sign-in as a whole page, and back to that page."""

from urllib.parse import parse_qs, urlsplit

from django.urls import reverse

SETTINGS = reverse("accounts:settings")
LOGIN = reverse("account_login")


def ask(client, **headers):
    return client.get(SETTINGS, headers={"HX-Request": "true"} | headers)


def test_a_part_is_answered_with_401_and_the_way_to_sign_in(client, db):
    answer = ask(client, **{"HX-Current-URL": "http://testserver/home/?scope=ZB-0231"})
    assert answer.status_code == 401
    to = urlsplit(answer.headers["HX-Redirect"])
    assert (to.path, parse_qs(to.query)) == (LOGIN, {"next": ["/home/?scope=ZB-0231"]})


def test_a_part_that_does_not_say_where_it_stands_leads_to_the_sign_in(client, db):
    assert ask(client).headers["HX-Redirect"] == LOGIN


def test_a_whole_page_is_answered_with_the_way_itself(client, db):
    assert client.get(SETTINGS).url == f"{LOGIN}?next={SETTINGS}"


def test_the_pages_of_a_person_are_kept_in_no_cache(client, party):
    client.force_login(party.secretary)
    assert "no-store" in client.get(SETTINGS).headers["Cache-Control"]
