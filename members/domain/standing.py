"""How a member stands: probationary or full, normal, suspended, gone.

Each deed takes the ``version`` of the record its caller saw, and raises Stale when that is no longer the present one.
Who leaves the roster leaves every office: refused where ``by`` may not vacate them all. Nobody does it to themselves.
"""

from datetime import date
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells.domain import appointments
from cells.models import Appointment, Cell
from core.dated import since, state
from core.errors import OutOfTurn, Refusal
from members import rules
from members.checks import check_answers
from members.choices import LEAVING, STANDING_FLOW, Category, EntryReason, ExitReason, Standing, recorded_words
from members.domain import lines
from members.models import Member, MemberFact, Membership


@reversible
def convert(member: Member, *, by: Any, on: date, version: int | None = None) -> Member:
    """Make a probationary member a full one from ``on``, the day the branch meeting passed it.

    Refuses before the year of probation is over (DEV2026), for a full member and for one who is on no roster.
    """
    member, place = _locked(member, by, version)
    if member.category == Category.FULL or not member.is_active:
        raise OutOfTurn(_("%(name)s不是在册的预备党员，请刷新后再看。") % {"name": member.name})
    known = {"joined_on": member.joined_on, "name": member.name, "id_number": member.id_number}
    answers = {"category": Category.FULL, "converted_on": on}
    for sentences in check_answers(answers, on=on, known=known).problems.values():
        raise Refusal(sentences[0], field="on")

    member.category, member.converted_on = Category.FULL, on
    _save(member, "category", "converted_on")
    _restate(member, by=by, on=on, category=Category.FULL)
    trail.record("members.converted", member, by=by, at=place.cell.path, facts={"on": on})
    return member


@reversible
def suspend(member: Member, *, reason: str, by: Any, on: date, version: int | None = None) -> Member:
    """停止党籍 from ``on``: the membership ends, the member counts nowhere until restored. Takes a reason in words."""
    member, place = _locked(member, by, version)
    STANDING_FLOW.take(member, "suspend")
    _require_words(reason, "reason")

    _leave_the_roster(member, place, ExitReason.SUSPENDED, by=by, on=on)
    trail.record("members.suspended", member, by=by, at=place.cell.path, facts={"on": on, "reason": reason})
    return member


@reversible
def restore(member: Member, *, cell: Cell, reason: str, by: Any, on: date, version: int | None = None) -> Member:
    """恢复党籍: the member belongs to ``cell`` from ``on``.

    Needs the power to keep the roster of ``cell`` and of the one that keeps the record. Refuses a day before the last
    membership ended, and a member whose standing is normal or who has died.
    """
    target = lines.lock_cells([cell])[cell.pk]
    member, place = _locked(member, by, version)
    rules.KEEP_ROSTER.require(by, target)
    STANDING_FLOW.take(member, "restore")
    lines.require_a_home(target)
    _require_words(reason, "reason")
    if on < (place.ends_on or on):
        raise Refusal(
            _("恢复日期不应早于离开名册的日期 %(end)s，请核对。") % {"end": place.valid.upper.isoformat()}, field="on"
        )

    _save(member, "standing")
    _restate(member, by=by, on=on, standing=Standing.NORMAL, standing_reason="")
    Membership.objects.create(
        member=member,
        cell=target,
        valid=since(on),
        entry_reason=EntryReason.RESTORED,
        note=reason,
        recorded_by_id=by.pk,
    )
    connection.check_constraints()
    trail.record(
        "members.restored", member, by=by, at=target.path, facts={"on": on, "reason": reason, "cell": str(target)}
    )
    return member


@reversible
def leave(member: Member, *, reason: str, by: Any, on: date, note: str = "", version: int | None = None) -> Member:
    """出党 or a transfer to an organisation outside this portal, by one of the reason codes of ``LEAVING``."""
    member, place = _locked(member, by, version)
    STANDING_FLOW.take(member, "leave")
    if reason not in LEAVING:
        raise Refusal(_("请从列表中选一种离开的原因。"), field="reason")
    if reason == ExitReason.PROBATION_CANCELLED and member.category != Category.PROBATIONARY:
        raise Refusal(_("只有预备党员才能取消预备党员资格，请另选原因。"), field="reason")

    _leave_the_roster(member, place, reason, by=by, on=on)
    facts = {"on": on, "exit_reason": recorded_words(ExitReason(reason)), "note": note}
    trail.record("members.left", member, by=by, at=place.cell.path, facts=facts)
    return member


@reversible
def record_death(member: Member, *, by: Any, on: date, version: int | None = None) -> Member:
    """Record that the member died on ``on``; it is the first day they no longer belong to the cell."""
    member, place = _locked(member, by, version)
    STANDING_FLOW.take(member, "record_death")

    _leave_the_roster(member, place, ExitReason.DIED, by=by, on=on)
    trail.record("members.died", member, by=by, at=place.cell.path, facts={"on": on})
    return member


def _locked(member: Member, by: Any, version: int | None) -> tuple[Member, Membership]:
    """The record as it stands, locked, and where it belongs; raises PermissionDenied and Stale. Refuses one's own."""
    member = lines.lock_members([member])[member.pk]
    place = lines.places_of([member], by)[member.pk]
    lines.require_others([member], by)
    lines.require_unchanged(member, version)
    return member, place


def _require_words(text: str, field: str) -> None:
    if len(text.strip()) < lines.SHORTEST_REASON:
        raise Refusal(_("请写明理由。"), field=field)


def _leave_the_roster(member: Member, place: Membership, reason: str, *, by: Any, on: date) -> None:
    """End the membership, if it has not ended yet, and every office; state the new standing from ``on``."""
    if member.user is not None:
        appointments.require_vacating(Appointment.objects.filter(holder=member.user), by=by, on=on)
    if place.ends_on is None:
        lines.rewrite([place], [lines.end(place, exit_reason=reason, on=on)], by=by)
    elif on < place.ends_on:
        raise Refusal(
            _("日期不应早于离开名册的日期 %(end)s，请核对。") % {"end": place.ends_on.isoformat()}, field="on"
        )
    _save(member, "standing")
    _restate(member, by=by, on=on, standing=member.standing, standing_reason=reason)
    if member.user is not None:
        appointments.end_all(member.user, cell=None, by=by, on=on, reason=recorded_words(ExitReason(reason)))
    connection.check_constraints()


def _save(member: Member, *columns: str) -> None:
    member.version += 1
    member.save(update_fields=["version", *columns])


def _restate(member: Member, *, by: Any, on: date, **values: Any) -> None:
    """State the fact from ``on``. Refuses a day before what is on record already: it would not hold today."""
    latest = MemberFact.objects.current().get(member=member)
    if on < latest.starts_on:
        raise Refusal(
            _("%(start)s 已有较新的变动记录，日期不应早于这一天，请核对。") % {"start": latest.starts_on.isoformat()},
            field="on",
        )
    state(MemberFact, {"member": member}, on, by=by, values=values)
