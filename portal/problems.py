"""The pages that problem documents point to: what happened, and what to do about it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from core.rest.kinds import KINDS


@require_safe
def problems(request: HttpRequest) -> HttpResponse:
    """Every kind of problem."""
    return render(request, "portal/problems.html", {"here": "", "kinds": KINDS})


@require_safe
def problem(request: HttpRequest, slug: str) -> HttpResponse:
    """One of them, at the address that its documents name as their type."""
    if slug not in KINDS:
        raise Http404
    return render(request, "portal/problem.html", {"here": "", "slug": slug, "kind": KINDS[slug]})
