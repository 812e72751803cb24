"""Who holds which office: appointing, ending, and what ends by itself when somebody leaves."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.db.models import Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.authority import may_hand_on
from cells.choices import FILLED_BY_SECRETARY, OFFICES_AT_THE_TOP, OFFICES_IN, Office
from cells.domain import assignments, last_ones
from cells.models import Appointment, Cell, Placement
from cells.querysets import AppointmentQuerySet
from core.dated import BATCH, since
from core.errors import OutOfTurn, Refusal
from core.names import check_name
from notices.domain import post

# Apps above may know the person an account was opened for, and this one may not look up at them: their
# AppConfig.ready() appends (user, cell, by=, on=) here.
RECOGNISERS: list[Callable[..., None]] = []

APPOINTED = gettext_lazy("您自 %(day)s 起在%(cell)s任%(office)s。")
ENDED = gettext_lazy("您自 %(day)s 起不再在%(cell)s任%(office)s。")


@dataclass(frozen=True)
class Naming:
    """One person for one office in one cell."""

    cell: Cell
    holder: Any
    office: str
    until: date | None = None


def appoint(cell: Cell, *, holder: Any, office: str, by: Any, on: date, until: date | None = None) -> Appointment:
    """Let ``holder`` hold ``office`` in ``cell`` from ``on``; see ``appoint_many``."""
    return appoint_many([Naming(cell, holder, office, until)], by=by, on=on)[0]


@reversible
def appoint_named(
    cell: Cell, *, holder: Any, name: str = "", office: str, by: Any, on: date, until: date | None = None
) -> Appointment:
    """As ``appoint``; where there is no ``holder``, for the person called ``name``, whose account is opened dormant.

    Whom apps above recognise by that name in the cell, they link to the account.
    """
    if holder is None:
        require_filling(by, [(cell, office)])
        holder = get_user_model().objects.open_dormant(check_name(name).text)
        for recognise in RECOGNISERS:
            recognise(holder, cell, by=by, on=on)
    return appoint(cell, holder=holder, office=office, by=by, on=on, until=until)


@reversible
def appoint_many(namings: Sequence[Naming], *, by: Any, on: date) -> list[Appointment]:
    """Let people hold offices from ``on``, until the day named or with no end in sight.

    A secretary fills commissioners and group leaders of the own cell; everything else is filled from above
    (BR2018 Art 21). A program fills no office that carries more than it does. Refuses, naming the row: oneself, a
    closed account, a dissolved cell, an office that this kind of cell does not have, a day before anything is known of
    the cell, an end before the beginning, an office the person holds already, a second office of the whole
    association, a second secretary.
    """
    held = {naming.cell.pk: naming.cell for naming in namings}
    cells = {cell.pk: cell for cell in Cell.objects.filter(pk__in=held).order_by("pk").select_for_update()}
    require_filling(by, [(cells[naming.cell.pk], naming.office) for naming in namings])
    reaching, holders = Appointment.objects.reaching(on).select_related("holder"), {each.holder.pk for each in namings}
    elsewhere = Q(holder__in=holders, office__in=OFFICES_AT_THE_TOP)
    standing = reaching.filter(Q(cell__in=cells) | elsewhere)
    taken = list(standing)
    known = Placement.objects.standing().filter(cell__in=cells).values_list("cell").annotate(Min("valid__startswith"))
    first_days = dict(known.order_by())
    rows: list[Appointment] = []
    for place, naming in enumerate(namings):
        cell = cells[naming.cell.pk]
        _refuse(naming, cell, by, on, place)
        _refuse_before(first_days.get(cell.pk, on), cell, on, place)
        row = Appointment(
            holder=naming.holder,
            office=naming.office,
            cell=cell,
            appointed_by_id=by.pk,
            valid=since(on, naming.until),
            recorded_by_id=by.pk,
        )
        _refuse_taken(row, [*taken, *rows], place)
        rows.append(row)
    _write(rows, standing)

    trail.record_many("cells.appointed", rows, by=by, at=_path, facts=lambda row: _facts(row, **{"from": on}))
    for row in rows:
        _tell(row, APPOINTED, by=by, on=on)
    return rows


@reversible
def end(appointment: Appointment, *, reason: str, by: Any, on: date) -> Appointment:
    """End an office: ``on`` is the first day it is no longer held.

    One that had not begun before that day was never held and is voided. Whoever may appoint to it may end it, but
    nobody ends their own. Refuses no reason, and an office that has ended.
    """
    cell = Cell.objects.select_for_update().get(pk=appointment.cell_id)
    appointment = Appointment.objects.select_related("holder", "cell").get(pk=appointment.pk)
    require_filling(by, [(cell, appointment.office)])
    if appointment.voided_at or (appointment.ends_on and appointment.ends_on <= on):
        raise OutOfTurn(_("这项任职已经结束，请刷新后再看。"))
    if not reason.strip():
        raise Refusal(_("请填写免职原因。"), field="reason")
    return end_offices(Appointment.objects.filter(pk=appointment.pk), reason=reason, by=by, on=on)[0]


def end_all(holder: Any, *, cell: Cell | None, by: Any, on: date, reason: str = "") -> list[Appointment]:
    """End every office ``holder`` has in ``cell``, or everywhere: what follows when a member leaves or dies.

    Called by deeds that have asked ``require_vacating``; it asks for no permission itself.
    """
    offices = Appointment.objects.filter(holder=holder)
    if cell is not None:
        offices = offices.filter(cell=cell)
    return end_offices(offices, reason=reason, by=by, on=on)


@transaction.atomic
def end_offices(offices: AppointmentQuerySet, *, reason: str, by: Any, on: date) -> list[Appointment]:
    """End those of ``offices`` that reach to ``on`` or beyond; asks for no permission.

    Refuses to end one's own, and the last of those without whom nobody could be let in again.
    """
    ending = list(offices.reaching(on).select_related("holder", "cell").select_for_update(of=("self",)).order_by("pk"))
    if any(row.holder_id == by.pk for row in ending):
        raise Refusal(_("不能免去自己的职务，请由上级党组织办理。"))
    last_ones.require_another(ending, on=on)
    Appointment.objects.filter(pk__in=[row.pk for row in ending]).void(by=by, reason=reason)
    kept = [row for row in ending if row.starts_on < on]
    ended = Appointment.objects.bulk_create([_ended(row, on, reason, by) for row in kept], batch_size=BATCH)
    never = [row for row in ending if row.starts_on >= on]

    trail.record_many(
        "cells.appointment_ended", ended, by=by, at=_path, facts=lambda row: _facts(row, reason=reason, **{"from": on})
    )
    trail.record_many("cells.appointment_voided", never, by=by, at=_path, facts=lambda row: _facts(row, reason=reason))
    for row in ending:
        _tell(row, ENDED, by=by, on=on)
    advisors = {row.holder for row in ending if row.office == Office.ADVISOR}
    if advisors:
        assignments.release(advisors, reason=reason, by=by, on=on)
    return [*ended, *never]


def beyond(offices: AppointmentQuerySet, *, by: Any, on: date) -> list[Appointment]:
    """Those of ``offices`` held on ``on`` or later that ``by`` may not vacate: what others fill, and one's own.

    A constant number of queries.
    """
    return beyond_among(offices.reaching(on).select_related("holder", "cell").order_by("pk"), by=by)


def beyond_among(held: Iterable[Appointment], *, by: Any) -> list[Appointment]:
    """``beyond`` of offices read already, with their cells."""
    held = list(held)
    if not held:
        return []
    cells = {row.cell_id: row.cell for row in held}.values()
    above = {cell.pk for cell in rules.APPOINT.allowed(by, cells)}
    own = {cell.pk for cell in rules.APPOINT_COMMISSIONER.allowed(by, cells)}
    return [
        row
        for row in held
        if row.holder_id == by.pk
        or not (row.cell_id in above or (row.cell_id in own and row.office in FILLED_BY_SECRETARY))
        or not may_hand_on(by, row.office)
    ]


def require_vacating(
    offices: AppointmentQuerySet, *, by: Any, on: date, field: str | None = None, rows: dict[int, int] | None = None
) -> None:
    """Refuses, naming holder and office, what would take or touch an office that ``by`` may not vacate.

    Keeping a roster is not appointing: nobody is put out of office by way of their record. ``rows`` counts the items
    of a deed for many, by holder.
    """
    for row in beyond(offices, by=by, on=on):
        at = (rows or {}).get(row.holder_id)
        if row.holder_id == by.pk:
            raise Refusal(_("不能免去自己的职务，请由上级党组织办理。"), field=field, row=at)
        words = {"name": row.holder.name, "office": Office(row.office).label}
        raise Refusal(_("%(name)s还担任%(office)s，请先由上级党组织免去职务，再办理。") % words, field=field, row=at)


def offices_in(cell: Cell) -> list[Office]:
    """The offices that stand in a cell of this kind, at this place."""
    top = OFFICES_AT_THE_TOP if cell.parent_id is None else ()
    return [Office(office) for office in (*top, *OFFICES_IN[cell.kind])]


def offices_fillable(cell: Cell, by: Any) -> list[Office]:
    """Those of them that ``by`` may fill and vacate."""
    above, own = rules.APPOINT.allows(by, cell), rules.APPOINT_COMMISSIONER.allows(by, cell)
    fillable = [office for office in offices_in(cell) if above or (own and office in FILLED_BY_SECRETARY)]
    return [office for office in fillable if may_hand_on(by, office)]


def require_filling(by: Any, seats: list[tuple[Cell, str]]) -> None:
    """Appointing from above, or the secretary's own commissioners and group leaders.

    Raises PermissionDenied, and for a program as well where an office carries more than it does.
    """
    for _cell, office in seats:
        if not may_hand_on(by, office):
            words = {"office": Office(office).label}
            raise PermissionDenied(_("令牌的用途少于%(office)s的权限，请本人登录后任免。") % words)
    if rules.APPOINT.allows_all(by, [cell for cell, _office in seats]):
        return
    from_above = [cell for cell, office in seats if office not in FILLED_BY_SECRETARY]
    own = [cell for cell, office in seats if office in FILLED_BY_SECRETARY]
    if from_above and not rules.APPOINT.allows_all(by, from_above):
        raise PermissionDenied
    if not all(rules.APPOINT.allows(by, cell) or rules.APPOINT_COMMISSIONER.allows(by, cell) for cell in set(own)):
        raise PermissionDenied


def _refuse(naming: Naming, cell: Cell, by: Any, on: date, row: int) -> None:
    words = {"cell": str(cell), "office": Office(naming.office).label, "holder": str(naming.holder)}
    if naming.holder.pk == by.pk:
        raise Refusal(_("不能任命自己，请由上级党组织办理。"), field="holder", row=row)
    if not naming.holder.is_active:
        raise Refusal(_("%(holder)s的账号已停用，请先恢复账号或另选人。") % words, field="holder", row=row)
    if cell.dissolved_on:
        raise OutOfTurn(_("%(cell)s已经撤销，不能再任命。") % words, row=row)
    if naming.office not in offices_in(cell):
        raise Refusal(_("%(cell)s不设%(office)s，请另选职务。") % words, field="office", row=row)
    if naming.until is not None and naming.until <= on:
        raise Refusal(_("任期终止日期应晚于任职日期 %(day)s。") % {"day": on.isoformat()}, field="until", row=row)


def _refuse_before(first_day: date, cell: Cell, on: date, row: int) -> None:
    if on < first_day:
        words = {"cell": str(cell), "day": first_day.isoformat()}
        raise Refusal(_("任职日期不应早于%(cell)s最早的记录 %(day)s，请核对。") % words, field="on", row=row)


def _refuse_taken(row: Appointment, taken: Sequence[Appointment], place: int) -> None:
    """Refuses what the person holds already, a second secretary, and a second duty of the whole association.

    The database refuses all of them besides.
    """
    for other in taken:
        if not _overlap(row, other):
            continue
        require_apart(row, other, place)
        if (other.cell_id, other.office) != (row.cell_id, row.office):
            continue
        words = {"holder": str(other.holder), "office": row.get_office_display(), "day": other.starts_on.isoformat()}
        if other.holder_id == row.holder_id:
            raise Refusal(_("%(holder)s自 %(day)s 起已任%(office)s。") % words, field="holder", row=place)
        if row.office == Office.SECRETARY:
            raise Refusal(
                _("%(holder)s自 %(day)s 起任书记，同一时间只能有一名，请先免去再任命。") % words,
                field="office",
                row=place,
            )


def _write(rows: list[Appointment], standing: AppointmentQuerySet) -> None:
    """Write the rows. Refuses what somebody else gave one of the holders at the same moment in another tree."""
    try:
        with transaction.atomic():
            Appointment.objects.bulk_create(rows, batch_size=BATCH)
    except IntegrityError:
        # Cells there are not locked here, so the other is seen only now.
        taken = list(standing.all())
        for place, row in enumerate(rows):
            _refuse_taken(row, taken, place)
        raise


def require_apart(row: Appointment, other: Appointment, place: int | None = None) -> None:
    """Refuses ``row`` where its holder has ``other`` at that time and the two are held by different people.

    In whichever tree: an association may have several roots, and running its business, its system and its audit are
    three duties all over it.
    """
    both = {row.office, other.office}
    if row.holder_id == other.holder_id and len(both) == 2 and both <= set(OFFICES_AT_THE_TOP):
        words = {"holder": str(row.holder), "held": other.get_office_display(), "office": row.get_office_display()}
        sentence = _("%(holder)s任%(held)s，不能同时任%(office)s：业务、技术、审计由不同的人担任。请另选人。")
        raise Refusal(sentence % words, field="holder", row=place)


def _overlap(one: Appointment, other: Appointment) -> bool:
    return (other.ends_on is None or one.starts_on < other.ends_on) and (
        one.ends_on is None or other.starts_on < one.ends_on
    )


def _ended(row: Appointment, on: date, reason: str, by: Any) -> Appointment:
    return Appointment(
        holder=row.holder,
        office=row.office,
        cell=row.cell,
        appointed_by_id=row.appointed_by_id,
        end_reason=reason.strip()[:200],
        valid=since(row.starts_on, on),
        recorded_at=timezone.now(),
        recorded_by_id=by.pk,
    )


def _path(row: Appointment) -> str:
    return row.cell.path


def _facts(row: Appointment, **more: Any) -> dict[str, Any]:
    seat = {"holder": row.holder.name, "holder_code": row.holder.code, "office": row.office}
    seat["cell_code"] = row.cell.code
    return seat | ({"until": row.ends_on} if row.ends_on else {}) | more


def _tell(row: Appointment, sentence: Any, *, by: Any, on: date) -> None:
    # Who has not taken up the account finds the office there when they do.
    if row.holder.is_dormant:
        return
    facts = {"cell": str(row.cell), "office": Office(row.office).label, "day": on.isoformat()}
    post.tell(row.holder, sentence, by=by, url=row.cell.get_absolute_url(), facts=facts)
