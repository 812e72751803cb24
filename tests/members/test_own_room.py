"""The member's own room: what it tells, what is changed on its sheets, what is agreed to, and that it is light."""

import gzip
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import purposes
from accounts.domain import consents
from cells.domain import appointments
from members.domain import requests as change_requests
from members.models import Member
from tests.cast import TODAY
from tests.members.paper import photo

BACKEND = "cells.signed_in.ByPassword"
ME, PROFILE, PRIVACY = "/me/", "/me/profile/", "/me/privacy/"
MOBILE, EMAIL = "/me/profile/mobile/", "/me/profile/email/"
HTMX = {"HX-Request": "true"}
MOST_BYTES = 90_000


@pytest.fixture
def at(client, party):
    def sign_in(who):
        client.force_login(getattr(party, who), BACKEND)
        return client

    return sign_in


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


def agree(user, *keys):
    for key in keys:
        consents.answer(user, purpose=key, version=1, given=True, by=user, on=TODAY)


def test_it_tells_where_one_belongs_and_what_is_missing(at, party):
    told = words(at("plain_member").get(ME))
    for shown in ("王涛", "云杉科技党支部", "正式党员", "补全1项", "支部书记李敏"):
        assert shown in told


def test_an_account_without_a_record_is_told_what_to_do(at, party):
    told = words(at("stranger").get(ME))
    assert party.stranger.code in told
    assert "还没有对应的党员记录" in told
    assert at("stranger").get(PROFILE).status_code == 404
    assert at("stranger").post(MOBILE, {"mobile": "13900008866"}).status_code == 404


def test_who_holds_no_office_lands_there_and_others_on_their_desk(at):
    assert at("plain_member").get("/home/").url == ME
    assert at("secretary").get("/home/").status_code == 200
    assert at("secretary").get(ME).status_code == 200


def test_the_secretary_is_called_only_with_their_consent(at, party):
    assert party.li.mobile not in at("plain_member").get(ME).content.decode()
    agree(party.secretary, purposes.CALL)
    assert f'href="tel:{party.li.mobile}"' in at("plain_member").get(ME).content.decode()
    assert party.li.mobile not in at("other_secretary").get(ME).content.decode()
    consents.answer(party.secretary, purpose=purposes.CALL, version=1, given=False, by=party.secretary, on=TODAY)
    assert party.li.mobile not in at("plain_member").get(ME).content.decode()


def test_while_the_seat_is_empty_the_deputy_is_named(at, party):
    appointments.end(party.secretary.appointments.get(), reason="换届", by=party.staff, on=TODAY)
    assert "支部副书记陈思远" in words(at("plain_member").get(ME))


def test_numbers_are_masked_and_what_is_missing_comes_first(at, party):
    response = at("plain_member").get(PROFILE)
    body, told = response.content.decode(), words(response)
    assert party.wang.mobile not in body
    assert party.wang.id_number not in body
    assert told.index("家庭住址未填，去补全") < told.index("手机号138****5678")
    assert f"{reverse('members:request-new')}?item=education" in body
    assert response.headers["Cache-Control"].count("no-store") == 1


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_fact_is_changed_at_once(at, party, headers):
    client = at("plain_member")
    assert "138****5678" in client.get(MOBILE, headers=headers).content.decode()
    answer = client.post(MOBILE, {"mobile": "139 0000 8866"}, headers=headers)
    assert answer.headers.get("HX-Redirect", answer.headers.get("Location")) == PROFILE
    assert Member.objects.get(pk=party.wang.pk).mobile == "13900008866"
    told = words(client.get(PROFILE))
    assert "已保存" in told
    assert "139****8866" in told
    assert "本人修改手机号" in words(at("secretary").get(party.wang.get_absolute_url()))


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_what_is_wrong_is_said_at_the_field_and_kept(at, party, headers):
    answer = at("plain_member").post(MOBILE, {"mobile": "1390000886"}, headers=headers)
    assert answer.status_code == 422
    assert "手机号应为 11 位，现在是 10 位" in answer.content.decode()
    assert 'value="1390000886"' in answer.content.decode()


def test_only_what_is_ones_own_to_say_can_be_changed_so(at):
    client = at("plain_member")
    for item in ("education", "id_number", "user", "nonsense"):
        assert client.post(f"/me/profile/{item}/", {item: "1"}).status_code == 404


