"""What a list answers: the page, the list alone for htmx, the way to an address in order, or that it has changed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from core.lists.asked import without_number
from core.lists.listing import Listing
from core.lists.table import Table
from core.lists.tools import Tools

# Saved filters are kept in an app above this one; its AppConfig.ready() appends what finds the query of one by its
# code, for this list and this person, and raises Http404 where there is none for them.
KEEPERS: list[Callable[[Listing, str, Any], QueryDict]] = []
LONGEST_WATCH = timedelta(days=1)


def answer(
    request: HttpRequest, tools: Tools, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Answer for a list; ``template`` extends ``lists/list.html`` and is given ``context`` beside it.

    An address that asks for a step (a column moved, a criterion added, a saved filter opened) leads on to the address
    of what it comes to, so that what stands in the browser is always what is shown.
    """
    table, adding = tools.table, tools.adding
    onwards = _onwards(request, tools)
    if onwards is not None:
        return redirect(f"{request.path}{onwards}")
    # By this name the end of a session knows that nobody sat there and asked.
    if request.headers.get("HX-Request") and "watch" in request.GET:
        return _changed(request, table)
    if table.is_filtered:
        table.found  # noqa: B018 -- asked now, so that a refusal is known before the answer has its status
    wrong = table.errors or table.refusal or (adding is not None and adding.error)
    shown = {"table": table, "tools": tools, "now": timezone.localtime(), **(context or {})}
    if request.GET.get("view") == "plain":
        return render(request, "lists/plain.html", shown)
    name = "lists/_list.html" if request.headers.get("HX-Request") else template
    return render(request, name, shown, status=422 if wrong and status == 200 else status)


def _onwards(request: HttpRequest, tools: Tools) -> str | None:
    asked, adding = tools.asked, tools.adding
    if code := request.GET.get("filter"):
        return _opened(request, tools.table, code)
    if (columns := asked.moved()) is not None:
        return asked.address(columns=columns, open="columns")
    if adding is not None and adding.sent and not adding.error:
        return asked.address(**{adding.parameter: adding.answers(request.GET)})
    return None


def _opened(request: HttpRequest, table: Table, code: str) -> str:
    """The address a saved filter stands for; ``of`` tells the page whose it is."""
    for find in KEEPERS:
        query = find(table.listing, code, request.user).copy()
        query["of"] = code
        return f"?{query.urlencode(safe=',')}"
    return table.asked.address()


def _changed(request: HttpRequest, table: Table) -> HttpResponse:
    """To a page that has stood a while: how much was changed meanwhile, or nothing new."""
    since = _moment(request.GET["watch"])
    count = table.listing.changes(_asked_for(table), since) if table.listing.changes and since else 0
    if not count:
        return HttpResponse(status=204)
    return render(request, "lists/_changed.html", {"table": table, "count": count})


def _asked_for(table: Table) -> Any:
    """The rows the address asks for, and what its defaults leave out: so that what has just gone is among them.

    A search for a whole number is written down; a page that asks by itself does not search again.
    """
    listing, asked = table.listing, without_number(table.narrowing)
    rows = listing.reach(table.user, table.scope)
    return rows if listing.criteria is None else listing.criteria(asked, rows, user=table.user).qs


def _moment(text: str) -> datetime | None:
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    oldest = timezone.now() - LONGEST_WATCH
    return max(moment, oldest) if moment is not None and timezone.is_aware(moment) else None
