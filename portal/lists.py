"""Lists over everything: the trail within reach, and what people wrote to the association."""

from typing import Any

from django.utils.html import linebreaks
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit.lists import trail_list
from audit.models import Entry
from cells.authority import places_within
from cells.choices import Power
from core.criteria import Criteria, Day, Search
from core.lists.columns import Column, Kind
from core.lists.listing import Listing, register
from portal import feedback
from portal.models import Feedback


def entries_within(user: Any, scope: Any) -> Any:
    entries = Entry.objects.filter(places_within(user, Power.SEE_TRAIL))
    return entries.under(scope.path) if scope else entries


def feedback_for(user: Any, scope: Any) -> Any:
    return Feedback.objects.all() if feedback.may_read(user) else Feedback.objects.none()


class FeedbackCriteria(Criteria):
    q = Search(gettext_lazy("内容"), by="search")
    sent_on = Day(gettext_lazy("收到日期"), at="sent_at__date", ways=("", "gte", "lte"))

    def search(self, found: Any, words: str) -> Any:
        return found.filter(text__icontains=words)


TRAIL = trail_list(entries_within)
FEEDBACK = Listing(
    name="portal.feedback",
    title=gettext_lazy("收到的投诉建议"),
    thing=gettext_lazy("投诉建议"),
    noun=gettext_lazy("条投诉建议"),
    url_name="portal:feedback-received",
    reach=feedback_for,
    criteria=FeedbackCriteria,
    dress=lambda found: found.select_related("sender"),
    order="-when",
    find=gettext_lazy("内容"),
    columns=(
        Column(
            key="text",
            label=gettext_lazy("内容"),
            value=lambda one: one.text,
            # Escaped by linebreaks itself.
            shown=lambda one: mark_safe(linebreaks(one.text, autoescape=True)),  # noqa: S308
            kind=Kind.WHO,
        ),
        Column(key="when", label=gettext_lazy("时间"), value=lambda one: one.sent_at, kind=Kind.MOMENT, sort=("pk",)),
        Column(
            key="sender",
            label=gettext_lazy("谁写的"),
            value=lambda one: one.sender.name if one.sender else _("未登录"),
            kind=Kind.SHORT,
        ),
        Column(key="reply_to", label=gettext_lazy("联系方式"), value=lambda one: one.reply_to),
        Column(key="page", label=gettext_lazy("所在页面"), value=lambda one: one.page),
    ),
    may_leave=False,
)

register(TRAIL, FEEDBACK)
