"""What programs hear of the trail: which action is which event of which resource. Apps declare theirs in ``events.py``.

An event names a thing by its public code and nothing else: whoever hears it asks for the thing itself, and meets there
what they may see.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from audit.models import Entry

CHANGED, GONE = "changed", "gone"


@dataclass(frozen=True)
class Resource:
    """Things that programs read: ``name`` as in the address, ``one`` of them as in ``member.enrolled``, ``scope`` as in
    what a token carries.

    ``seen`` picks from codes those of things the person sees now. ``power`` is what seeing one takes, over the place
    it is at: whoever holds it over a place hears that something went from there, and not where to.
    """

    name: str
    one: str
    label: Any
    power: str
    seen: Callable[[Any, Collection[str]], set[str]]
    scope: str

    def type(self, verb: str) -> str:
        return f"{self.one}.{verb}"


@dataclass(frozen=True)
class Event:
    """What an action of the trail is to programs. ``ends``: the thing stands no more, though it may still be read."""

    resource: Resource
    verb: str
    ends: bool = False
    code: Callable[[Entry], str] | None = None

    @property
    def type(self) -> str:
        return self.resource.type(self.verb)


_resources: dict[str, Resource] = {}
_by_model: dict[str, Resource] = {}
_events: dict[str, Event] = {}
_general: set[str] = set()
_silent: set[str] = set()
_labels: dict[str, Any] = {}


def by_code(visible_to: Callable[[Any], QuerySet]) -> Callable[[Any, Collection[str]], set[str]]:
    """``Resource.seen`` for things that carry their public code in a column named ``code``."""
    return lambda user, codes: set(visible_to(user).filter(code__in=codes).values_list("code", flat=True))


def resource(declared: Resource, *, model: str = "") -> Resource:
    """Declare a resource; ``model`` is the label of the table that its entries of the trail are about."""
    if _resources.setdefault(declared.name, declared) is not declared:
        raise LookupError(f"two resources are called {declared.name}")
    if model:
        _by_model[model.lower()] = declared
    _labels[declared.type(CHANGED)] = _("有其他变动")
    _labels[declared.type(GONE)] = _("不再可见")
    return declared


def tell(
    of: Resource,
    actions: Mapping[str, tuple[str, Any]],
    *,
    ends: bool = False,
    code: Callable[[Entry], str] | None = None,
) -> None:
    """These actions are events: ``{"members.enrolled": ("enrolled", _("列入名册"))}``.

    ``code`` says which thing it is, where that is not the one the entry is about.
    """
    for action, (verb, label) in actions.items():
        if action in _events:
            raise LookupError(f"two events for {action}")
        event = _events[action] = Event(of, verb, ends, code)
        _labels.setdefault(event.type, label)


def tell_of_the_thing(*actions: str) -> None:
    """These actions happen to things of any kind, and change them."""
    _general.update(actions)


def keep_silent(*actions: str) -> None:
    """These actions change nothing that a program could read."""
    _silent.update(actions)


def event_of(entry: Entry) -> Event | None:
    """What programs hear of an entry, if anything."""
    if entry.action in _general:
        kind = ContentType.objects.get_for_id(entry.thing_type_id)
        about = _by_model.get(f"{kind.app_label}.{kind.model}")
        return Event(about, CHANGED) if about else None
    return _events.get(entry.action)


def code_of(entry: Entry, event: Event) -> str:
    """The public code of the thing the event is about."""
    return event.code(entry) if event.code else entry.thing_code


def told_actions() -> set[str]:
    """The actions that change something a program could read."""
    return _events.keys() | _general


def silent_actions() -> set[str]:
    return set(_silent)


def named(name: str) -> Resource | None:
    return _resources.get(name)


def resource_of(model: Any) -> Resource | None:
    """The resource that things of this model are."""
    return _by_model.get(model._meta.label_lower)


def resources() -> list[Resource]:
    return sorted(_resources.values(), key=lambda one: one.name)


def types(of: Iterable[Resource] | None = None) -> dict[str, Any]:
    """Every event there is, resource by resource, with its words; what any of them may come to stands last."""
    found: dict[str, Any] = {}
    for one in resources() if of is None else of:
        general = [one.type(CHANGED), one.type(GONE)]
        own = [kind for kind in _labels if kind.partition(".")[0] == one.one and kind not in general]
        found |= {kind: _labels[kind] for kind in (*own, *general)}
    return found
