"""企业台账 and 一企一档: the list, one company's whole story, and the forms that write it."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from acts.toasts import tell_done
from audit import reading
from audit import views as audit
from audit.models import Entry
from cells import formation, merging, rules, story
from cells.company_forms import CorrectCompanyForm, RegisterForm, SurveyForm
from cells.domain import companies
from cells.lists.companies import COMPANIES
from cells.models import Cell, Company
from core.forms import attempt, posted
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from core.together import read_together

# The members listed on a company's page; the count beside them is of all.
MEMBERS = 20
NOBODY_EMPLOYED = {"full": 0, "probationary": 0, "here": 0}
# What the trail keeps as the purpose when somebody presses the button that calls.
PURPOSE = gettext_lazy("走访前电话联系")
SHEETS = {"large": "cells/company_large.html", "print": "cells/company_print.html"}


@login_required
@require_safe
def company_list(request):
    """The companies within reach."""
    may_register = rules.KEEP_FILES.anywhere(request.user)
    may_import = rules.IMPORT_INTO.anywhere(request.user)
    empty = {"words": _("这里还没有您可以查看的企业。")}
    if may_register:
        other = {"other": _("从 Excel 导入"), "other_url": reverse("ledgers:import-new")} if may_import else {}
        words = _("还没有企业档案。可以从 Excel 导入，或逐家建档。")
        empty = {"words": words, "act": _("企业建档"), "url": reverse("cells:company-register"), **other}
    context = {"may_register": may_register, "may_import": may_import, "empty": empty}
    return answer(request, Tools(Table(request, COMPANIES, scope=request.scope)), "cells/companies.html", context)


@login_required
@require_safe
def company(request, code):
    """A5; ``?view=large`` shows five facts to be read aloud (G3), ``?view=print`` one sheet of paper."""
    user, today = request.user, timezone.localdate()
    shown = seen(request, code)
    may, view, sources = _may(user, shown), request.GET.get("view", ""), story.Sources.of(shown)
    asked = _asked_of(shown, may, today)
    more = _asked_besides(shown, user, may) if view not in SHEETS else {}
    read_together(*asked.values(), *sources.asked, *more.values())
    facts = list(asked["facts"])
    fact = next((row for row in facts if row.ends_on is None), None)
    on_roll = next(iter(asked["on_roll"]), NOBODY_EMPLOYED)
    beside = next((formation.Neighbours(**row) for row in asked["neighbours"]), formation.Neighbours())
    full = max(fact.members_known or 0 if fact else 0, on_roll["full"])
    standing = formation.standing(shown, fact, full)
    ways = formation.ways(shown, fact, full, beside)
    context = {
        "company": shown,
        "fact": fact,
        "standing": standing,
        "ways": ways,
        "best": next((way for way in ways if way.best), None),
        "on_roll": on_roll,
        "untransferred": max((fact.members_known or 0) - on_roll["full"] - on_roll["probationary"], 0) if fact else 0,
        "surveyed": story.last_survey(facts),
        "surveys": story.surveys(facts),
        "contacts": sources.contacts,
        "advisors": asked["advisors"],
        "branch": next(iter(asked["branch"]), None),
        "today": today,
        "purpose": PURPOSE,
        **may,
    }
    if view in SHEETS:
        return render(request, SHEETS[view], context)
    context |= {
        "events": story.events(shown, facts, today, standing.next_step, sources=sources),
        "bars": story.staff_bars(facts),
        "large_at": story.large_at(facts),
        "members": more["members"],
    }
    if may["may_see_trail"]:
        context["readings"] = [reading.read(entry) for entry in more["entries"]]
    return render(request, "cells/company.html", context)


def _asked_of(shown, may, on):
    """What the page, aloud and on paper as well, is told from; to be read together."""
    return {
        "facts": shown.facts.standing().select_related("cover_cell", "keeper").order_by("-valid"),
        "on_roll": story.members_employed(shown),
        "neighbours": story.neighbours(shown),
        "advisors": shown.assignments.in_force(on).select_related("advisor"),
        "branch": _branch(shown, on) if may["may_see_branch"] else Cell.objects.none(),
    }


def _asked_besides(shown, user, may):
    """What stands on the whole page alone."""
    entries = Entry.objects.about(shown) if may["may_see_trail"] else Entry.objects.none()
    return {"members": story.members_shown(shown, user)[:MEMBERS], "entries": audit.latest(entries, limit=10)}


def _branch(shown, on):
    """The cell that covers the company, with its secretary and members."""
    return Cell.objects.with_secretary(on).with_members().filter(pk=shown.cover_cell_id)


def _may(user, shown):
    """What the person may do with the company, and see of its branch."""
    visits = rules.VISIT_COMPANY.allows(user, shown)
    return {
        "may_visit": visits,
        "may_keep": rules.KEEP_COMPANY.allows(user, shown),
        "may_found": rules.KEEP_CELL.allows(user, shown.keeper),
        "may_assign": rules.ASSIGN.allows(user, shown),
        "may_call": visits or rules.REVEAL_CELL.allows(user, shown.keeper),
        "may_see_trail": rules.SEE_TRAIL.allows(user, shown.keeper),
        "may_see_branch": bool(shown.cover_cell) and (visits or rules.SEE_CELL.allows(user, shown.cover_cell)),
        "may_open_branch": bool(shown.cover_cell) and rules.SEE_CELL.allows(user, shown.cover_cell),
    }


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
        tell_done(request, _("已为%(company)s建档，编号 %(code)s") % _named(form.done))
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
        tell_done(request, _("已保存%(company)s的档案") % _named(form.done))
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
