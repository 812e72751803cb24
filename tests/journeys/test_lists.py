"""A roster narrowed, laid out, kept and dealt with: by mouse, with everything that opens held to the same standard."""

import re

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from cells.models import SavedFilter
from members.models import Membership


def nothing_wrong(page):
    """Axe over the page as it stands, with what is open on it."""
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_without_a_script_no_number_is_told_that_stands_still(browser, page, address, party, sign_in):
    sign_in("secretary")
    context = browser.new_context(java_script_enabled=False, locale="zh-CN", storage_state=page.context.storage_state())
    plain = context.new_page()
    plain.goto(f"{address}/cells/{party.yunshan.code}/roster/")
    plain.locator(f'tr[data-row="{party.wang.code}"]').get_by_role("checkbox").check()
    bar = plain.get_by_role("region", name="批量操作")
    expect(bar.get_by_text("已选")).to_be_hidden()
    bar.get_by_role("button", name="调整党小组").click()
    expect(plain.get_by_role("main")).to_contain_text("已选 1 人")
    context.close()


def test_on_a_phone_in_large_type_all_tools_are_within_reach(page, address, party, sign_in):
    party.secretary.prefer(text_size="large")
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in("secretary", then=f"/cells/{party.yunshan.code}/roster/")
    for tool in (
        page.get_by_role("main").get_by_role("button", name="查找"),
        page.get_by_role("link", name="信息不全"),
    ):
        box = tool.bounding_box()
        assert box["x"] + box["width"] <= 390
    assert page.evaluate("document.documentElement.scrollWidth") == 390


def test_a_secretary_works_with_the_roster_as_with_a_sheet(page, address, party, sign_in):
    roster = f"/cells/{party.yunshan.code}/roster/"
    sign_in("secretary", then=roster)

    page.get_by_text("添加条件").click()
    page.get_by_label("条件", exact=True).select_option(label="人员类别")
    page.get_by_role("button", name="下一步").click()
    page.locator("select[name=value]").select_option(label="正式党员")
    nothing_wrong(page)
    page.get_by_role("button", name="添加", exact=True).click()
    chip = page.get_by_role("link", name=re.compile("人员类别：正式党员"))
    expect(chip).to_be_visible()
    expect(page).to_have_url(re.compile("category=full"))
    expect(page.locator("tbody tr[data-row]")).to_have_count(3)

    page.locator(".list-menus summary", has_text="列").click()
    page.get_by_label("编号", exact=True).check()
    nothing_wrong(page)
    page.get_by_role("button", name="显示这些列").click()
    expect(page.get_by_role("columnheader", name="编号")).to_be_visible()

    page.locator(".list-menus summary", has_text="筛选").click()
    page.get_by_role("link", name="保存为筛选").click()
    page.get_by_label("名称").fill("正式党员和编号")
    page.get_by_label("固定在工作台").check()
    page.get_by_role("button", name="保存").click()
    expect(page.locator("tbody tr[data-row]")).to_have_count(3)
    assert "code" in SavedFilter.objects.get().query

    page.goto(f"{address}{roster}?flat=1")
    row = page.locator(f'tr[data-row="{party.wang.code}"]')
    row.hover()
    row.get_by_role("link", name="改王涛的资料").click()
    sheet = page.get_by_role("dialog")
    sheet.get_by_role("textbox", name=re.compile("^手机号")).fill("13900008866")
    nothing_wrong(page)
    sheet.get_by_role("button", name="保存").click()
    expect(row).to_contain_text("139****8866")

    row.get_by_role("checkbox").check()
    bar = page.get_by_role("region", name="批量操作")
    expect(bar).to_contain_text("已选 1 人")
    nothing_wrong(page)
    bar.get_by_role("button", name="调整党小组").click()
    page.get_by_label("调整到").fill(party.first_group.code)
    page.get_by_label("原因").fill("重新划分")
    page.get_by_role("button", name="试运行").click()
    expect(page.get_by_role("main")).to_contain_text("还没有办理")
    page.get_by_role("button", name="调整 1 人").click()
    expect(page.locator(".toast")).to_contain_text("已调整 1 人")
    assert Membership.objects.current().get(member=party.wang).cell == party.first_group
    page.locator(".toast").get_by_role("button", name="撤销").click()
    expect(page.locator(".toast")).to_contain_text("已撤销")
    assert Membership.objects.current().get(member=party.wang).cell == party.yunshan
