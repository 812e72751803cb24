"""Requests of members, for those who decide: one page each, granting, sending back, and the evidence."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from acts.toasts import tell_done
from core.addresses import local_path
from core.codes import read_code
from core.errors import Refusal, Stale
from core.forms import attempt
from members import cases, rules
from members.domain import disclosures, evidence, requests
from members.evidence_file import as_file
from members.forms import RefuseForm
from members.models import ChangeRequest

STALE = 412


def request_within_reach(request, code):
    """The request, if the person may decide it or asked it; otherwise there is none."""
    return get_object_or_404(ChangeRequest.objects.readable_by(request.user).with_what_lists_show(), code=code)


def request_to_decide(request, code):
    """The request within reach; raises PermissionDenied for who asked it and keeps no roster.

    What stands in it is of the record: reading it is an opening, and noted.
    """
    found = request_within_reach(request, code)
    rules.KEEP_MEMBER.require(request.user, found.member.place)
    disclosures.note_opening(found.member, by=request.user, on=timezone.localdate())
    return found


@login_required
@never_cache
@require_safe
def decide(request, code):
    """One request, for whoever decides it."""
    return _show(request, request_to_decide(request, code))


@login_required
@never_cache
@require_POST
def grant(request, code):
    """Put right what was asked for; what stands in the way is said on the page of the request."""
    found = request_to_decide(request, code)
    try:
        requests.grant(found, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        refusal.leave_trace()
        status = STALE if isinstance(refusal, Stale) else 422
        return _show(request, request_to_decide(request, code), refusal=str(refusal.message), status=status)
    tell_done(request, _("已同意%(name)s更正%(item)s") % {"name": found.member.name, "item": found.label})
    return _on(request, found)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def refuse(request, code):
    """Send a request back, with the reason its member reads."""
    found = request_to_decide(request, code)
    form = RefuseForm(request.POST if request.method == "POST" else None)
    deed = {"by": request.user, "on": timezone.localdate()}
    if request.method == "POST" and attempt(form, requests.refuse, found, **deed):
        messages.success(
            request, _("已退回%(name)s更正%(item)s的申请") % {"name": found.member.name, "item": found.label}
        )
        return _on(request, found)
    context = {"request_": found, "form": form, "next": _next(request)}
    template = "members/_refuse.html" if request.htmx else "members/refuse.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


@login_required
@never_cache
@require_POST
def grant_many(request):
    """Put right what several asked for of one item: all of it, or nothing."""
    codes = {read_code(code) for code in request.POST.getlist("code")}
    if not codes:
        messages.error(request, _("还没有选中申请。"))
        return redirect(_next(request) or "portal:home")
    if None in codes:
        raise Http404
    found = list(ChangeRequest.objects.readable_by(request.user).with_what_lists_show().filter(code__in=codes))
    if len(found) < len(codes):
        raise Http404
    try:
        done = requests.grant_many(found, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        refusal.leave_trace()
        messages.error(request, refusal.message)
    else:
        words = ngettext("已同意 %(count)d 件更正申请", "已同意 %(count)d 件更正申请", len(done))
        tell_done(request, words % {"count": len(done)})
    return redirect(_next(request) or "portal:home")


@login_required
@never_cache
@require_safe
def request_evidence(request, code):
    """The evidence, to be saved; every opening stands in the trail."""
    found = request_within_reach(request, code)
    if not found.has_evidence:
        raise Http404
    return as_file(found, evidence.open_evidence(found, by=request.user, on=timezone.localdate()))


def _show(request, found, *, refusal="", status=200):
    case = cases.case_of(found, request.user, timezone.localdate())
    context = {"case": case, "refusal": refusal, "next": _next(request), "form": RefuseForm()}
    template = "members/_decide.html" if request.htmx else "members/decide.html"
    return render(request, template, context, status=status)


def _next(request):
    """Where the person was: the inbox with the next request, or the card."""
    return local_path(request, request.POST.get("next", "") or request.GET.get("next", ""))


def _on(request, found):
    address = _next(request) or found.member.get_absolute_url()
    return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
