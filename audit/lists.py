"""The trail as a list; who may read which entries is said by an app above."""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import reading
from audit.filters import EntryCriteria
from audit.models import Entry
from core.lists.columns import Column, Kind
from core.lists.listing import Listing


def trail_list(reach: Callable[[Any, Any], QuerySet]) -> Listing:
    """The trail over the entries that ``reach(user, scope)`` gives."""
    return Listing(
        name="audit.trail",
        title=gettext_lazy("操作记录"),
        thing=gettext_lazy("记录"),
        noun=gettext_lazy("条记录"),
        url_name="audit:trail",
        reach=reach,
        criteria=EntryCriteria,
        dress=lambda entries: entries.select_related("thing_type"),
        furnish=_read,
        order="-when",
        find=gettext_lazy("姓名、名称或编号"),
        columns=_COLUMNS,
        may_leave=False,
    )


def _read(entries: Sequence[Any], user: Any) -> Sequence[Any]:
    for entry in entries:
        entry.reading = reading.read(entry)
    return entries


def _moment(entry: Any) -> SafeString:
    at = timezone.localtime(entry.recorded_at)
    return format_html('<time datetime="{}">{}</time>', at.isoformat(), f"{at:%Y-%m-%d %H:%M}")


def _alike(entry: Any) -> str:
    """Everything of the same kind."""
    return f"?{urlencode({'action': entry.action})}"


def _thing(entry: Entry) -> SafeString:
    code = entry.thing_code if entry.thing_code != entry.thing_label else ""
    return format_html('{} <span class="soft number">{}</span>', entry.thing_label, code)


def told(entry: Any) -> str:
    """What an entry that was read says was changed, and what else it tells."""
    told = entry.reading
    changes = [f"{change.label} {change.old} → {change.new}" for change in told.changes]
    return _("；").join([*changes, *(f"{label} {words}" for label, words in told.facts)])


def told_shown(entry: Any) -> SafeString:
    """The same as a page shows it."""
    changes = format_html_join(
        "",
        '<div>{} <del>{}</del><span class="arrow" aria-hidden="true">→</span><ins>{}</ins></div>',
        ((change.label, change.old, change.new) for change in entry.reading.changes),
    )
    facts = format_html_join(" ", '<span class="fact"><span class="soft">{}</span> {}</span>', entry.reading.facts)
    return format_html("{}<div>{}</div>", changes, facts) if facts else changes


_COLUMNS = (
    Column(
        key="when",
        label=gettext_lazy("时间"),
        value=lambda entry: entry.recorded_at,
        shown=_moment,
        kind=Kind.WHO,
        sort=("pk",),
    ),
    Column(key="actor", label=gettext_lazy("经办"), value=lambda entry: entry.reading.actor, kind=Kind.SHORT),
    Column(key="what", label=gettext_lazy("事项"), value=lambda entry: entry.reading.sentence, link=_alike),
    Column(key="thing", label=gettext_lazy("对象"), value=lambda entry: entry.thing_label, shown=_thing),
    Column(key="told", label=gettext_lazy("内容"), value=told, shown=told_shown),
)
