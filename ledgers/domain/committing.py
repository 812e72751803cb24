"""Carrying an import out: organisations, companies, members, then the secretaries the ledger names.

Each chunk is one transaction that reviews its rows afresh, asks again what the importer may do, and calls the deeds
that take many; the checkpoint commits with it. Cut off anywhere, the import goes on where it was, and a row that is in
already comes out as "no change".
"""

from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.recording import recording
from audit import trail
from cells.models import Cell
from core import keyring, rehearsal
from core.errors import Refusal
from ledgers.choices import IMPORT_FLOW, ORDER, ImportState, Kind, Outcome
from ledgers.domain import imports, secretaries, writing
from ledgers.domain.imports import DONE_KEPT, hold
from ledgers.domain.staging import as_row, record_findings
from ledgers.models import Import, StagedRow
from ledgers.review import Finding, Ground, review, told_of
from ledgers.review.organisations import review_organisations
from members.domain import lookups
from members.models import Membership
from notices.models import Notice

CHUNK = 2500
# Organisations hang on one another and go in together; companies carry little.
CHUNKS = {Kind.ORGANISATIONS: 0, Kind.COMPANIES: CHUNK, Kind.MEMBERS: CHUNK}
SECRETARIES = "secretaries"


class Carrier(Protocol):
    """What a job's progress offers, and the command's as well."""

    checkpoint: dict[str, Any]

    def step(self, done: int, total: int | None = None, note: str = "") -> None: ...

    def save(self) -> None: ...


class _TakenBack(Exception):
    """Ends a trial run."""


def carry_out(the_import: Import, *, by: Any, progress: Carrier) -> Import:
    """Import every row without errors, from the checkpoint on; the import is done, with its counts.

    Raises PermissionDenied as soon as the importer has lost the right to write a ledger.
    """
    with transaction.atomic():
        the_import = hold(the_import, by=by)
        if the_import.state == ImportState.FAILED:  # its own job, set going again
            IMPORT_FLOW.take(the_import, "commit")
            the_import.save(update_fields=["state"])
    progress.checkpoint.setdefault("result", the_import.result or _nothing_yet())
    _carry_on(the_import, by=by, progress=progress)
    with transaction.atomic():
        the_import = hold(the_import, by=by)
        IMPORT_FLOW.take(the_import, "finish")
        the_import.result = progress.checkpoint["result"]
        the_import.counts = StagedRow.objects.filter(upload__the_import=the_import).tally()
        the_import.finished_at = timezone.now()
        the_import.expires_at = the_import.finished_at + DONE_KEPT
        if the_import.cell is None:
            the_import.cell = _top(the_import, by)
        the_import.save()
        trail.record(
            "ledgers.committed",
            the_import,
            by=by,
            at=the_import.cell.path if the_import.cell else "",
            facts={"done": the_import.result["done"], "skipped": the_import.wrong},
        )
    return the_import


def try_out(the_import: Import, *, by: Any, progress: Carrier) -> Import:
    """Carry the import out and take it back; what it would have done is kept on the import, and whom it told of."""
    imports.require(the_import, by=by)
    found: dict[str, Any] = {}
    with rehearsal.lasting(), suppress(_TakenBack), transaction.atomic():
        before = _effects()
        trial = _Trial(progress)
        trial.checkpoint["result"] = _nothing_yet()
        _carry_on(the_import, by=by, progress=trial)
        found = trial.checkpoint["result"]
        found["effects"] = {name: count - before[name] for name, count in _effects().items()}
        raise _TakenBack
    with transaction.atomic():
        the_import = hold(the_import, by=by)
        IMPORT_FLOW.take(the_import, "try_out")
        the_import.trial = found
        the_import.save(update_fields=["state", "trial"])
        trail.record(
            "ledgers.tried_out",
            the_import,
            by=by,
            at=the_import.cell.path if the_import.cell else "",
            facts={"done": found["done"]},
        )
    return the_import


def fail(the_import: Import, *, by: Any) -> None:
    """The job that carried the import out has stopped for good; it can be taken up again."""
    with transaction.atomic():
        the_import = Import.objects.select_for_update().get(pk=the_import.pk)
        if the_import.state == ImportState.COMMITTING:
            IMPORT_FLOW.take(the_import, "fail")
            the_import.save(update_fields=["state"])


class _Trial:
    """Progress of a run that is taken back: it says how far it is and keeps no place."""

    def __init__(self, progress: Carrier) -> None:
        self.step = progress.step
        self.checkpoint: dict[str, Any] = {}

    def save(self) -> None:
        """There is nothing to go on from."""


