"""A list of three invented people, for the styleguide: every tool, and nothing behind it."""

from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from cells.models import Cell
from core.criteria import Choice, Criteria, Day
from core.lists.columns import Column, Kind, status
from core.lists.listing import Batch, Listing, Preset
from core.lists.table import Table
from core.lists.tools import Tools
from core.pagination import Count, Page
from members.choices import Category

PEOPLE = [
    SimpleNamespace(name="李敏", joined_on=date(2009, 6, 28), state=("ok", _("正常")), css=""),
    SimpleNamespace(name="陈思远", joined_on=date(2006, 5, 19), state=("soon", _("临期")), css="is-selected"),
    SimpleNamespace(name="王涛", joined_on=date(2015, 12, 11), state=("late", _("逾期")), css="row-error"),
]


class SampleCriteria(Criteria):
    category = Choice(_("人员类别"), choices=Category)
    joined_on = Day(_("入党日期"))


def _nobody(user: Any, scope: Any) -> QuerySet:
    return Cell.objects.none()


SAMPLE = Listing(
    name="portal.sample",
    title=_("列表"),
    thing=_("党员"),
    noun=_("名"),
    url_name="portal:styleguide",
    reach=_nobody,
    criteria=SampleCriteria,
    order="name",
    code=lambda person: person.name,
    mark=lambda person: person.css,
    find=_("姓名、首字母"),
    columns=(
        Column(key="name", label=_("姓名"), value=lambda person: person.name, kind=Kind.NAME, sort=("name",)),
        Column(key="joined", label=_("入党日期"), value=lambda person: person.joined_on, kind=Kind.DAY, sort=("pk",)),
        Column(
            key="state",
            label=_("状态"),
            value=lambda person: person.state[1],
            shown=lambda person: status(*person.state),
        ),
    ),
    presets=(
        Preset(words=_("预备党员"), name="category", value=Category.PROBATIONARY, counted="probationary"),
        Preset(words=_("信息不全"), name="category", value=Category.FULL, counted="missing"),
    ),
    batches=(Batch(words=_("调整所在支部"), url=lambda scope: "#lists", right=lambda user, scope: True),),
)


class SampleTable(Table):
    """The three on the first of several pages."""

    page = Page(PEOPLE, next="?after=x#lists")
    count = Count(312, capped=False)
    errors: list[str] = []


def tools_of(request: HttpRequest) -> Tools:
    return Tools(SampleTable(request, SAMPLE), counts={"probationary": 3, "missing": 5})
