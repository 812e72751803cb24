"""Taking people onto a roster, and putting right what is recorded of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from acts.recording import reversible
from audit import trail
from cells.domain import appointments
from cells.models import Appointment, Cell, Company
from core.codes import fresh_codes
from core.copying import copy, copy_in
from core.dated import Change, since, state_many
from core.errors import Refusal
from core.masks import mask_id_number, mask_mobile
from members import rules
from members.checks import CheckedRecord, check_answers
from members.choices import REQUESTABLE, EntryReason, ExitReason, IdKind, Standing, recorded_words
from members.domain import lines, lookups
from members.models import Member, MemberFact, Membership, Merge

# What is dated besides being kept on the member's row; standing changes by deeds of its own.
DATED = ("category", "education", "post")


@dataclass(frozen=True)
class Enrolment:
    """One person to be taken onto the roster of ``cell``: the sixteen items first, the rest behind them.

    Answers may be given as somebody wrote them or as values; ``members.checks`` reads both.
    """

    cell: Cell
    name: str
    id_number: str
    gender: str = ""
    ethnicity: str = ""
    birth_date: date | str | None = None
    education: str = ""
    category: str = ""
    joined_on: date | str | None = None
    converted_on: date | str | None = None
    post: str = ""
    mobile: str = ""
    landline: str = ""
    address: str = ""
    standing: str = Standing.NORMAL
    is_lost: bool = False
    lost_on: date | str | None = None
    is_migrant: bool = False
    flow_to: str = ""

    id_kind: str = IdKind.RESIDENT
    archive_birth_date: date | str | None = None
    native_place: str = ""
    degree: str = ""
    school: str = ""
    major: str = ""
    work_started_on: date | str | None = None
    applied_on: date | str | None = None
    new_stratum: str = ""
    technical_title: str = ""
    employer: Company | None = None
    employer_text: str = ""
    email: str = ""
    remarks: str = ""

    # What checking made of these very answers, where that was done already.
    checked: CheckedRecord | None = None

    def read(self, on: date) -> CheckedRecord:
        """What the answers are for ``on``; what was checked for that day and for nobody known is not checked again."""
        known = self.checked
        if known is not None and known.anew_on == on and self._says(known):
            return known
        return check_answers(self.answers(), on=on)

    def _says(self, known: CheckedRecord) -> bool:
        """Whether these are the answers that were checked: whose they are settles it."""
        return all(known.cells[item].value == getattr(self, item) for item in ("name", "id_number"))

    def answers(self) -> dict[str, Any]:
        return {item: getattr(self, item) for item in ITEMS}


# Everything the roster asks about a person, in the order of the national form; the cell is asked for beside it.
ITEMS = tuple(item.name for item in fields(Enrolment) if item.name not in ("cell", "checked"))
CORRECTABLE = tuple(item for item in ITEMS if item != "standing")
# What nobody puts right on their own record: others look at the papers, or decide about it.
NEVER_ONES_OWN = {*REQUESTABLE, "category"}


@dataclass(frozen=True)
class Correction:
    """What is to be put right on ``member``; items left out stay as they are."""

    member: Member
    values: Mapping[str, Any]


def enrol(cell: Cell, *, by: Any, on: date, reason: str = EntryReason.ENROLLED, **answers: Any) -> Member:
    """Take one person onto the roster of ``cell`` from ``on``. Refuses as ``enrol_many`` does."""
    return enrol_many([Enrolment(cell=cell, **answers)], by=by, on=on, reason=reason)[0]


@reversible
def enrol_many(
    enrolments: Sequence[Enrolment],
    *,
    by: Any,
    on: date,
    reason: str = EntryReason.ENROLLED,
    looked_up: bool = False,
) -> list[Member]:
    """Take people onto rosters from ``on``; the answers come in the order asked.

    Needs the power to keep the roster of every cell concerned. Refuses, naming the row, whatever
    ``members.checks`` finds wrong, a cell that has no members of its own or was dissolved, and a person already on
    record, who is placed or restored instead: that is noted, and told so often a day, unless whoever calls this has
    ``looked_up`` the numbers and counted whom they met. Somebody whose standing is not normal is recorded with a
    membership that has ended, so that it shows which cell keeps the record. A constant number of queries per five
    hundred.
    """
    cells = lines.lock_cells([enrolment.cell for enrolment in enrolments])
    rules.KEEP_ROSTER.require(by, *cells.values())
    for row, enrolment in enumerate(enrolments):
        lines.require_a_home(cells[enrolment.cell.pk], row)
    checked = [enrolment.read(on).require_sound(row) for row, enrolment in enumerate(enrolments)]
    members = [Member(**values) for values in checked]
    for member in members:
        member.fill_what_follows()
    if not looked_up:
        lookups.require_few_met(by)
    _require_new_people(members, by, on)

    for member, code in zip(members, fresh_codes(Member.objects, "DY", len(members)), strict=True):
        member.code = code
    try:
        with transaction.atomic():
            copy_in(members)
    except IntegrityError:
        raise Refusal(_("刚才有人补录了同一个人，请刷新名册后再看。"), field="id_number") from None
    places = {member.uid: cells[enrolment.cell.pk] for member, enrolment in zip(members, enrolments, strict=True)}
    _begin_lines(members, places, reason, by=by, on=on)
    connection.check_constraints()

    words = recorded_words(EntryReason(reason))
    trail.record_many(
        "members.enrolled",
        members,
        by=by,
        at=lambda member: places[member.uid].path,
        facts=lambda member: {
            "cell": str(places[member.uid]),
            "cell_code": places[member.uid].code,
            "on": on,
            "entry_reason": words,
        },
    )
    return members


def correct(member: Member, *, version: int, by: Any, on: date, **values: Any) -> Member:
    """Put the record of one member right. Raises Stale when it was changed since ``version`` was read."""
    return correct_many([Correction(member, values)], by=by, on=on, versions=[version])[0]


@reversible
def correct_many(
    corrections: Sequence[Correction], *, by: Any, on: date, versions: Sequence[int] | None = None
) -> list[Member]:
    """Put records right; category, education and post hold from ``on``.

    Needs the power to keep the roster of each member's cell. Refuses, naming the row, what ``members.checks`` finds
    wrong, an ID number that belongs to somebody else, and on one's own record what has to be asked for. The account
    of whoever is called otherwise now follows. What is the same as before is no change: nothing is recorded and the
    version stays. A constant number of queries per five hundred.
    """
    members = lines.lock_members([correction.member for correction in corrections])
    places = lines.places_of(members.values(), by)
    changes: dict[int, dict[str, tuple[Any, Any]]] = {}
    for row, correction in enumerate(corrections):
        member = members[correction.member.pk]
        lines.require_unchanged(member, versions[row] if versions is not None else None, row)
        changes[member.pk] = _differences(member, correction.values, on, row)
        if changes[member.pk].keys() & NEVER_ONES_OWN:
            lines.require_others([member], by, row)
    changed = [member for member in members.values() if changes[member.pk]]
    _require_own_numbers([member for member in changed if "id_number" in changes[member.pk]], by, on)

    _restate(changed, changes, by=by, on=on)
    _save(changed, changes)
    connection.check_constraints()

    trail.record_many(
        "members.corrected",
        changed,
        by=by,
        at=lambda member: places[member.pk].cell.path,
        facts=lambda member: {"changes": _for_the_trail(changes[member.pk])},
    )
    return [members[correction.member.pk] for correction in corrections]


def _require_new_people(members: list[Member], by: Any, on: date) -> None:
    """Nobody twice in what is asked, nobody who is on record already."""
    rows: dict[str, int] = {}
    for row, member in enumerate(members):
        if member.id_number_index in rows:
            raise Refusal(
                _("与第 %(row)d 条的证件号码相同，同一个人只录一次。") % {"row": rows[member.id_number_index] + 1},
                field="id_number",
                row=row,
            )
        rows[member.id_number_index] = row
    # Not asked for the first of them: the planner would walk through everybody in that order.
    known = min(Member.objects.with_number_among(rows).order_by(), key=lambda member: member.pk, default=None)
    if known is not None:
        raise _met(known, by, on, row=rows[known.id_number_index])


def void(member: Member, *, reason: str, by: Any, on: date) -> Member:
    """Take back an enrolment that was a mistake; see ``void_many``."""
    return void_many([member], reason=reason, by=by, on=on)[0]


@reversible
def void_many(members: Sequence[Member], *, reason: str, by: Any, on: date) -> list[Member]:
    """Take back enrolments that were mistakes: the records stay, but count nowhere at any date.

    Needs the power to keep the roster of each member's cell. Refuses one's own record, no reason, a record others were
    merged into, since those would vanish with it, and one whose account holds offices that ``by`` may not vacate. ID
    numbers become free for the right people.
    """
    records = lines.lock_members(members)
    places = lines.places_of(records.values(), by)
    lines.require_others(records.values(), by)
    if len(reason.strip()) < lines.SHORTEST_REASON:
        raise Refusal(_("请写明理由。"), field="reason")
    if Merge.objects.filter(kept__in=records, undone_at=None).exists():
        raise Refusal(_("这份记录并入过别的记录，请先撤销合并。"))
    holders = [record.user_id for record in records.values() if record.user_id]
    appointments.require_vacating(Appointment.objects.filter(holder__in=holders), by=by, on=on)

    now = timezone.now()
    changed = Member.objects.filter(pk__in=records)
    changed.update(
        voided_at=now, voided_by=by.pk, void_reason=reason.strip()[:200], user=None, version=F("version") + 1
    )
    MemberFact.objects.filter(member__in=records).void(by=by, reason=reason, at=now)
    Membership.objects.filter(member__in=records).void(by=by, reason=reason, at=now)
    connection.check_constraints()

    voided = list(changed.order_by("pk"))
    trail.record_many(
        "members.voided",
        voided,
        by=by,
        at=lambda member: places[member.pk].cell.path,
        facts={"reason": reason.strip(), "on": on},
    )
    return voided


def already_on_record(member: Member, by: Any) -> str:
    """What may be told about somebody who cannot be enrolled again: no more than ``by`` can see anyway."""
    if not rules.SEE_MEMBER.allows(by, member.place):
        return _("此人已在本协会的另一份名册上，不能重复补录。请联系协会党委工作人员办理转接。")
    words = {"name": member.name, "cell": member.place.where, "standing": member.get_standing_display()}
    if member.is_active:
        return _("%(name)s已在%(cell)s的名册上，不能重复补录；需要换支部的，请在党员卡片上调整。") % words
    return _("%(name)s在%(cell)s已有记录，党籍状态为“%(standing)s”；请在党员卡片上恢复，不要重复补录。") % words


def _require_own_numbers(members: list[Member], by: Any, on: date) -> None:
    """No corrected ID number may belong to somebody else."""
    if not members:
        return
    lookups.require_few_met(by)
    rows = {member.id_number_index: member for member in members}
    others = Member.objects.with_number_among(rows).exclude(pk__in=[member.pk for member in members])
    known = min(others.order_by(), key=lambda member: member.pk, default=None)
    if known is not None:
        raise _met(known, by, on)


def _met(known: Member, by: Any, on: date, row: int | None = None) -> Refusal:
    """That ``known`` is on record: what was told by it outlasts the deed that is refused, tried out or not."""
    told = partial(lookups.note_met, known, by=by, on=on)
    return Refusal(already_on_record(known, by), field="id_number", row=row, trace=told)


def _begin_lines(members: list[Member], places: Mapping[UUID, Cell], reason: str, *, by: Any, on: date) -> None:
    """Write what is known of new members, and where they belong, from ``on``; of the suspended, until then."""
    now, from_now_on, until_now = timezone.now(), since(on), since(on - timedelta(days=1), on)
    copy(
        MemberFact._meta.db_table,
        "member_id category standing standing_reason education post valid recorded_at recorded_by_id void_reason",
        (
            [one.pk, one.category, one.standing, "", one.education, one.post, from_now_on, now, by.pk, ""]
            for one in members
        ),
    )
    copy(
        Membership._meta.db_table,
        "member_id cell_id entry_reason exit_reason note valid recorded_at recorded_by_id void_reason",
        (
            [one.pk, places[one.uid].pk, reason, ExitReason.SUSPENDED, "", until_now, now, by.pk, ""]
            if one.standing == Standing.SUSPENDED
            else [one.pk, places[one.uid].pk, reason, "", "", from_now_on, now, by.pk, ""]
            for one in members
        ),
    )


def _differences(member: Member, values: Mapping[str, Any], on: date, row: int) -> dict[str, tuple[Any, Any]]:
    """Set the checked values on ``member``; say which differ, as (old, new)."""
    known = {item: getattr(member, item) for item in ITEMS}
    checked = check_answers(values, on=on, known=known).require_sound(row)
    changes = {item: (known[item], value) for item, value in checked.items() if value != known[item]}
    for item, (_old, new) in changes.items():
        setattr(member, item, new)
    if changes.keys() & {"name", "id_number", "mobile"}:
        member.fill_what_follows()
    return changes


def _restate(members: list[Member], changes: dict[int, dict[str, tuple[Any, Any]]], *, by: Any, on: date) -> None:
    """State the dated items from ``on``. Where something later is on record already, that stays what holds today."""
    dated = [member for member in members if changes[member.pk].keys() & set(DATED)]
    stated = [
        Change({"member": member}, {item: getattr(member, item) for item in changes[member.pk] if item in DATED}, on)
        for member in dated
    ]
    state_many(MemberFact, stated, by=by)
    now = {fact.member_id: fact for fact in MemberFact.objects.current().filter(member__in=dated)}
    for member in dated:
        for item in DATED:
            setattr(member, item, getattr(now[member.pk], item))


def _save(members: list[Member], changes: dict[int, dict[str, tuple[Any, Any]]]) -> None:
    if not members:
        return
    for member in members:
        member.version += 1
    columns = {"version", *(item for member in members for item in changes[member.pk])}
    if columns & {"name", "id_number", "mobile"}:
        columns |= {"name_pinyin", "name_search", "id_number_index", "mobile_index", "mobile_tail_index"}
    Member.objects.bulk_update(members, sorted(columns), batch_size=lines.BATCH)
    name_accounts([member for member in members if "name" in changes[member.pk]])


def name_accounts(members: Iterable[Member]) -> None:
    """Let the accounts be called as the records say; asks for no permission."""
    names = {member.user_id: member.name for member in members if member.user_id}
    if not names:
        return
    users = list(User.objects.filter(pk__in=names).order_by("pk").select_for_update(no_key=True))
    for user in users:
        user.name = names[user.pk]
    User.objects.bulk_update(users, ["name"], batch_size=lines.BATCH)


def _for_the_trail(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, list[Any]]:
    """What changed, as (old, new); numbers masked, and nothing told of what a person may have erased one day."""
    told_apart = {"id_number": mask_id_number, "mobile": mask_mobile}
    masks = told_apart | dict.fromkeys(("landline", "address", "email", "remarks"), _covered)
    return {
        item: [masks[item](value) if item in masks else _plain(value) for value in pair]
        for item, pair in changes.items()
    }


def _covered(text: str) -> str:
    return "***" if text else ""


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Company) else value
