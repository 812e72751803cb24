"""The scope switcher's page: the cells within reach, and back to where one came from."""

from urllib.parse import parse_qsl, urlencode, urlsplit

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_safe

from cells.models import Cell
from core.pagination import page_of


@login_required
@require_safe
def scope(request):
    query = request.GET.get("q", "")[:100]
    found = Cell.objects.visible_to(request.user).standing().in_tree_order().matching(query)
    page = page_of(request, found, order=["tree_order"], size=50)
    back = _back(request)
    top = min((cell.depth for cell in page.rows), default=0)
    choices = [
        {"cell": cell, "url": _scoped(back, cell.code), "step": 0 if query else min(cell.depth - top, 5)}
        for cell in page.rows
    ]
    context = {"choices": choices, "page": page, "query": query, "next": back, "everything": _scoped(back, None)}
    return render(request, "cells/_scopes.html" if request.htmx else "cells/scope.html", context)


def _back(request):
    """Where the person came from, if that is a page of ours."""
    back = request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()}, require_https=request.is_secure())
    return back if ours and back.startswith("/") else reverse("cells:cells")


def _scoped(back, code):
    """The same page of another scope; where one had turned to stays behind."""
    parts = urlsplit(back)
    kept = [(key, value) for key, value in parse_qsl(parts.query) if key not in {"scope", "after", "before"}]
    query = urlencode(kept + ([("scope", code)] if code else []))
    return f"{parts.path}?{query}" if query else parts.path
