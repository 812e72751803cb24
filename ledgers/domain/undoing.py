"""Undoing a whole import: what it wrote is void or as it was, what was changed since stays and is named.

It goes back step by step, the last step first; each step is one transaction, and an act that is undone is not undone
again. Cut off anywhere, it goes on where it was.
"""

from collections.abc import Iterable
from contextlib import suppress
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.domain import undoing
from acts.domain.putting_back import Kept, Outcome, Part, put_back
from acts.models import Act, Effect
from acts.recording import recording
from audit import trail
from audit.models import Entry
from cells import rules
from cells.authority import may_hand_on
from cells.choices import FILLED_BY_SECRETARY
from cells.domain.tree import footing
from cells.models import Appointment, Cell, Company
from core.errors import OutOfTurn, Refusal
from ledgers.choices import IMPORT_FLOW, ImportState
from ledgers.domain import imports
from ledgers.domain.committing import Carrier
from ledgers.domain.imports import hold, path_of, start_job
from ledgers.models import Import
from members.models import Member, Membership

# What a page lists by name; of more than this the rest is counted.
MOST_KEPT = 2000


class _TakenBack(Exception):
    """Ends a trial run."""


@transaction.atomic
def require_undoable(the_import: Import, *, by: Any, on: date) -> Import:
    """The import, done no more than seven days ago. Refuses any other."""
    the_import = hold(the_import, by=by)
    if the_import.state == ImportState.UNDONE:
        raise OutOfTurn(_("这次导入已经撤销过了。"))
    if the_import.state != ImportState.DONE:
        raise OutOfTurn(_("这次导入还没有完成，不能撤销。"))
    if not Act.objects.filter(part_of=the_import.as_act).exists():
        raise OutOfTurn(_("这次导入没有写入任何内容，不用撤销。"))
    until = the_import.undo_until
    if until is not None and on > until:
        raise Refusal(_("导入后七天内可以撤销，%(day)s 已到期；有误的请逐条更正。") % {"day": until.isoformat()})
    return the_import


@transaction.atomic
def begin_trial(the_import: Import, *, by: Any, on: date) -> Import:
    """Let the import be undone once and that be taken back, as a job. Refuses as ``require_undoable`` does."""
    the_import = require_undoable(the_import, by=by, on=on)
    the_import.undo_trial = {}
    the_import.job = start_job(the_import, "ledgers.undo_trial", by)
    the_import.save(update_fields=["job", "undo_trial"])
    return the_import


@transaction.atomic
def confirm(the_import: Import, *, by: Any, on: date) -> Import:
    """The import is to be undone; from here it goes to its end. Refuses as ``require_undoable`` does."""
    held = hold(the_import, by=by)
    if held.state == ImportState.UNDOING and held.has_stopped:
        return held
    the_import = require_undoable(the_import, by=by, on=on)
    IMPORT_FLOW.take(the_import, "undo")
    the_import.undone = _nothing_yet()
    the_import.save(update_fields=["state", "undone"])
    trail.record("ledgers.undo_begun", the_import, by=by, at=path_of(the_import), facts={})
    return the_import


@transaction.atomic
def begin(the_import: Import, *, by: Any, on: date) -> Import:
    """Let the import be undone, as a job that can be taken up where it was cut off."""
    the_import = confirm(the_import, by=by, on=on)
    the_import.job = start_job(the_import, "ledgers.undo", by)
    the_import.save(update_fields=["job"])
    return the_import


def try_out(the_import: Import, *, by: Any, on: date, progress: Carrier) -> Import:
    """Undo the import and take that back; what it would come to is kept on the import. Nothing else is written."""
    imports.require(the_import, by=by)
    found = _nothing_yet()
    with suppress(_TakenBack), transaction.atomic():
        _step_back(the_import, found, by=by, on=on, progress=progress, for_good=False)
        raise _TakenBack
    with transaction.atomic():
        the_import = require_undoable(the_import, by=by, on=on)
        found["tried_at"] = timezone.now().isoformat()
        the_import.undo_trial = found
        the_import.save(update_fields=["undo_trial"])
        facts = {"kept": found["stay"]}
        trail.record("ledgers.undo_tried_out", the_import, by=by, at=path_of(the_import), facts=facts)
    return the_import


