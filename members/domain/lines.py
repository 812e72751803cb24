"""The line of a member's memberships: locked, ended, opened. What every deed that moves somebody has in common."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.choices import BRANCHES, CellKind
from cells.models import Cell
from cells.querysets import CellQuerySet
from core.dated import since
from core.errors import OutOfTurn, Refusal, Stale
from members import rules
from members.models import Member, Membership

BATCH = 500
SHORTEST_REASON = 2
HOMES = (*BRANCHES, CellKind.GROUP)
OWN_RECORD = gettext_lazy("自己的资料请在“我的”里提出更正，由上级或另一位同志核对。")


def lock_cells(cells: Iterable[Cell]) -> dict[int, Cell]:
    """The cells as they stand, locked so that none is dissolved meanwhile; always in the same order."""
    found = Cell.objects.filter(pk__in={cell.pk for cell in cells}).order_by("pk").select_for_update(no_key=True)
    return {cell.pk: cell for cell in found}


def lock_members(members: Sequence[Member]) -> dict[int, Member]:
    """The records as they stand, locked; always in the same order. Refuses one that was voided or merged meanwhile."""
    wanted = {member.pk for member in members}
    standing = Member.objects.on_record().filter(pk__in=wanted).order_by("pk").select_for_update(no_key=True)
    found = {member.pk: member for member in standing}
    if len(found) < len(wanted):
        raise OutOfTurn(_("这份记录已作废或已并入另一份记录，请刷新后再看。"))
    return found


def places_of(members: Iterable[Member], by: Any) -> dict[int, Membership]:
    """Where each belongs or belonged last; raises PermissionDenied where ``by`` may not keep the roster."""
    latest = Membership.objects.filter(member__in=members).latest_of_each().select_related("cell__parent")
    places = {place.member_id: place for place in latest}
    rules.KEEP_MEMBER.require(by, *places.values())
    return places


def require_others(members: Iterable[Member], by: Any, row: int | None = None) -> None:
    """Refuses the record of ``by``: nobody keeps the roster over themselves, they ask in their own room."""
    if by.pk is not None and any(member.user_id == by.pk for member in members):
        raise Refusal(str(OWN_RECORD), row=row)


def homes_kept_by(by: Any) -> CellQuerySet:
    """The cells into which the person may put members."""
    return Cell.objects.standing().filter(rules.KEEP_ROSTER.scope(by), kind__in=HOMES)


def require_keeping(cells: Iterable[int], by: Any) -> None:
    """Raises PermissionDenied where ``by`` may not keep the roster of every one of these cells."""
    rules.KEEP_ROSTER.require(by, *Cell.objects.filter(pk__in=cells))


def require_unchanged(member: Member, version: int | None, row: int | None = None) -> None:
    """Raises Stale when the record was changed since ``version`` was read; None asks for nothing."""
    if version is not None and member.version != version:
        raise Stale(_("这份资料刚才已被别人修改，请核对后再保存。"), row=row)


def require_a_home(cell: Cell, row: int | None = None) -> None:
    """Refuses a cell that has no members of its own, and one that was dissolved."""
    if cell.kind not in HOMES:
        raise Refusal(_("%(cell)s不是党支部，党员应编入党支部或党小组。") % {"cell": cell}, field="cell", row=row)
    if cell.dissolved_on:
        raise Refusal(_("%(cell)s已撤销，请另选党支部。") % {"cell": cell}, field="cell", row=row)


def end(place: Membership, *, exit_reason: str, on: date) -> Membership:
    """``place`` as it is once ``on`` is the first day it no longer holds. Refuses an end that leaves it not one day."""
    if on <= place.starts_on:
        raise Refusal(
            _("日期应晚于进入%(cell)s的日期 %(start)s，请核对。")
            % {"cell": place.cell, "start": place.starts_on.isoformat()},
            field="on",
        )
    return Membership(
        member_id=place.member_id,
        cell_id=place.cell_id,
        valid=since(place.starts_on, on),
        entry_reason=place.entry_reason,
        exit_reason=exit_reason,
        note=place.note,
    )


def rewrite(struck: Sequence[Membership], fresh: Sequence[Membership], *, by: Any, reason: str = "") -> None:
    """Void the memberships that ``fresh`` take the place of."""
    now = timezone.now()
    for membership in fresh:
        membership.recorded_at, membership.recorded_by_id = now, by.pk
    Membership.objects.filter(pk__in=[membership.pk for membership in struck]).void(by=by, reason=reason, at=now)
    Membership.objects.bulk_create(fresh, batch_size=BATCH)
