"""The one sheet that names colours: readable on every ground, dark told twice in the same words, and light to load."""

import re
from pathlib import Path

import pytest

CSS = Path(__file__).parents[2] / "static" / "css"
TOKENS = (CSS / "tokens.css").read_text(encoding="utf-8")

TEXTS = [
    "ink-900", "ink-700", "ink-600", "ink-500", "dai-700", "dai-600", "zhu-700", "zhu-600", "err-700", "warn-700",
    "ok-700",
]  # fmt: skip
PAIRS = [
    ("err-800", "err-50"), ("warn-700", "warn-50"), ("ok-700", "ok-50"), ("dai-700", "dai-50"), ("dai-900", "dai-50"),
    ("zhu-800", "zhu-50"), ("ink-900", "highlight"), ("ink-500", "highlight"), ("ink-700", "dai-50"),
    ("on-dai", "dai-700"), ("on-dai", "dai-600"), ("bar-ink", "bar-ground"), ("bar-soft", "bar-ground"),
    ("tile-ink", "tile-ground"), ("q-ink", "q1"), ("q-ink", "q2"), ("q-ink", "q3"), ("q4-ink", "q4"), ("q5-ink", "q5"),
]  # fmt: skip
GROUNDS = ["paper", "card", "sunk"]


def block(selector):
    """The body of the rule that begins with ``selector``."""
    return re.search(re.escape(selector) + r"\{(.*?)\}", TOKENS, re.S)[1]


def colours(selector):
    return dict(re.findall(r"--([a-z0-9-]+):(#[0-9A-Fa-f]{6})", block(selector)))


LIGHT = colours(":root")
THEMES = {
    "light": LIGHT,
    "dark": LIGHT | colours(':root[data-theme="dark"]'),
    "high": LIGHT | colours(':root[data-contrast="high"]'),
}


def luminance(colour):
    parts = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("theme", THEMES)
def test_every_text_is_readable_on_every_ground(theme):
    colour = THEMES[theme]
    pairs = [(text, ground) for text in TEXTS for ground in GROUNDS] + PAIRS
    found = {f"{text} on {ground}": contrast(colour[text], colour[ground]) for text, ground in pairs}
    assert {pair: ratio for pair, ratio in found.items() if ratio < 4.5} == {}


@pytest.mark.parametrize("theme", THEMES)
def test_the_edges_of_controls_can_be_seen(theme):
    colour = THEMES[theme]
    found = {ground: contrast(colour["edge"], colour[ground]) for ground in GROUNDS}
    assert {ground: ratio for ground, ratio in found.items() if ratio < 3} == {}


def test_dark_by_choice_and_dark_by_system_are_the_same_dark():
    chosen = block(':root[data-theme="dark"]')
    of_the_system = block(':root:not([data-theme="light"])')
    assert chosen.split() == of_the_system.split()


def test_no_other_sheet_names_a_colour():
    named = {
        sheet.name: re.findall(r"#[0-9A-Fa-f]{3,8}\b(?![^{]*\{)|\b(?:rgba?|hsla?)\(", _without_print(sheet))
        for sheet in CSS.glob("*.css")
        if sheet.name != "tokens.css"
    }
    assert {name: found for name, found in named.items() if found} == {}


def _without_print(sheet):
    """Ink on white paper is black on white, whatever the theme."""
    return re.sub(r"@media print\{.*?\n\}", "", sheet.read_text(encoding="utf-8"), flags=re.S)


def test_every_colour_that_is_used_has_been_named():
    used = set()
    for sheet in CSS.glob("*.css"):
        used |= set(re.findall(r"var\(--([a-z0-9-]+)", sheet.read_text(encoding="utf-8")))
    named = set(re.findall(r"--([a-z0-9-]+):", TOKENS))
    assert used - named == set()


def test_what_every_page_loads_stays_under_45_kb():
    assert sum((CSS / name).stat().st_size for name in ("tokens.css", "zhibu.css")) < 45_000
