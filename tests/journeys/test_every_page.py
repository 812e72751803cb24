"""Every page in light, dark and large type: axe finds nothing, nothing runs out of the page, the keyboard gets in."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from cells.choices import Cover
from tests.cast import register

LOOKS = {
    "light": {},
    "dark": {"theme": "dark"},
    "large": {"text_size": "large"},
    "phone": {},
}
SIZES = {"phone": {"width": 390, "height": 844}}


def staff_pages(party):
    wang, yunshan = party.wang, party.yunshan
    company = register("云杉科技有限公司", party.north, cover=Cover.OWN, cover_cell=yunshan)
    return [
        "/home/", "/search/?q=w", "/scope/", "/cells/", "/cells/?view=flat", "/cells/new/", yunshan.get_absolute_url(),
        *(f"{yunshan.get_absolute_url()}{page}/" for page in (
            "details", "name", "superior", "kind", "merger", "dissolution", "term", "history", "officers", "roster",
        )),
        f"/cells/{yunshan.code}/roster/add/", "/companies/", "/companies/new/", company.get_absolute_url(),
        *(f"{company.get_absolute_url()}{page}/" for page in ("details", "survey", "contacts/new")),
        "/members/", wang.get_absolute_url(),
        *(f"{wang.get_absolute_url()}{page}/" for page in (
            "edit", "convert", "place", "suspend", "leave", "death", "merge", "reveal",
        )),
        "/imports/", "/imports/new/", "/reports/overview/", "/reports/figures/",
        "/reports/figures/organisational_coverage/",
        "/reports/snapshots/", "/audit/", "/notices/", "/tasks/", "/settings/", "/feedback/", "/feedback/received/",
        "/help/", "/2fa/", "/sessions/",
    ]  # fmt: skip


@pytest.mark.parametrize("look", LOOKS)
def test_staff_meet_no_page_that_somebody_cannot_read(page, address, party, sign_in, look):
    party.staff.prefer(**LOOKS[look])
    page.set_viewport_size(SIZES.get(look, {"width": 1440, "height": 900}))
    sign_in("staff")
    wrong = {}
    for path in staff_pages(party):
        answer = page.goto(f"{address}{path}")
        found = [(fault["id"], fault["nodes"][0]["html"][:120]) for fault in Axe().run(page).response["violations"]]
        width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if answer.status != 200 or found or width > 0:
            wrong[path] = (answer.status, found, width)
    assert wrong == {}


def test_the_keyboard_reaches_the_content_and_every_way_of_the_rail(page, address, party, sign_in):
    sign_in("staff")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="跳到正文")).to_be_focused()
    ways = page.get_by_role("navigation", name="主导航").get_by_role("link")
    reached = set()
    for _step in range(60):
        page.keyboard.press("Tab")
        reached.add(_letters(page.evaluate("document.activeElement.textContent")))
    assert {_letters(text) for text in ways.all_inner_texts()} <= reached


def _letters(text):
    return re.sub(r"\s+", "", text)
