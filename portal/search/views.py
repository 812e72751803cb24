"""The page of the one box, and the part of it that comes while somebody types."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.errors import Refusal
from portal.search.groups import Group, summary
from portal.search.kinds import find

LONGEST = 100


@login_required
@never_cache
@require_safe
def search(request):
    """What ``?q=`` finds, grouped; htmx gets the groups alone while somebody types."""
    text = " ".join(request.GET.get("q", "").replace("\x00", "").split())[:LONGEST]
    groups: list[Group] = []
    refusal = ""
    try:
        groups = [group for group in find(text, request.user) if group.hits] if text else []
    except Refusal as refused:
        refusal = refused.message
    context = {"q": text, "groups": groups, "summary": summary(groups), "refusal": refusal}
    return render(request, "portal/_search.html" if request.htmx else "portal/search.html", context)
