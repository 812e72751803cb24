"""The list behind a number: the same rows, with what a reader needs to see of each."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists.columns import Column, Kind
from core.lists.listing import Listing
from members.choices import Category
from members.dictionaries import EDUCATION
from reports.figures.figure import FIGURES, Rate, Total, Words
from reports.figures.populations import CELLS, COMPANIES, MEMBERS, SUSPENDED, TERMS
from reports.figures.where import Where

NUMERATOR, DENOMINATOR, REST = "numerator", "denominator", "rest"


def parts_of(figure: Total | Rate) -> dict[str, Words]:
    """The lists behind a figure by their key: one for a total; three for a rate."""
    if isinstance(figure, Rate):
        return {
            NUMERATOR: figure.numerator.words,
            DENOMINATOR: figure.denominator.words,
            REST: figure.rest,
        }
    return {"": figure.words}


def rows_behind(key: str, where: Where, on: date, *, part: str = "", known_at: datetime | None = None) -> QuerySet:
    """The rows that the figure ``key`` counts, or those of one part of a rate."""
    figure = FIGURES[key]
    rows = figure.population.rows(where, on, known_at)
    if isinstance(figure, Total):
        return rows.filter(figure.condition(where))
    if part == DENOMINATOR:
        return rows.filter(figure.denominator.condition(where))
    counted = rows.filter(figure.numerator.condition(where))
    if part == REST:
        return rows.filter(figure.denominator.condition(where)).exclude(pk__in=counted.order_by().values("pk"))
    return counted


def seen_by(user: Any, figure: Total | Rate, rows: QuerySet) -> QuerySet:
    """Those of the rows whose member, cell or company the person may see today.

    A list of another day may name people who have gone elsewhere since: they count, and are named to those who keep
    them now.
    """
    thing = thing_of(figure)
    model = rows.model._meta.get_field(thing).related_model
    return rows.filter(**{f"{thing}__in": model._default_manager.visible_to(user).values("pk")})


def thing_of(figure: Total | Rate) -> str:
    """What a row of the figure's list is about: ``member``, ``cell`` or ``company``."""
    return _THINGS[figure.population.key]


def listing_of(figure: Total | Rate) -> Listing:
    return LISTINGS[figure.population.key]


_THINGS = {
    MEMBERS.key: "member",
    SUSPENDED.key: "member",
    CELLS.key: "cell",
    TERMS.key: "cell",
    COMPANIES.key: "company",
}


def _words(choices: Iterable[tuple[str, Any]], name: str) -> Callable[[Any], Any]:
    """The words for the code that a row carries under ``name``."""
    words = dict(choices)
    return lambda row: words.get(getattr(row, name), "")


def _members(rows: QuerySet) -> QuerySet:
    return rows.select_related("member", "cell").annotate(
        category_then=F("fact__category"), education_then=F("fact__education"), place_name=F("place__name")
    )


def _nothing(user: Any, scope: Any) -> QuerySet:
    """Which rows stand behind a figure depends on where and when it is asked: ``behind`` says so."""
    raise NotImplementedError


def order_of(figure: Total | Rate) -> tuple[str, ...]:
    """How the rows behind a figure stand until somebody asks otherwise."""
    listing = listing_of(figure)
    return listing.orders[listing.order]


def behind(figure: Total | Rate, rows: QuerySet) -> Listing:
    """The list of a figure over ``rows``."""
    return replace(listing_of(figure), reach=lambda user, scope: rows)


def _list(name: str, thing: Words, noun: Words, columns: tuple[Column, ...], order: str, dress: Any) -> Listing:
    return Listing(
        name=f"reports.{name}",
        title=_("名单"),
        thing=thing,
        noun=noun,
        url_name="reports:figures",
        reach=_nothing,
        columns=columns,
        order=order,
        dress=dress,
        may_leave=False,
    )


