"""Every sentence a person may read exists in both languages."""

import re
from string import Formatter

import polib
import pytest

from portal.boot.places import ROOT

APPS = (
    "core",
    "work",
    "audit",
    "accounts",
    "notices",
    "cells",
    "members",
    "activities",
    "ledgers",
    "reports",
    "portal",
)
CATALOGUE = ROOT / "locale" / "en" / "LC_MESSAGES" / "django.po"
# Sentences of the source, as far as they can be told without running it.
PYTHON = re.compile(r"""(?<![\w.])(?:_|gettext(?:_lazy)?|gettext_noop)\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)""")
TRANSLATE = re.compile(r"""{%\s*(?:translate|trans)\s+"((?:[^"\\]|\\.)+)"(?!\s+context)""")
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def catalogue():
    return polib.pofile(str(CATALOGUE))


def sentences():
    found = {}
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            for match in PYTHON.finditer(path.read_text(encoding="utf-8")):
                pieces = re.findall(r'"((?:[^"\\]|\\.)*)"', match.group(1))
                found.setdefault("".join(pieces).replace('\\"', '"').replace("\\n", "\n"), path)
    for path in (ROOT / "templates").rglob("*"):
        if path.suffix in {".html", ".txt"}:
            for match in TRANSLATE.finditer(path.read_text(encoding="utf-8")):
                found.setdefault(match.group(1).replace('\\"', '"'), path)
    return {words: str(path.relative_to(ROOT)) for words, path in found.items() if CHINESE.search(words)}


def test_every_entry_is_translated_and_none_is_a_guess():
    entries = catalogue()
    assert [entry.msgid for entry in entries.untranslated_entries()] == []
    assert [entry.msgid for entry in entries.fuzzy_entries()] == []


def test_every_sentence_of_the_source_is_in_the_catalogue():
    known = {entry.msgid for entry in catalogue() if not entry.obsolete}
    assert {words: where for words, where in sentences().items() if words not in known} == {}


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
