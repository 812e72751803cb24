"""Two records of one person made one, and made two again."""

import json
from datetime import date
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells.domain import appointments
from cells.models import Appointment
from core.dated import since
from core.errors import OutOfTurn, Refusal
from members.choices import Category, ExitReason
from members.domain import lines
from members.domain.roster import CORRECTABLE, DATED
from members.models import Member, MemberFact, Membership, Merge

# What the kept record takes over where it has nothing itself; what is dated stays as the kept record has it.
FILLED = tuple(item for item in CORRECTABLE if item not in (*DATED, "id_kind", "is_lost", "is_migrant"))


@reversible
def merge(kept: Member, *, absorbed: Member, reason: str, by: Any, on: date) -> Merge:
    """Let ``kept`` stand for the person; ``absorbed`` counts nowhere from now on, at any date.

    Blank items of the kept record are filled from the other. Needs the power to keep the rosters of both. Refuses
    one's own record, a record with itself, an active record into one that is not, and two different ID numbers: those
    are two people. Where both have accounts the absorbed one is unlinked, which is refused as unlinking is.
    """
    if kept.pk == absorbed.pk:
        raise Refusal(_("请选择另一份记录，不能与自己合并。"), field="absorbed")
    records = lines.lock_members([kept, absorbed])
    kept, absorbed = records[kept.pk], records[absorbed.pk]
    places = lines.places_of([kept, absorbed], by)
    lines.require_others([kept, absorbed], by)
    _require_one_person(kept, absorbed)
    if len(reason.strip()) < lines.SHORTEST_REASON:
        raise Refusal(_("请写明为什么是同一个人。"), field="reason")
    if kept.user_id and absorbed.user_id:
        appointments.require_vacating(
            Appointment.objects.filter(holder=absorbed.user_id), by=by, on=on, field="absorbed"
        )

    before = _strike(absorbed, by=by)
    absorbed.merged_into, absorbed.user = kept, None
    absorbed.version += 1
    absorbed.save(update_fields=["merged_into", "user", "version"])
    before["filled"] = _fill(kept, absorbed, before["user"])
    merged = Merge.objects.create(
        kept=kept,
        absorbed=absorbed,
        before=json.dumps(before, cls=DjangoJSONEncoder),
        reason=reason.strip(),
        merged_on=on,
        merged_by=by,
    )
    connection.check_constraints()

    facts = {"absorbed": absorbed.code, "reason": reason, "on": on}
    trail.record("members.merged", kept, by=by, at=places[kept.pk].cell.path, facts=facts)
    return merged


@transaction.atomic
def undo_merge(merge: Merge, *, by: Any, on: date) -> Member:
    """Make the absorbed record stand again as it stood. What was filled in is taken back where it still is as filled.

    Needs the power to keep the rosters of both. Refuses a merge undone already, one's own record, an account with an
    office that ``by`` may not vacate, and an ID number that somebody else was enrolled with meanwhile.
    """
    merge = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
    if merge.undone_at is not None:
        raise OutOfTurn(_("这次合并已经撤销过了，请刷新后再看。"))
    kept = lines.lock_members([merge.kept])[merge.kept_id]
    absorbed = Member.objects.select_for_update(no_key=True).get(pk=merge.absorbed_id)
    before = json.loads(merge.before)
    places = lines.places_of([kept], by)
    lines.require_keeping([row["cell_id"] for row in before["memberships"][-1:]], by)
    lines.require_others([kept, Member(user_id=before["user"])], by)
    appointments.require_vacating(Appointment.objects.filter(holder=before["user"]), by=by, on=on)

    _take_back(kept, before["filled"])
    absorbed.merged_into = None
    absorbed.user_id = None if Member.objects.filter(user=before["user"]).exists() else before["user"]
    absorbed.version += 1
    try:
        with transaction.atomic():
            absorbed.save(update_fields=["merged_into", "user", "version"])
    except IntegrityError:
        raise Refusal(_("合并之后又有人用同一个证件号码补录了党员，请先处理那份记录，再撤销合并。")) from None
    _write_anew(absorbed, before, by=by)
    merge.undone_at, merge.undone_by = timezone.now(), by
    merge.save(update_fields=["undone_at", "undone_by"])
    connection.check_constraints()

    facts = {"absorbed": absorbed.code, "on": on}
    told = trail.record("members.merge_undone", kept, by=by, at=places[kept.pk].cell.path, facts=facts)
    trail.touch(told, "members", absorbed.code)
    return absorbed


