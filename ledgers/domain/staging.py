"""Rows laid out for review: taken from the files, checked and compared, edited cell by cell."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from audit import trail
from cells.models import Cell
from core import keyring
from core.copying import copy_in
from core.errors import OutOfTurn, Refusal
from ledgers import parser
from ledgers.choices import IMPORT_FLOW, ImportState, Kind, Outcome
from ledgers.domain import imports
from ledgers.domain.imports import AT_ONCE, hold, touch
from ledgers.domain.uploads import in_order
from ledgers.models import Import, StagedRow, Upload
from ledgers.reading import Row, Table, read
from ledgers.review import Finding, Ground, Planned, review, told_of
from ledgers.review.ground import key
from members.domain import lookups

CHUNK = 1000
_PACKER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


class Steps(Protocol):
    """Who wants to know how far it is: a job's progress, or the command's line on the screen."""

    def step(self, done: int, total: int | None = None, note: str = "") -> None: ...


def stage(the_import: Import, *, by: Any, progress: Steps) -> Import:
    """Lay out and review every row of every file, and leave the import ready for a person to look at.

    Begun again after it was cut off, it begins from the files. What is said of a ledger is kept in one transaction,
    when all of it was reviewed: where ``lookups.meet`` refuses the ledger, no row of it is there to be read.
    """
    imports.require(the_import, by=by)
    uploads = in_order(list(the_import.uploads.all()))
    total = sum(one.rows for one in uploads)
    done = 0
    ground = Ground(the_import.cell, the_import.as_of, by)
    for one in uploads:
        progress.step(done, total, _("读取%(file)s") % {"file": one.file_name})
        rows = list(_rows(one))
        one.staged.all().delete()
        ground.met = {}
        findings: list[Finding] = []
        for chunk in _chunks(rows, len(rows) if one.kind == Kind.ORGANISATIONS else CHUNK):
            with keyring.held():
                findings += review(one.kind, chunk, ground)
            done += len(chunk)
            progress.step(done, total, _("核对%(kind)s台账") % {"kind": one.get_kind_display()})
        with transaction.atomic():
            lookups.meet(told_of(findings), by=by, on=timezone.localdate())
            for kept in _chunks(findings, CHUNK):
                copy_in([_staged(one, finding) for finding in kept])
        if one.kind == Kind.ORGANISATIONS:
            ground.planned = planned(findings)
    with transaction.atomic():
        the_import = hold(the_import, by=by)
        IMPORT_FLOW.take(the_import, "review")
        touch(the_import)
    return the_import


@dataclass(frozen=True)
class Edit:
    """What is to stand in one cell instead."""

    row: StagedRow
    field: str
    text: str


@transaction.atomic
def edit(the_import: Import, *, edits: Sequence[Edit], by: Any, on: date) -> list[StagedRow]:
    """Write into cells of staged rows and review what hangs on them; returns the rows edited, as they are now.

    The rows about the same person or company as before and as now are reviewed too, and all others when an
    organisation was touched. Refuses rows of another import and columns the ledger does not have, and an ID number from
    whoever has met as many on record today as ``lookups`` lets them by hand. Where too many rows hang on it, they are
    reviewed as a job.
    """
    the_import = hold(the_import, by=by)
    if not the_import.is_under_review:
        raise OutOfTurn(_("这次导入现在不能修改，请刷新后再看。"))
    mine = StagedRow.objects.of(the_import).select_related("upload").defer("upload__content")
    rows = {row.pk: row for row in mine.filter(pk__in={each.row.pk for each in edits}).select_for_update(of=("self",))}
    if len(rows) < len({each.row.pk for each in edits}):
        raise Refusal(_("这一行已不在本次导入里，请刷新后再看。"))
    before = {row.match for row in rows.values()} - {""}
    if any(each.field == "id_number" for each in edits):
        lookups.require_few_met(by)
        lookups.require_few_refused(by)
    for each in edits:
        _write(rows[each.row.pk], each)
    StagedRow.objects.bulk_update(rows.values(), ["cells", "edited"])
    uploads = {row.upload for row in rows.values()}
    if any(upload.kind == Kind.ORGANISATIONS for upload in uploads):
        _review_everything(the_import, by=by)
    else:
        for upload in uploads:
            _review_some(the_import, upload, [row for row in rows.values() if row.upload == upload], before, by=by)
    touch(the_import)
    trail.record(
        "ledgers.edited",
        the_import,
        by=by,
        at=the_import.cell.path if the_import.cell else "",
        facts={
            "cells": [{"row": rows[each.row.pk].number, "column": each.field} for each in edits[:50]],
            "count": len(edits),
        },
    )
    return list(StagedRow.objects.filter(pk__in=rows).select_related("upload").defer("upload__content"))


def replace_all(the_import: Import, *, kind: str, field: str, old: str, new: str, by: Any, on: date) -> int:
    """Write ``new`` into every faulty or noted cell of a column that says ``old``; returns how many those were."""
    with transaction.atomic():
        the_import = hold(the_import, by=by)
        saying = [row for row in _noted(the_import, kind) if row.written["cells"].get(field, "") == old]
        if not saying:
            raise Refusal(_("没有找到要替换的格子，可能已经改过了。"))
        edit(the_import, edits=[Edit(row, field, new) for row in saying], by=by, on=on)
    return len(saying)


def review_again(the_import: Import, *, by: Any, progress: Steps) -> Import:
    """Review the rows as they stand, edits included; what was uploaded is not opened again."""
    imports.require(the_import, by=by)
    with transaction.atomic():
        the_import = hold(the_import, by=by)
        _review_rows(the_import, by=by, progress=progress)
        if the_import.state == ImportState.MAPPED:
            IMPORT_FLOW.take(the_import, "review")
        touch(the_import)
    return the_import


def planned(findings: Iterable[Finding]) -> dict[str, list[Planned]]:
    """The organisations of a file that are not on record, by the keys of the names they can be meant by."""
    found: dict[str, list[Planned]] = {}
    for finding in findings:
        name, kind = finding.values.get("name"), finding.values.get("kind")
        if isinstance(finding.target, Cell) or not name:
            continue
        plan = Planned(finding.row.number, name, str(kind or ""), sound=not finding.is_wrong)
        for written in {key(name), key(finding.values.get("short_name") or "")} - {""}:
            found.setdefault(written, []).append(plan)
    return found


def as_row(staged: StagedRow) -> Row:
    """The staged row as the review takes it."""
    written = staged.written
    return Row(staged.number, written["cells"], written["kinds"])


def record_findings(staged: Sequence[StagedRow], findings: Sequence[Finding]) -> None:
    """Keep what the review says of rows that are staged already."""
    for row, finding in zip(staged, findings, strict=True):
        _put(row, finding)
    StagedRow.objects.bulk_update(staged, ["finding", "outcome", "noted", "match", "target_id"], batch_size=500)


def _rows(upload: Upload) -> Iterator[Row]:
    table: Table = read(upload.data())
    return table.rows(upload.mapping)


def _chunks(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    for start in range(0, len(rows), max(size, 1)):
        yield rows[start : start + size]


def _staged(upload: Upload, finding: Finding) -> StagedRow:
    row = StagedRow(upload=upload, number=finding.row.number)
    row.cells = _packed({"cells": finding.row.cells, "kinds": finding.row.kinds})
    _put(row, finding)
    return row


def _put(row: StagedRow, finding: Finding) -> None:
    row.outcome = finding.outcome
    row.noted = finding.is_noted
    row.match = finding.match
    row.target_id = finding.target.pk if finding.target is not None else None
    said = {"remarks": finding.remarks, "changes": finding.changes, "shown": finding.shown}
    row.finding = _packed(said) if any(said.values()) else ""


def _packed(content: Any) -> str:
    return _PACKER.encode(content)


def _write(row: StagedRow, each: Edit) -> None:
    column = row.upload.ledger.by_field.get(each.field)
    if column is None:
        raise Refusal(_("台账里没有这一列，请刷新后再看。"))
    written = row.written
    written["cells"][each.field] = each.text.replace("\x00", "").strip()[: parser.LONGEST_CELL]
    written["kinds"].pop(each.field, None)
    row.cells = _packed(written)
    row.edited = True


def _review_some(the_import: Import, upload: Upload, edited: list[StagedRow], before: set[str], *, by: Any) -> None:
    """Review the edited rows, and those about whom they were or are."""
    ground = Ground(the_import.cell, the_import.as_of, by, planned=_plans(the_import, by))
    now = {finding.match for finding in review(upload.kind, [as_row(row) for row in edited], ground)} - {""}
    same = StagedRow.objects.filter(upload=upload, match__in=before | now)
    rows = {row.pk: row for row in [*edited, *same]}
    ordered = sorted(rows.values(), key=lambda row: row.number)
    ground.met = {}
    findings = review(upload.kind, [as_row(row) for row in ordered], ground)
    typed, since = _told_by(ordered, findings)
    _note_met(typed, since, by)
    record_findings(ordered, findings)


def _review_everything(the_import: Import, *, by: Any) -> None:
    """After an organisation was touched: what names it may read otherwise now."""
    if StagedRow.objects.filter(upload__the_import=the_import).count() <= AT_ONCE:
        _review_rows(the_import, by=by, progress=None)
        return
    IMPORT_FLOW.take(the_import, "map")
    the_import.job = imports.start_job(the_import, "ledgers.review_again", by)
    the_import.save(update_fields=["state", "job"])


def _review_rows(the_import: Import, *, by: Any, progress: Steps | None) -> None:
    ground = Ground(the_import.cell, the_import.as_of, by)
    uploads = in_order(list(the_import.uploads.defer("content")))
    total, done = sum(one.rows for one in uploads), 0
    typed: list[Finding] = []
    since: list[Finding] = []
    for one in uploads:
        staged = list(one.staged.order_by("number"))
        ground.met = {}
        for chunk in _chunks(staged, len(staged) if one.kind == Kind.ORGANISATIONS else CHUNK):
            findings = review(one.kind, [as_row(row) for row in chunk], ground)
            for told, more in zip((typed, since), _told_by(chunk, findings), strict=True):
                told += more
            record_findings(chunk, findings)
            if one.kind == Kind.ORGANISATIONS:
                ground.planned = planned(findings)
            done += len(chunk)
            if progress is not None:
                progress.step(done, total, _("核对%(kind)s台账") % {"kind": one.get_kind_display()})

    _note_met(typed, since, by)


def _told_by(staged: Sequence[StagedRow], findings: Sequence[Finding]) -> tuple[list[Finding], list[Finding]]:
    """Findings that tell of others: by a number written into the row since its last review, and by one known to it."""
    told = [(row.match, finding) for row, finding in zip(staged, findings, strict=True) if finding.tells]
    typed = [finding for match, finding in told if finding.match != match]
    return typed, [finding for match, finding in told if finding.match == match]


def _note_met(typed: Sequence[Finding], since: Sequence[Finding], by: Any) -> None:
    # The day it is learnt, whatever day the ledger tells of.
    today = timezone.localdate()
    lookups.meet(told_of(typed), by=by, on=today, typed=True)
    lookups.note_met_since(told_of(since), by=by, on=today)


def _plans(the_import: Import, by: Any) -> dict[str, list[Planned]]:
    """What the organisations of the same import would be."""
    staged = list(StagedRow.objects.of(the_import, Kind.ORGANISATIONS))
    if not staged:
        return {}
    ground = Ground(the_import.cell, the_import.as_of, by)
    return planned(review(Kind.ORGANISATIONS, [as_row(row) for row in staged], ground))


def _noted(the_import: Import, kind: str) -> list[StagedRow]:
    rows = StagedRow.objects.of(the_import, kind)
    return [*rows.filter(outcome=Outcome.ERROR), *rows.filter(noted=True).exclude(outcome=Outcome.ERROR)]
