"""What a company's page tells from its facts: the turns it took, its staff over time, who works there."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from audit.models import Entry
from cells.authority import subtree
from cells.choices import Cover
from cells.formation import ENOUGH_MEMBERS, LARGE
from cells.models import Assignment, Company, CompanyFact
from core.dated import BOOKKEEPING

BARS = 8
SURVEYS = 6
TALLEST = 84
BASE = 108
STEP = 52
# What is told of a change, in this order.
TOLD = ("operating", "cover", "cover_cell", "keeper", "staff", "output", "members_known", "advisor", "formation_mode")
# What a survey finds out by itself: all but who was assigned, and who keeps the file.
SURVEYED = tuple(
    field.attname
    for field in CompanyFact._meta.local_concrete_fields
    if not field.primary_key and field.name not in {*BOOKKEEPING, "company", "keeper", "advisor"}
)


@dataclass(frozen=True)
class Sources:
    """What besides its facts the story of a company is told from, to be read together with other things."""

    assigned: QuerySet
    contacts: QuerySet
    added: QuerySet

    @classmethod
    def of(cls, company: Company) -> "Sources":
        return cls(
            assigned=company.assignments.standing().select_related("advisor"),
            contacts=company.contacts.filter(voided_at__isnull=True),
            added=Entry.objects.about(company).did("cells.contact_added").order_by("pk"),
        )

    @property
    def asked(self) -> tuple[QuerySet, ...]:
        return self.assigned, self.contacts, self.added


def events(
    company: Company, facts: list[CompanyFact], on: date, next_step: str = "", *, sources: Sources | None = None
) -> list[dict[str, Any]]:
    """The whole story of a company, newest first, as ``_timeline.html`` shows it.

    What surveys changed, who looked after it, its branch, whom to call; what is to come stands on top.
    """
    sources = sources or Sources.of(company)
    assigned = list(sources.assigned)
    turning = {day for row in assigned for day in (row.starts_on, row.ends_on) if day}
    told = [
        *_surveyed(facts, on, turning),
        *_looked_after(assigned, on),
        *_founded(company, facts),
        *_contacts(sources),
    ]
    told.sort(key=lambda event: event["on"], reverse=True)
    if told:
        told[0]["state"] = "now"
    coming = {"words": next_step, "note": "", "said": _("下一步"), "on": None, "elapsed": "", "state": "ahead"}
    return [coming, *told] if next_step else told


def _event(words: str, on: date, *, note: str = "", said: str = "", elapsed: str = "") -> dict[str, Any]:
    return {"words": words, "note": note, "said": said, "on": on, "elapsed": elapsed, "state": ""}


def _surveyed(facts: list[CompanyFact], on: date, turning: set[date]) -> Iterator[dict[str, Any]]:
    """Each turn of the facts; one that only names the advisor is told by the assignment of that day."""
    for place, fact in enumerate(facts):
        before = facts[place + 1] if place + 1 < len(facts) else None
        if fact.starts_on in turning and before is not None and _differs_in(before, fact) <= {"advisor"}:
            continue
        elapsed = _elapsed(((fact.ends_on or on) - fact.starts_on).days)
        said = _("；").join(_differences(before, fact))
        yield _event(_turn(before, fact), fact.starts_on, note=str(fact.cover_cell or ""), said=said, elapsed=elapsed)


def _differs_in(before: CompanyFact, fact: CompanyFact) -> set[str]:
    return {name for name in TOLD if getattr(before, name) != getattr(fact, name)}


def _looked_after(assigned: list[Assignment], on: date) -> Iterator[dict[str, Any]]:
    for row in assigned:
        name = row.advisor.name
        held = _elapsed(((row.ends_on or on) - row.starts_on).days)
        yield _event(_("指派党建工作指导员"), row.starts_on, note=name, elapsed=held)
        if row.ends_on:
            yield _event(_("指导员不再联系"), row.ends_on, note=name, said=row.end_reason)


def _founded(company: Company, facts: list[CompanyFact]) -> Iterator[dict[str, Any]]:
    """When its branch was founded, unless the facts turned on that very day."""
    cell = company.cover_cell
    if cell is not None and cell.founded_on and cell.founded_on not in {fact.starts_on for fact in facts}:
        yield _event(_("党组织成立"), cell.founded_on, note=str(cell))


def _contacts(sources: Sources) -> Iterator[dict[str, Any]]:
    """When those to be called were written down, as the trail has it; who was taken off the file is not named."""
    present = {contact.name for contact in sources.contacts}
    for entry in sources.added:
        if entry.facts.get("contact") in present:
            present.discard(entry.facts["contact"])
            yield _event(_("登记联系人"), date.fromisoformat(entry.facts["on"]), note=entry.facts["contact"])


def _elapsed(days: int) -> str:
    """How long something held, as people say it."""
    if days < 60:
        return ngettext("%(days)d 天", "%(days)d 天", days) % {"days": days}
    if days < 730:
        months = days // 30
        return ngettext("%(months)d 个月", "%(months)d 个月", months) % {"months": months}
    years = days // 365
    return ngettext("%(years)d 年", "%(years)d 年", years) % {"years": years}


def _turn(before: CompanyFact | None, fact: CompanyFact) -> str:
    if before is None:
        return _("首次摸排")
    if before.cover == Cover.NONE and fact.cover != Cover.NONE:
        return _("建立党组织") if fact.cover == Cover.OWN else _("并入联合党支部")
    if before.cover != Cover.NONE and fact.cover == Cover.NONE:
        return _("不再覆盖")
    if before.operating and not fact.operating:
        return _("停止实体运营")
    if (before.members_known or 0) < ENOUGH_MEMBERS <= (fact.members_known or 0) and fact.cover == Cover.NONE:
        return _("列入应建未建")
    if before.keeper_id != fact.keeper_id:
        return _("变更归口党组织")
    return _("摸排更新")


def _differences(before: CompanyFact | None, fact: CompanyFact) -> list[str]:
    said = []
    for name in TOLD:
        old, new = (getattr(one, name, None) for one in (before, fact))
        # The first survey tells what was found; that the company operates goes without saying.
        if old == new or (before is None and new in (None, "", True, Cover.NONE)):
            continue
        words = {"label": CompanyFact._meta.get_field(name).verbose_name, "new": _shown(fact, name)}
        if name in ("cover", "keeper"):
            words["label"] = _("覆盖") if name == "cover" else _("归口")
        if before is None or old in (None, ""):
            said.append(_("%(label)s %(new)s") % words)
        else:
            said.append(_("%(label)s %(old)s → %(new)s") % (words | {"old": _shown(before, name)}))
    return said


def _shown(fact: CompanyFact, name: str) -> str:
    value = getattr(fact, name)
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if name == "output":
        return _("%(output)s 万元") % {"output": fact.output_in_wan}
    display = getattr(fact, f"get_{name}_display", None)
    return str(display() if display else value)


def staff_bars(facts: list[CompanyFact]) -> list[dict[str, Any]]:
    """Bars of the staff over the last surveys, ready for an SVG 460 wide; nothing where fewer than two are known."""
    known = [fact for fact in reversed(facts) if fact.staff is not None]
    changed = [fact for place, fact in enumerate(known) if place == 0 or fact.staff != known[place - 1].staff][-BARS:]
    if len(changed) < 2:
        return []
    most = max(fact.staff or 0 for fact in changed) or 1
    return [
        {
            "x": 8 + place * STEP,
            "middle": 8 + place * STEP + 15,
            "y": round(BASE - TALLEST * (fact.staff or 0) / most, 1),
            "height": round(TALLEST * (fact.staff or 0) / most, 1),
            "above": round(BASE - TALLEST * (fact.staff or 0) / most - 6, 1),
            "staff": fact.staff,
            "on": fact.starts_on,
            "last": place == len(changed) - 1,
        }
        for place, fact in enumerate(changed)
    ]


def last_survey(facts: list[CompanyFact]) -> CompanyFact | None:
    """The fact with which the last survey began, of facts with the newest first; assigning an advisor is no survey."""
    for place, fact in enumerate(facts):
        before = facts[place + 1] if place + 1 < len(facts) else None
        if before is None or any(getattr(before, name) != getattr(fact, name) for name in SURVEYED):
            return fact
    return None


def surveys(facts: list[CompanyFact]) -> list[CompanyFact]:
    """The last facts in which staff, output or the number of members changed, newest first."""
    shown = ("staff", "output", "members_known")
    turns = [
        fact
        for place, fact in enumerate(facts)
        if place + 1 == len(facts) or any(getattr(fact, name) != getattr(facts[place + 1], name) for name in shown)
    ]
    return turns[:SURVEYS]


def large_at(facts: list[CompanyFact]) -> float | None:
    """How high in the drawing of the staff the line of fifty lies; None where nobody comes near it."""
    most = max((fact.staff or 0 for fact in facts), default=0)
    return round(BASE - TALLEST * LARGE / most, 1) if most >= LARGE else None


def members_employed(company: Company) -> QuerySet:
    """Members on the rolls who work here, and how many of them belong to the cell that covers it: one row of numbers.

    Counted through their own relation: members are an app above this one.
    """
    covering = Q(pk__in=[])
    if company.cover_cell is not None:
        now = Q(memberships__voided_at__isnull=True, memberships__valid__upper_inf=True)
        covering = now & subtree(company.cover_cell.path, "memberships__cell__path")
    counted = _employed(company).order_by().values(together=Value(1))
    return counted.annotate(
        full=Count("pk", filter=Q(category="full"), distinct=True),
        probationary=Count("pk", filter=Q(category="probationary"), distinct=True),
        here=Count("pk", filter=covering, distinct=True),
    ).values("full", "probationary", "here")


def members_shown(company: Company, user: Any) -> QuerySet:
    """Those of them whose roster ``user`` may see, by name."""
    return _employed(company).filter(pk__in=_members().visible_to(user)).order_by("name_pinyin", "pk")


def _employed(company: Company) -> QuerySet:
    return _members().on_record().filter(employer=company, standing="normal")


def _members() -> Any:
    related: Any = Company._meta.get_field("members").related_model
    return related.objects.all()


def neighbours(company: Company) -> QuerySet:
    """Uncovered companies beside it, in its park or, without one, in its district, with a member or two in them.

    One row of numbers, for ``Neighbours``; none where nobody knows what is beside it.
    """
    if not (company.park or company.district):
        return Company.objects.none()
    beside = Company.objects.filter(district=company.district, park=company.park, voided_at__isnull=True).exclude(
        pk=company.pk
    )
    few = Q(now__members_known__gt=0, now__members_known__lt=ENOUGH_MEMBERS)
    open_to_it = beside.with_facts().filter(few, now__operating=True, now__cover=Cover.NONE)
    counted = open_to_it.order_by().values(together=Value(1))
    return counted.annotate(companies=Count("pk"), members=Coalesce(Sum("now__members_known"), 0)).values(
        "companies", "members"
    )
