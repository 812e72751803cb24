"""Who holds which office in a cell: the list, appointing, ending."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from acts.toasts import tell_done
from cells import rules
from cells.domain import appointments
from cells.models import Cell
from cells.officer_forms import AppointForm, EndForm
from core.forms import attempt, posted


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def officers(request, code):
    cell = _cell(request, code)
    today = timezone.localdate()
    fillable = [] if cell.dissolved_on else appointments.offices_fillable(cell, request.user)
    form = AppointForm(posted(request), cell=cell, offices=fillable, user=request.user, initial={"on": today})
    if request.method == "POST":
        if not fillable:
            raise PermissionDenied
        if attempt(form, appointments.appoint_named, cell, by=request.user):
            words = {"holder": form.done.holder, "office": form.done.get_office_display()}
            tell_done(request, _("已任命%(holder)s为%(office)s") % words)
            return redirect("cells:officers", code=cell.code)
    held = cell.appointments.standing().select_related("holder", "appointed_by").order_by("-valid")
    context = {
        "cell": cell,
        "form": form if fillable else None,
        "fillable": fillable,
        "from_above": rules.APPOINT.allows(request.user, cell),
        "present": sorted(
            (row for row in held if row.ends_on is None or row.ends_on > today),
            key=lambda row: (
                appointments.offices_in(cell).index(row.office) if row.office in appointments.offices_in(cell) else 99
            ),
        ),
        "past": [row for row in held if row.ends_on and row.ends_on <= today],
        "today": today,
    }
    return render(request, "cells/officers.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request, code, pk):
    cell = _cell(request, code)
    held = cell.appointments.standing().select_related("holder")
    appointment = get_object_or_404(held, pk=pk)
    if appointment.office not in appointments.offices_fillable(cell, request.user):
        raise PermissionDenied
    form = EndForm(posted(request), initial={"on": timezone.localdate()})
    if request.method == "POST" and attempt(form, appointments.end, appointment, by=request.user):
        words = {"holder": appointment.holder, "office": appointment.get_office_display()}
        tell_done(request, _("%(holder)s不再担任%(office)s") % words)
        return redirect("cells:officers", code=cell.code)
    effects = [
        _("自这一天起，该职务带来的权限立即失效。"),
        _("这一天等于或早于任职日期的，按登记有误撤回，不计入任职经历。"),
    ]
    context = {"cell": cell, "appointment": appointment, "form": form, "effects": effects}
    return render(request, "cells/officer_end.html", context, status=422 if form.errors else 200)


def _cell(request, code):
    return get_object_or_404(Cell.objects.visible_to(request.user).select_related("parent"), code=code)
