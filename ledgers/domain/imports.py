"""An import from its first file to its end: the deeds a reviewer does. What takes long is set going as a job."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from cells.authority import Rule
from cells.models import Cell
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal
from ledgers import rules
from ledgers.choices import IMPORT_FLOW, ORDER, ImportState, Kind
from ledgers.models import Import, StagedRow, Upload
from ledgers.reading import Table, read
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


@dataclass(frozen=True)
class File:
    """One file as it came: its name and its bytes."""

    name: str
    data: bytes


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
        year=on.year, number=_next_number(on.year), cell=cell, by_id=by.pk, as_of=as_of,
        expires_at=timezone.now() + OPEN_KEPT,
    )
    trail.record("ledgers.started", started, by=by, at=_path(started), facts={"as_of": as_of})
    return started


def begin(*, cell: Cell | None, as_of: date, files: Sequence[File], by: Any, on: date) -> Import:
    """Begin an import with its first files. Refuses what ``start`` and ``upload`` refuse, and then there is none."""
    opened = _open(files)
    with transaction.atomic():
        started = start(cell=cell, as_of=as_of, by=by, on=on)
        _take_in(started, opened, by=by)
    return started


def upload(the_import: Import, *, files: Sequence[File], by: Any, on: date) -> list[Upload]:
    """Take files in, one for each kind of ledger; a new file of a kind takes the place of the earlier one.

    Refuses what ``ledgers.reading`` refuses, two files of one kind, and a ledger that the importer may not write.
    """
    opened = _open(files)
    with transaction.atomic():
        return _take_in(the_import, opened, by=by)


@transaction.atomic
def map_columns(the_import: Import, *, mappings: dict[int, list[str]], by: Any, on: date) -> Import:
    """Say which column feeds which field, by the key of each upload. Refuses one field fed by two columns."""
    the_import = hold(the_import, by=by)
    IMPORT_FLOW.take(the_import, "upload")
    for one in the_import.uploads.filter(pk__in=mappings):
        chosen = [name if name in one.ledger.by_field else "" for name in mappings[one.pk]]
        twice = next((name for name in chosen if name and chosen.count(name) > 1), None)
        if twice:
            raise Refusal(
                _("有两列都对应“%(column)s”，请只留一列。") % {"column": one.ledger.by_field[twice].label},
                field=f"columns-{one.pk}",
            )
        one.mapping = chosen
        one.save(update_fields=["mapping"])
    the_import.save(update_fields=["state"])
    return the_import


@transaction.atomic
def settle_columns(the_import: Import, *, by: Any) -> Import:
    """The columns are as they should be. Refuses while a compulsory one is missing, or no file is there."""
    the_import = hold(the_import, by=by)
    IMPORT_FLOW.take(the_import, "map")
    uploads = list(the_import.uploads.defer("content"))
    if not uploads:
        raise Refusal(_("还没有上传文件。"), field="files")
    for one in uploads:
        if one.missing:
            raise Refusal(
                _("%(kind)s台账缺少必填列：%(columns)s。请指定对应的列，或补上这一列再上传。")
                % {"kind": one.get_kind_display(), "columns": _("、").join(one.missing)},
                field=f"columns-{one.pk}",
            )
    the_import.save(update_fields=["state"])
    return the_import


@transaction.atomic
def begin_review(the_import: Import, *, by: Any, on: date) -> Import:
    """Let the rows be checked and compared, as a job. Refuses as ``settle_columns`` does."""
    the_import = settle_columns(the_import, by=by)
    the_import.job = start_job(the_import, "ledgers.review", _("核对 %(ref)s"), by)
    the_import.save(update_fields=["job"])
    return the_import


@transaction.atomic
def require_reviewed(the_import: Import, *, by: Any) -> Import:
    """The import, ready to be tried out. Refuses before its review, and when no row would change anything."""
    the_import = hold(the_import, by=by)
    if not the_import.is_under_review:
        raise OutOfTurn(_("请先核对完再试运行。"))
    if not the_import.importable and not _names_secretaries(the_import):
        raise Refusal(_("没有可以导入的行：都有误，或与现有记录一致。"))
    return the_import


@transaction.atomic
def begin_trial(the_import: Import, *, by: Any, on: date) -> Import:
    """Let the whole import be carried out once and taken back, as a job. Refuses as ``require_reviewed`` does."""
    the_import = require_reviewed(the_import, by=by)
    the_import.job = start_job(the_import, "ledgers.trial", _("试运行 %(ref)s"), by)
    the_import.save(update_fields=["job"])
    return the_import


@transaction.atomic
def confirm(the_import: Import, *, by: Any) -> Import:
    """The rows without errors are to be imported as they stand; from now on they cannot be changed."""
    the_import = hold(the_import, by=by)
    IMPORT_FLOW.take(the_import, "commit")
    the_import.save(update_fields=["state"])
    trail.record("ledgers.commit_begun", the_import, by=by, at=_path(the_import), facts={"counts": the_import.counts})
    return the_import


@transaction.atomic
def begin_commit(the_import: Import, *, by: Any, on: date) -> Import:
    """Let the rows without errors be imported, as a job that can be taken up where it was cut off."""
    the_import = confirm(the_import, by=by)
    the_import.job = start_job(the_import, "ledgers.commit", _("导入 %(ref)s"), by)
    the_import.save(update_fields=["job"])
    return the_import


@transaction.atomic
def abandon(the_import: Import, *, by: Any, on: date) -> Import:
    """Give an import up: its files and rows go at once, nothing was written. Refuses one that has begun to write."""
    the_import = hold(the_import, by=by)
    IMPORT_FLOW.take(the_import, "abandon")
    _clear(the_import)
    the_import.save()
    trail.record("ledgers.abandoned", the_import, by=by, at=_path(the_import), facts={})
    return the_import


def clear_expired(*, now: datetime) -> int:
    """Clear files and staged rows of imports whose time is over; counts and results stay."""
    cleared = 0
    for each in Import.objects.expired(now).exclude(state=ImportState.COMMITTING).order_by("pk"):
        with transaction.atomic():
            the_import = Import.objects.select_for_update().get(pk=each.pk)
            if not the_import.is_over:
                the_import.state = ImportState.ABANDONED
            _clear(the_import)
            the_import.save()
            trail.record("ledgers.cleared", the_import, by=SYSTEM, at=_path(the_import), facts={})
        cleared += 1
    return cleared


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
    for kind in the_import.uploads.values_list("kind", flat=True):
        NEEDED[kind].require(by, the_import.cell)


def touch(the_import: Import) -> None:
    """Rows or files were changed: what a trial run found no longer holds."""
    if the_import.state == ImportState.DRY_RUN:
        IMPORT_FLOW.take(the_import, "review")
    the_import.trial = {}
    the_import.counts = StagedRow.objects.filter(upload__the_import=the_import).tally()
    the_import.save(update_fields=["state", "trial", "counts"])


def start_job(the_import: Import, kind: str, title: str, by: Any) -> Job:
    """Set a job of the import going; only one at a time."""
    return jobs.start(
        kind, by=by, title=title % {"ref": the_import.ref}, payload={"import": the_import.pk}, key=f"ledgers:{the_import.pk}", at=_path(the_import)
    )


def in_order(uploads: Sequence[Upload]) -> list[Upload]:
    """Uploads in the order in which their ledgers build on one another."""
    return sorted(uploads, key=lambda one: ORDER.index(Kind(one.kind)))


def _open(files: Sequence[File]) -> list[tuple[File, Table]]:
    """The files read, before anything is locked."""
    return [(file, _opened(file, several=len(files) > 1)) for file in files]


def _opened(file: File, *, several: bool) -> Table:
    try:
        table = read(file.data)
        if next(table.rows(table.guess.fields), None) is None:
            raise Refusal(_("表头下面没有数据行，请填好后再上传。"), field="files")
        return table
    except Refusal as refusal:
        if not several:
            raise
        raise Refusal(
            _("%(file)s：%(sentence)s") % {"file": _file_name(file), "sentence": refusal.message}, field="files"
        ) from None


def _take_in(the_import: Import, opened: Sequence[tuple[File, Table]], *, by: Any) -> list[Upload]:
    the_import = hold(the_import, by=by)
    IMPORT_FLOW.take(the_import, "upload")
    kinds = [table.guess.kind for _file, table in opened]
    twice = next((kind for kind in kinds if kinds.count(kind) > 1), None)
    if twice:
        raise Refusal(
            _("有两个文件都是%(kind)s台账，请合成一个，或分两次导入。") % {"kind": Kind(twice).label}, field="files"
        )
    for kind in kinds:
        _require_power(the_import, kind, by)
    the_import.uploads.filter(kind__in=kinds).delete()
    uploads = [_keep(the_import, file, table) for file, table in opened]
    the_import.counts, the_import.trial = {}, {}
    the_import.save(update_fields=["state", "counts", "trial"])
    trail.record(
        "ledgers.uploaded", the_import, by=by, at=_path(the_import),
        facts={"files": [{"kind": one.kind, "sha256": one.sha256, "rows": one.rows} for one in uploads]},
    )
    return uploads


def _require_power(the_import: Import, kind: str, by: Any) -> None:
    if the_import.cell is None or NEEDED[kind].allows(by, the_import.cell):
        return
    raise Refusal(
        _("您在%(cell)s不能导入%(kind)s台账，请由上级党委工作人员导入。")
        % {"kind": Kind(kind).label, "cell": the_import.cell},
        field="files",
    )


def _keep(the_import: Import, file: File, table: Table) -> Upload:
    kept = Upload(
        the_import=the_import, kind=table.guess.kind, file_name=_file_name(file), size=len(file.data),
        sha256=hashlib.sha256(file.data).hexdigest(), sheet=table.sheet[:64], header_row=table.header_row,
        headings=[heading[:80] for heading in table.headings], mapping=list(table.guess.fields),
        preset=table.guess.preset, rows=sum(1 for _row in table.rows(table.guess.fields)),
    )
    kept.put(file.data)
    kept.save()
    return kept


def _file_name(file: File) -> str:
    """The last part of the name, without control signs and marks that turn writing round."""
    name = PurePosixPath(file.name.replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())[:200] or "ledger"


def _next_number(year: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledgers.number'))")
    return (Import.objects.filter(year=year).aggregate(last=Max("number"))["last"] or 0) + 1


def _names_secretaries(the_import: Import) -> bool:
    return any("secretary" in one.mapping for one in the_import.uploads.defer("content"))


def _clear(the_import: Import) -> None:
    the_import.uploads.all().delete()
    the_import.cleared_at = timezone.now()


def _path(the_import: Import) -> str:
    return the_import.cell.path if the_import.cell else ""
