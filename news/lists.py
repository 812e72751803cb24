"""The list of announcements for those who keep them."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.criteria import Choice, Criteria, Day, Search
from core.lists.columns import Column, Kind, status
from core.lists.listing import Listing, Preset, register
from news.choices import AnnouncementKind
from news.models import Announcement


class AnnouncementCriteria(Criteria):
    """Of announcements somebody keeps."""

    q = Search(gettext_lazy("标题"), by="search")
    kind = Choice(gettext_lazy("栏目"), choices=AnnouncementKind, ways=("", "n"))
    published_on = Day(gettext_lazy("发布日期"), ways=("", "gte", "lte"))

    def search(self, announcements: Any, words: str) -> Any:
        return announcements.titled(words)


def _state(row: Announcement) -> Any:
    return status("none", _("已撤下")) if row.is_withdrawn else status("ok", _("公开"))


KEPT = Listing(
    name="news.kept",
    title=gettext_lazy("发布过的公告"),
    thing=gettext_lazy("公告"),
    noun=gettext_lazy("篇公告"),
    url_name="news:kept",
    reach=lambda user, scope: Announcement.objects.kept_by(user),
    criteria=AnnouncementCriteria,
    dress=lambda rows: rows.select_related("published_by"),
    order="-published",
    code=lambda row: row.code,
    link=Announcement.get_absolute_url,
    find=gettext_lazy("标题"),
    columns=(
        Column(
            key="title", label=gettext_lazy("标题"), value=lambda row: row.title, kind=Kind.WHO,
            link=Announcement.get_absolute_url,
        ),
        Column(key="kind", label=gettext_lazy("栏目"), value=lambda row: row.get_kind_display(), kind=Kind.SHORT),
        Column(
            key="published", label=gettext_lazy("发布日期"), value=lambda row: row.published_on, kind=Kind.DAY,
            sort=("published_on", "-pk"),
        ),
        Column(key="by", label=gettext_lazy("发布人"), value=lambda row: row.published_by.name, kind=Kind.SHORT),
        Column(
            key="state", label=gettext_lazy("状态"),
            value=lambda row: _("已撤下") if row.is_withdrawn else _("公开"), shown=_state, kind=Kind.SHORT,
        ),
    ),
    presets=tuple(
        Preset(words=kind.label, name="kind", value=kind) for kind in (AnnouncementKind.NOTICE, AnnouncementKind.STORY)
    ),
)  # fmt: skip

register(KEPT)
