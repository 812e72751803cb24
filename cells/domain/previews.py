"""Looking at the portal as an office would: noted when it begins and when it ends."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from audit import trail
from cells.choices import Office
from cells.domain import appointments
from cells.models import Cell


@transaction.atomic
def begin(cell: Cell, *, office: str, by: Any, on: date) -> None:
    """Note that ``by`` looks at the portal as whoever holds ``office`` in ``cell`` would. For who may fill it."""
    if office not in appointments.offices_fillable(cell, by):
        raise PermissionDenied
    trail.record("cells.preview_begun", cell, by=by, at=cell.path, facts={"office": office, "on": on})


@transaction.atomic
def end(cell: Cell, *, office: str, by: Any, on: date) -> None:
    """Note that ``by`` looks with their own eyes again. Only who began is asked to end, so nobody is refused."""
    trail.record("cells.preview_ended", cell, by=by, at=cell.path, facts={"office": Office(office), "on": on})