def _carry_on(the_import: Import, *, by: Any, progress: Carrier) -> None:
    """All chunks that the checkpoint does not have yet."""
    place = progress.checkpoint
    place.setdefault("phase", ORDER[0])
    place.setdefault("after", 0)
    place.setdefault("handled", 0)
    total = StagedRow.objects.of(the_import).importable().count()
    phases: list[str] = [*ORDER, SECRETARIES]
    for phase in phases[phases.index(place["phase"]) :]:
        if place["phase"] != phase:
            place.update(phase=phase, after=0)
        work: Callable[..., bool] = _appoint if phase == SECRETARIES else _write_chunk
        more = True
        while more:
            with transaction.atomic():
                # One row of the import is the key to all of it: a second run waits here and then finds nothing to do.
                Import.objects.select_for_update().get(pk=the_import.pk)
                imports.require(the_import, by=by)
                with keyring.held(), recording(part_of=the_import.as_act):
                    more = work(the_import, phase, by=by, place=place)
                # What is in already is told even if the rest never follows.
                Import.objects.filter(pk=the_import.pk).update(result=place["result"])
                progress.save()
            note = _("任命书记") if phase == SECRETARIES else _("写入%(kind)s") % {"kind": Kind(phase).label}
            progress.step(min(place["handled"], total), total, note)


def _write_chunk(the_import: Import, kind: str, *, by: Any, place: dict[str, Any]) -> bool:
    """The next rows of one ledger. False when there are no more."""
    rows = StagedRow.objects.of(the_import, kind)
    size = CHUNKS[Kind(kind)]
    if kind == Kind.ORGANISATIONS:
        staged = [] if place["after"] else list(rows)
    else:
        waiting = rows.importable().filter(number__gt=place["after"])
        staged = list(waiting[:size])
    if not staged:
        return False
    ground = Ground(the_import.cell, the_import.as_of, by)
    findings = review(kind, [as_row(row) for row in staged], ground)
    keeper = _keeper(the_import, by) if kind == Kind.COMPANIES else None
    # Whoever was put on another roster since the review keeps their own row out, never the rest.
    lookups.note_met_since(told_of(findings), by=by, on=timezone.localdate())
    done = writing.write(kind, findings, ground, keeper=keeper)
    late = [pair for pair in zip(staged, findings, strict=True) if _went_wrong(*pair)]
    record_findings([row for row, _finding in late], [finding for _row, finding in late])
    counted = place["result"]["done"].setdefault(kind, {Outcome.NEW: 0, Outcome.UPDATE: 0})
    for outcome, count in done.items():
        counted[outcome] += count
    place["handled"] += sum(row.outcome in (Outcome.NEW, Outcome.UPDATE) for row in staged)
    place["after"] = staged[-1].number
    return kind != Kind.ORGANISATIONS and len(staged) == size


def _appoint(the_import: Import, phase: str, *, by: Any, place: dict[str, Any]) -> bool:
    """The next secretaries named in the ledger of organisations. False when there are no more."""
    findings = [finding for finding in _organisations(the_import, by) if finding.values.get("secretary")]
    chunk = [finding for finding in findings if finding.row.number > place["after"]][:CHUNK]
    if not chunk:
        return False
    appointed, warnings = secretaries.appoint(chunk, by=by, on=the_import.as_of)
    place["result"]["secretaries"] += appointed
    place["result"]["warnings"] += [one for one in warnings if one not in place["result"]["warnings"]]
    place["after"] = chunk[-1].row.number
    return len(chunk) == CHUNK


def _went_wrong(row: StagedRow, finding: Finding) -> bool:
    """Sound when it was reviewed, wrong now: somebody changed the records meanwhile."""
    return finding.is_wrong and row.outcome != Outcome.ERROR


def _organisations(the_import: Import, by: Any) -> list[Finding]:
    staged = StagedRow.objects.of(the_import, Kind.ORGANISATIONS)
    findings = review_organisations([as_row(row) for row in staged], Ground(the_import.cell, the_import.as_of, by))
    return [finding for finding in findings if isinstance(finding.target, Cell) and not finding.is_wrong]


def _keeper(the_import: Import, by: Any) -> Cell:
    """Who keeps the files of new companies: the one organisation at the top of the import, else the cell acted for."""
    keeper = _top(the_import, by) or the_import.cell
    if keeper is None:
        raise Refusal(_("企业台账没有归口的党组织：请同时导入一个上级党组织，或指定为哪个党组织导入。"))
    return keeper


def _top(the_import: Import, by: Any) -> Cell | None:
    """The organisation of this import under which all the others stand; None where there are several."""
    cells = [finding.target for finding in _organisations(the_import, by)]
    known = {cell.pk for cell in cells}
    tops = [cell for cell in cells if cell.parent_id not in known]
    return tops[0] if len(tops) == 1 else None


def _nothing_yet() -> dict[str, Any]:
    return {"done": {}, "secretaries": 0, "warnings": []}


def _effects() -> dict[str, int]:
    """What an import may set going besides the records themselves."""
    return {
        "notices": Notice.objects.count(),
        "moves": Membership.objects.standing().filter(valid__upper_inf=False).count(),
    }
