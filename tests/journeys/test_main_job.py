"""The main job, as a newcomer does it: ledgers in, coverage out, and the list behind every figure."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.conftest import SCENES

CHANGCHUN = [str(SCENES / "changchun" / f"{name}.xlsx") for name in ("organisations", "companies", "members")]
COMMITTEE = "中共示例市互联网业联合会委员会"
A_MINUTE_MS = 60_000


@pytest.fixture
def _slow_enough(page):
    page.set_default_timeout(A_MINUTE_MS)


def test_staff_drop_three_ledgers_and_read_how_many_companies_are_covered(
    page, address, party, worker, sign_in, _slow_enough
):
    sign_in("staff", then="/imports/new/")
    page.get_by_label("台账文件").set_input_files(CHANGCHUN)
    page.get_by_role("button", name="上传并核对").click()

    page.get_by_role("button", name=re.compile("^试运行")).click(timeout=A_MINUTE_MS)
    page.get_by_role("button", name=re.compile("^导入 .* 行$")).click()
    expect(page.get_by_text("已导入").first).to_be_visible(timeout=A_MINUTE_MS)

    page.get_by_role("link", name=re.compile("范围")).first.click()
    page.get_by_role("link", name=COMMITTEE).first.click()
    page.get_by_role("link", name="总览").first.click()

    figures = page.locator(".kpis")
    for figure in ("105", "6 464", "803", "59.0"):
        expect(figures).to_contain_text(re.compile(figure.replace(" ", r"\s")))

    figures.get_by_role("link", name=re.compile("^105")).click()
    expect(page.locator("tbody tr").first).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("企业")
