"""C2: what waits for somebody, what they have under way, what they decided, what they were told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cells.authority import spans
from cells.by_heart import Shape, StandIn, shape_of
from core.pagination import Page, page_of
from core.ready import NEVER
from members import cases, rules
from members.choices import REQUESTABLE
from members.domain import disclosures
from members.forms import RefuseForm
from members.models import ChangeRequest, Member, SubjectRequest
from notices.models import Notice

TO_DO, OPEN, COMING, DONE, TOLD = "todo", "open", "coming", "done", "told"
TABS = (
    (TO_DO, _("待我办")),
    (OPEN, _("我经手未办结")),
    (COMING, _("即将到我")),
    (DONE, _("已办")),
    (TOLD, _("知会我的")),
)
SIZE = 20
MOST_ASKED = 100


@dataclass(frozen=True)
class Tab:
    """One shelf of the inbox, and how much is on it where that is worth knowing."""

    key: str
    words: Any
    count: int | None = None


@dataclass(frozen=True)
class Kind:
    """Requests for one item, which may be granted together."""

    item: str
    words: Any
    count: int


def todo(user: Any, on: date | None = None) -> QuerySet:
    """What nobody nearer can decide, for the rail as well as for the list."""
    return ChangeRequest.objects.waiting().first_for(user, on or timezone.localdate())


def to_answer(user: Any, on: date | None = None) -> QuerySet:
    """What people ask about their own data and this person answers, the most urgent first."""
    return SubjectRequest.objects.answerable_by(user).open().order_by("due_on", "pk")


SHELVES: dict[Any, Callable[[Any, date], QuerySet]] = {rules.KEEP_MEMBER: todo, rules.ANSWER_MEMBER: to_answer}


def shapes_of(user: Any) -> tuple[tuple[Any, Shape], ...]:
    """What this person decides or answers, and how far it reaches; nothing for most people."""
    return tuple((rule, shape) for rule in SHELVES if (shape := shape_of(user, rule.power)))


def shelf(rule: Any, shape: Shape, most: int) -> QuerySet:
    """What waits on a shelf, as far as it is counted, for whoever has this reach: with marks, to be filled in."""
    return SHELVES[rule](StandIn(rule.power, shape), NEVER).order_by().values_list("pk")[: most + 1]


@login_required
@never_cache
@require_safe
def inbox(request: HttpRequest) -> Any:
    """One shelf, page by page, beside the request that is open. The address says all of it."""
    user = request.user
    keeps = bool(spans(user, rules.KEEP_MEMBER.power))
    shelves = [(key, words) for key, words in TABS if keeps or key not in (COMING, DONE)]
    tab = request.GET.get("tab", TO_DO)
    tab = tab if tab in dict(shelves) else TO_DO
    kinds = _kinds(user) if keeps else []
    rights = list(to_answer(user).select_related("member")[:MOST_ASKED]) if rules.ANSWER_MEMBER.anywhere(user) else []
    counts = {TO_DO: sum(kind.count for kind in kinds) + len(rights), TOLD: Notice.objects.to(user).unread().count()}
    item = request.GET.get("item", "")
    item = item if tab == TO_DO and item in REQUESTABLE else ""
    context = {
        "tabs": [Tab(key, words, counts.get(key)) for key, words in shelves],
        "tab": tab,
        "kinds": kinds if tab == TO_DO else [],
        "item": item,
        "rights": rights[:SIZE] if tab == TO_DO and not item else [],
        "more_rights": len(rights) > SIZE,
    }
    if tab == TOLD:
        context["page"] = page_of(request, Notice.objects.to(user), order=("-pk",), size=SIZE)
    else:
        context |= _requests(request, tab, item)
    return render(request, "portal/inbox.html", context)


def _kinds(user: Any) -> list[Kind]:
    """What waits, by item, in the order of the card."""
    counted = dict(todo(user).order_by().values_list("item").annotate(number=Count("pk")))
    return [
        Kind(item, Member._meta.get_field(item).verbose_name, counted[item]) for item in REQUESTABLE if item in counted
    ]


def _requests(request: HttpRequest, tab: str, item: str) -> dict[str, Any]:
    """The list, and the request that is open: the one asked for, or the first."""
    user, today = request.user, timezone.localdate()
    among, order = _shelf(user, tab)
    if item:
        among = among.filter(item=item)
    page = page_of(request, among.with_what_lists_show(), order=order, size=SIZE)
    asked = request.GET.get("open", "")
    chosen = next((each for each in page.rows if each.code == asked), None) or next(iter(page.rows), None)
    context: dict[str, Any] = {"page": page, "asked": bool(asked), "form": RefuseForm(), "lines": _lines(request, page)}
    if chosen is not None:
        disclosures.note_opening(chosen.member, by=user, on=today)
        context["case"] = cases.case_of(chosen, user, today)
        context["next"] = _after(request, page, chosen)
    return context


def _shelf(user: Any, tab: str) -> tuple[Any, tuple[str, ...]]:
    found = ChangeRequest.objects.all()
    if tab == OPEN:
        return found.asked_by(user).waiting(), ("-pk",)
    if tab == COMING:
        return found.waiting().later_for(user, timezone.localdate()), ("pk",)
    if tab == DONE:
        return found.within_reach_of(user).filter(decided_by=user.pk), ("-closed_at", "-pk")
    return todo(user), ("pk",)


def _lines(request: HttpRequest, page: Page) -> list[tuple[ChangeRequest, str]]:
    """Each request with the address that opens it here."""
    return [(each, _address(request, each)) for each in page.rows]


def _address(request: HttpRequest, opened: ChangeRequest | None) -> str:
    query = {name: value for name, value in request.GET.items() if name in ("tab", "item", "after", "before", "size")}
    if opened is not None:
        query["open"] = opened.code
    return f"{reverse('portal:inbox')}?{urlencode(query)}"


def _after(request: HttpRequest, page: Page, chosen: ChangeRequest) -> str:
    """Where to go on once ``chosen`` is decided: to the one below, else the one above; the page stays where it was."""
    place = page.rows.index(chosen)
    rest = page.rows[place + 1 :] or page.rows[:place][-1:]
    return f"{_address(request, rest[0])}#item-{rest[0].code}" if rest else _address(request, None)
