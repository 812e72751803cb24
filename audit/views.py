"""Pieces that show a trail. What the reader may see is decided by the caller, who hands the entries in."""

from django.shortcuts import render

from audit import reading
from audit.forms import TrailFilterForm

PAGE = 50


def trail_page(request, entries, *, context=None, template="audit/trail.html"):
    """A page of the trail, the newest first, with filters in the URL; htmx gets the table alone.

    ``entries`` are those within the reader's reach. The page's template may be
    one that extends ``audit/trail.html``; ``context`` is for its blocks.
    """
    form = TrailFilterForm(request.GET)
    found = form.narrow(entries)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    page = list(found.select_related("thing_type").order_by("-pk")[: PAGE + 1])
    shown = page[:PAGE]
    return render(
        request,
        "audit/_trail.html" if request.htmx else template,
        {
            "form": form,
            "readings": [reading.read(entry) for entry in shown],
            "older": shown[-1].pk if len(page) > PAGE else None,
            "filtered": any(request.GET.get(name) for name in form.fields),
            **(context or {}),
        },
        status=200 if form.is_valid() else 422,
    )


def timeline(entries, *, limit=20):
    """What ``audit/_entries.html`` shows: the latest entries, in words."""
    return [reading.read(entry) for entry in entries.select_related("thing_type").order_by("-pk")[:limit]]
