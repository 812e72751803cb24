"""Reading a page as a browser, a screen reader and a suspicious network would."""

import re
from collections import Counter
from html.parser import HTMLParser

CONTROLS = {"input", "select", "textarea"}
NOT_CONTROLS = {"hidden", "submit", "button", "reset", "image"}
ADDRESSES = {"href", "src", "action", "hx-get", "hx-post", "formaction", "xlink:href"}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr", "path",
        "circle", "rect", "use", "line", "polyline", "polygon"}  # fmt: skip
DATA = {"application/json", "application/ld+json"}


class Page(HTMLParser):
    """What of a page the house has rules about."""

    def __init__(self, html):
        super().__init__()
        self.tags = []
        self.words = {"title": "", "h1": ""}
        self.open = []
        self.forms = []
        self.labelled = set()
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag in CONTROLS and "label" in self.open:
            attrs["in label"] = True
        self.tags.append((tag, attrs))
        if tag == "form":
            self.forms.append({"attrs": attrs, "names": set()})
        if tag in CONTROLS and self.forms:
            self.forms[-1]["names"].add(attrs.get("name"))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data):
        for tag in ("title", "h1"):
            if self.open and tag in self.open and "svg" not in self.open:
                self.words[tag] += data

    def all(self, *tags):
        return [attrs for tag, attrs in self.tags if tag in tags]

    @property
    def ids(self):
        return [attrs["id"] for _tag, attrs in self.tags if attrs.get("id")]


def faults(html, site_name):
    """Every rule the page breaks, as sentences; none for a page of ours."""
    page = Page(html)
    if not page.all("html") or not page.all("a"):
        return ["a part of a page where a whole one was asked for"]
    return [
        *_frame(page, site_name),
        *_names(page),
        *_nothing_inline(page),
        *_nothing_from_elsewhere(page),
        *_forms(page),
    ]


def _frame(page, site_name):
    if page.all("html")[0].get("lang") not in {"zh-Hans", "en"}:
        yield "the page does not say its language"
    if len(page.all("h1")) != 1 or not page.words["h1"].strip():
        yield f"{len(page.all('h1'))} h1 instead of one with words in it"
    if not re.fullmatch(rf"\S.* · (支部|Zhibu) · {re.escape(site_name)}", page.words["title"].strip()):
        yield f"the title reads {page.words['title']!r}"
    if page.all("a")[0].get("href") != "#main" or "main" not in page.ids:
        yield "the first link does not skip to #main"
    if len(page.all("main")) != 1:
        yield f"{len(page.all('main'))} main"


def _names(page):
    twice = [name for name, times in Counter(page.ids).items() if times > 1]
    if twice:
        yield f"ids given twice: {twice}"
    labels = {attrs.get("for") for attrs in page.all("label")}
    for attrs in page.all(*CONTROLS):
        named = attrs.get("id") in labels or attrs.keys() & {"aria-label", "aria-labelledby", "in label"}
        if attrs.get("type") not in NOT_CONTROLS and not named:
            yield f"a control without a label: {attrs}"
    for _tag, attrs in page.tags:
        for relation in ("for", "aria-describedby", "aria-labelledby", "aria-controls"):
            for target in (attrs.get(relation) or "").split():
                if target not in page.ids:
                    yield f"{relation} leads to {target}, which is not there"
    if any("alt" not in attrs for attrs in page.all("img")):
        yield "an image without alt"


def _nothing_inline(page):
    if page.all("style"):
        yield "an inline style sheet"
    for tag, attrs in page.tags:
        if "style" in attrs or any(name.startswith("on") for name in attrs):
            yield f"inline style or handler on {tag}: {attrs}"
        if tag == "script" and "src" not in attrs and attrs.get("type") not in DATA:
            yield "an inline script"
        if any((attrs.get(name) or "").strip().lower().startswith("javascript:") for name in ADDRESSES):
            yield f"a script for an address: {attrs}"


def _nothing_from_elsewhere(page):
    for _tag, attrs in page.tags:
        for name in ADDRESSES & attrs.keys():
            if re.match(r"(?:[a-z]+:)?//", attrs[name] or ""):
                yield f"an address outside the house: {attrs[name]}"


def _forms(page):
    for form in page.forms:
        posts = (form["attrs"].get("method") or "").lower() == "post"
        if posts and "csrfmiddlewaretoken" not in form["names"]:
            yield f"a form that posts without a token: {form['attrs']}"