def _require_one_person(kept: Member, absorbed: Member) -> None:
    if kept.id_number and absorbed.id_number and kept.id_number != absorbed.id_number:
        raise Refusal(_("两份记录的证件号码不同，是两个人；若其中一个写错了，请先更正。"), field="absorbed")
    if absorbed.is_active and not kept.is_active:
        raise Refusal(_("在册的记录不能并入不在册的记录，请反过来合并。"), field="absorbed")


def _strike(absorbed: Member, *, by: Any) -> dict[str, Any]:
    """Void the facts and memberships of the absorbed record; what writing them anew needs."""
    facts = MemberFact.objects.standing().filter(member=absorbed)
    memberships = Membership.objects.standing().filter(member=absorbed)
    before = {
        "user": absorbed.user_id,
        "facts": [_as_plain(fact, *DATED, "standing", "standing_reason") for fact in facts],
        "memberships": [
            _as_plain(membership, "cell_id", "entry_reason", "exit_reason", "note") for membership in memberships
        ],
    }
    reason = str(ExitReason.MERGED.label)
    facts.void(by=by, reason=reason)
    memberships.void(by=by, reason=reason)
    return before


def _as_plain(row: Any, *columns: str) -> dict[str, Any]:
    return {column: getattr(row, column) for column in columns} | {"from": row.starts_on, "until": row.ends_on}


def _write_anew(absorbed: Member, before: dict[str, Any], *, by: Any) -> None:
    MemberFact.objects.bulk_create(MemberFact(**_as_row(row, absorbed, by)) for row in before["facts"])
    Membership.objects.bulk_create(Membership(**_as_row(row, absorbed, by)) for row in before["memberships"])


def _as_row(row: dict[str, Any], absorbed: Member, by: Any) -> dict[str, Any]:
    stated = {column: value for column, value in row.items() if column not in ("from", "until")}
    valid = since(date.fromisoformat(row["from"]), date.fromisoformat(row["until"]) if row["until"] else None)
    return stated | {"member": absorbed, "valid": valid, "recorded_by_id": by.pk}


def _fill(kept: Member, absorbed: Member, user: int | None) -> dict[str, Any]:
    """Fill blank items of ``kept``; what was filled, by item."""
    filled = {item: getattr(absorbed, item) for item in FILLED if not getattr(kept, item) and getattr(absorbed, item)}
    for pair in (("lost_on", "is_lost"), ("flow_to", "is_migrant")):
        if not getattr(kept, pair[1]):
            filled.pop(pair[0], None)
    if kept.category != Category.FULL:
        filled.pop("converted_on", None)
    for earlier, later in (("joined_on", "converted_on"), ("birth_date", "joined_on")):
        days = [filled.get(item) or getattr(kept, item) for item in (earlier, later)]
        if all(days) and days[0] > days[1]:
            # Two records that contradict each other: what the kept one says stands, and nothing is made of both.
            filled.pop(earlier, None)
            filled.pop(later, None)
    for item, value in filled.items():
        setattr(kept, item, value)
    if user and kept.user_id is None:
        kept.user_id = filled["user_id"] = user
    kept.fill_what_follows()
    kept.version += 1
    kept.save()
    return {item: value.pk if item == "employer" else value for item, value in filled.items()}


def _take_back(kept: Member, filled: dict[str, Any]) -> None:
    for item, value in filled.items():
        column = "employer_id" if item == "employer" else item
        now = getattr(kept, column)
        if (now.isoformat() if isinstance(now, date) else now) == value:
            setattr(kept, column, None if isinstance(now, date | int) else "")
    kept.fill_what_follows()
    kept.version += 1
    kept.save()
