"""The companies in which an organisation is still to be formed, and the snapshots, as lists."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from cells.models import CompanyFact
from core.codes import read_code
from core.criteria import Choice, Criteria, Day, Number, Search, Text
from core.lists.columns import Column, Kind
from core.lists.listing import Batch, Listing, Preset, register
from core.names import name_filter
from reports import forming
from reports.asking import Asked, where_for
from reports.choices import PeriodKind
from reports.models import Snapshot


class ToFormCriteria(Criteria):
    """Of candidates. District and park narrow what else stands on the page as well."""

    q = Search(gettext_lazy("名称、首字母、编号"), by="search")
    reason = Choice(
        gettext_lazy("列入理由"), choices=[(key, words) for key, (words, _also) in forming.REASONS.items()],
        by="for_reason", several=False, ways=("",),
    )  # fmt: skip
    district = Text(gettext_lazy("县市区"), at="company__district", several=False, ways=("",))
    park = Text(gettext_lazy("园区"), at="company__park", several=False, ways=("",))
    staff = Number(gettext_lazy("职工"), ways=("", "gte", "lte"))
    members = Number(gettext_lazy("已知正式党员"), at="full_known", ways=("", "gte", "lte"))
    advisor = Text(gettext_lazy("指导员"), ways=("ic", "empty"))

    def search(self, candidates: QuerySet, words: str) -> QuerySet:
        code = read_code(words)
        return candidates.filter(Q(company__code=code) if code else name_filter(words, "company__"))

    def for_reason(self, candidates: QuerySet, reason: str) -> QuerySet:
        return candidates.filter(forming.REASONS[reason][1])


def _to_form_today(user: Any, scope: Any) -> QuerySet:
    """The candidates of today within ``scope``; none for who sees no figures there."""
    try:
        where = where_for(user, scope)
    except PermissionDenied:
        return CompanyFact.objects.none()
    return forming.candidates(user, where, timezone.localdate())


def _weighed_today(facts: Sequence[Any], user: Any) -> Sequence[Any]:
    return forming.furnish(facts, user, timezone.localdate())


def to_form(asked: Asked) -> Listing:
    """The list for the place and the day that were asked for; a file is made of today's alone."""
    return replace(
        TO_FORM,
        reach=lambda user, scope: forming.candidates(user, asked.where, asked.on),
        furnish=lambda facts, user: forming.furnish(facts, user, asked.on),
        may_leave=not asked.is_dated,
    )


def _way_shown(fact: Any) -> SafeString:
    suggestion, partners = fact.candidate.suggestion, fact.candidate.partners
    why = _("%(reason)s（%(source)s）") % {"reason": suggestion.reason, "source": suggestion.source}
    between = "　" if partners else ""
    return format_html(
        '<div class="way"><b>{}</b>{}{}<small>{}</small></div>', suggestion.mode.label, between, partners, why
    )


def _advisor_shown(fact: Any) -> Any:
    return fact.advisor or format_html('<span class="fix">{}</span>', _("未指派"))


def _act_shown(fact: Any) -> Any:
    if fact.act is None:
        return ""
    return format_html(
        '<a class="button button-small" href="{}">{}<span class="visually-hidden">{}{}</span></a>',
        fact.act.url, fact.act.words, _("："), fact.company.name,
    )  # fmt: skip


TO_FORM = Listing(
    name="reports.forming",
    title=gettext_lazy("应建未建企业"),
    thing=gettext_lazy("企业"),
    noun=gettext_lazy("家企业"),
    url_name="reports:coverage",
    api_scope="companies",
    reach=_to_form_today,
    criteria=ToFormCriteria,
    dress=forming.dressed,
    furnish=_weighed_today,
    order="-members",
    code=lambda fact: fact.company.code,
    code_path="company__code",
    link=lambda fact: fact.company.get_absolute_url(),
    find=gettext_lazy("名称、首字母、编号"),
    anchor="to-form",
    columns=(
        Column(
            key="name", label=gettext_lazy("企业"), value=lambda fact: fact.company.name, kind=Kind.WHO,
            sort=("company__name_pinyin",), link=lambda fact: fact.company.get_absolute_url(),
        ),
        Column(key="code", label=gettext_lazy("编号"), value=lambda fact: fact.company.code, kind=Kind.CODE),
        Column(
            key="district", label=gettext_lazy("县市区"), value=lambda fact: fact.company.district, kind=Kind.SHORT,
            sort=("company__district", "company__name_pinyin"), optional=True,
        ),
        Column(
            key="park", label=gettext_lazy("园区"), value=lambda fact: fact.company.park, kind=Kind.SHORT,
            sort=("company__park", "company__name_pinyin"), optional=True,
        ),
        Column(
            key="staff", label=gettext_lazy("职工"), value=lambda fact: fact.staff, kind=Kind.NUMBER,
            sort=("staff", "company__name_pinyin"),
        ),
        Column(
            key="members", label=pgettext_lazy("figure", "正式党员"), value=lambda fact: fact.full_known,
            kind=Kind.NUMBER, sort=("full_known", "-staff", "company__name_pinyin"),
        ),
        Column(
            key="reason", label=gettext_lazy("列入理由"), value=lambda fact: str(fact.candidate.reason),
            kind=Kind.SHORT,
        ),
        Column(
            key="way", label=gettext_lazy("建议组建方式"), value=lambda fact: fact.candidate.suggestion.mode.label,
            shown=_way_shown,
        ),
        Column(
            key="partners", label=gettext_lazy("可与谁联合"), value=lambda fact: fact.candidate.partners, optional=True,
        ),
        Column(
            key="why", label=gettext_lazy("建议理由"), value=lambda fact: fact.candidate.suggestion.reason,
            optional=True,
        ),
        Column(
            key="source", label=gettext_lazy("依据"), value=lambda fact: fact.candidate.suggestion.source,
            optional=True,
        ),
        Column(
            key="advisor", label=gettext_lazy("指导员"), value=lambda fact: fact.advisor, shown=_advisor_shown,
        ),
        Column(
            key="act", label=gettext_lazy("下一步"), value=lambda fact: fact.act.words if fact.act else "",
            shown=_act_shown, kind=Kind.ACT, printed=False,
        ),
    ),
    presets=tuple(
        Preset(words=words, name="reason", value=key, counted=key) for key, (words, _also) in forming.REASONS.items()
    ),
)  # fmt: skip


