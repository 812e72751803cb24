"""Two people changed one thing: what the second meant, set against what the first did meanwhile."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit.models import Entry


@dataclass(frozen=True)
class Conflict:
    """One answer on which the two differ, as ``_merge.html`` shows it."""

    label: Any
    yours: str
    theirs: str
    who: str
    when: datetime


def reconcile(form: Any, thing: Any, current: dict[str, Any]) -> tuple[Any, list[Conflict]]:
    """The form as it should be sent again, and what its sender must decide first.

    ``form`` is valid and was filled from an older version of ``thing``; ``current`` holds the values of now. What the
    sender left as it was gives way to the other's change; what both changed alike is no conflict. What was changed is
    read from the trail, where the deed kept old, new and version.
    """
    data = form.data.copy()
    data["version"] = thing.version
    conflicts = []
    for field, (base, entry) in _changed_since(thing, form.cleaned_data["version"]).items():
        if field not in form.fields or field not in form.cleaned_data:
            continue
        yours, theirs = form.cleaned_data[field], current.get(field)
        if _text(yours) == _text(theirs):
            continue
        if _text(yours) == _text(base):
            data[field] = form.fields[field].prepare_value(theirs) or ""
            continue
        conflicts.append(
            Conflict(
                label=form.fields[field].label,
                yours=_shown(form.fields[field], yours),
                theirs=_shown(form.fields[field], theirs),
                who=entry.actor_name,
                when=entry.recorded_at,
            )
        )
    form.data = data
    form.full_clean()
    return form, conflicts


def _changed_since(thing: Any, version: int) -> dict[str, tuple[Any, Entry]]:
    """Each field changed after ``version``: what it was then, and the last entry that changed it."""
    changed: dict[str, tuple[Any, Entry]] = {}
    for entry in Entry.objects.about(thing).filter(facts__version__gt=version).order_by("pk"):
        for field, (old, _new) in entry.facts.get("changes", {}).items():
            changed[field] = (changed[field][0] if field in changed else old, entry)
    return changed


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _shown(field: Any, value: Any) -> str:
    choices = dict(getattr(field, "choices", ()))
    return str(choices.get(value, value)) if value not in (None, "") else "—"
