"""An import from its first file to its end: the deeds a reviewer does. What takes long is set going as a job."""

from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from cells.authority import Rule
from cells.models import Cell
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal
from ledgers import rules
from ledgers.choices import IMPORT_FLOW, WRITING, ImportState, Kind
from ledgers.models import Import, StagedRow
from work import jobs
from work.models import Job

OPEN_KEPT = timedelta(days=30)
DONE_KEPT = timedelta(days=7)
# Up to here a request does by itself what above it becomes a job.
AT_ONCE = 500

NEEDED: dict[str, Rule] = {
    Kind.ORGANISATIONS: rules.KEEP_CELLS,
    Kind.COMPANIES: rules.KEEP_COMPANIES,
    Kind.MEMBERS: rules.KEEP_ROSTER,
}

# What a job of an import is called.
TITLES = {
    "ledgers.review": gettext_lazy("核对 %(ref)s"),
    "ledgers.review_again": gettext_lazy("核对 %(ref)s"),
    "ledgers.trial": gettext_lazy("试运行 %(ref)s"),
    "ledgers.commit": gettext_lazy("导入 %(ref)s"),
    "ledgers.undo_trial": gettext_lazy("试撤销 %(ref)s"),
    "ledgers.undo": gettext_lazy("撤销导入 %(ref)s"),
}


@transaction.atomic
def start(*, cell: Cell | None, as_of: date, by: Any, on: date) -> Import:
    """Begin an import that acts for ``cell`` with ledgers as they stood on ``as_of``.

    Without a cell only the system does, and organisations without a superior become roots. Refuses a day to come.
    """
    if cell is None and by is not SYSTEM:
        raise PermissionDenied
    if cell is not None:
        rules.IMPORT_INTO.require(by, cell)
    if as_of > on:
        raise Refusal(_("台账截止日期不能晚于今天 %(day)s。") % {"day": on.isoformat()}, field="as_of")
    started = Import.objects.create(
        year=on.year,
        number=_next_number(on.year),
        cell=cell,
        by_id=by.pk,
        as_of=as_of,
        expires_at=timezone.now() + OPEN_KEPT,
    )
    trail.record("ledgers.started", started, by=by, at=path_of(started), facts={"as_of": as_of})
    return started


@transaction.atomic
def require_reviewed(the_import: Import, *, by: Any) -> Import:
    """The import, ready to be tried out. Refuses before its review, and when no row would change anything."""
    the_import = hold(the_import, by=by)
    if not the_import.is_under_review:
        raise OutOfTurn(_("请先核对完再试运行。"))
    _require_something(the_import)
    return the_import


@transaction.atomic
def begin_trial(the_import: Import, *, by: Any, on: date) -> Import:
    """Let the whole import be carried out once and taken back, as a job. Refuses as ``require_reviewed`` does."""
    the_import = require_reviewed(the_import, by=by)
    the_import.job = start_job(the_import, "ledgers.trial", by)
    the_import.save(update_fields=["job"])
    return the_import


@transaction.atomic
def confirm(the_import: Import, *, by: Any) -> Import:
    """The rows without errors are to be imported as they stand; from now on they cannot be changed."""
    the_import = hold(the_import, by=by)
    if the_import.state == ImportState.COMMITTING and the_import.has_stopped:
        IMPORT_FLOW.take(the_import, "fail")
    IMPORT_FLOW.take(the_import, "commit")
    the_import.save(update_fields=["state"])
    trail.record("ledgers.commit_begun", the_import, by=by, at=path_of(the_import), facts={"counts": the_import.counts})
    return the_import


@transaction.atomic
def begin_commit(the_import: Import, *, by: Any, on: date) -> Import:
    """Let the rows without errors be imported, as a job that can be taken up where it was cut off.

    Refuses, as ``require_reviewed`` does, when no row would change anything; what was cut off is always taken up.
    """
    the_import = hold(the_import, by=by)
    if the_import.is_under_review:
        _require_something(the_import)
    the_import = confirm(the_import, by=by)
    the_import.job = start_job(the_import, "ledgers.commit", by)
    the_import.save(update_fields=["job"])
    return the_import


@transaction.atomic
def abandon(the_import: Import, *, by: Any, on: date) -> Import:
    """Give an import up: its files and rows go at once, nothing was written. Refuses one that has begun to write."""
    the_import = hold(the_import, by=by)
    IMPORT_FLOW.take(the_import, "abandon")
    _clear(the_import)
    the_import.save()
    trail.record("ledgers.abandoned", the_import, by=by, at=path_of(the_import), facts={})
    return the_import


def clear_expired(*, now: datetime) -> int:
    """Clear files and staged rows of imports whose time is over; counts and results stay."""
    cleared = 0
    for each in Import.objects.expired(now).exclude(state__in=WRITING).order_by("pk"):
        with transaction.atomic():
            the_import = Import.objects.select_for_update().get(pk=each.pk)
            if not the_import.is_over:
                the_import.state = ImportState.ABANDONED
            clear(the_import)
        cleared += 1
    return cleared


@transaction.atomic
def clear(the_import: Import) -> None:
    """As part of another deed: its files and staged rows go. Asks for no permission."""
    _clear(the_import)
    the_import.save()
    trail.record("ledgers.cleared", the_import, by=SYSTEM, at=path_of(the_import), facts={})


def hold(the_import: Import, *, by: Any) -> Import:
    """The import locked, for whoever may import for its cell; asked by every deed first."""
    held: Import = Import.objects.select_for_update(of=("self",)).select_related("cell").get(pk=the_import.pk)
    require(held, by=by)
    return held


def require(the_import: Import, *, by: Any) -> None:
    """Raises PermissionDenied for whoever may not import for the cell, or write one of its ledgers, any more."""
    if the_import.cell is None:
        if by is not SYSTEM:
            raise PermissionDenied
        return
    rules.SEE_IMPORT.require(by, the_import)
    for kind in {*the_import.uploads.values_list("kind", flat=True), *the_import.result.get("done", {})}:
        NEEDED[kind].require(by, the_import.cell)


def touch(the_import: Import) -> None:
    """Rows or files were changed: what a trial run found no longer holds."""
    if the_import.state == ImportState.DRY_RUN:
        IMPORT_FLOW.take(the_import, "review")
    the_import.trial = {}
    the_import.counts = StagedRow.objects.filter(upload__the_import=the_import).tally()
    the_import.save(update_fields=["state", "trial", "counts"])


def start_job(the_import: Import, kind: str, by: Any) -> Job:
    """Set a job of the import going; only one at a time."""
    return jobs.start(
        kind,
        by=by,
        title=TITLES[kind],
        facts={"ref": the_import.ref},
        payload={"import": the_import.pk},
        key=f"ledgers:{the_import.pk}",
        at=path_of(the_import),
    )


def _next_number(year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledgers.number'))")
    return (Import.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0) + 1


def _require_something(the_import: Import) -> None:
    if not the_import.importable and not _names_secretaries(the_import):
        raise Refusal(_("没有可以导入的行：都有误，或与现有记录一致。"))


def _names_secretaries(the_import: Import) -> bool:
    return any("secretary" in one.mapping for one in the_import.uploads.defer("content"))


def _clear(the_import: Import) -> None:
    the_import.uploads.all().delete()
    the_import.cleared_at = timezone.now()


def path_of(the_import: Import) -> str:
    """Where in the tree an import happens."""
    return the_import.cell.path if the_import.cell else ""
