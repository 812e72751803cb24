"""What a card tells of somebody's way: where they belonged, how they stood, what was done to the record."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit import reading
from audit.models import Entry
from audit.reading import Reading
from cells.authority import spans
from cells.choices import Power
from members import rules
from members.choices import Category, EntryReason, ExitReason, Standing
from members.domain.disclosures import DISCLOSURES, OPENED
from members.models import Member, Merge

READ = 200
_SHELVES = {"members.corrected": "changes", **dict.fromkeys(DISCLOSURES, "viewings")}

# What was asked for is no change yet.
_ASKED = ("members.change_asked", "members.change_withdrawn", "members.change_refused")


@dataclass(frozen=True)
class Event:
    """One node of the timeline, as ``_timeline.html`` shows it."""

    words: str
    on: date | None
    said: str = ""
    note: str = ""
    elapsed: str = ""
    state: str = ""


@dataclass
class Trail:
    """What was done to the record, sorted by what the reader looks for."""

    changes: list[Reading] = field(default_factory=list)
    viewings: list[Reading] = field(default_factory=list)
    others: list[Reading] = field(default_factory=list)


@dataclass(frozen=True)
class Sources:
    """What is told of somebody's way, to be read together with other things."""

    entries: QuerySet
    places: QuerySet
    troubles: QuerySet

    @classmethod
    def of(cls, member: Member) -> "Sources":
        entries = Entry.objects.about(member).exclude(action=OPENED).select_related("thing_type").order_by("-pk")
        return cls(
            entries=entries[:READ],
            places=member.memberships.standing().select_related("cell__parent").order_by("valid"),
            troubles=member.facts.standing().exclude(standing=Standing.NORMAL).order_by("valid"),
        )

    @property
    def asked(self) -> tuple[QuerySet, ...]:
        return self.entries, self.places, self.troubles


def trail_for(member: Member, reader: Any, sources: Sources) -> Trail:
    """The trail of the record, as far as ``reader`` may see it: one's own whole, others' where it lies within reach.

    Who merely opened the card is told to the person (``members.seen``) and stands in the trail, not on the card.
    """
    own = rules.OWN_RECORD.allows(reader, member)
    reach = spans(reader, Power.SEE_ROSTER)
    found = Trail()
    for entry in sources.entries:
        if not own and not any(span.covers(entry.path) for span in reach):
            continue
        shelf = _SHELVES.get(entry.action, "others")
        getattr(found, shelf).append(reading.read(entry))
    return found


def last_change(member: Member) -> Entry | None:
    """Who changed the record last, and when."""
    return Entry.objects.about(member).exclude(action__in=(*DISCLOSURES, *_ASKED)).order_by("-pk").first()


def merges_of(member: Member) -> QuerySet:
    """Records that were made part of this one and can be taken out again."""
    return Merge.objects.filter(kept=member, undone_at=None).select_related("absorbed", "merged_by")


def seniority(member: Member, on: date) -> str:
    """党龄: from the day of becoming a full member, in years and months."""
    if member.category != Category.FULL or not member.converted_on or not member.is_active:
        return ""
    return span_words(member.converted_on, on)


def span_words(begin: date, end: date) -> str:
    """``3 年 7 个月``; less than a month in days."""
    months = (end.year - begin.year) * 12 + end.month - begin.month - (end.day < begin.day)
    if months < 1:
        days = (end - begin).days
        return ngettext("%(days)d 天", "%(days)d 天", days) % {"days": days}
    years, months = divmod(months, 12)
    if not years:
        return ngettext("%(months)d 个月", "%(months)d 个月", months) % {"months": months}
    if not months:
        return ngettext("%(years)d 年", "%(years)d 年", years) % {"years": years}
    return _("%(years)d 年 %(months)d 个月") % {"years": years, "months": months}


def events(member: Member, today: date, sources: Sources | None = None) -> list[Event]:
    """The way from the application to today, the latest first, with how long each stretch lasted."""
    found: list[tuple[date, str, str]] = []
    if member.applied_on:
        found.append((member.applied_on, _("递交入党申请书"), ""))
    if member.joined_on:
        found.append((member.joined_on, _("接收为预备党员"), ""))
    if member.converted_on:
        found.append((member.converted_on, _("转为正式党员"), ""))
    sources = sources or Sources.of(member)
    memberships = list(sources.places)
    for before, place in zip([None, *memberships], memberships, strict=False):
        found.append((place.starts_on, _entered(place), _came_from(before, place)))
    last = memberships[-1] if memberships else None
    if last is not None and last.ends_on:
        found.append((last.ends_on, str(ExitReason(last.exit_reason).label), last.where))
    for fact in sources.troubles:
        if last is None or fact.starts_on != last.ends_on:
            reason = str(ExitReason(fact.standing_reason).label) if fact.standing_reason else ""
            found.append((fact.starts_on, str(Standing(fact.standing).label), reason))
    return _told(sorted(found, key=lambda event: event[0], reverse=True), today, ended=not member.is_active)


def _told(found: list[tuple[date, str, str]], today: date, *, ended: bool) -> list[Event]:
    """With the time to the next event, or to today for what holds now."""
    told = []
    until = today
    for place, (on, words, said) in enumerate(found):
        current = place == 0 and not ended
        elapsed = "" if place == 0 and ended else span_words(on, until) if on <= until else ""
        told.append(Event(words, on, said, elapsed=elapsed, state="now" if current else ""))
        until = on
    return told


def _entered(place: Any) -> str:
    words = {"cell": place.where}
    if place.entry_reason == EntryReason.RESTORED:
        return _("恢复党籍，编入%(cell)s") % words
    if place.entry_reason in (EntryReason.PLACED, EntryReason.CELL_CHANGED, EntryReason.TRANSFERRED_IN):
        return _("转入%(cell)s") % words
    return _("列入%(cell)s名册") % words


def _came_from(before: Any, place: Any) -> str:
    told = []
    if before is not None and before.cell_id != place.cell_id:
        told.append(_("由%(cell)s转入") % {"cell": before.where})
    elif before is None:
        told.append(str(EntryReason(place.entry_reason).label))
    if place.note:
        told.append(place.note)
    return _("；").join(told)
