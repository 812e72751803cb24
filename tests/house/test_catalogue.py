"""Every sentence a person may read exists in both languages."""

import ast
import re
from string import Formatter

import polib
import pytest
from django.utils.translation.template import templatize

from portal.boot.places import ROOT

APPS = (
    "core",
    "work",
    "audit",
    "acts",
    "accounts",
    "notices",
    "cells",
    "members",
    "activities",
    "ledgers",
    "news",
    "integrations",
    "reports",
    "portal",
)
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# What bin/messages reads: a name that stands for another is not among them, so a sentence in it would be lost.
LITERAL = r"""('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")"""
CALL = re.compile(rf"(?<![\w.])(n?p?gettext|_)\(\s*{LITERAL}(?:,\s*{LITERAL})?")


def catalogue():
    return polib.pofile(str(CATALOGUE))


def sentences():
    """Every sentence of the source with its context, and where it stands first."""
    found = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(call, ast.Call) and isinstance(call.func, ast.Name):
                    found.setdefault(_said(call.func.id, [getattr(each, "value", None) for each in call.args]), path)
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in {".html", ".txt"}:
            for name, *literals in CALL.findall(templatize(path.read_text(encoding="utf-8"))):
                found.setdefault(_said(name, [ast.literal_eval(each) for each in literals if each]), path)
    return {said: str(path.relative_to(ROOT)) for said, path in found.items() if said and CHINESE.search(said[1])}


def _said(name, words):
    """The context and the sentence of a call; ``_t`` and its like are taken for ``gettext``."""
    if "gettext" not in name and not re.fullmatch(r"_\w?", name):
        return None
    context, *words = words if "pgettext" in name else [None, *words]
    return (context, words[0]) if words and isinstance(words[0], str) else None


def test_every_entry_is_translated_and_none_is_a_guess():
    entries = catalogue()
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []


def test_every_sentence_of_the_source_is_in_the_catalogue():
    known = {(entry.msgctxt, entry.msgid) for entry in catalogue() if not entry.obsolete}
    assert {said: where for said, where in sentences().items() if said not in known} == {}


def test_the_translation_is_not_chinese():
    chinese = {
        entry.msgid: text
        for entry in catalogue()
        for text in [entry.msgstr, *entry.msgstr_plural.values()]
        # A word in brackets, as in "cell (支部)", is meant.
        if not entry.obsolete and CHINESE.search(re.sub(r"[(（《「][^)）》」]*[)）》」]", "", text))
    }
    assert chinese == {}


def test_no_placeholder_is_lost_or_invented():
    wrong = []
    for entry in catalogue():
        for text in [entry.msgstr, *entry.msgstr_plural.values()]:
            if text and placeholders(text) - placeholders(entry.msgid) - placeholders(entry.msgid_plural):
                wrong.append((entry.msgid, text))
            if text and not entry.msgid_plural and placeholders(entry.msgid) - placeholders(text):
                wrong.append((entry.msgid, text))
    assert wrong == []


def placeholders(text):
    return set(re.findall(r"%\(\w+\)[sd]", text)) | {name for name in _fields(text) if name}


def _fields(text):
    try:
        return [name for _literal, name, _spec, _conversion in Formatter().parse(text) if name and name.isidentifier()]
    except ValueError:  # a brace that is a brace
        return []


@pytest.mark.parametrize(
    ("text", "expected"), [("共 %(n)s 人", {"%(n)s"}), ("{name} 已加入", {"name"}), ("50% {", set())]
)
def test_placeholders_are_recognised(text, expected):
    assert placeholders(text) == expected
