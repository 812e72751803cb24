"""The companies in which an organisation is still to be formed: why each stands on the list, and what is suggested."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Q, QuerySet, Value
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cells import rules as cells
from cells.choices import FormationMode
from cells.formation import ENOUGH_MEMBERS, Neighbours, Suggestion, suggest
from cells.models import Company, CompanyFact
from reports.figures import FIGURES, Where
from reports.figures.definitions import OPERATING, SHOULD_BUILD
from reports.figures.lists import rows_behind, seen_by
from reports.figures.populations import COMPANIES
from reports.querysets import reach

FIGURE = "companies_to_form"
# By which of the two a company stands on the list, and who has nobody to call on it yet.
REASONS: dict[str, tuple[str | Promise, Q]] = {
    "members": (gettext_lazy("3 名以上正式党员"), SHOULD_BUILD),
    "staff": (gettext_lazy("职工达到推进口径"), ~SHOULD_BUILD),
    "unadvised": (gettext_lazy("未派指导员"), Q(advisor="")),
}
NAMED = 2


@dataclass(frozen=True)
class Candidate:
    """One company of the list."""

    fact: CompanyFact
    full: int
    reason: str | Promise
    suggestion: Suggestion
    beside: tuple[str, ...]
    neighbours: Neighbours

    @property
    def partners(self) -> str:
        """With whom it might join: two by name, the others counted."""
        if self.suggestion.mode != FormationMode.JOINT:
            return ""
        words = {"names": _("、").join(self.beside[:NAMED]), "count": self.neighbours.companies}
        if self.neighbours.companies <= NAMED:
            return _("可与%(names)s") % words
        return ngettext("可与%(names)s等 %(count)d 家", "可与%(names)s等 %(count)d 家", words["count"]) % words


@dataclass(frozen=True)
class Act:
    """The next thing to do about a candidate."""

    words: str
    url: str


def candidates(user: Any, where: Where, on: date) -> QuerySet:
    """The rows of the list whose company the person may see."""
    return seen_by(user, FIGURES[FIGURE], rows_behind(FIGURE, where, on))


def numbers(user: Any, where: Where, on: date) -> QuerySet:
    """How many ``candidates`` there are, and for which of ``REASONS``: one row, told by ``numbered``."""
    counts = {f"number_{key}": Count("pk", filter=also) for key, (_words, also) in REASONS.items()}
    rows = candidates(user, where, on).order_by().values(nothing=Value(""))
    return rows.annotate(number_seen=Count("pk"), **counts)


def numbered(rows: QuerySet) -> dict[str, int]:
    (row,) = rows
    return {key: row[f"number_{key}"] for key in ("seen", *REASONS)}


def dressed(rows: QuerySet) -> QuerySet:
    return rows.select_related("company", "company__keeper")


def furnish(facts: Sequence[Any], user: Any, on: date) -> Sequence[Any]:
    """Set on each row what is suggested for it and the next thing ``user`` can do about it."""
    for fact, candidate in zip(facts, weigh(facts, user, on), strict=True):
        fact.candidate, fact.act = candidate, act_on(candidate, user)
    return facts


def weigh(facts: Sequence[Any], user: Any, on: date) -> list[Candidate]:
    """Each with what is suggested for it, in one query for all: the companies beside them are sought together.

    Beside a company are those of its park or, where it is in none, those of its district that are in none either; only
    such as the person may see figures and files of, whatever part of them a page is narrowed to.
    """
    beside = _beside(facts, user, on)
    return [_weighed(fact, beside.get(_place(fact.company), [])) for fact in facts]


def act_on(candidate: Candidate, user: Any) -> Act | None:
    """Found a branch where members suffice, alone or with others; else send an advisor, or put down what was found."""
    company, mode = candidate.fact.company, candidate.suggestion.mode
    if mode in (FormationMode.INDEPENDENT, FormationMode.JOINT):
        if not cells.KEEP_CELL.allows(user, company.keeper):
            return None
        query = urlencode({"company": company.code, "mode": mode})
        words = _("新建党支部") if mode == FormationMode.INDEPENDENT else _("新建联合党支部")
        return Act(words, f"{reverse('cells:cell-found')}?{query}")
    if mode == FormationMode.DISPATCHED and not candidate.fact.advisor and cells.ASSIGN.allows(user, company):
        return Act(_("指派指导员"), reverse("cells:company-advisors", args=[company.code]))
    if not cells.KEEP_COMPANY.allows(user, company):
        return None
    return Act(_("登记摸排"), reverse("cells:company-survey", args=[company.code]))


def _weighed(fact: Any, beside: Iterable[tuple[int, str, int]]) -> Candidate:
    others = [(name, full) for key, name, full in beside if key != fact.company_id]
    neighbours = Neighbours(len(others), sum(full for _name, full in others))
    suggestion = suggest(
        fact.full_known,
        staff=fact.staff or 0,
        large=fact.large_from,
        neighbours=neighbours,
        advisor=fact.advisor,
        has_mass_organisation=fact.has_mass_organisation,
    )
    reason = REASONS["members" if fact.full_known >= ENOUGH_MEMBERS else "staff"][0]
    return Candidate(fact, fact.full_known, reason, suggestion, tuple(name for name, _full in others), neighbours)


def _beside(facts: Sequence[Any], user: Any, on: date) -> dict[tuple[str, str], list[tuple[int, str, int]]]:
    """By district and park the uncovered companies with a member or two: key, name and how many."""
    places = {_place(fact.company) for fact in facts if 0 < fact.full_known < ENOUGH_MEMBERS}
    found: dict[tuple[str, str], list[tuple[int, str, int]]] = {place: [] for place in places}
    if not places:
        return found
    here = reduce(or_, (Q(company__district=district, company__park=park) for district, park in places))
    few = OPERATING & Q(covered=False, full_known__gt=0, full_known__lt=ENOUGH_MEMBERS)
    rows = seen_by(user, FIGURES[FIGURE], COMPANIES.rows(Where(reach=tuple(reach(user))), on, None).filter(few, here))
    told = rows.order_by("-full_known", "company__name_pinyin", "pk").values_list(
        "company__district", "company__park", "company", "company__name", "full_known"
    )
    for district, park, key, name, full in told:
        found[district, park].append((key, name, full))
    return found


def _place(company: Company) -> tuple[str, str]:
    return company.district, company.park