class SnapshotListCriteria(Criteria):
    """Of snapshots within reach. The day is not called ``on``: that the pages of figures hand from one to another."""

    kind = Choice(gettext_lazy("方式"), choices=PeriodKind, at="period_kind", several=False, ways=("",))
    as_of = Day(gettext_lazy("截至"), at="on", ways=("", "gte", "lte"))


def snapshots_within(user: Any, scope: Any) -> QuerySet:
    """Those of one cell, or all the person may see."""
    seen = Snapshot.objects.visible_to(user)
    return seen.of(scope) if scope else seen


def _figure(key: str) -> Callable[[Any], Any]:
    return lambda snapshot: snapshot.figures.get(key, {}).get("number")


def _workbook_shown(snapshot: Any) -> SafeString:
    return format_html(
        '<a class="button button-small" href="{}">{}<span class="visually-hidden">{}{}</span></a>',
        reverse("reports:snapshot-xlsx", args=[snapshot.code]), _("下载 Excel"), _("："), snapshot.on,
    )  # fmt: skip


SNAPSHOTS = Listing(
    name="reports.snapshots",
    title=gettext_lazy("报表快照"),
    thing=gettext_lazy("快照"),
    noun=gettext_lazy("份快照"),
    url_name="reports:centre",
    api_scope="reports",
    reach=snapshots_within,
    criteria=SnapshotListCriteria,
    defaults={"kind": PeriodKind.MONTHLY},
    dress=lambda snapshots: snapshots.with_places(),
    order="-on",
    code=lambda snapshot: snapshot.code,
    ticks="of",
    link=Snapshot.get_absolute_url,
    columns=(
        Column(
            key="on", label=gettext_lazy("截至"), kind=Kind.WHO, sort=("on", "cell__path", "-pk"),
            value=lambda snapshot: snapshot.period if snapshot.is_monthly else snapshot.on,
            link=Snapshot.get_absolute_url,
        ),
        Column(key="cell", label=pgettext_lazy("fact", "党组织"), value=lambda snapshot: str(snapshot.cell)),
        Column(key="members", label=gettext_lazy("党员"), value=_figure("members"), kind=Kind.NUMBER),
        Column(key="companies", label=gettext_lazy("企业"), value=_figure("companies"), kind=Kind.NUMBER),
        Column(
            key="coverage", label=gettext_lazy("组织覆盖率（%）"), value=_figure("organisational_coverage"),
            kind=Kind.NUMBER,
        ),
        Column(key="gap", label=gettext_lazy("应建未建"), value=_figure("should_build_gap"), kind=Kind.NUMBER),
        Column(
            key="drawn", label=gettext_lazy("生成时间"), value=lambda snapshot: snapshot.drawn_at, kind=Kind.MOMENT,
            sort=("drawn_at",),
        ),
        Column(
            key="code", label=gettext_lazy("编号"), value=lambda snapshot: snapshot.code, kind=Kind.CODE, optional=True
        ),
        Column(
            key="act", label=gettext_lazy("操作"), value=lambda snapshot: "", shown=_workbook_shown, kind=Kind.ACT,
            printed=False,
        ),
    ),
    batches=(
        Batch(
            words=gettext_lazy("比较所选两份"),
            url=lambda _scope: reverse("reports:compare"),
            right=lambda _user, _scope: True,
        ),
    ),
)  # fmt: skip

register(TO_FORM, SNAPSHOTS)
