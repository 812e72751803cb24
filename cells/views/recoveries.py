"""Lost second factors that wait for two people to say that it is really them."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cells.domain import accounts, recoveries
from cells.recovery_forms import ConfirmForm, RefuseForm
from core.forms import attempt, posted


@login_required
@require_safe
def waiting(request):
    cases = recoveries.waiting_for(request.user, on=timezone.localdate())
    return render(request, "cells/recoveries.html", {"cases": cases})


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request, code):
    case = _case(request, code)
    form = ConfirmForm(posted(request))
    if request.method == "POST" and attempt(form, recoveries.confirm, case, by=request.user, on=timezone.localdate()):
        if form.done:
            return render(request, "cells/recovery_done.html", {"case": case, "proof": form.done})
        messages.success(request, _("已确认，还要另一位同志确认"))
        return redirect("cells:recoveries")
    return _show(request, case, form, RefuseForm(prefix="refuse"))


@login_required
@require_POST
def refuse(request, code):
    case = _case(request, code)
    form = RefuseForm(request.POST, prefix="refuse")
    if attempt(form, recoveries.refuse, case, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已告知申请人没有通过"))
        return redirect("cells:recoveries")
    return _show(request, case, ConfirmForm(), form)


def _case(request, code):
    found = recoveries.waiting_for(request.user, on=timezone.localdate())
    case = next((case for case in found if case.code == code), None)
    if case is None:
        raise Http404
    return case


def _show(request, case, form, refuse_form):
    places = accounts.places_of(case.person, on=timezone.localdate())
    context = {"case": case, "form": form, "refuse_form": refuse_form, "places": places}
    return render(request, "cells/recovery.html", context, status=422 if form.errors or refuse_form.errors else 200)
