"""The list of imports."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cells.authority import subtree
from core.lists.columns import Column, Kind, status
from core.lists.listing import BATCHES, Batch, Listing, Preset, listing_named, register
from ledgers.choices import ImportState
from ledgers.domain.exports import may_export
from ledgers.filters import ImportCriteria
from ledgers.models import Import

SHAPES = {ImportState.DONE: "ok", ImportState.FAILED: "late", ImportState.ABANDONED: "none"}


def imports_within(user: Any, scope: Any) -> Any:
    imports = Import.objects.visible_to(user)
    return imports.filter(subtree(scope.path, "cell__path")) if scope else imports


def _state(one: Import) -> Any:
    return status(SHAPES.get(one.state, "plan"), one.get_state_display())


IMPORTS = Listing(
    name="ledgers.imports",
    title=gettext_lazy("历次导入"),
    thing=gettext_lazy("导入"),
    noun=gettext_lazy("次导入"),
    url_name="ledgers:imports",
    reach=imports_within,
    criteria=ImportCriteria,
    dress=lambda imports: imports.select_related("cell", "by"),
    order="-begun",
    code=lambda one: one.ref,
    link=Import.get_absolute_url,
    find=gettext_lazy("编号"),
    columns=(
        Column(
            key="ref", label=gettext_lazy("编号"), value=lambda one: one.ref, kind=Kind.WHO,
            link=Import.get_absolute_url,
        ),
        Column(key="cell", label=pgettext_lazy("fact", "党组织"), value=lambda one: str(one.cell or "")),
        Column(key="as_of", label=gettext_lazy("截至"), value=lambda one: one.as_of, kind=Kind.DAY, sort=("as_of",)),
        Column(
            key="state", label=gettext_lazy("状态"), value=lambda one: one.get_state_display(), shown=_state,
            kind=Kind.SHORT,
        ),
        Column(key="importable", label=gettext_lazy("可导入"), value=lambda one: one.importable, kind=Kind.NUMBER),
        Column(key="wrong", label=gettext_lazy("需修改"), value=lambda one: one.wrong, kind=Kind.NUMBER),
        Column(
            key="by", label=gettext_lazy("经办"), value=lambda one: one.by.name if one.by else _("系统"),
            kind=Kind.SHORT,
        ),
        Column(
            key="begun", label=gettext_lazy("开始"), value=lambda one: one.created_at, kind=Kind.MOMENT, sort=("pk",),
        ),
    ),
    presets=(
        Preset(words=pgettext_lazy("import", "已完成"), name="state", value=ImportState.DONE),
        Preset(words=pgettext_lazy("import", "失败"), name="state", value=ImportState.FAILED),
    ),
    may_leave=False,
)  # fmt: skip


def taking_ticked(listing: Listing) -> Batch | None:
    """Taking the ticked rows out as a file, on every list that may leave."""
    if not listing.may_leave or listing_named(listing.name) is None:
        return None
    return Batch(
        words=gettext_lazy("导出所选"),
        url=lambda _scope: reverse("exports:new", args=[listing.name]),
        right=lambda user, _scope: may_export(user),
    )


register(IMPORTS)
BATCHES.append(taking_ticked)
