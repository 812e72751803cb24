"""Which cell a member belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import F, Q
from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells.authority import subtree
from cells.domain import appointments
from cells.models import Appointment, Cell
from cells.querysets import AppointmentQuerySet
from core.dated import since
from core.errors import OutOfTurn, Refusal
from members import rules
from members.choices import EntryReason, ExitReason, recorded_words
from members.domain import lines
from members.models import Member, Membership


@dataclass(frozen=True)
class Placing:
    """``member`` is to belong to ``cell``. With ``version``, as long as the record is as it was read."""

    member: Member
    cell: Cell
    version: int | None = None


def place(
    member: Member,
    *,
    cell: Cell,
    reason: str,
    by: Any,
    on: date,
    entry_reason: str = EntryReason.PLACED,
    version: int | None = None,
) -> Membership:
    """Let the member belong to ``cell`` from ``on``. Refuses as ``place_many`` does."""
    return place_many([Placing(member, cell, version)], reason=reason, by=by, on=on, entry_reason=entry_reason)[0]


def place_together(members: Sequence[Member], *, cell: Cell, reason: str, by: Any, on: date) -> list[Membership]:
    """Let all these members belong to ``cell`` from ``on``. Refuses as ``place_many`` does."""
    return place_many([Placing(member, cell) for member in members], reason=reason, by=by, on=on)


def sort_out(
    members: Sequence[Member], *, cell: Cell, by: Any, on: date
) -> tuple[list[Member], list[tuple[Member, str]]]:
    """Who of ``members`` could go to ``cell`` on ``on``, and who would have to stay where they are, each with why.

    Needs what ``place_many`` needs, and changes nothing.
    """
    before = lines.places_of(members, by)
    rules.KEEP_ROSTER.require(by, cell)
    going, staying = [], []
    for member in members:
        try:
            lines.require_others([member], by)
            _require_a_move(member, before[member.pk], cell, on)
        except Refusal as refusal:
            staying.append((member, str(refusal)))
        else:
            going.append(member)
    return going, staying


@reversible
def place_many(
    placings: Sequence[Placing],
    *,
    reason: str,
    by: Any,
    on: date,
    entry_reason: str = EntryReason.PLACED,
    everybody: bool = False,
) -> list[Membership]:
    """Let members belong to other cells from ``on``: the old membership ends the day the new one begins.

    Needs the power to keep the roster of the cells left and of those entered. Refuses, naming the row, a member who
    is on no roster, oneself unless ``everybody`` of a cell goes, the cell the member is in already, a day before the
    present membership began and a cell that has no members. On the very day it began, the present membership is
    voided instead, since an empty one cannot be kept. Offices in a branch left end too, so whoever may not vacate
    them is refused. Raises Stale when a record was changed since its ``version`` was read.
    """
    cells = lines.lock_cells([placing.cell for placing in placings])
    members = lines.lock_members([placing.member for placing in placings])
    before = lines.places_of(members.values(), by)
    rules.KEEP_ROSTER.require(by, *cells.values())
    struck, fresh, entered = [], [], []
    for row, placing in enumerate(placings):
        if not everybody:
            lines.require_others([members[placing.member.pk]], by, row)
        present, cell = before[placing.member.pk], cells[placing.cell.pk]
        lines.require_unchanged(members[placing.member.pk], placing.version, row)
        _require_a_move(members[placing.member.pk], present, cell, on, row)
        new = Membership(
            member_id=present.member_id, cell=cell, valid=since(on), entry_reason=entry_reason, note=reason
        )
        if on == present.starts_on:
            new.entry_reason = present.entry_reason
        else:
            fresh.append(lines.end(present, exit_reason=ExitReason(entry_reason), on=on))
        struck.append(present)
        entered.append(new)
    after = {membership.member_id: membership for membership in entered}
    left = _offices_left_behind([(members[place.member_id], before[place.member_id], place) for place in entered])
    rows = {user: row for row, placing in enumerate(placings) if (user := members[placing.member.pk].user_id)}
    if left is not None:
        appointments.require_vacating(left, by=by, on=on, rows=rows)
    lines.rewrite(struck, fresh + entered, by=by, reason=reason)
    Member.objects.filter(pk__in=members).update(version=F("version") + 1)
    if left is not None:
        appointments.end_offices(left, reason=recorded_words(ExitReason.PLACED), by=by, on=on)
    connection.check_constraints()

    trail.record_many(
        "members.placed",
        members.values(),
        by=by,
        at=lambda member: before[member.pk].cell.path,
        facts=lambda member: {
            "from_cell": str(before[member.pk].cell),
            "to_cell": str(after[member.pk].cell),
            "reason": reason,
            "on": on,
        },
    )
    return entered


def _require_a_move(member: Member, present: Membership, cell: Cell, on: date, row: int | None = None) -> None:
    if not member.is_active:
        raise OutOfTurn(_("%(name)s不在任何名册上，请先恢复党籍。") % {"name": member.name}, row=row)
    lines.require_a_home(cell, row)
    if cell.pk == present.cell_id:
        raise Refusal(
            _("%(name)s已在%(cell)s，请另选一个。") % {"name": member.name, "cell": cell}, field="cell", row=row
        )
    if on < present.starts_on:
        raise Refusal(
            _("调整日期不应早于进入%(cell)s的日期 %(start)s，请核对。")
            % {"cell": present.cell, "start": present.starts_on.isoformat()},
            field="on",
            row=row,
        )


def _offices_left_behind(moves: list[tuple[Member, Membership, Membership]]) -> AppointmentQuerySet | None:
    """Offices in the branch somebody left, which end the same day; between a branch and its groups none ends."""
    left = Q(pk__in=[])
    for member, before, after in moves:
        branch = before.branch.path
        if member.user_id and not after.cell.path.startswith(branch):
            left |= Q(holder=member.user_id) & subtree(branch, "cell__path")
    return Appointment.objects.filter(left) if len(left) > 1 else None
