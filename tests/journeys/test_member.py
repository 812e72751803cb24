"""What a member does on a phone: come in by an invitation, and change a number in three taps, read who looked."""

import re

import pytest
from playwright.sync_api import expect

from accounts.models import User
from members.domain import activation, disclosures
from members.models import Member
from tests.cast import TODAY
from tests.journeys.test_secretary import Steps
from tests.journeys.test_skin import faults

PASSWORD = "清晨的银杏和海棠" * 2
# M2 asks for a minute: three pages to read, a password to type. J2 asks for three taps.
STEPS_TO_COME_IN = 5
STEPS_WITH_A_PASSKEY = 3
TAPS_TO_CHANGE_A_MOBILE = 3


@pytest.fixture
def phone(browser, party):
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True, locale="zh-CN")
    yield context.new_page()
    context.close()


def test_a_member_comes_in_by_an_invitation(phone, address, party):
    invitation = activation.invite(party.sun, by=party.secretary, on=TODAY)
    step = Steps()
    phone.goto(f"{address}{invitation}")
    expect(phone.get_by_role("main")).to_contain_text("孙*")
    assert faults(phone) == []
    step(phone.get_by_role("button", name="确认是我").tap)
    expect(phone.get_by_role("heading", level=1)).to_have_text("个人信息处理说明")
    expect(phone.get_by_role("checkbox")).not_to_be_checked()
    assert faults(phone) == []
    step(phone.get_by_role("button", name="已阅读，继续").tap)
    expect(phone.get_by_label("用户名")).to_have_value("sunyue")
    assert faults(phone) == []
    step(phone.get_by_label("密码", exact=True).fill, PASSWORD)
    step(phone.get_by_label("再输一遍密码").fill, PASSWORD)
    step(phone.get_by_role("button", name="开通").tap)
    expect(phone).to_have_url(f"{address}/me/")
    expect(phone.get_by_role("heading", name="孙悦")).to_be_visible()
    assert faults(phone) == []
    assert step.taken <= STEPS_TO_COME_IN
    assert User.objects.get(username="sunyue").check_password(PASSWORD)

    disclosures.note_opening(party.sun, by=party.secretary, on=TODAY)
    phone.get_by_role("link", name=re.compile("^谁看过我的信息")).tap()
    expect(phone.get_by_role("heading", name=re.compile("^李敏"))).to_be_visible()
    expect(phone.get_by_text("云杉科技党支部　书记")).to_be_visible()
    assert faults(phone) == []
    phone.get_by_role("link", name="谁能看到我").tap()
    expect(phone.get_by_role("heading", name="写明用途后可看完整号码")).to_be_visible()
    assert faults(phone) == []


def test_a_mobile_is_changed_in_three_taps_by_somebody_who_came_in_with_a_passkey(phone, address, party):
    devices = phone.context.new_cdp_session(phone)
    devices.send("WebAuthn.enable")
    able = {"hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": {"protocol": "ctap2", "transport": "internal"} | able})
    step = Steps()
    phone.goto(f"{address}{activation.invite(party.zhou, by=party.secretary, on=TODAY)}")
    step(phone.get_by_role("button", name="确认是我").tap)
    step(phone.get_by_role("button", name="已阅读，继续").tap)
    step(phone.get_by_role("button", name="用通行密钥").tap)
    expect(phone).to_have_url(f"{address}/me/")
    assert step.taken <= STEPS_WITH_A_PASSKEY
    assert not User.objects.get(username="zhouzimo").has_usable_password()

    phone.context.clear_cookies()
    phone.goto(f"{address}/login/?way=passkey")
    phone.get_by_role("button", name="用通行密钥登录").tap()
    expect(phone).to_have_url(f"{address}/me/")
    tap = Steps()
    tap(phone.get_by_role("link", name=re.compile("^我的信息")).tap)
    tap(phone.get_by_role("link", name=re.compile("^手机号")).tap)
    expect(phone.get_by_label("新的手机号")).to_be_focused()
    assert faults(phone) == []
    phone.keyboard.type("13900008866")
    tap(phone.get_by_role("button", name="保存").tap)
    expect(phone.get_by_role("link", name=re.compile("^手机号"))).to_contain_text("139****8866")
    assert tap.taken <= TAPS_TO_CHANGE_A_MOBILE
    assert Member.objects.get(pk=party.zhou.pk).mobile == "13900008866"
    assert faults(phone) == []
