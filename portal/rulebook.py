"""A9, the rules the association sets for itself: what holds, what a change would come to, and the change."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import F, Q, QuerySet
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from cells.choices import BRANCHES, POLICY_BOUNDS, PolicyItem
from cells.domain import policies
from cells.models import Cell, Policy, Term
from cells.rules import KEEP_RULES
from core.errors import Refusal
from core.fields import DayField
from core.forms import attempt, blame, posted
from members.choices import Category
from members.models import Membership
from reports.figures import Where
from reports.figures.definitions import OPERATING, SHOULD_BUILD
from reports.figures.populations import COMPANIES

NAMED = 10
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Law:
    """What stands behind an item: the article, what it counts, and the things a value picks out on a day."""

    source: Any
    counted: Any
    picked: Callable[[int, date], QuerySet]
    name: str


def _to_form(value: int, on: date) -> QuerySet:
    rows = COMPANIES.rows(Where(), on, None)
    return rows.filter(OPERATING & Q(covered=False) & (SHOULD_BUILD | Q(staff__gte=value)))


def _too_large(value: int, on: date) -> QuerySet:
    return Cell.objects.standing().filter(kind__in=BRANCHES).with_members().filter(full__gt=value - F("probationary"))


def _ending(value: int, on: date) -> QuerySet:
    return Term.objects.current().filter(cell__dissolved_on=None, due_on__range=(on, on + timedelta(days=value)))


def _probations(value: int, on: date) -> QuerySet:
    current = Membership.objects.current().filter(member__category=Category.PROBATIONARY)
    return current.filter(member__joined_on__range=(on - YEAR, on - YEAR + timedelta(days=value)))


LAWS = {
    PolicyItem.LARGE_COMPANY: Law(gettext_lazy("协会推进口径"), gettext_lazy("待组建企业"), _to_form, "company__name"),
    PolicyItem.BRANCH_SIZE: Law(
        gettext_lazy("支部工作条例第四条"), gettext_lazy("提示改设党总支的支部"), _too_large, "name"
    ),
    PolicyItem.TERM_NOTICE: Law(
        gettext_lazy("支部工作条例第二十一条"), gettext_lazy("提醒换届的党组织"), _ending, "cell__name"
    ),
    PolicyItem.PROBATION_NOTICE: Law(
        gettext_lazy("中国共产党发展党员工作细则"), gettext_lazy("提醒转正的预备党员"), _probations, "member__name"
    ),
}


@dataclass(frozen=True)
class Effect:
    """What a new value would come to: how many were picked out, how many would be, and some of those it adds."""

    counted: Any
    before: int
    after: int
    added: list[str]


def effect_of(item: str, *, old: int, new: int, on: date) -> Effect:
    """Compare two values of ``item`` on the facts of ``on``. Three queries; nothing is written."""
    law = LAWS[PolicyItem(item)]
    before, after = law.picked(old, on), law.picked(new, on)
    added = after.exclude(pk__in=before.order_by().values("pk")).order_by(law.name).values_list(law.name, flat=True)
    return Effect(law.counted, before.count(), after.count(), list(added[:NAMED]))


class PolicyForm(forms.Form):
    """The answers :func:`cells.domain.policies.set_value` needs."""

    value = forms.IntegerField(label=gettext_lazy("数值"), min_value=0, max_value=10_000)
    on = DayField(label=gettext_lazy("从哪天起"), help_text=gettext_lazy("今天或以后；过去的数字不变。"))
    reason = forms.CharField(
        label=gettext_lazy("为什么改"),
        max_length=200,
        error_messages={"required": gettext_lazy("请写明为什么改。")},
    )


@login_required
@require_safe
def rules_page(request):
    """Every item with what holds today, since when, what is set to follow, and where it comes from."""
    _require_keeper(request)
    today = timezone.localdate()
    present = Policy.objects.values_on(today)
    set_rows = Policy.objects.standing().select_related("recorded_by").order_by("item", "valid")
    rows = []
    for item in PolicyItem:
        ours = [row for row in set_rows if row.item == item]
        rows.append(
            {
                "item": item,
                "value": present[item],
                "law": LAWS[item],
                "bounds": POLICY_BOUNDS[item],
                "now": next((row for row in ours if row.holds(today)), None),
                "next": next((row for row in ours if row.starts_on > today), None),
            }
        )
    return render(request, "portal/rules.html", {"rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def rule_page(request, item):
    """One item: first what a change would come to, then the change."""
    _require_keeper(request)
    if item not in PolicyItem.values:
        raise Http404
    today = timezone.localdate()
    form = PolicyForm(posted(request), initial={"value": Policy.objects.values_on(today)[item], "on": today})
    effect = None
    if request.method == "POST" and not _was_shown(request.POST):
        effect = _effect(form, item)
    elif request.method == "POST" and attempt(form, policies.set_value, item, by=request.user, today=today):
        words = {"item": form.done.get_item_display(), "day": form.done.starts_on.isoformat()}
        messages.success(request, _("%(item)s：自 %(day)s 起按新数值") % words)
        return redirect("portal:rules")
    context = {
        "form": form,
        "item": PolicyItem(item),
        "law": LAWS[PolicyItem(item)],
        "bounds": POLICY_BOUNDS[PolicyItem(item)],
        "effect": effect,
    }
    return render(request, "portal/rule.html", context, status=422 if form.errors else 200)


def _was_shown(answers: Any) -> bool:
    """Only a value whose effect its sender has been shown is saved."""
    return "save" in answers and answers.get("shown") == answers.get("value")


def _effect(form: PolicyForm, item: str) -> Effect | None:
    """What the answers would come to; what the deed would refuse of the value is said already."""
    form.is_valid()
    answers = form.cleaned_data
    try:
        if "value" in answers:
            policies.require_within_bounds(item, answers["value"])
    except Refusal as refusal:
        blame(form, refusal.field, str(refusal.message))
    if form.errors:
        return None
    old = Policy.objects.values_on(answers["on"])[item]
    return effect_of(item, old=old, new=answers["value"], on=timezone.localdate())


def _require_keeper(request: Any) -> None:
    if not Cell.objects.filter(KEEP_RULES.scope(request.user), parent=None).exists():
        raise PermissionDenied