def carry_out(the_import: Import, *, by: Any, on: date, progress: Carrier) -> Import:
    """Undo the import from where it stands; it is undone then, with what stayed.

    Raises PermissionDenied as soon as ``by`` has lost the right to import there.
    """
    the_import = Import.objects.get(pk=the_import.pk)
    _step_back(the_import, the_import.undone or _nothing_yet(), by=by, on=on, progress=progress, for_good=True)
    with transaction.atomic():
        the_import = hold(the_import, by=by)
        IMPORT_FLOW.take(the_import, "finish_undoing")
        the_import.undone_at, the_import.undone_by_id = timezone.now(), by.pk
        the_import.save(update_fields=["state", "undone_at", "undone_by"])
        told = {name: the_import.undone[name] for name in ("voided", "restored")} | {"kept": the_import.undone["stay"]}
        trail.record("ledgers.undone", the_import, by=by, at=path_of(the_import), facts=told)
    return the_import


def _step_back(
    the_import: Import, tally: dict[str, Any], *, by: Any, on: date, progress: Carrier, for_good: bool
) -> None:
    """All steps that have not been taken back yet, the last first."""
    steps = Act.objects.filter(part_of=the_import.as_act, undoes=None)
    total = steps.count()
    left = list(steps.filter(undone_at=None).order_by("-pk"))
    for place, act in enumerate(left, start=total - len(left)):
        progress.step(place, total, _("撤销"))
        with transaction.atomic():
            # One row of the import is the key to all of it: a second run waits here and then finds nothing to do.
            Import.objects.select_for_update().get(pk=the_import.pk)
            imports.require(the_import, by=by)
            if not Act.objects.filter(pk=act.pk, undone_at=None).exists():
                continue
            _take_back(the_import, act, tally, by=by, on=on)
            if for_good:
                Import.objects.filter(pk=the_import.pk).update(undone=tally)
                progress.save()
    progress.step(total, total, _("撤销"))


def _take_back(the_import: Import, act: Act, tally: dict[str, Any], *, by: Any, on: date) -> None:
    footing.hold_tree()
    reason = _("撤销导入 %(ref)s") % {"ref": the_import.ref}

    def spare(model: Any, parts: list[Part]) -> dict[int, str]:
        barred = _offices_out_of_reach(model, parts, by) | _own_record(model, parts, by)
        return _changed_since(the_import, act, model, parts, why) | barred

    why: dict[tuple[Any, int], int] = {}
    with recording(undoes=act, part_of=the_import.as_act):
        outcome = put_back(act, by=by, on=on, reason=reason, spare=spare)
        _tell(the_import, act, outcome, by=by)
    undoing.mark_undone(act, by=by)
    for model, touched in outcome.touched.items():
        label = model._meta.label_lower
        made = _made_by(the_import, label) if not all(voided for _row, voided in touched) else set()
        for row, voided in touched:
            # What it made and changed once more is voided in the end: that is told once.
            if voided or row not in made:
                name = "voided" if voided else "restored"
                tally[name][label] = tally[name].get(label, 0) + 1
    tally["stay"] += len(outcome.kept)
    tally["kept"] += [_as_plain(kept, why) for kept in outcome.kept[: max(MOST_KEPT - len(tally["kept"]), 0)]]


def _made_by(the_import: Import, label: str) -> set[int]:
    """Rows of a table that the import made."""
    effects = Effect.objects.filter(act__part_of=the_import.as_act, act__undoes=None, table=label)
    return {row for made in effects.values_list("made", flat=True) for row in made}


