"""What an act changed besides the things its entries are about, and from where it took things away.

Whoever follows the trail must hear that a member went along when a branch was put under another superior, though the
entry is about the branch. Apps say in ``LEAVING`` what of their tables going elsewhere takes along.
"""

from collections.abc import Iterable

from acts.models import Act, Effect
from acts.registry import LEAVING, Left
from audit import events
from audit.models import Entry, Touch

BATCH = 2000


def note(act: Act, told: Iterable[int], effects: Iterable[Effect]) -> None:
    """Keep with the act's entries, ``told`` by their keys, what went from where, and what undoing another changed."""
    gone = {left for effect in effects for leaving in LEAVING.get(effect.model, []) for left in leaving(effect)}
    if not gone and act.undoes_id is None:
        return
    own = {
        (event.resource.name, entry.thing_code): entry.pk
        for entry in Entry.objects.filter(pk__in=told).defer("facts")
        if (event := events.event_of(entry)) and not event.code
    }
    also = _changed_by(act.undoes_id) - {(left.resource, left.code) for left in gone} - own.keys()
    touched = gone | {Left(*thing, "") for thing in also}
    Touch.objects.bulk_create(
        [
            Touch(
                entry_id=own.get((left.resource, left.code), act.entry_id),
                resource=left.resource,
                code=left.code,
                left=left.path,
            )
            for left in sorted(touched)
        ],
        batch_size=BATCH,
    )


def _changed_by(act: int | None) -> set[tuple[str, str]]:
    """The things an act was about or touched, as (resource, code)."""
    if act is None:
        return set()
    told = Entry.objects.filter(told__act=act).defer("facts")
    events_of = [(entry, events.event_of(entry)) for entry in told]
    about = {(event.resource.name, entry.thing_code) for entry, event in events_of if event and not event.code}
    return about | set(Touch.objects.filter(entry__told__act=act).values_list("resource", "code"))
