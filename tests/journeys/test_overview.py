"""Association staff look at the overview."""

import re

import pytest
from django.conf import settings
from playwright.sync_api import expect

from cells.choices import Cover
from cells.models import Company
from tests.cast import register


@pytest.fixture
def world(party):
    for serial in range(6):
        register(f"高新企业{serial}", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    for serial in range(6):
        register(f"南浦企业{serial}", party.south, district="南浦区")
    return party


def test_staff_read_the_coverage_of_a_district_and_see_its_companies_in_two_clicks(page, sign_in, world):
    sign_in("staff", then="/reports/overview/")

    page.get_by_role("link", name=re.compile("南浦区")).click()
    expect(page).to_have_url(re.compile("district="))
    expect(page.get_by_text("实体运营的 6 家企业中，0 家已有组织覆盖，6 家没有。")).to_be_visible()
    page.locator(".kpi", has_text="企业").first.get_by_role("link").last.click()

    expect(page.get_by_role("heading", level=1)).to_have_text("企业")
    for company in Company.objects.all():
        shown = page.get_by_role("rowheader", name=company.name)
        expect(shown).to_have_count(1 if company.district == "南浦区" else 0)


def test_staff_walk_the_tiles_by_arrow_keys_to_the_companies_that_should_have_a_branch(page, sign_in, world):
    register("白石智能", world.south, district="南浦区", park="科技园", members_known=4)
    register("木石智造", world.north, park="软件园", staff=208)
    sign_in("staff")

    page.get_by_role("link", name="总览").first.click()
    page.get_by_role("link", name="组织覆盖", exact=True).click()
    table = page.get_by_role("region", name="应建未建企业")
    expect(table.get_by_role("rowheader")).to_contain_text(["白石智能", "木石智造"])

    tiles = page.locator(".tile")
    tiles.nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(tiles.nth(1)).to_be_focused()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("district="))
    expect(page.get_by_role("heading", name="南浦区应建未建")).to_be_visible()
    expect(table.get_by_role("rowheader", name="木石智造")).to_have_count(0)
    expect(table.get_by_role("link", name=re.compile("新建党支部.*白石智能"))).to_be_visible()


@pytest.mark.skipif(not settings.ZHIBU_CHART_SCRIPT, reason="the chart library is not installed here")
def test_the_trend_is_drawn_under_the_strict_policy_and_says_the_same_in_its_table(page, sign_in, world):
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    sign_in("staff", then="/reports/overview/")

    trend = page.locator("#trend")
    expect(trend.locator("svg")).to_be_visible()
    expect(trend.locator("svg").get_by_text("100%", exact=True)).to_be_visible()
    table = page.get_by_role("region", name="近 24 个月数据")
    expect(table).to_be_hidden()
    page.get_by_text("看数据表").last.click()
    expect(table.get_by_role("row")).to_have_count(25)
    line = trend.locator("svg path[stroke]").first
    before = trend.locator("svg").inner_html()
    page.get_by_role("button", name="深色").click()
    page.wait_for_load_state()
    expect(trend.locator("svg")).to_be_visible()
    assert trend.locator("svg").inner_html() != before
    expect(line).to_be_attached()
    assert faults == []


def test_a_drawing_is_set_going_and_watched_to_its_end(page, sign_in, world, worker):
    sign_in("staff", then="/reports/overview/")

    page.get_by_role("button", name="生成快照").click()
    expect(page.get_by_text("已完成").first).to_be_visible(timeout=20_000)
    page.get_by_role("link", name="总览").first.click()
    page.get_by_role("link", name=re.compile("最近快照")).click()

    expect(page.get_by_text("内容完整，按当时所知重算一致")).to_be_visible()
