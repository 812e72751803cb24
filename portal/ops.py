"""O1: how the portal does, for whoever keeps it running. No person's data, no key, no address of a server."""

import platform
from datetime import timedelta
from typing import Any

import django
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from core.errors import Refusal
from portal import upkeep, version
from portal.checkup import ATTENTION, FAULT, FINE, examine, worst
from portal.models import Upkeep
from work.models import Heartbeat

SHOWN_LATELY = timedelta(minutes=2)
URGENCY = (FAULT, ATTENTION, FINE)
RECORDS = 10


@login_required
@never_cache
@require_safe
def ops(request: HttpRequest) -> HttpResponse:
    """The checks that are quick, what runs, and what was done lately."""
    return _show(request)


@login_required
@never_cache
@require_POST
def examination(request: HttpRequest) -> HttpResponse:
    """运行体检: every check, those that take a moment as well. Changes nothing, so the answer is the page itself."""
    return _show(request, thorough=True)


@login_required
@require_POST
def test_mail(request: HttpRequest) -> HttpResponse:
    """A mail to the own address, or what is in its way."""
    try:
        address = upkeep.send_test_mail(by=request.user)
    except Refusal as refusal:
        return _show(request, refusal=str(refusal), status=422)
    messages.success(request, _("已发往 %(address)s，请到邮箱里看一看") % {"address": address})
    return redirect("portal:ops")


def _show(request: HttpRequest, *, thorough: bool = False, refusal: str = "", status: int = 200) -> HttpResponse:
    if not upkeep.may_see(request.user):
        raise PermissionDenied
    results = sorted(examine(thorough=thorough), key=lambda result: URGENCY.index(result.finding.state))
    states = [result.finding.state for result in results]
    context = {
        "results": results,
        "worst": worst(results),
        "tally": {state: states.count(state) for state in URGENCY},
        "thorough": thorough,
        "examined_at": timezone.localtime(),
        "refusal": refusal,
    }
    if request.htmx:
        return render(request, "portal/_checks.html", context, status=status)
    return render(request, "portal/ops.html", context | _running(), status=status)


def _running() -> dict[str, Any]:
    lately = Heartbeat.objects.filter(seen_at__gte=timezone.now() - SHOWN_LATELY).order_by("name")
    return {
        "version": version.number(),
        "commit": version.commit(),
        "parts": f"Python {platform.python_version()} · Django {django.get_version()}",
        "processes": lately,
        "records": Upkeep.objects.all()[:RECORDS],
    }
