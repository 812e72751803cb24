"""An entry as a reader sees it: its sentence, who, what, and what was changed from what to what."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Model
from django.utils.translation import gettext as _

from audit import sentences
from audit.models import Entry
from audit.trail import NOBODY

NOTHING = "—"


@dataclass(frozen=True)
class Change:
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Reading:
    """What the templates show of one entry."""

    entry: Entry
    sentence: str
    actor: str
    changes: list[Change]
    facts: list[tuple[str, str]]


def read(entry: Entry) -> Reading:
    """Put an entry into words. Facts without a label show under their own name rather than not at all."""
    kind = entry.thing_type.model_class()
    facts = dict(entry.facts)
    changes = facts.pop("changes", {})
    worded = {name: _words(kind, name, value) for name, value in facts.items()}
    told = sentences.words_of(entry.action)
    return Reading(
        entry=entry,
        sentence=sentences.sentence(entry.action, worded),
        actor=_("未登录者") if entry.actor_name == NOBODY else entry.actor_name or _("系统"),
        changes=[
            Change(label_of(kind, name) or name, _words(kind, name, pair[0]), _words(kind, name, pair[1]))
            for name, pair in changes.items()
        ],
        facts=[
            (label_of(kind, name) or name, words)
            for name, words in worded.items()
            if name not in told and words != NOTHING and not sentences.is_quiet(name)
        ],
    )


def label_of(kind: type[Model] | None, name: str) -> str | None:
    """What the thing's own field of that name is called, or else the registered label."""
    try:
        called = str(getattr(kind._meta.get_field(name), "verbose_name", "")) if kind else ""
    except FieldDoesNotExist:
        called = ""
    # Django makes a name of its own, in ASCII, for fields that were given none.
    return sentences.label(name) if called.isascii() else called


def _words(kind: type[Model] | None, name: str, value: Any) -> str:
    if value is None or value == "" or value == []:
        return NOTHING
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, list):
        return _("、").join(_words(kind, name, item) for item in value)
    if isinstance(value, dict):
        if value.keys() == {"action", "facts"}:  # what another entry says
            return sentences.sentence(
                value["action"], {key: _words(kind, key, item) for key, item in value["facts"].items()}
            )
        told = {key: item for key, item in value.items() if not sentences.is_quiet(key)}
        between = _("；") if any(isinstance(item, dict) for item in told.values()) else _("，")
        return between.join(f"{label_of(kind, key) or key} {_words(kind, key, item)}" for key, item in told.items())
    # What an entry keeps in words, such as a reason out of a list, it keeps in Chinese.
    said = _(value) if isinstance(value, str) else str(value)
    return sentences.word_of(name, value) or _choices(kind, name).get(value, said)


def _choices(kind: type[Model] | None, name: str) -> dict[Any, str]:
    """What the values of a field with choices are called."""
    if kind is None:
        return {}
    try:
        field: Any = kind._meta.get_field(name)
    except FieldDoesNotExist:
        return {}
    return {value: str(words) for value, words in getattr(field, "flatchoices", [])}
