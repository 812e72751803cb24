"""Saved filters."""

from django.utils.translation import gettext_lazy as _

from cells.domain.saved_filters import NAME_LIMIT
from cells.models import SavedFilter
from cells.reach import seen_cells
from cells.serializers.companies import CELL, PersonBrief
from core.rest.answers import Answers, Code, Text, YesNo
from core.rest.shapes import Reference, Shape

LONGEST_QUERY = 2000


class SavedFilterShape(Shape):
    base = "saved-filters"
    brief = ("code", "name", "url")
    owner = PersonBrief(label=_("保存人"))
    shared_with = Reference(CELL, among=seen_cells, label=_("共享给"))

    class Meta:
        model = SavedFilter
        fields = ("code", "url", "name", "listing", "query", "owner", "shared_with", "pinned", "version")


class ChangeFilterAnswers(Answers):
    """``query`` as the address of the list has it: ``kind=branch&sort=-due``."""

    name = Text(label=_("名称"), max_length=NAME_LIMIT, required=False)
    query = Text(label=_("条件"), max_length=LONGEST_QUERY, required=False)
    shared_with = Code(seen_cells, label=_("共享给"), required=False, allow_null=True)
    pinned = YesNo(label=_("固定在工作台"), allow_null=False)


class SaveFilterAnswers(ChangeFilterAnswers):
    """``listing`` is the list's own name, such as ``members.roster`` or ``cells.companies``."""

    listing = Text(label=_("名单"), max_length=60)
    name = Text(label=_("名称"), max_length=NAME_LIMIT)
    query = Text(label=_("条件"), max_length=LONGEST_QUERY)
