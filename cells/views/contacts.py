"""Whom to call: adding, setting right, removing, and showing a number whole for a purpose."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from acts.toasts import tell_done
from cells.company_forms import ContactForm, CorrectContactForm
from cells.domain import companies, reveals
from cells.forms import RevealForm
from cells.models import Cell
from cells.views.companies import kept, seen
from core.forms import attempt, posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request, code):
    company = kept(request, code)
    form = ContactForm(posted(request))
    if request.method == "POST" and attempt(
        form, companies.add_contact, company, by=request.user, on=timezone.localdate()
    ):
        tell_done(request, _("已添加联系人%(name)s") % {"name": form.done})
        return redirect(company)
    return _page(request, company, form, _("添加联系人"), _("添加"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def correct(request, code, pk):
    company = kept(request, code)
    contact = get_object_or_404(company.contacts.filter(voided_at__isnull=True), pk=pk)
    form = CorrectContactForm(posted(request), initial={"name": contact.name, "post": contact.post})
    if request.method == "POST" and attempt(
        form, companies.correct_contact, contact, by=request.user, on=timezone.localdate()
    ):
        tell_done(request, _("已保存联系人%(name)s") % {"name": form.done})
        return redirect(company)
    return _page(request, company, form, _("更正联系人"), _("保存"), contact=contact)


@login_required
@require_POST
def remove(request, code, pk):
    company = kept(request, code)
    contact = get_object_or_404(company.contacts.filter(voided_at__isnull=True), pk=pk)
    companies.remove_contact(contact, by=request.user, on=timezone.localdate())
    tell_done(request, _("已移除联系人%(name)s") % {"name": contact})
    return redirect(company)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request, code, pk):
    company = seen(request, code)
    contact = get_object_or_404(company.contacts.filter(voided_at__isnull=True), pk=pk)
    if not reveals.may_call_contact(request.user, contact):
        raise PermissionDenied
    return _reveal(request, company, reveals.reveal_contact, contact, contact.name)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reveal_cell_phone(request, code):
    cell = get_object_or_404(Cell.objects.visible_to(request.user).exclude(contact_phone__isnull=True), code=code)
    if not reveals.may_call_cell(request.user, cell):
        raise PermissionDenied
    return _reveal(request, cell, reveals.reveal_cell_phone, cell, cell.contact_name)


def _reveal(request, thing, deed, asked, name):
    """Ask for the purpose; shown once, on the answer to this very post, and kept nowhere."""
    form = RevealForm(posted(request))
    phone = ""
    if request.method == "POST" and attempt(form, deed, asked, by=request.user, on=timezone.localdate()):
        phone = form.done
    context = {"thing": thing, "form": form, "name": name, "phone": phone}
    response = render(request, "cells/reveal.html", context, status=422 if form.errors else 200)
    response["Cache-Control"] = "no-store"
    return response


def _page(request, company, form, title, submit, contact=None):
    context = {"company": company, "form": form, "title": title, "submit": submit, "contact": contact}
    return render(request, "cells/contact.html", context, status=422 if form.errors else 200)
