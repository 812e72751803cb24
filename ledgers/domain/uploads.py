"""Files of an import: opened, kept sealed, their columns matched."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from cells.models import Cell
from core.errors import Refusal
from ledgers.choices import IMPORT_FLOW, ORDER, Kind
from ledgers.domain.imports import NEEDED, hold, path_of, start, start_job
from ledgers.models import Import, Upload
from ledgers.reading import Table, read
from members.domain import lookups


@dataclass(frozen=True)
class File:
    """One file as it came: its name and its bytes."""

    name: str
    data: bytes


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
    """The columns are as they should be. Refuses while a compulsory one is missing, or no file is there.

    Refuses a ledger of members, too, from whoever had as many refused today as ``lookups`` lets them.
    """
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
    if any(one.kind == Kind.MEMBERS for one in uploads):
        lookups.require_few_refused(by)
    the_import.save(update_fields=["state"])
    return the_import


@transaction.atomic
def begin_review(the_import: Import, *, by: Any, on: date) -> Import:
    """Let the rows be checked and compared, as a job. Refuses as ``settle_columns`` does."""
    the_import = settle_columns(the_import, by=by)
    the_import.job = start_job(the_import, "ledgers.review", by)
    the_import.save(update_fields=["job"])
    return the_import


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
        "ledgers.uploaded",
        the_import,
        by=by,
        at=path_of(the_import),
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
        the_import=the_import,
        kind=table.guess.kind,
        file_name=_file_name(file),
        size=len(file.data),
        sha256=hashlib.sha256(file.data).hexdigest(),
        sheet=table.sheet[:64],
        header_row=table.header_row,
        headings=[heading[:80] for heading in table.headings],
        mapping=list(table.guess.fields),
        preset=table.guess.preset,
        rows=sum(1 for _row in table.rows(table.guess.fields)),
    )
    kept.put(file.data)
    kept.save()
    return kept


def _file_name(file: File) -> str:
    """The last part of the name, without control signs and marks that turn writing round."""
    name = PurePosixPath(file.name.replace("\\", "/")).name
    return "".join(sign for sign in name if sign.isprintable())[:200] or "ledger"
