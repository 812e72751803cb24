"""What part of the tree a request asks figures of, kept within what whoever asks may see."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone
from django.utils.http import urlencode

from cells.models import Cell
from reports.figures import Where
from reports.forms import WhereForm
from reports.querysets import reach

# Parameters of every page of figures.
PARAMETERS = ("scope", *WhereForm.base_fields)


class Asked:
    """The place, the day and the faults of an address like ``?scope=ZB-0002&on=2026-10-31&district=高新区``."""

    def __init__(self, request: HttpRequest) -> None:
        self.form = WhereForm(request.GET)
        sound = self.form.is_valid()
        answers = self.form.cleaned_data
        self.on = answers.get("on") or timezone.localdate()
        self.scope = _scope(request)
        self.where = where_for(
            request.user, self.scope, district=answers.get("district", ""), park=answers.get("park", "")
        )
        self.is_sound = sound
        self.status = 200 if sound else 422
        self.is_dated = sound and bool(self.form["on"].value())

    @property
    def kept(self) -> dict[str, str]:
        """What every link to another page of figures carries on."""
        kept = {
            "scope": self.scope.code if self.scope else "",
            "on": self.on.isoformat() if self.is_dated else "",
            "district": self.where.district,
            "park": self.where.park,
        }
        return {name: value for name, value in kept.items() if value}

    def query(self, **changes: Any) -> str:
        """The address of the same with ``changes``; None takes a part away."""
        asked = {name: value for name, value in (self.kept | changes).items() if value}
        return f"?{urlencode(asked)}" if asked else "?"


def _scope(request: HttpRequest) -> Cell | None:
    """The cell in the address, or where the person's reach begins; not when they see no figures there."""
    scope: Cell | None = getattr(request, "scope", None)
    if scope is None or "scope" in request.GET:
        return scope
    held = reach(request.user)
    return scope if any(span.covers(scope.path) or span.path.startswith(scope.path) for span in held) else None


def where_for(user: Any, scope: Cell | None, *, district: str = "", park: str = "") -> Where:
    """As much of ``scope`` as the person may see figures of; without one, all they may. Refuses who may see none."""
    held = reach(user)
    if scope is None:
        if not held:
            raise PermissionDenied
        if len(held) == 1 and held[0].below:
            return Where(Cell.objects.get(path=held[0].path), district, park)
        return Where(None, district, park, tuple(held))
    if any(span.below and span.covers(scope.path) for span in held):
        return Where(scope, district, park)
    inside = tuple(span for span in held if span.path.startswith(scope.path))
    if not inside:
        raise PermissionDenied
    return Where(scope, district, park, inside)
