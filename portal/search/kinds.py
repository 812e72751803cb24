"""Each kind of thing that can be found, asked for within the reader's reach and nowhere else."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cells.models import Cell, Company
from core.codes import read_code
from core.masks import is_whole_number
from core.matches import Match, match
from ledgers.models import Import
from members import rules
from members.domain import lookups
from members.models import ChangeRequest, Membership
from members.querysets import TAIL
from news.models import Announcement
from portal.search.groups import SHOWN, Group, Hit, Namesakes, listed, more
from portal.ways import ACTIONS, MANAGEMENT, RAIL, Way, open_to

# What a hit shows of a membership besides itself.
BESIDES = ("member", "cell__parent")
PLACES = Namesakes(
    Membership.objects.select_related(*BESIDES), ("member__name", "member__name_pinyin"), ("member__name_pinyin", "pk")
)
CELLS = Namesakes(Cell.objects.all(), ("name", "short_name", "name_pinyin"), ("name_pinyin", "pk"))
COMPANIES = Namesakes(Company.objects.all(), ("name", "name_pinyin"), ("name_pinyin", "pk"))


def find(text: str, user: Any) -> Iterator[Group]:
    """All kinds in the order in which they are shown, empty ones among them.

    Raises :class:`core.errors.Refusal` when somebody looks for whole numbers too often.
    """
    yield people(text, user)
    yield contacts(text, user)
    yield cells(text, user)
    yield companies(text, user)
    yield cases(text, user)
    yield announcements(text)
    yield pages(text, user)


def people(text: str, user: Any) -> Group:
    """Those on a roster first; a code, four last digits or a whole number also find who has left one."""
    seen = Membership.objects.visible_to(user)
    if is_whole_number(text):
        last = seen.latest_of_each().on_record()
        places = lookups.find_by_number(last, number=text, by=user, on=timezone.localdate())[:SHOWN]
    else:
        now = seen.current()
        places = PLACES.best(text, now.called(text), now.matching(text))
        if not places and any(sign.isdigit() for sign in text):
            left = seen.latest_of_each().on_record().matching(text)
            places = list(left.select_related(*BESIDES).order_by(*PLACES.order)[:SHOWN])
    return Group(
        _("党员"),
        lambda number: ngettext("%(number)s 个党员", "%(number)s 个党员", number),
        [_person(place, text) for place in places[:SHOWN]],
        more(places, "members:members", text),
    )


def contacts(text: str, user: Any) -> Group:
    """A group leader sees names alone, and no card behind them; whoever sees the card finds it above."""
    places: list[Membership] = []
    if rules.SEE_CONTACTS.anywhere(user):
        within = Membership.objects.current().in_contact_reach_of(user).exclude(rules.SEE_MEMBER.scope(user))
        places = PLACES.best(text, within.called(text), within.matching(text))
    hits = []
    for place in places[:SHOWN]:
        name = match(place.member.name, text)
        hits.append(Hit(name, listed("members:members", text), Match.plain(place.where), why=name.reading))
    return Group(
        _("本组党员"),
        lambda number: ngettext("%(number)s 个本组党员", "%(number)s 个本组党员", number),
        hits,
        more(places, "members:members", text),
    )


def cells(text: str, user: Any) -> Group:
    """Those that stand; one that was dissolved, by its code."""
    within = Cell.objects.visible_to(user)
    within = within if read_code(text) else within.standing()
    found = CELLS.best(text, within.called(text), within.matching(text))
    return Group(
        _("党组织"),
        lambda number: ngettext("%(number)s 个党组织", "%(number)s 个党组织", number),
        [_cell(cell, text) for cell in found[:SHOWN]],
        more(found, "cells:cells", text),
    )


def companies(text: str, user: Any) -> Group:
    every = Company.objects.all()
    called, meant = every.called(text).visible_to(user), every.matching(text).visible_to(user)
    found = COMPANIES.best(text, called, meant)
    return Group(
        _("企业"),
        lambda number: ngettext("%(number)s 家企业", "%(number)s 家企业", number),
        [
            Hit(match(company.name, text), company.get_absolute_url(), Match.plain(company.district), company.code)
            for company in found[:SHOWN]
        ],
        more(found, "cells:companies", text),
    )


def cases(text: str, user: Any) -> Group:
    """What is under way and has a number: an import or a request, by that number alone."""
    hits = []
    for one in Import.objects.visible_to(user).with_ref(text):
        words = _("导入 %(ref)s") % {"ref": one.ref}
        hits.append(Hit(Match.plain(words), one.get_absolute_url(), Match.plain(one.get_state_display())))
    code = read_code(text)
    asked = ChangeRequest.objects.readable_by(user).filter(code=code).select_related("member") if code else []
    for request in asked:
        words = _("%(name)s 更正%(item)s") % {"name": request.member.name, "item": request.label}
        url = request.get_absolute_url() if request.asked_by_id == user.pk else request.decide_url
        hits.append(Hit(Match.plain(words), url, Match.plain(request.get_state_display()), request.code))
    return Group(_("事项"), lambda number: ngettext("%(number)s 个事项", "%(number)s 个事项", number), hits)


def announcements(text: str) -> Group:
    """Announcements are public; few enough to be asked by a part of their title."""
    found = list(Announcement.objects.public().listed().titled(text).latest()[:SHOWN])
    return Group(
        _("公告"),
        lambda number: ngettext("%(number)s 篇公告", "%(number)s 篇公告", number),
        [Hit(match(each.shown_title, text), each.get_absolute_url(), Match.plain(each.published_on)) for each in found],
    )


def pages(text: str, user: Any) -> Group:
    """Pages and actions open to the person, by what they are called or by its sound."""
    hits: dict[str, Hit] = {}
    for way in open_to(user, (*RAIL, *MANAGEMENT, *ACTIONS)):
        hit = _way(way, text)
        if hit:
            hits.setdefault(hit.url, hit)
    return Group(
        _("页面与操作"),
        lambda number: ngettext("%(number)s 个页面或操作", "%(number)s 个页面或操作", number),
        list(hits.values())[:SHOWN],
    )


def _person(place: Membership, text: str) -> Hit:
    name = match(place.member.name, text)
    by_tail = text.isdigit() and len(text) == TAIL
    return Hit(
        name,
        place.member.get_absolute_url(),
        Match.plain(place.where if place.ends_on is None else place.member.get_standing_display()),
        place.member.code,
        _("手机后四位 %(tail)s") % {"tail": text} if by_tail else name.reading,
    )


def _cell(cell: Cell, text: str) -> Hit:
    """By its short name; the full one stands beside it where that is what was meant."""
    name = match(str(cell), text)
    whole = match(cell.name, text)
    note = Match.plain(cell.get_kind_display())
    if cell.dissolved_on:
        note = Match.plain(_("%(day)s 已撤销") % {"day": cell.dissolved_on})
    elif whole.found and not name.found:
        note = whole
    return Hit(name, cell.get_absolute_url(), note, cell.code)


def _way(way: Way, text: str) -> Hit | None:
    """The way, if ``text`` is what it is called; what else it is called stands beside it where that was meant."""
    words = str(way.words)
    name, url = match(words, text, person=False), reverse(way.url_name)
    if name.found:
        return Hit(name, url)
    other = next((found for also in way.also if (found := match(str(also), text, person=False)).found), None)
    return Hit(Match.plain(words), url, other) if other else None
