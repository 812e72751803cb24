"""The only way into the trail."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from audit.models import Entry, Touch
from core import context, rehearsal
from core.copying import copy_in
from core.masks import mask_numbers

Facts = Mapping[str, Any]

BATCH = 1000
# Stands for somebody who had not signed in; no name at all stands for the clock.
NOBODY = "-"


def record(action: str, thing: Any, *, by: Any, at: str, facts: Facts | None = None) -> Entry:
    """Write down that ``by`` did ``action`` to ``thing`` in the cell at path ``at``.

    Called once in every deed, inside its transaction: when the entry cannot
    be written, the deed does not happen. ``at`` is "" where no cell is
    concerned. ``facts`` says what a reader needs besides; what was changed
    goes under ``changes`` as ``{field: [old, new]}``. ID and mobile numbers
    that slipped into a text are masked, however they are spaced.
    """
    entry = _entry(action, thing, at, facts or {}, _stamp(thing, by))
    entry.save(force_insert=True)
    _say([entry])
    return entry


def record_many(
    action: str,
    things: Iterable[Any],
    *,
    by: Any,
    at: str | Callable[[Any], str],
    facts: Facts | Callable[[Any], Facts] | None = None,
    once_on: date | None = None,
) -> list[Entry]:
    """Write the same action down for many things of one kind, in a few statements.

    ``at`` and ``facts`` may be functions of the thing. With ``once_on`` an action that this person has done to the
    thing on that day already is not written again, and what is written comes back without its key.
    """
    things = list(things)
    if not things:
        return []
    stamp = _stamp(things[0], by) | {"once_on": once_on}
    entries = [
        _entry(
            action,
            thing,
            at(thing) if callable(at) else at,
            (facts(thing) if callable(facts) else facts) or {},
            stamp,
        )
        for thing in things
    ]
    _say(entries)
    if once_on is not None:
        return Entry.objects.bulk_create(entries, batch_size=BATCH, ignore_conflicts=True)
    copy_in(entries)
    return entries


def touch(entry: Entry, resource: str, *codes: str) -> None:
    """Note that what an entry tells also changed these things, for programs; an act notes it by itself."""
    Touch.objects.bulk_create([Touch(entry=entry, resource=resource, code=code) for code in codes])


def _stamp(thing: Any, by: Any) -> dict[str, Any]:
    """What every entry of one action says alike: who, when, about what kind of thing, in answer to what."""
    return {
        "actor_id": by.pk,
        "actor_name": NOBODY if getattr(by, "is_anonymous", False) else getattr(by, "name", "")[:50],
        "thing_type_id": ContentType.objects.get_for_model(thing).pk,
        "recorded_at": timezone.now(),
        "request_id": context.request_id(),
        "job": context.job(),
    }


def _entry(action: str, thing: Any, at: str, facts: Facts, stamp: dict[str, Any]) -> Entry:
    return Entry(
        action=action,
        thing_id=thing.pk,
        thing_code=str(getattr(thing, "code", "") or getattr(thing, "ref", "") or "")[:32],
        thing_label=_without_numbers(str(thing))[:200],
        path=at,
        facts=_plain(_with_note(facts)),
        **stamp,
    )


def _with_note(facts: Facts) -> Facts:
    """What whoever set this going over REST said about it, and by which token, stand beside what was done."""
    besides = {"change_note": context.note(), "token": context.token()}
    return {**facts, **{name: words for name, words in besides.items() if words}}


def _say(entries: list[Entry]) -> None:
    for entry in entries:
        rehearsal.note("trail", action=entry.action, thing=entry.thing_label, code=entry.thing_code)


def _plain(value: Any) -> Any:
    """The value as JSON keeps it, with personal numbers masked."""
    if isinstance(value, Mapping):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal):
        return str(value)
    return _without_numbers(str(value))


def _without_numbers(text: str) -> str:
    return mask_numbers(text).replace("\x00", "")
