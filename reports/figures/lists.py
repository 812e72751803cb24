"""The list behind a number: the same rows, with what a reader needs to see of each."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from members.choices import Category
from members.dictionaries import EDUCATION
from reports.figures.figure import FIGURES, Rate, Total, Words
from reports.figures.populations import CELLS, COMPANIES, MEMBERS, SUSPENDED, TERMS
from reports.figures.where import Where

NUMERATOR, DENOMINATOR, REST = "numerator", "denominator", "rest"


@dataclass(frozen=True)
class Column:
    """``kind`` says how it is set: who, text, code, num, date, flag. ``link`` gives the page of what is named."""

    words: Words
    value: Callable[[Any], Any]
    kind: str = "text"
    link: Callable[[Any], str] | None = None


@dataclass(frozen=True)
class Listing:
    columns: tuple[Column, ...]
    order: tuple[str, ...]
    dress: Callable[[QuerySet], QuerySet]


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
    thing = _THINGS[figure.population.key]
    model = rows.model._meta.get_field(thing).related_model
    return rows.filter(**{f"{thing}__in": model._default_manager.visible_to(user).values("pk")})


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


_PEOPLE = Listing(
    columns=(
        Column(_("姓名"), lambda row: row.member.name, "who", lambda row: row.member.get_absolute_url()),
        Column(_("编号"), lambda row: row.member.code, "code"),
        Column(_("所在党组织"), lambda row: row.place_name, link=lambda row: row.cell.get_absolute_url()),
        Column(_("人员类别"), _words(Category.choices, "category_then")),
        Column(_("学历"), _words(EDUCATION.choices, "education_then")),
        Column(_("加入党组织日期"), lambda row: row.member.joined_on, "date"),
    ),
    order=("cell__path", "member__name_pinyin"),
    dress=_members,
)


LISTINGS: dict[str, Listing] = {
    MEMBERS.key: _PEOPLE,
    SUSPENDED.key: _PEOPLE,
    CELLS.key: Listing(
        columns=(
            Column(_("党组织"), lambda row: row.name, "who", lambda row: row.cell.get_absolute_url()),
            Column(_("编号"), lambda row: row.cell.code, "code"),
            Column(_("组织类别"), lambda row: row.get_kind_display()),
            Column(_("上级党组织"), lambda row: row.parent.name if row.parent else ""),
            Column(_("成立日期"), lambda row: row.cell.founded_on, "date"),
        ),
        order=("path",),
        dress=lambda rows: rows.select_related("cell", "parent"),
    ),
    TERMS.key: Listing(
        columns=(
            Column(_("党组织"), lambda row: row.place_name, "who", lambda row: row.cell.get_absolute_url()),
            Column(_("编号"), lambda row: row.cell.code, "code"),
            Column(_("届次"), lambda row: row.number, "num"),
            Column(_("本届任期起"), lambda row: row.starts_on, "date"),
            Column(_("届满日期"), lambda row: row.due_on, "date"),
            Column(_("逾期（天）"), lambda row: row.over.days, "num"),
        ),
        order=("due_on", "cell__path"),
        dress=lambda rows: rows.select_related("cell").annotate(place_name=F("place__name")),
    ),
    COMPANIES.key: Listing(
        columns=(
            Column(_("企业"), lambda row: row.company.name, "who", lambda row: row.company.get_absolute_url()),
            Column(_("编号"), lambda row: row.company.code, "code"),
            Column(_("县市区"), lambda row: row.company.district),
            Column(_("园区"), lambda row: row.company.park),
            Column(_("是否实体运营"), lambda row: row.operating, "flag"),
            Column(_("职工人数"), lambda row: row.staff, "num"),
            Column(_("覆盖情况"), lambda row: row.get_cover_display()),
            Column(
                _("所属党组织"),
                lambda row: row.cover_cell.name if row.cover_cell else "",
                link=lambda row: row.cover_cell.get_absolute_url() if row.cover_cell else "",
            ),
            Column(_("已知正式党员"), lambda row: row.full_known, "num"),
            Column(_("党建工作指导员"), lambda row: row.advisor),
            Column(_("摸排日期"), lambda row: row.starts_on, "date"),
        ),
        order=("company__name_pinyin",),
        dress=lambda rows: rows.select_related("company", "cover_cell"),
    ),
}
