"""The change feed: the sealed trail, as far as its reader may know of it, in an order that never changes.

Entries are sealed one after the other once they are committed, so whoever has read up to a seal has missed nothing
before it. A change names a thing by its code and says nothing of what it was; what the reader sees no more, because it
ended or went elsewhere, comes as one that is gone.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F

from audit import events
from audit.events import GONE, Event, Resource
from audit.models import Entry, Touch
from audit.seals import head
from cells.authority import spans

BATCH = 500
# How many entries one request looks through at most: a reader of little asks again instead of waiting.
MOST_READ = 4000
ALL = float("inf")
_MARK = re.compile(r"(\d{1,18})(?:\.(\d{1,9}))?")


@dataclass(frozen=True, order=True)
class Mark:
    """How far somebody has read: all changes up to a seal, or of that seal's own the first ``step``."""

    sequence: int = 0
    step: int | float = ALL

    def __str__(self) -> str:
        return str(self.sequence) if self.step == ALL else f"{self.sequence}.{self.step}"

    @classmethod
    def of(cls, sequence: int, step: int) -> "Mark":
        """The mark that is kept as two numbers; a step of nought stands for all of them."""
        return cls(sequence, step or ALL)

    @property
    def kept(self) -> tuple[int, int]:
        return self.sequence, 0 if self.step == ALL else int(self.step)

    @classmethod
    def read(cls, text: str) -> "Mark | None":
        """The mark somebody brings back, or None where it is none."""
        match = _MARK.fullmatch(text)
        return None if match is None else cls(int(match[1]), int(match[2]) if match[2] else ALL)


@dataclass(frozen=True)
class Change:
    """One thing that changed, as its reader hears of it. ``place`` is where it was, for one that is gone from there."""

    mark: Mark
    at: datetime
    resource: str
    code: str
    type: str
    gone: bool = False
    place: str = ""

    @property
    def url(self) -> str | None:
        """Where the thing is read, below the portal's own address; nowhere once it is gone."""
        return None if self.gone else f"/api/v1/{self.resource}/{self.code}/"


@dataclass(frozen=True)
class Page:
    """Changes in their order, how far they reach, and whether there is more to be asked for at once."""

    changes: list[Change]
    mark: Mark
    more: bool


@dataclass(frozen=True)
class _Item:
    """A thing an entry concerns, and the places it was at: not yet weighed against what a reader sees."""

    mark: Mark
    entry: Entry
    resource: Resource
    code: str
    event: Event | None
    places: list[str] = field(default_factory=list)


def latest() -> Mark:
    """How far the trail goes now."""
    return Mark(head().sequence)


def changes(
    user: Any,
    *,
    since: Mark,
    limit: int,
    resources: Collection[str] | None = None,
    types: Collection[str] | None = None,
) -> Page:
    """What ``user`` may know of that changed after ``since``, the earliest first, at most ``limit`` changes.

    Narrowed to ``resources`` and to ``types`` unless these are None; where they name nothing, nothing is found. Asking
    again from the page's mark misses nothing and repeats nothing, whatever is done meanwhile. Some queries for every
    ``BATCH`` entries, however many changes.
    """
    found: list[Change] = []
    end, at = head().sequence, since
    last = min(end, since.sequence + MOST_READ)
    while at.sequence < last or at.step < ALL:
        until = min(last, at.sequence + BATCH)
        items = [item for item in _items(at, until) if resources is None or item.resource.name in resources]
        seen = _seen(user, items)
        for change in (_change(user, item, seen) for item in items):
            if change is None or (types is not None and change.type not in types):
                continue
            if len(found) == limit:
                return Page(found, found[-1].mark, more=True)
            found.append(change)
        at = Mark(until)
    return Page(found, at, more=at.sequence < end)


def still_heard(user: Any, messages: Iterable[Any], *, among: Collection[Resource] | None = None) -> set[int]:
    """The keys of those ``messages`` (``Delivery``) that tell ``user`` only what they may hear of now.

    They see the thing, or may see what is at the place it went from; a test tells of nothing. ``among`` are the
    resources they may hear of, where that is not every one. One question for each resource.
    """
    heard: set[int] = set()
    asked: dict[Resource, dict[str, set[int]]] = {}
    for one in messages:
        declared = events.named(one.resource)
        if not one.resource:
            heard.add(one.pk)
        elif declared is None or (among is not None and declared not in among):
            continue
        elif not one.place:
            asked.setdefault(declared, {}).setdefault(one.code, set()).add(one.pk)
        elif any(span.covers(one.place) for span in spans(user, declared.power)):
            heard.add(one.pk)
    for declared, keys in asked.items():
        heard.update(key for code in declared.seen(user, set(keys)) for key in keys[code])
    return heard


def _items(after: Mark, until: int) -> Iterator[_Item]:
    """Everything the entries behind a mark concern, in order: the thing an entry is about, then what it touched."""
    sealed = Entry.objects.filter(seal__sequence__gte=after.sequence, seal__sequence__lte=until)
    told = sealed.did(*events.told_actions()).annotate(sequence=F("seal__sequence")).order_by("sequence")
    entries = list(told)
    touched: dict[int, list[Touch]] = {}
    for touch in Touch.objects.filter(entry__in=[entry.pk for entry in entries]).order_by("pk"):
        touched.setdefault(touch.entry_id, []).append(touch)
    for entry in entries:
        yield from (item for item in _of(entry, touched.get(entry.pk, [])) if item.mark > after)


def _of(entry: Any, touches: Iterable[Touch]) -> list[_Item]:
    found: dict[tuple[str, str], tuple[Resource, Event | None, list[str]]] = {}
    event = events.event_of(entry)
    if event is not None and (code := events.code_of(entry, event)):
        found[event.resource.name, code] = (event.resource, event, [entry.path])
    for touch in touches:
        known = events.named(touch.resource)
        if known is not None:
            _resource, _event, places = found.setdefault((touch.resource, touch.code), (known, None, []))
            places.append(touch.left)
    steps = len(found)
    return [
        _Item(Mark(entry.sequence, step if step < steps else ALL), entry, resource, code, event, places)
        for step, ((_name, code), (resource, event, places)) in enumerate(found.items(), start=1)
    ]


def _seen(user: Any, items: Iterable[_Item]) -> dict[str, set[str]]:
    """Of all things concerned those the reader sees now: one question for each resource."""
    asked: dict[Resource, set[str]] = {}
    for item in items:
        asked.setdefault(item.resource, set()).add(item.code)
    return {resource.name: resource.seen(user, codes) for resource, codes in asked.items()}


def _change(user: Any, item: _Item, seen: dict[str, set[str]]) -> Change | None:
    """The item as the reader hears of it: a change of what they see, the end of what they saw, or nothing."""
    resource, event, ends = item.resource, item.event, bool(item.event and item.event.ends)
    said = event.type if event else resource.type(events.CHANGED)
    known = {"mark": item.mark, "at": item.entry.recorded_at, "resource": resource.name, "code": item.code}
    if item.code in seen[resource.name] and not ends:
        return Change(**known, type=said)
    held = spans(user, resource.power)
    place = next((place for place in item.places if any(span.covers(place) for span in held)), "")
    if not place:
        return None
    return Change(**known, type=said if ends else resource.type(GONE), gone=True, place=place)
