"""C5: display, profile and safety on one page; every choice holds at once and without a script."""

import re

import pytest
from django.urls import reverse

from audit.models import Entry

DISPLAY = reverse("accounts:settings-display")
SETTINGS = reverse("accounts:settings")
LOGIN = reverse("account_login")


@pytest.fixture
def signed_in(client, party):
    client.force_login(party.secretary)
    return client


def html_of(client, path):
    return client.get(path).content.decode()


def test_a_choice_is_kept_on_the_account(signed_in, party):
    signed_in.post(DISPLAY, {"text_size": "extra", "density": "compact", "shortcuts": "off"})
    party.secretary.refresh_from_db()
    assert (party.secretary.text_size, party.secretary.density, party.secretary.shortcuts) == (
        "extra",
        "compact",
        False,
    )
    html = html_of(signed_in, SETTINGS)
    assert 'data-type="extra"' in html
    assert 'data-contrast="high"' in html
    assert 'data-shortcuts="off"' in html


def test_choices_side_by_side_carry_no_mark_of_the_forms_own(signed_in):
    html = html_of(signed_in, SETTINGS)
    assert 'class="segments"' in html and not re.search(r"<input[^>]* segments", html)


def test_a_toggle_changes_what_it_names_and_nothing_else(signed_in, party):
    signed_in.post(DISPLAY, {"theme": "dark"})
    party.secretary.refresh_from_db()
    assert (party.secretary.theme, party.secretary.shortcuts, party.secretary.text_size) == ("dark", True, "")


def test_who_chose_dark_keeps_dark_in_the_largest_type(signed_in):
    signed_in.post(DISPLAY, {"theme": "dark", "text_size": "extra"})
    assert 'data-contrast="standard"' in html_of(signed_in, SETTINGS)


def test_a_toggle_leads_back_to_where_it_was_pressed(signed_in):
    assert signed_in.post(DISPLAY, {"theme": "dark", "next": "/settings/?view=print"}).url == "/settings/?view=print"


@pytest.mark.parametrize("elsewhere", ["https://example.com/", "//example.com/", "javascript:alert(1)"])
def test_a_toggle_never_leads_out_of_the_house(signed_in, elsewhere):
    assert signed_in.post(DISPLAY, {"theme": "dark", "next": elsewhere}).url == SETTINGS


def test_what_is_no_choice_changes_nothing(signed_in, party):
    assert signed_in.post(DISPLAY, {"theme": "sepia"}).status_code == 302
    party.secretary.refresh_from_db()
    assert party.secretary.theme == "system"


def test_a_visitor_keeps_the_choice_in_a_cookie(client, db):
    client.post(DISPLAY, {"text_size": "large", "next": LOGIN})
    client.post(DISPLAY, {"theme": "dark", "next": LOGIN})
    html = html_of(client, LOGIN)
    assert 'data-type="large"' in html
    assert 'data-theme="dark"' in html


def test_a_cookie_of_anybodys_making_is_not_written_into_the_page(client, db):
    client.cookies["zhibu_display"] = "theme=%22%3E%3Cscript%3E&text_size=huge"
    html = html_of(client, LOGIN)
    assert 'data-theme="system"' in html
    assert 'data-type="standard"' in html


def test_a_visitor_reads_the_page_in_the_language_chosen(client, db):
    client.post(DISPLAY, {"language": "en", "next": LOGIN})
    assert '<html lang="en"' in html_of(client, LOGIN)


def test_the_language_of_the_account_wins_over_the_browsers(signed_in):
    signed_in.post(DISPLAY, {"language": "en"})
    del signed_in.cookies["django_language"]
    html = signed_in.get(SETTINGS, headers={"accept-language": "zh-CN"}).content.decode()
    assert '<html lang="en"' in html


@pytest.mark.parametrize(("view", "mark"), [("large", 'data-type="large"'), ("print", 'data-view="print"')])
def test_any_page_can_be_seen_large_or_for_print_once(signed_in, view, mark):
    assert mark in html_of(signed_in, f"{SETTINGS}?view={view}")
    assert mark not in html_of(signed_in, SETTINGS)


def test_the_profile_is_saved_and_said(signed_in, party):
    answer = signed_in.post(
        reverse("accounts:settings-profile"), {"email": "limin@example.cn", "agreed": "on"}, follow=True
    )
    assert "已保存" in answer.content.decode()
    party.secretary.refresh_from_db()
    assert party.secretary.email == "limin@example.cn"


def test_a_name_that_stands_on_a_roster_is_shown_and_not_asked(signed_in, party):
    assert "随名册" in html_of(signed_in, SETTINGS)
    signed_in.post(reverse("accounts:settings-profile"), {"name": "赵卫东", "email": ""})
    party.secretary.refresh_from_db()
    assert party.secretary.name == "李敏"


def test_a_wrong_profile_comes_back_with_what_was_typed(client, party):
    client.force_login(party.stranger)
    answer = client.post(reverse("accounts:settings-profile"), {"name": "", "email": "limin"})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "需修改：" in html
    assert html.count("请填写姓名") == 2
    assert 'value="limin"' in html


def test_taste_leaves_no_trace(signed_in):
    signed_in.post(DISPLAY, {"theme": "dark"})
    assert not Entry.objects.exists()


def test_the_settings_belong_to_somebody(client, db):
    assert client.get(SETTINGS).url.startswith(LOGIN)


@pytest.mark.parametrize("elsewhere", ["abc", "accounts:nothing", "members:members", "//", "?q=1"])
def test_words_that_are_no_path_lead_nowhere_else(signed_in, elsewhere):
    assert signed_in.post(DISPLAY, {"theme": "dark", "next": elsewhere}).url == SETTINGS
