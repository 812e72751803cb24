"""The pictures of the README, taken of the demo. ``ZHIBU_SCREENSHOTS=1 bin/test`` with this file renews them."""

import os
import re

import pytest
from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from playwright.sync_api import expect

from portal.demo import PASSWORD, world
from tests.journeys.conftest import SCENES

DEFECTS = [str(SCENES / "defects" / f"{name}.xlsx") for name in ("organisations", "members")]
A_MINUTE_MS = 60_000


@pytest.fixture
def folder(tmp_path):
    if os.environ.get("ZHIBU_SCREENSHOTS") != "1":
        return tmp_path
    return settings.BASE_DIR / "docs" / "screenshots"


@pytest.fixture
def _demo(transactional_db):
    cache.clear()
    world.build(today=timezone.localdate())


def test_the_demo_looks_as_the_readme_shows_it(page, address, _demo, worker, sign_in, folder):
    page.set_viewport_size({"width": 1440, "height": 900})
    sign_in("staff", then="/reports/overview/", password=PASSWORD)
    expect(page.locator(".kpis")).to_contain_text("组织覆盖率")
    expect(page.locator("svg").first).to_be_visible()
    page.screenshot(path=folder / "overview.png")

    page.goto(f"{address}/imports/new/")
    page.get_by_label("台账文件").set_input_files(DEFECTS)
    page.get_by_role("button", name="上传并核对").click()
    expect(page.get_by_role("button", name=re.compile("^试运行"))).to_be_visible(timeout=A_MINUTE_MS)
    expect(page.locator(".cell-error").first).to_be_visible()
    page.screenshot(path=folder / "import-review.png")

    page.context.clear_cookies()
    sign_in("secretary", then="/members/", password=PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("名册")
    page.screenshot(path=folder / "roster.png")
    assert {picture.name for picture in folder.glob("*.png")} == {"overview.png", "roster.png", "import-review.png"}
