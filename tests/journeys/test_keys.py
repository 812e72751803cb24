"""Keys and the overlay of Ctrl K in a real browser: found and opened without the mouse, and quiet when told so."""

import re

from playwright.sync_api import expect

from tests.journeys.test_skin import LOOKS, faults, wear

COMPOSED = "key => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {0}))"
COMPOSING = COMPOSED.format("{key, isComposing: true, bubbles: true, cancelable: true, ctrlKey: key === 'k'}")
PROCESSED = COMPOSED.format("{key, keyCode: 229, bubbles: true, cancelable: true}")


def test_somebody_is_found_and_opened_by_initials(page, address, party, sign_in):
    sign_in("secretary")
    page.emulate_media(reduced_motion="reduce")
    page.get_by_role("link", name="名册").focus()
    page.keyboard.press("Control+k")
    overlay = page.get_by_role("dialog", name="搜索与操作")
    words = overlay.get_by_role("searchbox")
    expect(words).to_be_focused()
    page.keyboard.type("wt")
    expect(overlay.get_by_role("status")).to_have_text("1 个党员")
    expect(overlay.locator("mark")).to_have_text("王涛")
    for look, choices in LOOKS.items():
        wear(page, choices)
        assert faults(page) == [], look
    # Down to the link and on typing: the letter goes where it was meant.
    page.keyboard.press("ArrowDown")
    expect(overlay.get_by_role("link", name=re.compile("^王涛"))).to_be_focused()
    page.keyboard.type("x")
    expect(words).to_have_value("wtx")
    expect(overlay.get_by_role("status")).to_contain_text("没有找到")
    page.keyboard.press("Escape")
    expect(overlay).to_be_hidden()
    expect(page.get_by_role("link", name="名册")).to_be_focused()
    expect(page.locator("#palette-found")).to_be_empty()
    # Enter does not have to wait for the answer.
    page.keyboard.press("Control+k")
    page.keyboard.type("wangtao")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}{party.wang.get_absolute_url()}")


def test_keys_go_places(page, address, party, sign_in):
    sign_in("secretary")
    page.keyboard.press("/")
    expect(page.get_by_role("banner").get_by_role("searchbox")).to_be_focused()
    expect(page.get_by_role("banner").get_by_role("searchbox")).to_have_value("")
    page.keyboard.press("Tab")
    page.keyboard.press("g")
    page.keyboard.press("r")
    page.wait_for_url(re.compile("/members/"))
    page.keyboard.press("/")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_be_focused()
    # In a field letters are letters.
    page.keyboard.type("gj/?")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_have_value("gj/?")
    page.goto(f"{address}/members/")
    page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="本页的快捷键")
    expect(sheet).to_contain_text("先按 g，再按")
    expect(sheet).not_to_contain_text("待办里")
    assert faults(page) == []
    page.keyboard.press("Escape")
    expect(sheet).to_have_count(0)
    page.keyboard.press("g")
    page.keyboard.press("i")
    page.wait_for_url(re.compile("/inbox/"))


def test_rows_are_walked_ticked_put_right_and_opened(page, address, party, sign_in):
    sign_in("secretary")
    page.goto(f"{address}/cells/{party.yunshan.code}/roster/?flat=1&sort=name")
    rows = page.locator("[data-row]")
    second = rows.nth(1)
    for key in "jjjk":
        page.keyboard.press(key)
    expect(second.get_by_role("link").first).to_be_focused()
    page.keyboard.press("x")
    expect(second.get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_role("checkbox", checked=True)).to_have_count(1)
    page.keyboard.press("e")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    name = second.get_by_role("link").first.inner_text()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)


def test_what_is_put_right_by_keys_leaves_one_where_one_was(page, address, party, sign_in):
    sign_in("secretary")
    page.goto(f"{address}/cells/{party.yunshan.code}/roster/?flat=1&sort=-name")
    rows = page.locator("[data-row]")
    here = page.locator(f'[data-row="{party.wang.code}"]')
    at = [row.get_attribute("data-row") for row in rows.all()].index(party.wang.code)
    for key in "jx" + "j" * at + "e":
        page.keyboard.press(key)
    page.get_by_role("dialog").get_by_role("textbox", name=re.compile("^手机号")).fill("13900008866")
    page.keyboard.press("Enter")
    expect(here).to_contain_text("139****8866")
    expect(here.get_by_role("link").first).to_be_focused()
    expect(rows.first.get_by_role("checkbox")).to_be_checked()
    expect(page.get_by_role("region", name="批量操作")).to_contain_text("已选 1 人")
    # Somebody who is not on the list any more leaves the place to whoever follows.
    page.goto(f"{address}/cells/{party.yunshan.code}/roster/?flat=1&q=8866")
    for key in "je":
        page.keyboard.press(key)
    page.get_by_role("dialog").get_by_role("textbox", name=re.compile("^手机号")).fill("13900008877")
    page.keyboard.press("Enter")
    expect(page.get_by_role("main")).to_contain_text("没有符合条件的党员")


def test_a_column_is_moved_several_steps_by_keys(page, address, party, sign_in):
    sign_in("secretary")
    page.goto(f"{address}/cells/{party.yunshan.code}/roster/?flat=1&columns=name,gender,birth,category")
    page.locator(".list-menus summary", has_text="列").press("Enter")
    page.get_by_role("button", name="人员类别上移").focus()
    for heads in (["性别", "人员类别", "出生日期"], ["人员类别", "性别", "出生日期"]):
        page.keyboard.press("Enter")
        expect(page.locator("thead th:not(.check, .serial, .freeze)")).to_have_text(heads)
        expect(page.locator(".htmx-added")).to_have_count(0)
        expect(page.get_by_role("button", name="人员类别上移")).to_be_focused()


def test_keys_are_quiet_while_an_input_method_composes_and_when_switched_off(page, address, party, sign_in):
    sign_in("secretary")
    search = page.get_by_role("banner").get_by_role("searchbox")
    for composing in (COMPOSING, PROCESSED):
        for key in ("k", "/", "?", "g", "r"):
            page.evaluate(composing, key)
    expect(search).not_to_be_focused()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page).to_have_url(f"{address}/home/")

    party.secretary.prefer(shortcuts=False)
    page.reload()
    for key in ("Control+k", "/", "?", "g", "r"):
        page.keyboard.press(key)
    expect(search).not_to_be_focused()
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page).to_have_url(f"{address}/home/")


def test_what_is_found_can_be_walked_on_its_page_and_read_without_a_script(page, browser, address, party, sign_in):
    sign_in("secretary")
    page.goto(f"{address}/search/?q=云杉")
    assert faults(page) == []
    first = page.get_by_role("main").get_by_role("link", name=re.compile("云杉科技党支部"))
    expect(first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_role("main").get_by_role("searchbox")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"{address}{party.yunshan.get_absolute_url()}")

    context = browser.new_context(java_script_enabled=False, locale="zh-CN", storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{address}/search/")
    plain.get_by_role("main").get_by_role("searchbox").fill("sxd")
    plain.get_by_role("main").get_by_role("button", name="搜索").click()
    expect(plain.get_by_role("main")).to_contain_text("没有找到")
    plain.get_by_role("banner").get_by_role("searchbox").fill("wt")
    plain.get_by_role("banner").get_by_role("searchbox").press("Enter")
    expect(plain.get_by_role("main").locator("mark")).to_have_text("王涛")
    context.close()
