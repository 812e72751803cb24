"""Advisors and what they look after: their own list in large type, and assigning from the company or the advisor."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from acts.toasts import tell_done
from cells import rules, story
from cells.advisor_forms import AssignCompanyForm, AssignForm, EndAssignmentForm
from cells.choices import CellKind, Office
from cells.domain import assignments, people
from cells.models import Assignment, Cell, Company, CompanyFact, Contact
from cells.views.companies import PURPOSE, seen
from core.forms import attempt, posted
from core.pagination import count_up_to, page_of


@login_required
@require_safe
def visits(request):
    """G1: the cells and companies of an advisor, each as a card with somebody to call."""
    if not (rules.VISIT_CELL.anywhere(request.user) or rules.VISIT_COMPANY.anywhere(request.user)):
        raise PermissionDenied
    today = timezone.localdate()
    companies = Company.objects.filter(rules.VISIT_COMPANY.scope(request.user), voided_at__isnull=True)
    page = page_of(request, with_cards(companies, today), order=["district", "name_pinyin"], size=20)
    cells = Cell.objects.standing().filter(rules.VISIT_CELL.scope(request.user)).exclude(kind=CellKind.GROUP)
    context = {
        "cells": [] if page.previous else cells.select_related("parent").with_secretary(today).with_members(),
        "companies": [{"company": one, "surveyed": story.last_survey(one.found)} for one in page.rows],
        "page": page,
        "count": count_up_to(companies),
        "purpose": PURPOSE,
    }
    return render(request, "cells/visits.html", context)


def with_cards(companies, on):
    """Companies with what a card shows of each: what holds now, whom to call, who leads the branch."""
    return companies.prefetch_related(
        Prefetch("facts", CompanyFact.objects.standing().order_by("-valid"), to_attr="found"),
        Prefetch("contacts", Contact.objects.filter(voided_at__isnull=True), to_attr="to_call"),
        Prefetch("cover_cell", Cell.objects.with_secretary(on)),
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_company(request, code):
    company = _assignable(request, code)
    today = timezone.localdate()
    advisors = people.advisors_for(request.user, today)
    form = AssignForm(posted(request), advisors=advisors, initial={"assigned_on": today})
    if request.method == "POST" and attempt(form, assignments.assign, company, by=request.user, on=today):
        tell_done(request, _("已指派%(advisor)s联系这家企业") % {"advisor": form.done.advisor})
        return redirect(company)
    rows = company.assignments.standing().select_related("advisor").order_by("-valid")
    context = {
        "company": company,
        "form": form,
        "nobody": not advisors.exists(),
        "present": [row for row in rows if row.ends_on is None],
        "past": [row for row in rows if row.ends_on],
    }
    return render(request, "cells/company_advisors.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request, code, pk):
    company = _assignable(request, code)
    assignment = get_object_or_404(company.assignments.standing().select_related("advisor"), pk=pk)
    form = EndAssignmentForm(posted(request), initial={"ended_on": timezone.localdate()})
    if request.method == "POST" and attempt(
        form, assignments.end, assignment, by=request.user, on=timezone.localdate()
    ):
        tell_done(request, _("%(advisor)s不再联系这家企业") % {"advisor": assignment.advisor})
        return redirect(company)
    effects = [
        _("自这一天起，指导员看不到这家企业的档案；所任党组织范围内的不受影响。"),
        _("这一天等于或早于联系日期的，按指派有误撤回。"),
    ]
    context = {"company": company, "assignment": assignment, "form": form, "effects": effects}
    return render(request, "cells/assignment_end.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def advisor(request, code):
    """One advisor: where in office, which companies; a company may be added here too."""
    today = timezone.localdate()
    shown = get_object_or_404(people.advisors_for(request.user, today), code=code)
    if not rules.ASSIGN.anywhere(request.user):
        raise PermissionDenied
    open_to = Company.objects.filter(rules.ASSIGN.scope(request.user), voided_at__isnull=True)
    form = AssignCompanyForm(posted(request), companies=open_to, initial={"assigned_on": today})
    if request.method == "POST" and form.is_valid():
        company = form.cleaned_data.pop("company")
        if attempt(form, assignments.assign, company, advisor=shown, by=request.user, on=today):
            tell_done(request, _("已指派%(advisor)s联系%(company)s") % {"advisor": shown, "company": company})
            return redirect("cells:advisor", code=shown.code)
    held = Assignment.objects.reaching(today).filter(advisor=shown, company__in=open_to)
    page = page_of(request, held.select_related("company__keeper"), order=["company__name_pinyin"], size=50)
    offices = shown.appointments.in_force(today).filter(
        office=Office.ADVISOR, cell__in=Cell.objects.visible_to(request.user)
    )
    context = {
        "advisor": shown,
        "form": form,
        "offices": offices.select_related("cell"),
        "page": page,
        "count": count_up_to(held),
    }
    return render(request, "cells/advisor.html", context, status=422 if form.errors else 200)


def _assignable(request, code):
    """The company, if it is within reach and the person assigns advisors to it."""
    company = seen(request, code)
    rules.ASSIGN.require(request.user, company)
    return company
