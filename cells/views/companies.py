"""企业台账 and 一企一档: the list, one company's whole story, and the forms that write it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from audit import views as audit
from audit.models import Entry
from cells import formation, merging, rules, story
from cells.choices import Cover
from cells.company_forms import CompanyFilterForm, CorrectCompanyForm, RegisterForm, SurveyForm
from cells.domain import companies
from cells.models import Company
from core.codes import read_code
from core.forms import attempt, posted
from core.names import name_filter
from core.pagination import count_up_to, page_of

ORDERS = {
    "": ["name_pinyin"],
    "name": ["name_pinyin"],
    "-name": ["-name_pinyin"],
    "district": ["district", "name_pinyin"],
    "-district": ["-district", "name_pinyin"],
    "staff": ["staff_now"],
    "-staff": ["-staff_now"],
    "members": ["members_now"],
    "-members": ["-members_now"],
}


@login_required
@require_safe
def company_list(request):
    form = CompanyFilterForm(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    everything = Company.objects.visible_to(request.user).filter(voided_at__isnull=True)
    if request.scope:
        everything = everything.under(request.scope)
    found = _narrowed(everything.with_facts(), wanted)
    sort = request.GET.get("sort", "")
    listed = found.with_fact_values().select_related("keeper", "cover_cell")
    page = page_of(request, listed, order=ORDERS.get(sort, ORDERS[""]), size=50)
    context = {
        "rows": [{"company": company, "standing": _standing(company)} for company in page.rows],
        "page": page,
        "count": count_up_to(found),
        "filter": form,
        "chips": _chips(request, wanted),
        "districts": _places(request, everything, "district", wanted),
        "parks": _places(request, everything, "park", wanted),
        "kept": [(name, request.GET[name]) for name in ("cover", "operating", "gap", "sort") if request.GET.get(name)],
        "filtered": any(wanted.get(name) for name in wanted),
        "sort": sort,
        "may_register": rules.KEEP_FILES.anywhere(request.user),
        "may_import": rules.IMPORT_INTO.anywhere(request.user),
    }
    return render(request, "cells/_companies.html" if request.htmx else "cells/companies.html", context)


def _narrowed(found, wanted):
    for name in ("district", "park"):
        if wanted.get(name):
            found = found.filter(**{name: wanted[name]})
    cover = wanted.get("cover")
    if cover == "covered":
        found = found.filter(now__cover__in=(Cover.OWN, Cover.JOINT))
    elif cover:
        found = found.filter(now__cover=cover)
    if wanted.get("operating"):
        found = found.filter(now__operating=wanted["operating"] == "yes")
    if wanted.get("gap"):
        found = found.filter(
            now__operating=True, now__cover=Cover.NONE, now__members_known__gte=formation.ENOUGH_MEMBERS
        )
    if wanted.get("q"):
        code = read_code(wanted["q"])
        credit_code = wanted["q"].strip().upper()
        known = Q(code=code) if code else Q(credit_code=credit_code) if len(credit_code) == 18 else None
        found = found.filter(known if known else name_filter(wanted["q"]))
    return found


def _standing(company):
    """How a row stands, from the facts fetched with it."""
    return {
        Cover.OWN: ("ok", _("单独组建")),
        Cover.JOINT: ("ok", _("联合组建")),
    }.get(company.cover_now) or (
        ("none", _("未实体运营"))
        if company.operating_now is False
        else ("late", _("应建未建"))
        if (company.members_now or 0) >= formation.ENOUGH_MEMBERS
        else ("none", _("未覆盖"))
        if company.operating_now
        else ("none", _("尚未摸排"))
    )


def _chips(request, wanted):
    choices = (
        ("cover", "covered", _("已覆盖")),
        ("cover", "none", _("未覆盖")),
        ("gap", "1", _("应建未建")),
        ("operating", "no", _("未实体运营")),
    )
    return [
        {"words": words, "on": wanted.get(name) == value, "url": _address(request, name, value, wanted)}
        for name, value, words in choices
    ]


def _places(request, everything, name, wanted):
    """The districts or parks that occur, each with the address that narrows to it."""
    values = everything.exclude(**{name: ""}).order_by(name).values_list(name, flat=True).distinct()[:200]
    return [
        {"words": value, "on": wanted.get(name) == value, "url": _address(request, name, value, wanted)}
        for value in values
    ]


def _address(request, name, value, wanted):
    query = request.GET.copy()
    for gone in ("after", "before", name):
        query.pop(gone, None)
    if wanted.get(name) != value:
        query[name] = value
    return f"?{query.urlencode()}" if query else request.path


@login_required
@require_safe
def company(request, code):
    shown = seen(request, code)
    facts = list(shown.facts.standing().select_related("cover_cell", "keeper").order_by("-valid"))
    fact = next((row for row in facts if row.ends_on is None), None)
    on_roll = story.members_employed(shown)
    full = max(fact.members_known or 0 if fact else 0, on_roll["full"])
    may_see_trail = rules.SEE_TRAIL.allows(request.user, shown.keeper)
    context = {
        "company": shown,
        "fact": fact,
        "standing": formation.standing(shown, fact, full),
        "ways": formation.ways(shown, fact, full, story.neighbours(shown)),
        "on_roll": on_roll,
        "events": story.events(facts, timezone.localdate()),
        "bars": story.staff_bars(facts),
        "contacts": shown.contacts.filter(voided_at__isnull=True),
        "may_keep": rules.KEEP_COMPANY.allows(request.user, shown),
        "may_reveal": rules.REVEAL_CELL.allows(request.user, shown.keeper),
        "may_see_trail": may_see_trail,
    }
    if may_see_trail:
        context["readings"] = audit.timeline(Entry.objects.about(shown), limit=10)
    return render(request, "cells/company.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request):
    if not rules.KEEP_FILES.anywhere(request.user):
        raise PermissionDenied
    scope = request.scope
    keeper = scope if scope and rules.KEEP_FILES.allows(request.user, scope) else None
    today = timezone.localdate()
    form = RegisterForm(posted(request), user=request.user, initial={"keeper": keeper, "surveyed_on": today})
    if request.method == "POST" and attempt(form, companies.register, by=request.user, on=today):
        messages.success(request, _("已为%(company)s建档，编号 %(code)s") % _named(form.done))
        return redirect(form.done)
    return render(request, "cells/company_register.html", {"form": form}, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, code):
    shown = kept(request, code)
    current = {name: getattr(shown, name) for name in CorrectCompanyForm.FIELDS}
    form = CorrectCompanyForm(posted(request), user=request.user, initial=current | {"version": shown.version})
    return _edit(request, shown, form, current, companies.correct, title=_("更正档案"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def survey(request, code):
    shown = kept(request, code)
    fact = shown.facts.current().select_related("cover_cell").first()
    current = {name: getattr(fact, name, None) for name in SurveyForm.FIELDS}
    today = timezone.localdate()
    initial = (current if fact else {}) | {"version": shown.version, "surveyed_on": today}
    form = SurveyForm(posted(request), user=request.user, company=shown, initial=initial)
    return _edit(request, shown, form, current, companies.survey, title=_("登记摸排"))


def _edit(request, shown, form, current, deed, *, title):
    """A form filled from one version of the file; if it has moved on, what the two changed is set side by side."""
    conflicts = []
    if request.method == "POST" and form.is_valid() and form.cleaned_data["version"] != shown.version:
        form, conflicts = merging.reconcile(form, shown, current)
    if (
        request.method == "POST"
        and not conflicts
        and attempt(form, deed, shown, by=request.user, on=timezone.localdate())
    ):
        messages.success(request, _("已保存%(company)s的档案") % _named(form.done))
        return redirect(form.done)
    context = {"company": shown, "form": form, "conflicts": conflicts, "title": title}
    return render(request, "cells/company_edit.html", context, status=422 if request.method == "POST" else 200)


def seen(request, code):
    """The company, if it is within reach."""
    visible = Company.objects.visible_to(request.user).filter(voided_at__isnull=True)
    return get_object_or_404(visible.select_related("keeper", "cover_cell"), code=code)


def kept(request, code):
    """The company, if it is within reach and the person keeps its file."""
    shown = seen(request, code)
    rules.KEEP_COMPANY.require(request.user, shown)
    return shown


def _named(company):
    return {"company": company, "code": company.code}
