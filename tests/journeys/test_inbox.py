"""J11: a secretary goes through twenty corrections without touching the mouse."""

import re

from playwright.sync_api import expect

from members.choices import RequestState
from members.domain import requests
from members.models import ChangeRequest
from tests.cast import TODAY, enlist, person
from tests.members.paper import photo

MANY, SENT_BACK = 20, 2
# A key for each that is granted; a key, the reason and Enter for each that is sent back.
GROUPS = MANY + 2 * SENT_BACK
PAPER = photo()


class Keys:
    """Counts groups of keystrokes: a key by itself, or a run of typing."""

    def __init__(self, page):
        self.keyboard, self.groups = page.keyboard, 0

    def press(self, key):
        self.groups += 1
        self.keyboard.press(key)

    def write(self, words):
        self.groups += 1
        self.keyboard.insert_text(words)


def asked(party, count):
    for number in range(count):
        name = f"组员{number:02}"
        member = enlist(name, party.first_group, user=person(name))
        requests.ask(member, item="education", new="14", evidence=PAPER, by=member.user, on=TODAY)


def states():
    return sorted(ChangeRequest.objects.values_list("state", flat=True))


def test_twenty_corrections_are_reviewed_by_keyboard_alone(page, party, sign_in):
    page.set_viewport_size({"width": 1440, "height": 900})
    asked(party, MANY)
    sign_in("secretary", then="/inbox/")
    keys = Keys(page)
    for number in range(MANY):
        expect(page.locator("#detail")).to_contain_text(f"组员{number:02}")
        if number:
            expect(page.locator(".inbox-item[aria-current]")).to_be_focused()
        if number % 10 == 4:
            keys.press("r")
            keys.write("照片看不清，请重拍")
            keys.press("Enter")
        else:
            keys.press("a")
    expect(page.get_by_role("main")).to_contain_text("都办完了")
    assert keys.groups <= GROUPS
    assert states() == [RequestState.GRANTED] * (MANY - SENT_BACK) + [RequestState.REFUSED] * SENT_BACK


COMPOSED = "new KeyboardEvent('keydown', {key: 'a', isComposing: true, bubbles: true})"


def test_keys_move_open_and_tick_and_never_decide_what_is_not_shown(page, party, sign_in):
    page.set_viewport_size({"width": 1440, "height": 900})
    asked(party, 3)
    sign_in("secretary", then="/inbox/")
    detail = page.locator("#detail")
    page.keyboard.press("j")
    expect(detail).to_contain_text("组员01")
    expect(page).to_have_url(re.compile(r"open=GZ-.+#item-GZ-"))
    page.keyboard.press("k")
    expect(detail).to_contain_text("组员00")
    page.keyboard.press("x")
    expect(page.get_by_label("选中组员00更正学历")).to_be_checked()
    page.keyboard.press("r")
    reason = page.get_by_label("退回的理由")
    expect(reason).to_be_focused()
    page.keyboard.type("jka")
    expect(reason).to_have_value("jka")
    page.keyboard.press("Tab")
    # Nothing while an input method composes, nothing when switched off.
    page.evaluate(f"document.body.dispatchEvent({COMPOSED})")
    page.evaluate("document.body.dataset.shortcuts = 'off'")
    page.keyboard.press("a")
    page.keyboard.press("j")
    expect(detail).to_contain_text("组员00")
    page.evaluate("document.body.dataset.shortcuts = 'on'")
    # While the next one is on its way, nothing that is no longer meant is decided.
    page.route("**/inbox/*", lambda route: None)
    page.evaluate("document.addEventListener('submit', (event) => { event.preventDefault(); window.sent = true; })")
    page.locator(".inbox-item").nth(2).focus()
    page.keyboard.press("k")
    page.keyboard.press("a")
    assert not page.evaluate("window.sent")
    assert states() == [RequestState.WAITING] * 3
