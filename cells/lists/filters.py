"""已存的筛选."""

from typing import Any

from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.filters import SavedFilterCriteria
from cells.saved import counted, opened_all, readable_by
from core.lists.columns import Column, Kind
from core.lists.listing import Listing, Preset, register


def open_filters(filters: Any, user: Any) -> list[Any]:
    """Those of the filters the person can read, each with what it means to them and how much it finds."""
    readable = []
    for found, count in counted(list(opened_all(filters, user))):
        found.saved.opened, found.saved.finds = found, count
        found.saved.is_own = found.saved.owner_id == user.pk
        readable.append(found.saved)
    return readable


def _asked(saved: Any) -> str:
    return _("；").join(saved.opened.words)


def _asked_shown(saved: Any) -> Any:
    return format_html('<span class="asked">{}</span>', _asked(saved))


def _shared(saved: Any) -> str:
    return str(saved.shared_with) if saved.shared_with else _("只给自己")


def _change_shown(saved: Any) -> Any:
    if not saved.is_own:
        return saved.owner.name
    words = _("改“%(name)s”") % {"name": saved.name}
    return format_html('<a href="{}" aria-label="{}">{}</a>', saved.get_absolute_url(), words, _("修改"))


FILTERS = Listing(
    name="cells.filters",
    title=gettext_lazy("已存的筛选"),
    thing=gettext_lazy("筛选"),
    noun=gettext_lazy("个筛选"),
    url_name="cells:filters",
    api_scope="saved-filters",
    reach=lambda user, scope: readable_by(user),
    criteria=SavedFilterCriteria,
    dress=lambda filters: filters.select_related("owner", "shared_with"),
    furnish=open_filters,
    order="name",
    code=lambda saved: saved.code,
    find=gettext_lazy("名称"),
    link=lambda saved: saved.opened.url,
    columns=(
        Column(
            key="name", label=gettext_lazy("名称"), value=lambda saved: saved.name, kind=Kind.WHO, sort=("name",),
            link=lambda saved: saved.opened.url,
        ),
        Column(
            key="list", label=gettext_lazy("名单"), value=lambda saved: str(saved.opened.listing.title),
            kind=Kind.SHORT, sort=("listing", "name"),
        ),
        Column(key="asked", label=gettext_lazy("条件"), value=_asked, shown=_asked_shown),
        Column(
            key="count", label=gettext_lazy("现有"), value=lambda saved: str(saved.finds or ""),
            kind=Kind.NUMBER,
        ),
        Column(key="shared", label=gettext_lazy("共享给"), value=_shared, kind=Kind.SHORT, api_scope="cells"),
        Column(key="pinned", label=gettext_lazy("在工作台"), value=lambda saved: saved.pinned, kind=Kind.YESNO),
        Column(
            key="change", label=gettext_lazy("谁的"), value=lambda saved: saved.owner.name, shown=_change_shown,
            kind=Kind.SHORT,
        ),
    ),
    presets=(
        Preset(words=gettext_lazy("自己存的"), name="own", value="1"),
        Preset(words=gettext_lazy("在工作台"), name="pinned", value="1"),
    ),
)  # fmt: skip

register(FILTERS)