def _as_plain(kept: Kept, why: dict[tuple[Any, int], int]) -> dict[str, Any]:
    return {
        "thing": kept.model._meta.label_lower,
        "row": kept.row,
        "why": kept.why,
        "columns": list(kept.columns),
        "entry": why.get((kept.model, kept.row)),
    }


def _changed_since(
    the_import: Import, act: Act, model: Any, parts: Iterable[Part], why: dict[tuple[Any, int], int]
) -> dict[int, str]:
    """What the import made and somebody has done something to since; ``why`` takes what that was."""
    made = [part.row for part in parts if part.made]
    if not made:
        return {}
    kind = ContentType.objects.get_for_model(model).pk
    later = undoing.since([(kind, row) for row in made], act.entry_id)
    own = set(Act.objects.filter(part_of=the_import.as_act).values_list("pk", flat=True))
    acts = dict(Entry.objects.filter(pk__in=[entry.pk for entry in later]).values_list("pk", "told__act"))
    found = {}
    for entry in later:
        if acts[entry.pk] not in own:
            found[entry.thing_id] = undoing.in_words(entry)
            why[model, entry.thing_id] = entry.pk
    return found


def _offices_out_of_reach(model: Any, parts: Iterable[Part], by: Any) -> dict[int, str]:
    """Offices that ``by`` may not vacate, and one's own."""
    if model is not Appointment:
        return {}
    rows = list(Appointment.objects.filter(pk__in=[part.row for part in parts]).select_related("cell"))
    keep = {row.pk: _("不能撤销自己的任职，请由上级党组织办理") for row in rows if row.holder_id == by.pk}
    for row in rows:
        own = row.office in FILLED_BY_SECRETARY and rules.APPOINT_COMMISSIONER.allows(by, row.cell)
        if not ((own or rules.APPOINT.allows(by, row.cell)) and may_hand_on(by, row.office)):
            keep.setdefault(row.pk, _("您没有任免权限，请由上级党组织办理"))
    return keep


def _own_record(model: Any, parts: Iterable[Part], by: Any) -> dict[int, str]:
    """The record of ``by``: what others put right on it stays until others undo it."""
    if model is not Member or by.pk is None:
        return {}
    own = Member.objects.filter(pk__in=[part.row for part in parts], user=by.pk)
    return dict.fromkeys(own.values_list("pk", flat=True), _("自己的资料请由上级或另一位同志核对"))


def _tell(the_import: Import, act: Act, outcome: Outcome, *, by: Any) -> None:
    """The trail of every thing that was voided or put back."""
    for model, touched in outcome.touched.items():
        things = model._base_manager.in_bulk([row for row, _voided in touched])
        paths = _paths(model, things, act)
        _record(the_import, [things[row] for row, voided in touched if voided], paths, by, voided=True)
        _record(the_import, [things[row] for row, voided in touched if not voided], paths, by, voided=False)


def _record(the_import: Import, things: list[Any], paths: dict[int, str], by: Any, *, voided: bool) -> None:
    trail.record_many(
        "ledgers.row_voided" if voided else "ledgers.row_restored",
        things,
        by=by,
        at=lambda thing: paths[thing.pk],
        facts={"ref": the_import.ref},
    )


def _paths(model: Any, things: dict[int, Any], act: Act) -> dict[int, str]:
    """Where each of these was."""
    if model is Cell:
        return {row: cell.path for row, cell in things.items()}
    if model is Member:
        homes = dict(Membership.objects.filter(member__in=things).order_by("pk").values_list("member", "cell"))
    else:
        homes = {row: thing.keeper_id if model is Company else thing.cell_id for row, thing in things.items()}
    paths = dict(Cell.objects.filter(pk__in=set(homes.values())).values_list("pk", "path"))
    return {row: paths[homes[row]] if row in homes else act.path for row in things}


def _nothing_yet() -> dict[str, Any]:
    return {"voided": {}, "restored": {}, "kept": [], "stay": 0}
