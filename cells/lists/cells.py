"""党组织, flat or as the tree they are."""

from dataclasses import replace
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from audit.changed import changed_since
from cells import quality
from cells.choices import CellKind, PolicyItem
from cells.filters import CellCriteria
from cells.models import Cell, Policy
from cells.querysets import policy_values
from core.lists.columns import NONE, Column, Kind, status
from core.lists.listing import Listing, Preset, register
from core.together import read_together

MOST_CHANGES = 100
DEEPEST = 5


def cells_within(user: Any, scope: Any) -> Any:
    cells = Cell.objects.visible_to(user).with_term()
    return cells.under(scope) if scope else cells


def cell_changes(cells: Any, since: Any) -> int:
    return changed_since(cells, since)[:MOST_CHANGES].count()


def furnish_cells(cells: Any, _user: Any) -> list[Any]:
    """The cells with what a list shows of them, looked up for these alone: members, secretary, superior, term."""
    today = timezone.localdate()
    keys = [cell.pk for cell in cells]
    members = Cell.objects.count_members(cell.path for cell in cells)
    policies = Policy.objects.set_on(today)
    known = Cell.objects.filter(pk__in=keys).select_related("parent").with_secretary(today).with_term()
    read_together(policies, known)
    notice = policy_values(policies)[PolicyItem.TERM_NOTICE]
    by_key = {cell.pk: cell for cell in known}
    for cell in by_key.values():
        cell.full, cell.probationary = members[cell.path].values()
        cell.term = quality.term_status(cell.due_on, today, notice=notice)
    return [by_key[key] for key in keys]


def furnish_tree(cells: Any, user: Any) -> list[Any]:
    """As ``furnish_cells``, with how deep each stands below the highest of them."""
    found = furnish_cells(cells, user)
    top = min((cell.depth for cell in found), default=0)
    for cell in found:
        cell.step = min(cell.depth - top, DEEPEST)
    return found


def _secretary(cell: Any) -> Any:
    if cell.secretary:
        return cell.secretary
    return NONE if cell.kind == CellKind.GROUP else format_html('<span class="fix">{}</span>', _("空缺"))


def _due(cell: Any) -> Any:
    if cell.dissolved_on:
        words = pgettext("cells", "%(day)s 撤销") % {"day": cell.dissolved_on.isoformat()}
        return format_html('<span class="soft">{}</span>', words)
    if cell.kind == CellKind.GROUP:
        return NONE
    day = cell.due_on.isoformat() if cell.due_on else NONE
    return day if cell.term[0] == "ok" else format_html("{} {}", day, status(*cell.term))


CELLS = Listing(
    name="cells.cells",
    title=gettext_lazy("党组织"),
    thing=gettext_lazy("党组织"),
    noun=gettext_lazy("个党组织"),
    url_name="cells:cells",
    api_scope="cells",
    reach=cells_within,
    criteria=CellCriteria,
    defaults={"standing": "standing"},
    furnish=furnish_cells,
    order="name",
    code=lambda cell: cell.code,
    link=Cell.get_absolute_url,
    changes=cell_changes,
    find=gettext_lazy("名称、首字母、编号"),
    columns=(
        Column(
            key="name", label=gettext_lazy("名称"), value=str, kind=Kind.WHO, sort=("name_pinyin",),
            link=Cell.get_absolute_url,
        ),
        Column(key="code", label=gettext_lazy("编号"), value=lambda cell: cell.code, kind=Kind.CODE, sort=("pk",)),
        Column(
            key="kind", label=gettext_lazy("类别"), value=lambda cell: cell.get_kind_display(), kind=Kind.SHORT,
            sort=("kind", "name_pinyin"),
        ),
        Column(
            key="secretary", label=gettext_lazy("书记"), value=lambda cell: cell.secretary, shown=_secretary,
            kind=Kind.SHORT, api_scope="appointments",
        ),
        Column(
            key="full", label=gettext_lazy("正式"), value=lambda cell: cell.full, kind=Kind.NUMBER,
            api_scope="members",
        ),
        Column(
            key="probationary", label=gettext_lazy("预备"), value=lambda cell: cell.probationary, kind=Kind.NUMBER,
            api_scope="members",
        ),
        Column(
            key="due", label=gettext_lazy("届满"), value=lambda cell: cell.due_on, shown=_due, kind=Kind.DAY,
            sort=("due_on",),
        ),
        Column(
            key="parent", label=gettext_lazy("上级"), value=lambda cell: str(cell.parent or ""), kind=Kind.SHORT,
        ),
        Column(key="full_name", label=gettext_lazy("全称"), value=lambda cell: cell.name, optional=True),
        Column(
            key="founded", label=gettext_lazy("成立日期"), value=lambda cell: cell.founded_on, kind=Kind.DAY,
            optional=True,
        ),
        Column(
            key="formation", label=gettext_lazy("组建方式"), value=lambda cell: cell.get_formation_mode_display(),
            kind=Kind.SHORT, optional=True,
        ),
        Column(key="contact", label=gettext_lazy("联系人"), value=lambda cell: cell.contact_name, optional=True),
        Column(
            key="id_code", label=gettext_lazy("党组织识别码"), value=lambda cell: cell.org_id_code, kind=Kind.CODE,
            optional=True,
        ),
    ),
    presets=(
        Preset(words=gettext_lazy("已届满"), name="term", value="expired"),
        Preset(words=gettext_lazy("将届满"), name="term", value="soon"),
        Preset(words=pgettext_lazy("cells", "已撤销"), name="standing", value="dissolved"),
    ),
)  # fmt: skip
# The same list with superiors before inferiors, each set in as far as it stands below.
TREE = replace(
    CELLS,
    dress=lambda cells: cells.in_tree_order(),
    furnish=furnish_tree,
    mark=lambda cell: f"step-{cell.step}",
)
IN_TREE_ORDER = ("tree_order",)

register(CELLS)
