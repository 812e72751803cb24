"""What a person was told, as a list."""

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.criteria import Criteria, Day, YesNo
from core.lists.columns import Column, Kind, deed_button, in_words
from core.lists.listing import Listing, Preset, register
from notices.models import Notice


class NoticeCriteria(Criteria):
    """Of one's own notices."""

    unread = YesNo(gettext_lazy("未读"), by="by_reading", ways=("",))
    sent_on = Day(gettext_lazy("日期"), at="sent_at__date", ways=("", "gte", "lte"))

    def by_reading(self, notices: QuerySet, wanted: bool) -> QuerySet:
        return notices.filter(read_at__isnull=wanted)


def _open_shown(notice: Notice) -> Any:
    words = _("查看") if notice.url else _("知道了")
    return deed_button("notices", reverse("notices:notice-open", args=[notice.pk]), words, notice.text)


NOTICES = Listing(
    name="notices.notices",
    title=gettext_lazy("通知"),
    thing=gettext_lazy("通知"),
    noun=gettext_lazy("条通知"),
    url_name="notices:notices",
    reach=lambda user, _scope: Notice.objects.to(user),
    criteria=NoticeCriteria,
    order="-when",
    columns=(
        Column(
            key="when", label=gettext_lazy("时间"), value=lambda notice: notice.sent_at, kind=Kind.WHO, sort=("pk",),
            shown=lambda notice: in_words(notice.sent_at, Kind.MOMENT),
        ),
        Column(key="text", label=gettext_lazy("内容"), value=lambda notice: notice.text),
        Column(
            key="state", label=gettext_lazy("状态"), value=lambda notice: _("已读") if notice.is_read else _("未读"),
            kind=Kind.SHORT,
        ),
        Column(
            key="act", label=gettext_lazy("操作"), value=lambda notice: "", shown=_open_shown, kind=Kind.ACT,
            printed=False,
        ),
    ),
    presets=(Preset(words=gettext_lazy("未读"), name="unread", value="1"),),
    may_leave=False,
    deeds=True,
)  # fmt: skip

register(NOTICES)
