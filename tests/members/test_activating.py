"""Taking up an invitation, page by page; and handing one on."""

import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.urls import reverse

from accounts import purposes
from accounts.domain import consents
from accounts.models import User
from members.domain import activation
from members.models import Member
from tests.cast import TODAY

BACKEND = "cells.signed_in.ByPassword"
PASSWORD = "清晨的银杏和海棠" * 2
WAY = {"step": "way", "username": "sunyue", "password": PASSWORD, "again": PASSWORD}


@pytest.fixture
def path(party):
    cache.clear()
    return activation.invite(party.sun, by=party.secretary, on=TODAY)


def words(response):
    return re.sub(r"<[^>]+>|\s+", "", response.content.decode())


def come_to_the_last_step(client, path, **agreed):
    client.post(path, {"step": "facts"})
    client.post(path, {"step": "notice", "version": "1"} | agreed)


def invite(client, party):
    client.force_login(party.secretary, BACKEND)
    return client.post(reverse("members:member-invite", args=[party.sun.code]))


def test_each_step_is_shown_and_the_last_leads_in(client, party, path):
    first = client.get(path)
    assert "云杉科技党支部的李敏邀请您开通账号" in words(first)
    assert "孙悦" not in words(first)
    assert first.headers["Cache-Control"].count("no-store") == 1
    assert client.post(path, {"step": "facts"}).url == path
    notice = client.get(path)
    assert "个人信息处理说明" in words(notice)
    assert "checked" not in notice.content.decode()
    assert client.post(path, {"step": "notice", "version": "1", "agree_mail": "on"}).url == path
    assert 'value="sunyue"' in client.get(path).content.decode()
    assert client.post(path, WAY).url == "/me/"
    assert "孙悦" in words(client.get("/me/"))
    user = User.objects.get(username="sunyue")
    assert consents.stands(user, purposes.NOTICE)
    assert consents.stands(user, purposes.MAIL)


@pytest.mark.parametrize("sent", [WAY, {"step": "notice", "version": "1"}, {"step": "way", "credential": "{}"}])
def test_no_step_is_skipped(client, party, path, sent):
    assert "确认是我" in words(client.post(path, sent))
    assert Member.objects.get(pk=party.sun.pk).user.is_dormant


def test_an_old_version_of_the_notice_is_shown_anew(client, path):
    client.post(path, {"step": "facts"})
    assert "已阅读，继续" in words(client.post(path, {"step": "notice", "version": "7"}))
    assert "已阅读，继续" in words(client.get(path))


def test_the_steps_of_one_invitation_open_no_other(client, party, path):
    come_to_the_last_step(client, path)
    other = activation.invite(party.zhou, by=party.secretary, on=TODAY)
    assert "确认是我" in words(client.get(other))


def test_what_is_wrong_with_the_password_is_said_and_the_steps_are_kept(client, path):
    come_to_the_last_step(client, path)
    answer = client.post(path, WAY | {"again": "something else"})
    assert answer.status_code == 422
    assert "两遍密码不一样" in words(answer)
    assert client.post(path, WAY).url == "/me/"


def test_what_no_passkey_made_opens_nothing(client, party, path):
    come_to_the_last_step(client, path)
    for made in ("", "{}", '{"id": "x", "rawId": "x", "type": "public-key", "response": {}}', "["):
        assert client.post(path, {"step": "way", "credential": made}).status_code == 422
    assert Member.objects.get(pk=party.sun.pk).user.is_dormant


def test_used_late_or_forged_it_says_what_became_of_it(client, party, path):
    come_to_the_last_step(client, path)
    client.post(path, WAY)
    for gone, said in ((path, "已经用过"), (path[:-3] + "xx/", "链接不完整"), ("/me/activate/x/doubt/", "链接不完整")):
        answer = client.get(gone)
        assert (answer.status_code, said in words(answer)) == (404, True)


def test_an_invitation_opens_at_its_own_door_alone(client, path):
    assert client.get(path.replace("/me/activate/", "/invitations/")).status_code == 404


def test_who_is_not_meant_says_so_and_the_link_is_dead(client, party, path):
    doubt = f"{path}doubt/"
    assert client.post(doubt, {}).status_code == 422
    assert "李敏会收到通知" in words(client.post(doubt, {"doubts": ["person"]}))
    assert client.get(path).status_code == 404
    client.force_login(party.secretary, BACKEND)
    assert "孙悦的邀请被退回" in words(client.get("/notices/"))
    assert "邀请被退回：我不是这个人" in words(client.get(party.sun.get_absolute_url()))


def test_the_address_is_shown_once_to_whoever_invites(client, party):
    answer = invite(client, party)
    assert "http://testserver/me/activate/" in answer.content.decode()
    assert "<svg" in answer.content.decode()
    assert "本站没有设置发信" in words(answer)
    assert mail.outbox == []


def test_the_branch_sees_no_address_of_an_account_in_use_but_whom_to_ask(client, party):
    client.force_login(party.secretary, BACKEND)
    card = words(client.get(party.wang.get_absolute_url()))
    assert "请本人联系秦立民、赵卫东重新邀请" in card
    answer = client.post(reverse("members:member-invite", args=[party.wang.code]))
    assert answer.status_code == 422
    assert "/me/activate/" not in answer.content.decode()


def test_it_is_mailed_where_there_is_mail_and_an_address(client, party, settings):
    settings.ZHIBU_MAIL = True
    assert "名册上没有邮箱" in words(invite(client, party))
    Member.objects.filter(pk=party.sun.pk).update(email="sunyue@qinglan.example")
    assert "已发到su****@qinglan.example" in words(invite(client, party))
    [letter] = mail.outbox
    assert letter.to == ["sunyue@qinglan.example"]
    assert "http://testserver/me/activate/" in letter.body
    assert "孙悦" not in letter.body


def test_nothing_is_mailed_to_somebody_who_took_consent_back(client, party, settings):
    settings.ZHIBU_MAIL = True
    Member.objects.filter(pk=party.sun.pk).update(email="sunyue@qinglan.example")
    invite(client, party)
    user = Member.objects.get(pk=party.sun.pk).user
    for given in (True, False):
        consents.answer(user, purpose=purposes.MAIL, version=1, given=given, by=user, on=TODAY)
    assert "本人不同意用邮箱联系" in words(invite(client, party))
    assert len(mail.outbox) == 1


def test_a_mail_that_cannot_go_out_stops_nothing(client, party, settings):
    settings.ZHIBU_MAIL = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    Member.objects.filter(pk=party.sun.pk).update(email="sunyue@qinglan.example")
    answer = invite(client, party)
    assert "邮件没有发出去" in words(answer)
    assert "http://testserver/me/activate/" in answer.content.decode()
