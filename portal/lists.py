"""Lists over everything: the trail and the recent acts within reach, and what people wrote to the association."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from acts.domain import undoing
from acts.models import Act
from acts.querysets import last_day
from audit import reading
from audit.lists import told, told_shown, trail_list
from audit.models import Entry
from cells.authority import places_within, subtree
from cells.choices import Power
from core.criteria import Criteria, Day, Search, YesNo
from core.lists.columns import Column, Kind, deed_button, status
from core.lists.listing import Listing, Preset, register
from core.templatetags.ui import thin, ymd, ymd_hm
from portal import feedback
from portal.models import Feedback
from portal.rules import KEEPING, keeps_something

# What somebody does about things of their own, and takes back wherever that stands.
OWN = ("cells.filter_saved", "cells.filter_changed", "cells.filter_removed")


def entries_within(user: Any, scope: Any) -> Any:
    entries = Entry.objects.filter(places_within(user, Power.SEE_TRAIL))
    return entries.under(scope.path) if scope else entries


def feedback_for(user: Any, scope: Any) -> Any:
    return Feedback.objects.all() if feedback.may_read(user) else Feedback.objects.none()


def acts_within(user: Any) -> Any:
    """Acts of the places where the person keeps something, and about their own filters.

    Each is undone as a whole, an import on its own page.
    """
    within = Q(actor=user.pk, entry__action__in=OWN)
    for power in KEEPING:
        within |= places_within(user, power)
    return Act.objects.filter(within, part_of="", undoes=None).recent(timezone.localdate())


def _acts_listed(user: Any, scope: Any) -> Any:
    if not keeps_something(user):
        return Act.objects.none()
    found = acts_within(user)
    return found.filter(subtree(scope.path)) if scope else found


class ActCriteria(Criteria):
    """Of recent acts; one's own unless ``all`` are asked for."""

    q = Search(gettext_lazy("名称、编号或经办人"), by="search")
    all = YesNo(gettext_lazy("范围内全部"), by="by_anybody", ways=("",))
    undone = YesNo(gettext_lazy("已撤销"), by="by_undoing", ways=("",))
    done_on = Day(gettext_lazy("日期"), at="done_at__date", ways=("", "gte", "lte"))

    def search(self, acts: Any, words: str) -> Any:
        words = words.strip()
        named = Q(entry__actor_name__icontains=words) | Q(entry__thing_label__icontains=words)
        return acts.filter(named | Q(entry__thing_code__iexact=words))

    def by_anybody(self, acts: Any, wanted: bool) -> Any:
        return acts if wanted else acts.done_by(self.user)

    def by_undoing(self, acts: Any, wanted: bool) -> Any:
        return acts.filter(undone_at__isnull=not wanted)


def _weighed(acts: Sequence[Any], _user: Any) -> Sequence[Any]:
    """What each act was, and why it cannot be undone any more, in one query for all."""
    later = undoing.later(act for act in acts if act.undone_at is None)
    for act in acts:
        after = None if act.undone_at else later.get(act.pk)
        act.entry.reading = reading.read(act.entry)
        act.why = undoing.why_final(act) or (undoing.since_words(after) if after is not None else "")
        act.whole, act.whole_url = undoing.whole_of(after) if after is not None else ("", "")
    return acts


def _what(act: Any) -> str:
    return act.entry.reading.sentence


def _things(act: Any) -> str:
    if act.things <= 1:
        return act.entry.thing_label
    more = _("等 %(count)s 项") % {"count": thin(act.things)}
    return f"{act.entry.thing_label} {more}"


def _stands(act: Any) -> str:
    if act.undone_at:
        return _("已撤销")
    if act.why:
        return _("已不能撤销")
    return _("%(day)s 以前可以撤销") % {"day": ymd(last_day(act))}


def _stands_shown(act: Any) -> SafeString:
    if act.undone_at:
        who = act.undone_by or _("系统")
        return format_html("{} {} {}", status("none", _stands(act)), who, ymd_hm(act.undone_at))
    if not act.why:
        return format_html('<span class="nowrap">{}</span>', _stands(act))
    leads = ""
    if act.whole:
        leads = format_html(' <a href="{}">{}</a>', act.whole_url, _("打开%(whole)s") % {"whole": act.whole})
    return format_html("{} {}{}", status("none", _stands(act)), act.why, leads)


def _undo_shown(act: Any) -> Any:
    if act.undone_at or act.why:
        return ""
    about = f"{act.entry.thing_label} {_what(act)}"
    return deed_button("acts", reverse("portal:act-undo", args=[act.uid]), _("撤销"), about)


class FeedbackCriteria(Criteria):
    q = Search(gettext_lazy("内容"), by="search")
    sent_on = Day(gettext_lazy("收到日期"), at="sent_at__date", ways=("", "gte", "lte"))

    def search(self, found: Any, words: str) -> Any:
        return found.filter(text__icontains=words)


TRAIL = trail_list(entries_within)
ACTS = Listing(
    name="portal.acts",
    title=gettext_lazy("最近的操作"),
    thing=gettext_lazy("操作"),
    noun=gettext_lazy("项操作"),
    url_name="portal:acts",
    reach=_acts_listed,
    criteria=ActCriteria,
    defaults={"all": "0"},
    dress=lambda acts: acts.select_related("entry__thing_type", "undone_by"),
    furnish=_weighed,
    order="-when",
    find=gettext_lazy("名称、编号或经办人"),
    columns=(
        Column(key="thing", label=gettext_lazy("对象"), value=_things, kind=Kind.WHO),
        Column(key="what", label=gettext_lazy("事项"), value=_what),
        Column(
            key="told", label=gettext_lazy("内容"), value=lambda act: told(act.entry),
            shown=lambda act: told_shown(act.entry),
        ),
        Column(key="when", label=gettext_lazy("时间"), value=lambda act: act.done_at, kind=Kind.MOMENT, sort=("pk",)),
        Column(key="actor", label=gettext_lazy("经办"), value=lambda act: act.entry.reading.actor, kind=Kind.SHORT),
        Column(key="stands", label=gettext_lazy("能否撤销"), value=_stands, shown=_stands_shown),
        Column(
            key="undo", label=gettext_lazy("操作"), value=lambda act: "", shown=_undo_shown, kind=Kind.ACT,
            printed=False,
        ),
    ),
    presets=(Preset(words=gettext_lazy("范围内全部"), name="all", value="1"),),
    may_leave=False,
    deeds=True,
)  # fmt: skip
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

register(TRAIL, ACTS, FEEDBACK)
