"""A9: who holds which office and how their accounts stand, for those who appoint and those who keep accounts."""

from django import forms
from django.contrib import messages
from django.contrib.auth import get_user_model
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import lockout, second_factor
from cells import rules
from cells.domain import accounts
from cells.domain.people import seats_within
from cells.lists.offices import SEATS
from cells.models import Cell
from core.forms import attempt, posted
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools


class ReasonForm(forms.Form):
    reason = forms.CharField(label=gettext_lazy("原因"), max_length=200)


@login_required
@require_safe
def people(request):
    """Everybody in office within reach today or soon, one row an office."""
    _within_reach(request.user)
    table = Table(request, SEATS, scope=request.scope)
    return answer(request, Tools(table), "cells/people.html", {"empty": {"words": _("还没有登记任职。")}})


@login_required
@require_safe
def person(request, code):
    """One person: every office within reach, how the account stands, and what may be done about it."""
    return _show(request, _person(request, code))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def close(request, code):
    return _account_deed(request, code, accounts.close, _("停用账号"), _("已停用%(name)s的账号，登录已全部结束"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def reopen(request, code):
    return _account_deed(request, code, accounts.reopen, _("恢复账号"), _("已恢复%(name)s的账号"))


@login_required
@require_POST
def unlock(request, code):
    found = _person(request, code)
    form = forms.Form(request.POST)
    if attempt(form, accounts.unlock, found, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已解除%(name)s的登录暂停") % {"name": found.name})
        return redirect("cells:person", code=found.code)
    return _show(request, found, form=form, status=422)


def _account_deed(request, code, deed, heading, done):
    """Ask why, do it, and go back to the person."""
    found = _person(request, code)
    accounts.require_keeper(found, by=request.user, on=timezone.localdate())
    form = ReasonForm(posted(request))
    if request.method == "POST" and attempt(form, deed, found, by=request.user, on=timezone.localdate()):
        messages.success(request, done % {"name": found.name})
        return redirect("cells:person", code=found.code)
    context = {"person": found, "form": form, "heading": heading}
    return render(request, "cells/account_deed.html", context, status=422 if form.errors else 200)


def _within_reach(user):
    """The offices, present and to come, that the person may fill or keeps the accounts of."""
    found = seats_within(user, on=timezone.localdate())
    if found is None:
        raise PermissionDenied
    return found


def _person(request, code):
    seats = _within_reach(request.user)
    return get_object_or_404(get_user_model().objects.filter(pk__in=seats.values("holder")), code=code)


def _show(request, found, *, form=None, status=200):
    today = timezone.localdate()
    seats = list(_within_reach(request.user).filter(holder=found).select_related("cell").order_by("cell__path"))
    if not seats:
        raise Http404
    context = {
        "person": found,
        "form": form,
        "seats": seats,
        "today": today,
        "locked": lockout.is_locked(found),
        "factors": second_factor.of(found).count(),
        "visible": set(
            Cell.objects.visible_to(request.user)
            .filter(pk__in=[seat.cell_id for seat in seats])
            .values_list("pk", flat=True)
        ),
        "may_keep": rules.KEEP_ACCOUNT.allows_all(request.user, accounts.places_of(found, on=today)),
        "may_vouch": accounts.may_vouch(found, by=request.user, on=today),
    }
    return render(request, "cells/person.html", context, status=status)
