"""The frame of the pages in a real browser: readable to everyone, usable by keyboard, at once when a choice is made."""

import re

from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Error, expect

from tests.house.furnished import addresses

SETTINGS = reverse("accounts:settings")
LOGIN = reverse("account_login")
PHONE = 390
LOOKS = {
    "light": {"theme": "light"},
    "dark": {"theme": "dark"},
    "large": {"type": "large"},
}


def faults(page):
    found = Axe().run(page).response["violations"]
    return [(fault["id"], [node["html"] for node in fault["nodes"]]) for fault in found]


def test_axe_finds_nothing_before_the_door(page, address, party):
    page.emulate_media(reduced_motion="reduce")
    for path in (LOGIN, f"{LOGIN}?way=passkey", "/nowhere/", reverse("portal:feedback"), reverse("portal:help")):
        page.goto(f"{address}{path}")
        for look, choices in LOOKS.items():
            wear(page, choices)
            assert faults(page) == [], (path, look)


def test_nothing_runs_out_of_a_phone_in_large_type(page, address, party, sign_in):
    party.staff.prefer(text_size="large")
    pages = addresses(party)
    page.set_viewport_size({"width": PHONE, "height": 844})
    sign_in("staff")
    widths = {}
    for route in sorted(pages):
        try:
            answer = page.goto(f"{address}{pages[route]}", wait_until="domcontentloaded")
        except Error:  # a file, which is no page
            continue
        if is_page(answer):
            widths[route] = page.evaluate("document.documentElement.scrollWidth")
    assert {route: width for route, width in widths.items() if width > PHONE} == {}
    assert len(widths) >= 30


def test_the_viewer_of_the_interface_is_as_dark_as_its_page(page, address, party, sign_in):
    sign_in("staff", then="/api/docs/")
    tag = page.locator(".api-viewer .opblock-tag").first
    # The description is worked out when it is first asked for, which takes seconds.
    expect(tag).to_be_visible(timeout=30_000)
    for look in ("dark", "light", "dark"):
        wear(page, LOOKS[look])
        # Its letters change their colour by and by.
        page.wait_for_function(
            """dark => {
                const light = (part, name) => getComputedStyle(document.querySelector(part))[name]
                    .match(/[0-9]+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0) / 3;
                const ground = light(".api-viewer", "backgroundColor");
                const ink = light(".api-viewer .opblock-tag", "color");
                return dark ? ground < 64 && ink > 192 : ground > 224 && ink < 96;
            }""",
            arg=look == "dark",
            timeout=5000,
        )


def is_page(answer):
    return answer.status == 200 and "text/html" in answer.headers.get("content-type", "")


def wear(page, choices):
    """As if the settings said so; what is not chosen is standard."""
    page.evaluate(
        "choices => Object.assign(document.documentElement.dataset, choices)",
        {"theme": "light", "type": "standard", "contrast": "standard"} | choices,
    )


def test_a_wrong_form_says_so_first(page, address, party):
    page.goto(f"{address}{LOGIN}")
    page.get_by_role("button", name="登录").click()
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("有 2 处需要修改")
    expect(summary).to_be_focused()
    expect(page).to_have_title(re.compile("^需修改：登录"))
    assert faults(page) == []
    summary.get_by_role("link", name="请填写密码").click()
    expect(page.get_by_label("密码", exact=True)).to_be_focused()


def test_a_choice_of_display_holds_at_once_and_keeps_the_focus(page, address, party, sign_in):
    sign_in("secretary", then=SETTINGS)
    page.get_by_role("radio", name="特大").focus()
    page.keyboard.press("Space")
    expect(page.locator("html")).to_have_attribute("data-type", "extra")
    expect(page.get_by_role("radio", name="特大")).to_be_focused()
    expect(page.get_by_role("button", name="标准字号")).to_be_visible()
    party.secretary.refresh_from_db()
    assert party.secretary.text_size == "extra"


def test_the_same_choice_works_without_a_script(browser, address, party):
    context = browser.new_context(java_script_enabled=False, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{address}{LOGIN}?next={SETTINGS}")
    page.get_by_label("用户名").fill("secretary")
    page.get_by_label("密码", exact=True).fill("password")
    page.get_by_role("button", name="登录").click()
    page.get_by_text("特大", exact=True).click()
    page.get_by_role("group", name="快捷键").locator("xpath=../noscript/button").click()
    expect(page.locator("html")).to_have_attribute("data-type", "extra")
    context.close()


def test_the_first_tab_skips_to_the_contents(page, address, party, sign_in):
    sign_in("secretary", then=SETTINGS)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_be_focused()


def test_a_person_adds_a_passkey_and_signs_in_with_nothing_else(page, address, party, sign_in):
    devices = page.context.new_cdp_session(page)
    devices.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
    }
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": options})

    sign_in("secretary", then=SETTINGS)
    page.goto(f"{address}{reverse('mfa_add_webauthn')}")
    page.get_by_label("密码", exact=True).fill("password")
    page.get_by_role("button", name="确认").click()
    page.get_by_label("可以代替密码登录").check()
    page.get_by_role("button", name="添加", exact=True).click()
    expect(page.get_by_role("heading", name="恢复码")).to_be_visible()
    assert faults(page) == []

    page.context.clear_cookies()
    page.goto(f"{address}{LOGIN}?next={SETTINGS}")
    page.get_by_role("link", name="通行密钥").click()
    page.get_by_role("button", name="用通行密钥登录").click()
    expect(page.get_by_text("李敏").first).to_be_visible()
