"""The secretaries a ledger names: appointed once the members are in, when name and telephone mean one of them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from cells import rules
from cells.authority import may_hand_on
from cells.choices import Office
from cells.domain.appointments import Naming, appoint_many
from cells.models import Appointment, Cell
from core.errors import Refusal
from ledgers.review import Finding
from members.domain.sign_ins import Link, link_many
from members.models import Member, Membership
from members.querysets import mobile_index

# A warning is kept when the rows are gone: it names the row of the file, never the person.
Warnings = list[list[Any]]


def appoint(findings: Sequence[Finding], *, by: Any, on: date) -> tuple[int, Warnings]:
    """Let those named hold the office from ``on``; returns how many do now, and what could not be done.

    Name and telephone must match exactly one member of the cell, who is not the importer; a seat that is taken stays
    as it is. Whoever has no account yet gets one that sleeps until it is taken up.
    """
    seats = _seats([finding.target for finding in findings], on)
    people = _people(findings)
    namings, warnings = [], []
    for finding in findings:
        cell = finding.target
        matches = people.get((cell.pk, finding.values["secretary"], _telephone(finding)), [])
        warning = _warning(matches, seats.get(cell.pk), by)
        if warning:
            warnings.append([finding.row.number, warning])
        elif matches[0].user_id is None or matches[0].user_id != getattr(seats.get(cell.pk), "holder_id", None):
            namings.append((finding, matches[0]))
    return _appoint(namings, warnings, by=by, on=on), warnings


def _appoint(namings: list[tuple[Finding, Member]], warnings: Warnings, *, by: Any, on: date) -> int:
    if not namings:
        return 0
    above = rules.APPOINT.allows_all(by, [finding.target for finding, _member in namings])
    if not (above and may_hand_on(by, Office.SECRETARY)):
        sentence = _("您没有任免书记的权限，书记没有任职；请由上级党委在党组织页面任命。")
        warnings += [[finding.row.number, sentence] for finding, _member in namings]
        return 0
    holders = _holders([member for _finding, member in namings], by, on)
    taken = [(finding, Naming(finding.target, holders[member.pk], Office.SECRETARY)) for finding, member in namings]
    while taken:
        try:
            return len(appoint_many([naming for _finding, naming in taken], by=by, on=on))
        except Refusal as refusal:
            finding, _naming = taken.pop(refusal.row or 0)
            warnings.append([finding.row.number, str(refusal.message)])
    return 0


def _holders(members: list[Member], by: Any, on: date) -> dict[int, User]:
    """The account of each; where there is none, one that sleeps."""
    held = {member.pk: member.user for member in members if member.user is not None}
    without = list({member.pk: member for member in members if member.user is None}.values())
    opened = User.objects.open_many_dormant([member.name for member in without])
    links = [Link(member, user) for member, user in zip(without, opened, strict=True)]
    if links:
        link_many(links, by=by, on=on)
    return held | {link.member.pk: link.user for link in links}


def _warning(matches: list[Member], seat: Appointment | None, by: Any) -> str:
    if not matches:
        return _("本党组织没有姓名和电话都对得上的党员，书记没有任职；请核对后在党组织页面任命。")
    if len(matches) > 1:
        return _("有不止一名党员对得上，书记没有任职；请在党组织页面任命。")
    if by.pk is not None and matches[0].user_id == by.pk:
        return _("不能通过导入任命自己，请由上级党组织办理。")
    if seat is not None and seat.holder_id != matches[0].user_id:
        return _("现任书记是另一人，没有改动；换人请先在党组织页面免去再任命。")
    return ""


def _seats(cells: list[Cell], on: date) -> dict[int, Appointment]:
    held = Appointment.objects.standing().filter(cell__in=cells, office=Office.SECRETARY, valid__upper_inf=True)
    return {appointment.cell_id: appointment for appointment in held.select_related("holder")}


def _people(findings: Sequence[Finding]) -> dict[tuple[int, str, str], list[Member]]:
    """Members of these cells by cell, name and telephone."""
    telephones = {_telephone(finding) for finding in findings} - {""}
    places = Membership.objects.current().filter(
        cell__in=[finding.target.pk for finding in findings], member__mobile_index__in=telephones
    )
    found: dict[tuple[int, str, str], list[Member]] = defaultdict(list)
    for place in places.select_related("member__user"):
        member = place.member
        if member.is_active:
            found[place.cell_id, member.name, member.mobile_index].append(member)
    return found


def _telephone(finding: Finding) -> str:
    return mobile_index(finding.values.get("contact_phone") or "")
