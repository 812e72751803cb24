"""Our users' browsers stand at Chromium 90. What came later is refused here, before somebody sees a page without it."""

import re

import pytest

from portal.boot.places import ROOT

# What it is, and the Chromium that first knew it.
TOO_NEW_FOR_STYLES = {
    r":has\(": 105,
    r":modal\b": 105,
    r":popover-open\b": 114,
    r":user-(in)?valid\b": 119,
    r":(open|state\()": 125,
    r":nth-(last-)?child\([^)]*\sof\s": 111,
    r"@container\b": 105,
    r"\bcontainer(-type|-name)?\s*:": 105,
    r"\b\d+cq[wihb]\b": 105,
    r"@layer\b": 99,
    r"@scope\b": 118,
    r"@starting-style\b": 117,
    r"@view-transition\b|\bview-transition-name\s*:": 111,
    r"\bcolor-mix\(": 111,
    r"\b(ok)?(lab|lch)\(": 111,
    r"\blight-dark\(": 123,
    r"\b\d+[sld]v[hw]\b": 108,
    r"\bsubgrid\b": 117,
    r"\baccent-color\s*:": 93,
    r"\bscrollbar-gutter\s*:": 94,
    r"\btext-wrap(-style|-mode)?\s*:": 114,
    r"\bfield-sizing\s*:": 123,
    r"\binterpolate-size\s*:": 129,
    r"\banchor-name\s*:|\bposition-anchor\s*:": 125,
    r"(?<![-\w])(translate|rotate|scale)\s*:": 104,
    r"\b(round|mod|rem|sin|cos|tan|sqrt|pow)\(": 111,
    r"\blinear\(": 113,
    r"@media[^{]*[<>]": 104,
    r"\bmask(-image|-size|-position|-repeat)?\s*:(?=[^;}]*[;}])(?![^}]*-webkit-mask)": 120,
}
TOO_NEW_FOR_PAGES = {r"\spopover(target)?\b": 114, r"\sinert\b": 102, r"<search\b": 118, r"\scommandfor=": 135}
TOO_NEW_FOR_SCRIPTS = {
    r"\.at\(": 92,
    r"\.(findLast|findLastIndex)\(": 97,
    r"\.(toSorted|toReversed|toSpliced|with)\(": 110,
    r"\bObject\.(hasOwn|groupBy)\b": 93,
    r"\bstructuredClone\(": 98,
    r"\bcrypto\.randomUUID\b": 92,
    r"\bAbortSignal\.(timeout|any)\b": 103,
    r"\bstatic\s*\{": 94,
    r"\.(showPopover|hidePopover|togglePopover)\(": 114,
    r":has\(": 105,
    r"\bPromise\.withResolvers\b": 119,
    r"\b(import|with)\s+type\s*:": 123,
}


def named(path):
    return str(path.relative_to(ROOT))


def styles(text):
    """The sheet without its comments and strings."""
    return re.sub(r"/\*.*?\*/|\"[^\"]*\"|'[^']*'", " ", text, flags=re.S)


def too_new(text, features):
    return sorted(
        f"{found.group().strip()} (Chromium {since})" for f, since in features.items() for found in re.finditer(f, text)
    )


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.css")), ids=named)
def test_a_style_sheet_needs_no_newer_browser(path):
    assert too_new(styles(path.read_text(encoding="utf-8")), TOO_NEW_FOR_STYLES) == []


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.css")), ids=named)
def test_a_style_sheet_does_not_nest(path):
    inside_media, depth = 0, 0
    for piece in re.findall(r"[^{};]*[{};]", styles(path.read_text(encoding="utf-8"))):
        head = piece.strip()
        if head.endswith("{"):
            grouping = head.startswith(("@media", "@supports", "@keyframes", "@font-face", "@page"))
            assert grouping or depth == inside_media, f"nested: {head}"
            inside_media += grouping
            depth += 1
        elif head.endswith("}"):
            depth -= 1
            inside_media = min(inside_media, depth)


@pytest.mark.parametrize("path", sorted((ROOT / "static").rglob("*.js")), ids=named)
def test_a_script_needs_no_newer_browser(path):
    text = re.sub(r"/\*.*?\*/|(?<!:)//[^\n]*", " ", path.read_text(encoding="utf-8"), flags=re.S)
    assert too_new(text, TOO_NEW_FOR_SCRIPTS) == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=named)
def test_a_page_needs_no_newer_browser(path):
    tags = " ".join(re.findall(r"<[a-z][^>]*>", path.read_text(encoding="utf-8"), flags=re.S))
    assert too_new(tags, TOO_NEW_FOR_PAGES) == []


@pytest.mark.parametrize(
    "sheet",
    [
        "a:has(b) { color: red }",
        "@media (width >= 40em) { a { color: red } }",
        "@container (min-width: 1px) { a { color: red } }",
        "a { color: color-mix(in srgb, red, blue) }",
        "a { height: 100dvh }",
    ],
)
def test_what_is_too_new_is_found(sheet):
    assert too_new(styles(sheet), TOO_NEW_FOR_STYLES) != []


def test_what_is_old_enough_passes():
    sheet = "a:is(b, c) { inset: 0; aspect-ratio: 1; gap: 1px } @media (min-width: 40em) { a { transform: scale(2) } }"
    assert too_new(styles(sheet), TOO_NEW_FOR_STYLES) == []