def test_an_email_comes_with_a_tick_that_nobody_has_set(at, party):
    client = at("plain_member")
    assert 'name="agreed"' in client.get(EMAIL).content.decode()
    assert "checked" not in client.get(EMAIL).content.decode()
    assert client.post(EMAIL, {"email": "wt@qinglan.example"}).status_code == 422
    assert client.post(EMAIL, {"email": "wt@qinglan.example", "agreed": "on"}).status_code == 302
    assert 'name="agreed"' not in client.get(EMAIL).content.decode()
    assert "wt@" not in client.get(ME).content.decode()


def test_consent_is_taken_back_with_one_press_as_it_was_given(at, party):
    client, path = at("plain_member"), reverse("members:privacy-answer", args=[purposes.MAIL])
    assert "checked" not in client.get(PRIVACY).content.decode()
    for given, stands in (("yes", True), ("no", False)):
        assert client.post(path, {"given": given, "version": "1"}).url == PRIVACY
        assert consents.stands(party.plain_member, purposes.MAIL) is stands
    for wrong in ({"given": "yes", "version": "2"}, {"given": "yes", "version": "٢"}, {"given": "yes"}):
        assert client.post(path, wrong).url == PRIVACY
        assert not consents.stands(party.plain_member, purposes.MAIL)


def test_being_called_is_asked_of_those_in_office(at):
    assert "拨打我的手机" not in words(at("plain_member").get(PRIVACY))
    assert "拨打我的手机" in words(at("secretary").get(PRIVACY))


def test_a_new_text_is_read_first_and_one_goes_on_where_one_was_going(at, party, monkeypatch):
    client = at("plain_member")
    assert client.get(PROFILE).status_code == 200
    agree(party.plain_member, purposes.NOTICE, purposes.MAIL)
    for key in (purposes.NOTICE, purposes.MAIL):
        newer = purposes.Purpose(**purposes.CURRENT[key].__dict__ | {"version": 2})
        monkeypatch.setitem(purposes.CURRENT, key, newer)
    asked = client.get(PROFILE)
    assert asked.url == f"{PRIVACY}?next=%2Fme%2Fprofile%2F"
    assert "说明更新了" in words(client.get(asked.url))
    path = reverse("members:privacy-answer", args=[purposes.NOTICE])
    assert client.post(path, {"given": "yes", "version": "2", "next": PROFILE}).url == asked.url
    assert "之前的同意不再算数" in words(client.get(asked.url))
    path = reverse("members:privacy-answer", args=[purposes.MAIL])
    assert client.post(path, {"given": "no", "version": "2", "next": PROFILE}).url == PROFILE
    assert client.get(PROFILE).status_code == 200


def test_one_and_three_requests_cost_the_same_number_of_queries(at, party):
    client, counted = at("plain_member"), []
    client.get(ME)
    for item, new in (("education", "11"), ("school", "青澜大学"), ("major", "数学")):
        change_requests.ask(party.wang, item=item, new=new, evidence=photo(), by=party.plain_member, on=TODAY)
        with CaptureQueriesContext(connection) as queries:
            client.get(ME)
        counted.append(len(queries))
    assert len(set(counted)) == 1


@pytest.mark.parametrize("path", [ME, PROFILE, MOBILE, PRIVACY, "/me/requests/", "/me/seen/", "/me/visible/"])
def test_a_page_is_light_enough_for_a_phone_far_from_the_city(at, path):
    page = at("plain_member").get(path).content
    loaded = set(re.findall(r'(?:href|src)="/static/([^"#?]+)', page.decode()))
    assert {"css/phone.css", "css/zhibu.css", "js/zhibu.js", "img/icons.svg"} <= loaded
    sizes = {name: len(gzip.compress(_bytes(name))) for name in loaded}
    assert len(page) + sum(sizes.values()) < MOST_BYTES, sizes


def _bytes(name):
    return Path(finders.find(name)).read_bytes()


def test_a_card_offers_an_invitation_to_those_who_may_draw_one_up(at, party):
    path = reverse("members:member-invite", args=[party.sun.code])
    for who, offered in (("secretary", True), ("organiser", False)):
        assert (path in at(who).get(party.sun.get_absolute_url()).content.decode()) is offered
    assert at("organiser").post(path).status_code == 403
