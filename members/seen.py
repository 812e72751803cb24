"""谁看过我的信息: the trail as the person concerned reads it, with the office each reader held at the time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils import timezone

from accounts.models import User
from audit import reading
from audit.models import Entry
from audit.querysets import EntryQuerySet
from cells.choices import GRANTS, Office, Power
from cells.models import Appointment
from members.domain.disclosures import DISCLOSURES, EVIDENCE_OPENED
from members.models import Member

YEAR = timedelta(days=365)
# By which power each is done; who holds several offices is named by the one that carries it.
NEEDED = {
    **dict.fromkeys(DISCLOSURES, Power.SEE_ROSTER),
    "members.revealed": Power.REVEAL,
    "members.found_by_number": Power.KEEP_ROSTER,
    "members.exported": Power.EXPORT,
    EVIDENCE_OPENED: Power.KEEP_ROSTER,
}


@dataclass(frozen=True)
class Look:
    """One line: when, who, by which office, what was looked at and what for. Nothing else of the reader is told."""

    at: datetime
    who: str
    office: str
    words: str
    purpose: str


def merged_into(member: Member) -> QuerySet:
    """The keys of records that became part of this one: what was done to them was done to the person as well."""
    return member.merges.filter(undone_at=None).values_list("absorbed", flat=True)


def looks_at(member: Member, merged: Iterable[int] | None = None) -> EntryQuerySet:
    """Entries on who was shown the record, also those merged into it. The person's own looks are left out.

    ``merged`` is ``merged_into``, where it was read already.
    """
    return _about(member, merged).filter(action__in=DISCLOSURES)


def changes_to(member: Member, merged: Iterable[int] | None = None) -> EntryQuerySet:
    """Entries on what others, and the portal by itself, did to the record and the account."""
    return _about(member, merged).exclude(action__in=DISCLOSURES)


def _about(member: Member, merged: Iterable[int] | None) -> EntryQuerySet:
    """A union, not an OR: each half is found by what it is about, however long the trail."""
    records = [member.pk, *(merged_into(member) if merged is None else merged)]
    kinds = ContentType.objects.get_for_models(Member, User)
    record = Entry.objects.filter(thing_type=kinds[Member], thing_id__in=records)
    account = Entry.objects.filter(thing_type=kinds[User], thing_id=member.user_id or 0)
    found = Entry.objects.filter(pk__in=record.values("pk").union(account.values("pk")))
    return found.exclude(actor=member.user_id) if member.user_id else found


def viewers(member: Member, merged: Iterable[int] | None = None) -> QuerySet:
    """The keys of the people who were shown the record within a year."""
    lately = looks_at(member, merged).filter(recorded_at__gte=timezone.now() - YEAR)
    return lately.order_by().values_list("actor", flat=True).distinct()


def seats_of(entries: list[Entry]) -> QuerySet:
    """The offices all readers hold and held."""
    actors = {entry.actor_id for entry in entries if entry.actor_id}
    return Appointment.objects.filter(holder__in=actors).select_related("cell").order_by("-cell__path", "pk")


def told(entries: list[Entry], seats: Iterable[Appointment] | None = None) -> list[Look]:
    """The entries in words, by the offices of their readers; ``seats`` is ``seats_of``, where it was read already."""
    held: dict[int, list[Any]] = {}
    for seat in seats_of(entries) if seats is None else seats:
        held.setdefault(seat.holder_id, []).append(seat)
    looks = []
    for entry in entries:
        read = reading.read(entry)
        office = _office_at(entry, held.get(entry.actor_id or 0, []))
        looks.append(Look(entry.recorded_at, read.actor, office, read.sentence, entry.facts.get("purpose", "")))
    return looks


def _office_at(entry: Entry, seats: list[Any]) -> str:
    """The office by which the reader acted: the nearest of that day whose powers and place let them do it."""
    then = timezone.localdate(entry.recorded_at)
    held = [seat for seat in seats if seat.holds(then) and (not seat.voided_at or seat.voided_at > entry.recorded_at)]
    above = [seat for seat in held if entry.path.startswith(seat.cell.path)]
    able = [seat for seat in above if _carries(seat.office, NEEDED.get(entry.action))]
    seat = next(iter(able or above or held), None)
    return f"{seat.cell}　{seat.get_office_display()}" if seat else ""


def _carries(office: str, power: str | None) -> bool:
    """A deputy may have stood in for the secretary that day."""
    grants = GRANTS[Office.SECRETARY] if office == Office.DEPUTY_SECRETARY else GRANTS.get(office, {})
    return power in grants
