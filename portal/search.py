"""C3: one box for people, organisations, companies and pages, each as far as the reader sees them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from cells.authority import spans
from cells.choices import Power
from cells.models import Cell, Company
from core.codes import read_code
from core.errors import Refusal
from core.names import name_filter, readings
from members import rules
from members.domain import lookups
from members.models import Membership
from portal.frame import RAIL

SHOWN = 8
LONGEST = 100

# Things people look for by name that are no page of the rail; by whom they are reached stands beside them.
ACTIONS = (
    (gettext_lazy("从 Excel 导入"), "ledgers:import-new", (Power.IMPORT,)),
    (gettext_lazy("新建党组织"), "cells:cell-found", (Power.KEEP_CELLS,)),
    (gettext_lazy("任务与下载"), "work:tasks", ()),
    (gettext_lazy("设置"), "accounts:settings", ()),
    (gettext_lazy("投诉建议"), "portal:feedback", ()),
    (gettext_lazy("帮助与快捷键"), "portal:help", ()),
)


@dataclass(frozen=True)
class Hit:
    """Something found: where it leads, and what tells it from its namesakes."""

    words: str
    url: str = ""
    note: str = ""
    ref: str = ""


@dataclass
class Group:
    heading: str
    hits: list[Hit] = field(default_factory=list)
    more_url: str = ""


@login_required
@require_safe
def search(request):
    """What ``?q=`` finds, grouped; htmx gets the groups alone while somebody types."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    groups, refusal = [], ""
    try:
        groups = [group for group in find(text, request.user) if group.hits] if text else []
    except Refusal as refused:
        refusal = refused.message
    context = {"q": text, "groups": groups, "total": sum(len(group.hits) for group in groups), "refusal": refusal}
    return render(request, "portal/_search.html" if request.htmx else "portal/search.html", context)


def find(text: str, user: Any) -> Iterator[Group]:
    """People, organisations, companies, pages: at most eight of each, with the way to the rest."""
    yield _people(text, user)
    yield _contacts(text, user)
    yield _cells(text, user)
    yield _companies(text, user)
    yield _pages(text, user)


def _people(text: str, user: Any) -> Group:
    """Those on a roster first; a code or a whole number also finds who has left one."""
    seen = Membership.objects.visible_to(user).select_related("member", "cell__parent")
    if lookups.is_whole_number(text):
        last = seen.latest_of_each().on_record()
        places = lookups.find_by_number(last, number=text, by=user, on=timezone.localdate())
    else:
        places = list(seen.current().matching(text).order_by("member__name_pinyin", "pk")[: SHOWN + 1])
        if not places and any(sign.isdigit() for sign in text):
            places = list(seen.latest_of_each().on_record().matching(text)[:SHOWN])
    hits = [
        Hit(
            place.member.name,
            place.member.get_absolute_url(),
            place.where if place.ends_on is None else place.member.get_standing_display(),
            place.member.code,
        )
        for place in places[:SHOWN]
    ]
    more = _more("members:members", text) if len(places) > SHOWN else ""
    return Group(_("党员"), hits, more)


def _contacts(text: str, user: Any) -> Group:
    """A group leader sees names alone, and no card behind them."""
    if not rules.SEE_CONTACTS.anywhere(user):
        return Group(_("本组党员"))
    places = Membership.objects.current().in_contact_reach_of(user).matching(text)
    places = places.select_related("member", "cell__parent").order_by("member__name_pinyin", "pk")[:SHOWN]
    return Group(
        _("本组党员"), [Hit(place.member.name, _more("members:members", text), place.where) for place in places]
    )


def _cells(text: str, user: Any) -> Group:
    code = read_code(text)
    cells = Cell.objects.visible_to(user).standing()
    cells = cells.filter(code=code) if code else cells.filter(name_filter(text))
    found = list(cells.order_by("path")[: SHOWN + 1])
    hits = [Hit(str(cell), cell.get_absolute_url(), cell.get_kind_display(), cell.code) for cell in found[:SHOWN]]
    return Group(_("党组织"), hits, _more("cells:cells", text) if len(found) > SHOWN else "")


def _companies(text: str, user: Any) -> Group:
    code = read_code(text)
    companies = Company.objects.visible_to(user).filter(voided_at=None)
    companies = companies.filter(code=code) if code else companies.filter(name_filter(text))
    found = list(companies.order_by("name_pinyin", "pk")[: SHOWN + 1])
    hits = [Hit(company.name, company.get_absolute_url(), company.district, company.code) for company in found[:SHOWN]]
    return Group(_("企业"), hits, _more("cells:companies", text) if len(found) > SHOWN else "")


def _pages(text: str, user: Any) -> Group:
    """Pages and actions open to the person, by their words or their initials."""
    wanted = text.lower()
    ways = [(way.words, way.url_name, way.powers) for way in RAIL]
    hits = []
    for words, name, powers in (*ways, *ACTIONS):
        if powers and not any(spans(user, power) for power in powers):
            continue
        said = readings(str(words))
        if wanted in str(words).lower() or said.initials.startswith(wanted) or wanted in said.search:
            hits.append(Hit(str(words), reverse(name)))
    return Group(_("页面与操作"), hits[:SHOWN])


def _more(name: str, text: str) -> str:
    return f"{reverse(name)}?{urlencode({'q': text})}"
