"""预览: the portal as an office would see it, read-only, and no more of it than the viewer may see anyway.

The viewer stays who they are; only what they hold is narrowed for the length of a request. Nothing that a page would
write while it is looked at is kept, and a page that must note who opened it is not shown.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from audit.models import Entry
from cells.authority import Held, look_through
from cells.choices import Office
from cells.domain import previews
from cells.models import Appointment, Cell
from core import context

KEY = "preview"
MINUTES = 15
SAFE = {"GET", "HEAD", "OPTIONS"}
# What may be sent all the same: an end of the preview, or of the session.
OPEN = {"cells:preview-end", "account_logout"}


@dataclass(frozen=True)
class Preview:
    """Which office, in which cell."""

    cell: Cell
    office: Office

    def held(self) -> Held:
        today = timezone.localdate()
        in_post = Appointment.objects.in_force(today).filter(cell=self.cell, office=Office.SECRETARY).exists()
        return Held(self.office, self.cell.path, self.cell.kind, in_post)


def begin(request: HttpRequest, cell: Cell, office: str) -> None:
    """From the next request on, until it is ended, the session ends or a quarter of an hour is over."""
    previews.begin(cell, office=office, by=request.user, on=timezone.localdate())
    request.session[KEY] = {"cell": cell.pk, "office": office, "until": time.time() + MINUTES * 60}


def end(request: HttpRequest) -> None:
    """Back to one's own eyes; nothing to do where that is so already."""
    begun = request.session.pop(KEY, None)
    if begun is not None:
        cell = Cell.objects.get(pk=begun["cell"])
        previews.end(cell, office=begun["office"], by=request.user, on=timezone.localdate())


class PreviewMiddleware:
    """Sets ``request.preview``, narrows what the viewer holds, refuses what changes anything, keeps nothing written."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.preview = self._begun(request)  # type: ignore[attr-defined]
        if request.preview is None or request.method not in SAFE:  # type: ignore[attr-defined]
            return self.get_response(request)
        with transaction.atomic():
            response = self.get_response(request)
            leaves_a_trace = Entry.objects.filter(request_id=context.request_id()).exists()
            transaction.set_rollback(True)
        return render(request, "cells/preview_leaves_trace.html", status=403) if leaves_a_trace else response

    def process_view(self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        preview = request.preview  # type: ignore[attr-defined]
        if preview is None:
            return
        name = request.resolver_match.view_name if request.resolver_match else ""
        if name in OPEN:
            return
        look_through(request.user, preview.held())
        if request.method not in SAFE:
            raise PermissionDenied

    def _begun(self, request: HttpRequest) -> Preview | None:
        begun = request.session.get(KEY) if request.user.is_authenticated else None
        if begun is None:
            return None
        if begun["until"] <= time.time():
            end(request)
            return None
        return Preview(Cell.objects.get(pk=begun["cell"]), Office(begun["office"]))
