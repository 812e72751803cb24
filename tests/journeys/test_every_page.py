"""Every page in light, dark and large type: axe finds nothing, nothing runs out of the page, the keyboard gets in."""

import os
import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from cells.choices import Cover
from members.domain import requests
from tests.cast import TODAY, register
from tests.members.paper import photo

LONG = os.environ.get("ZHIBU_FULL") == "1"
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
# Colours, and what no longer fits. Names, roles and order hang on the document, which every look shares.
LOOK_AGAIN = {"runOnly": ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]}
# By turns, large type and a phone are asked for their colours too, which light and dark show of every page.
BY_TURNS = ("large", "phone")
STILL_FITS = {"runOnly": ["scrollable-region-focusable"]}
WORN = "worn => Object.assign(document.documentElement.dataset, worn)"
# The page hears of its new width with the next frame it draws.
FOUND = """async options => {
    for (const _frame of [1, 2]) await new Promise(drawn => requestAnimationFrame(drawn));
    const results = await axe.run({resultTypes: ['violations'], ...options});
    return results.violations.map(fault => [fault.id, fault.nodes[0].html.slice(0, 120)]);
}"""
# How each look is chosen, what the page then wears, how wide it is, and what is asked of it.
LOOKS = {
    "light": ({}, {}, WIDE, {}),
    "dark": ({"theme": "dark"}, {"theme": "dark"}, WIDE, LOOK_AGAIN),
    "large": ({"text_size": "large"}, {"type": "large"}, WIDE, LOOK_AGAIN),
    "phone": ({}, {}, PHONE, {} if LONG else LOOK_AGAIN),
}
PARTS = 2


def staff_pages(party):
    wang, yunshan = party.wang, party.yunshan
    asked = {"item": "education", "new": "14", "evidence": photo(), "by": party.plain_member, "on": TODAY}
    request = requests.ask(wang, **asked)
    company = register("云杉科技有限公司", party.north, cover=Cover.OWN, cover_cell=yunshan)
    return [
        "/home/", "/search/?q=w", "/scope/", "/cells/", "/cells/?view=flat", "/cells/new/", yunshan.get_absolute_url(),
        *(f"{yunshan.get_absolute_url()}{page}/" for page in (
            "details", "name", "superior", "kind", "merger", "dissolution", "term", "history", "officers", "roster",
            "setup",
        )),
        f"/cells/{yunshan.code}/roster/add/", "/companies/", "/companies/new/", company.get_absolute_url(),
        *(f"{company.get_absolute_url()}{page}" for page in (
            "details/", "survey/", "contacts/new/", "advisors/", "?view=large", "?view=print",
        )),
        f"/advisors/{party.advisor.code}/",
        "/members/", "/members/?adding=birth_date&category=full", "/members/?open=columns", "/members/?q=zzzz",
        "/filters/", "/filters/new/?list=members.roster&found=category%3Dfull", wang.get_absolute_url(),
        *(f"{wang.get_absolute_url()}{page}/" for page in (
            "edit", "edit/in-place", "convert", "place", "suspend", "leave", "death", "merge", "reveal",
        )),
        "/inbox/", "/inbox/?tab=coming", request.decide_url, f"{request.decide_url}refuse/",
        "/imports/", "/imports/new/", "/reports/overview/", "/reports/coverage/", "/reports/figures/",
        "/reports/figures/organisational_coverage/",
        "/reports/", "/audit/", "/notices/", "/tasks/", "/settings/", "/feedback/", "/feedback/received/",
        "/help/", "/2fa/", "/sessions/",
    ]  # fmt: skip


@pytest.mark.parametrize("part", range(PARTS))
def test_staff_meet_no_page_that_somebody_cannot_read(page, address, party, sign_in, part):
    """Each page is fetched once and worn in every look: fetching it four times shows nothing more."""
    page.emulate_media(reduced_motion="reduce")
    sign_in("staff")
    wrong = {}
    for turn, path in enumerate(staff_pages(party)[part::PARTS]):
        page.set_viewport_size(WIDE)
        answer = page.goto(f"{address}{path}")
        page.evaluate(Axe().axe_script)
        own = page.evaluate("({...document.documentElement.dataset})")
        for look, (_choice, worn, size, asked) in LOOKS.items():
            page.evaluate(WORN, own | worn)
            page.set_viewport_size(size)
            fits = look in BY_TURNS and look != BY_TURNS[turn % 2] and not LONG
            found = page.evaluate(FOUND, STILL_FITS if fits else asked)
            width = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            if answer.status != 200 or found or width > 0:
                wrong[path, look] = (answer.status, found, width)
    assert wrong == {}


@pytest.mark.parametrize("look", LOOKS)
def test_a_page_wears_the_look_that_was_chosen(page, address, party, sign_in, look):
    choice, worn, _size, _asked = LOOKS[look]
    party.staff.prefer(**choice)
    sign_in("staff")
    html = page.locator("html")
    for name, value in worn.items():
        expect(html).to_have_attribute(f"data-{name}", value)


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
