"""A member's own requests, on a phone first: the list, a new one, one of them and how it stands."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect

from core.errors import Refusal
from core.forms import attempt
from core.pagination import page_of
from core.uploading import files_of
from members import cases
from members.choices import REQUESTABLE
from members.domain import requests
from members.forms import ChangeRequestForm
from members.models import ChangeRequest, Member, shown


def own_record(request):
    """The live record about the person; without one there is nothing here."""
    return get_object_or_404(Member.objects.own(request.user))


def own_request(request, code):
    found = ChangeRequest.objects.asked_by(request.user).with_what_lists_show()
    return get_object_or_404(found, code=code)


@login_required
@never_cache
@require_safe
def request_list(request):
    """The person's requests, the latest first."""
    own = ChangeRequest.objects.asked_by(request.user).with_what_lists_show()
    context = {
        "page": page_of(request, own, order=("-pk",), size=20),
        "has_record": Member.objects.own(request.user).exists(),
    }
    return render(request, "members/requests.html", context)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def request_new(request):
    """One item: what stands there, what should, and the paper that shows it. Without an item the choice of them."""
    member = own_record(request)
    asked = (request.POST if request.method == "POST" else request.GET).get("item", "")
    if asked not in REQUESTABLE:
        waiting = set(member.change_requests.waiting().values_list("item", flat=True))
        items = [
            (item, Member._meta.get_field(item).verbose_name, _shown_now(member, item), item in waiting)
            for item in REQUESTABLE
        ]
        return render(request, "members/request_items.html", {"items": items})
    answers = (request.POST, files_of(request)) if request.method == "POST" else (None, None)
    form = ChangeRequestForm(*answers, item=asked)
    if request.method == "POST" and attempt(form, requests.ask, member, by=request.user, on=timezone.localdate()):
        messages.success(request, _("已提交，等支部核对"))
        address = form.done.get_absolute_url()
        return HttpResponseClientRedirect(address) if request.htmx else redirect(address)
    context = {
        "form": form,
        "label": Member._meta.get_field(asked).verbose_name,
        "now": _shown_now(member, asked),
        "waiting": member.change_requests.waiting().filter(item=asked, asked_by=request.user).first(),
    }
    template = "members/_request_form.html" if request.htmx else "members/request_new.html"
    return render(request, template, context, status=422 if request.method == "POST" else 200)


@login_required
@never_cache
@require_safe
def request_page(request, code):
    """One's own request and how it stands."""
    case = cases.case_of(own_request(request, code), request.user, timezone.localdate())
    return render(request, "members/request.html", {"case": case})


@login_required
@never_cache
@require_POST
def request_withdraw(request, code):
    """Take it back while nobody has decided it."""
    try:
        done = requests.withdraw(own_request(request, code), by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("已撤回更正%(item)s的申请") % {"item": done.label})
    return redirect("members:request", code)


def _shown_now(member, item):
    value = getattr(member, item)
    return shown(item, value.isoformat() if hasattr(value, "isoformat") else value or "")
