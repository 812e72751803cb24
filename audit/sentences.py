"""The words of the trail: each action's sentence, each fact's label. Apps register theirs in their ``sentences.py``."""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

_IN_SENTENCE = re.compile(r"%\((\w+)\)s")
_sentences: dict[str, Any] = {}
_labels: dict[str, Any] = {}
_values: dict[str, dict[str, Any]] = {}
_quiet: set[str] = set()


def register(sentences: Mapping[str, Any]) -> None:
    """Give actions the words that show them: ``{"members.enrolled": _("补录党员")}``.

    Facts may stand in the words as ``%(reason)s``; a missing one reads "—".
    """
    for action, sentence in sentences.items():
        if action in _sentences:
            raise LookupError(f"two sentences for {action}")
        _sentences[action] = sentence


def label_facts(labels: Mapping[str, Any]) -> None:
    """Give facts that are not fields of the thing a label: ``{"purpose": _("用途")}``."""
    for key, label in labels.items():
        if str(_labels.setdefault(key, label)) != str(label):
            raise LookupError(f"two labels for the fact {key}")


def word_values(words: Mapping[str, Mapping[str, Any]]) -> None:
    """Give the codes a fact may hold their words: ``{"way": {"password": _("密码")}}``."""
    for key, values in words.items():
        _values.setdefault(key, {}).update(values)


def keep_quiet(*facts: str) -> None:
    """Facts for whoever follows a matter up in the records themselves: kept in the entry, not shown to a reader."""
    _quiet.update(facts)


def sentence(action: str, facts: Mapping[str, Any]) -> str:
    """The words for an action. An action of an app since removed shows its bare name."""
    if action not in _sentences:
        return action
    return str(_sentences[action]) % _Facts(facts)


def words_of(action: str) -> set[str]:
    """The facts that stand in the action's own sentence."""
    return set(_IN_SENTENCE.findall(str(_sentences.get(action, ""))))


def label(key: str) -> str | None:
    """The label registered for a fact, if any."""
    return str(_labels[key]) if key in _labels else None


def word_of(key: str, value: Any) -> str | None:
    """The word registered for a value of a fact, if any."""
    words = _values.get(key, {})
    return str(words[value]) if value in words else None


def is_quiet(key: str) -> bool:
    return key in _quiet


def told(action: str) -> Any:
    """The words registered for an action, with the places of its facts."""
    return _sentences[action]


def known_actions() -> set[str]:
    return set(_sentences)


class _Facts(dict[str, Any]):
    def __missing__(self, key: str) -> str:
        return "—"


label_facts(
    {
        "on": _("日期"),
        "from": _("自"),
        "until": _("至"),
        "as_of": _("截至"),
        "reason": _("原因"),
        "purpose": _("用途"),
        "count": _("数量"),
        "rows": _("行数"),
        "office": _("职务"),
        "holder": _("任职人"),
        "cell": pgettext_lazy("fact", "党组织"),
        "from_cell": _("从"),
        "to_cell": _("到"),
        "parent": _("上级党组织"),
        "company": pgettext_lazy("fact", "企业"),
        "kind": _("类型"),
        "name": _("名称"),
        "field": _("项目"),
        "fields": _("项目"),
        "file": _("文件"),
        "format": _("格式"),
        "period": _("时段"),
        "note": _("说明"),
        "change_note": _("修改说明"),
        "token": _("令牌"),
        "changed": _("变动项"),
    }
)
keep_quiet("version", "digest", "edition", "sha256")
