"""What is short is done within the request; what is long becomes a job."""

from datetime import date
from typing import Any

from ledgers.domain import committing, imports, staging, undoing, uploads
from ledgers.models import Import


class Quiet:
    """Progress of work done within a request: nobody watches it, and nothing is to be taken up again."""

    def __init__(self) -> None:
        self.checkpoint: dict[str, Any] = {}

    def step(self, done: int, total: int | None = None, note: str = "") -> None:
        """Too short to tell of."""

    def save(self) -> None:
        """Done before anybody could ask."""


def review(the_import: Import, *, by: Any, on: date) -> Import:
    """Check the rows and compare them with what is on record. Refuses as ``uploads.settle_columns`` does."""
    if sum(the_import.uploads.values_list("rows", flat=True)) > imports.AT_ONCE:
        return uploads.begin_review(the_import, by=by, on=on)
    return staging.stage(uploads.settle_columns(the_import, by=by), by=by, progress=Quiet())


def review_if_clear(the_import: Import, *, by: Any, on: date) -> Import:
    """Review it unless somebody first has to say what a column means."""
    if any(one.unknown or one.missing for one in the_import.uploads.defer("content")):
        return the_import
    return review(the_import, by=by, on=on)


def try_out(the_import: Import, *, by: Any, on: date) -> Import:
    """Carry it out and take it back. Refuses as ``imports.require_reviewed`` does."""
    if the_import.importable > imports.AT_ONCE:
        return imports.begin_trial(the_import, by=by, on=on)
    return committing.try_out(imports.require_reviewed(the_import, by=by), by=by, progress=Quiet())


def try_undoing(the_import: Import, *, by: Any, on: date) -> Import:
    """Undo it and take that back. Refuses as ``undoing.require_undoable`` does."""
    if the_import.importable > imports.AT_ONCE:
        return undoing.begin_trial(the_import, by=by, on=on)
    the_import = undoing.require_undoable(the_import, by=by, on=on)
    return undoing.try_out(the_import, by=by, on=on, progress=Quiet())