_PEOPLE = _list(
    "people",
    _("党员"),
    _("人"),
    (
        Column(
            key="name", label=_("姓名"), value=lambda row: row.member.name, kind=Kind.WHO,
            sort=("member__name_pinyin",), link=lambda row: row.member.get_absolute_url(),
        ),
        Column(key="code", label=_("编号"), value=lambda row: row.member.code, kind=Kind.CODE),
        Column(
            key="cell", label=_("所在党组织"), value=lambda row: row.place_name,
            sort=("cell__path", "member__name_pinyin"), link=lambda row: row.cell.get_absolute_url(),
        ),
        Column(key="category", label=_("人员类别"), value=_words(Category.choices, "category_then")),
        Column(key="education", label=_("学历"), value=_words(EDUCATION.choices, "education_then")),
        Column(key="joined", label=_("加入党组织日期"), value=lambda row: row.member.joined_on, kind=Kind.DAY),
    ),
    "cell",
    _members,
)  # fmt: skip


LISTINGS: dict[str, Listing] = {
    MEMBERS.key: _PEOPLE,
    SUSPENDED.key: _PEOPLE,
    CELLS.key: _list(
        "cells",
        _("党组织"),
        _("个党组织"),
        (
            Column(
                key="name", label=_("党组织"), value=lambda row: row.name, kind=Kind.WHO, sort=("path",),
                link=lambda row: row.cell.get_absolute_url(),
            ),
            Column(key="code", label=_("编号"), value=lambda row: row.cell.code, kind=Kind.CODE),
            Column(key="kind", label=_("组织类别"), value=lambda row: row.get_kind_display()),
            Column(key="parent", label=_("上级党组织"), value=lambda row: row.parent.name if row.parent else ""),
            Column(key="founded", label=_("成立日期"), value=lambda row: row.cell.founded_on, kind=Kind.DAY),
        ),
        "name",
        lambda rows: rows.select_related("cell", "parent"),
    ),
    TERMS.key: _list(
        "terms",
        _("党组织"),
        _("个党组织"),
        (
            Column(
                key="name", label=_("党组织"), value=lambda row: row.place_name, kind=Kind.WHO,
                sort=("cell__path",), link=lambda row: row.cell.get_absolute_url(),
            ),
            Column(key="code", label=_("编号"), value=lambda row: row.cell.code, kind=Kind.CODE),
            Column(key="number", label=_("届次"), value=lambda row: row.number, kind=Kind.NUMBER),
            Column(key="since", label=_("本届任期起"), value=lambda row: row.starts_on, kind=Kind.DAY),
            Column(
                key="due", label=_("届满日期"), value=lambda row: row.due_on, kind=Kind.DAY,
                sort=("due_on", "cell__path"),
            ),
            Column(key="over", label=_("逾期（天）"), value=lambda row: row.over.days, kind=Kind.NUMBER),
        ),
        "due",
        lambda rows: rows.select_related("cell").annotate(place_name=F("place__name")),
    ),
    COMPANIES.key: _list(
        "companies",
        _("企业"),
        _("家企业"),
        (
            Column(
                key="name", label=_("企业"), value=lambda row: row.company.name, kind=Kind.WHO,
                sort=("company__name_pinyin",), link=lambda row: row.company.get_absolute_url(),
            ),
            Column(key="code", label=_("编号"), value=lambda row: row.company.code, kind=Kind.CODE),
            Column(key="district", label=_("县市区"), value=lambda row: row.company.district),
            Column(key="park", label=_("园区"), value=lambda row: row.company.park),
            Column(key="operating", label=_("是否实体运营"), value=lambda row: row.operating, kind=Kind.YESNO),
            Column(key="staff", label=_("职工人数"), value=lambda row: row.staff, kind=Kind.NUMBER),
            Column(key="cover", label=_("覆盖情况"), value=lambda row: row.get_cover_display()),
            Column(
                key="cover_cell", label=_("所属党组织"),
                value=lambda row: row.cover_cell.name if row.cover_cell else "",
                link=lambda row: row.cover_cell.get_absolute_url() if row.cover_cell else "",
            ),
            Column(key="full", label=_("已知正式党员"), value=lambda row: row.full_known, kind=Kind.NUMBER),
            Column(key="advisor", label=_("党建工作指导员"), value=lambda row: row.advisor),
            Column(key="surveyed", label=_("摸排日期"), value=lambda row: row.starts_on, kind=Kind.DAY),
        ),
        "name",
        lambda rows: rows.select_related("company", "cover_cell"),
    ),
}  # fmt: skip
