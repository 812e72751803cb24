"""One figure: what it means, what it comes to, and the list behind it."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.domain import sessions
from core.exports import CSV, Sheet, download
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from reports.asking import PARAMETERS, Asked
from reports.domain import exports
from reports.figures import FIGURES, read
from reports.figures.lists import (
    DENOMINATOR,
    NUMERATOR,
    REST,
    behind,
    listing_of,
    order_of,
    parts_of,
    rows_behind,
    seen_by,
)
from reports.figures.planning import by_hashing


@login_required
@require_safe
def figures(request):
    """Every figure with its definition and what it comes to here."""
    asked = Asked(request)
    context = {"asked": asked, "form": asked.form, "sheet": read(asked.where, asked.on), "now": timezone.localtime()}
    return render(request, "reports/figures.html", context, status=asked.status)


@login_required
@require_safe
def figure(request, key):
    """A figure with its definition, formula and source, and the rows it counts, a page at a time."""
    found = _figure(key)
    asked = Asked(request)
    part = _part(request, found)
    rows = seen_by(request.user, found, rows_behind(key, asked.where, asked.on, part=part))
    tools = Tools(Table(request, behind(found, rows), besides=(*PARAMETERS, "part")))
    with by_hashing():
        reading = read(asked.where, asked.on, only=(key,))[key]
        listed, seen, counted = tools.table.page, rows.count(), _counted(asked, found, reading, part)
    context = {
        "asked": asked,
        "form": asked.form,
        "figure": found,
        "reading": reading,
        "part": part,
        "tabs": _tabs(found, reading, asked, part),
        "listed": listed.rows,
        "empty": {"words": _("名单是空的。")},
        "seen": seen,
        "counted": counted,
        "hidden": max(0, (counted or 0) - seen),
        "first_day_url": asked.query(on=reading.begins.isoformat()) if reading.begins else "",
        "may_take": exports.may_take(request.user, asked.where),
        "csv_query": asked.query(part=part),
        "now": timezone.localtime(),
    }
    return answer(request, tools, "reports/figure.html", context, status=asked.status)


@login_required
@require_safe
def figure_csv(request, key):
    """The whole list, for whoever may export from all of the scope; a faulty address is answered by the page."""
    found = _figure(key)
    asked = Asked(request)
    if not asked.is_sound:
        return figure(request, key)
    listing = listing_of(found)
    taken = exports.take_list(key, asked.where, by=request.user, on=asked.on, part=_part(request, found))
    with by_hashing():
        rows = list(listing.dress(taken).order_by(*order_of(found), "pk"))
    sheet = Sheet(str(found.words), [str(column.label) for column in listing.columns])
    lines = ([column.value(row) for column in listing.columns] for row in rows)
    name = _("%(figure)s-%(day)s") % {"figure": found.words, "day": asked.on.isoformat()}
    return download(CSV, name, sheet, lines, still=lambda: may_still_take(request, asked.where))


def may_still_take(request, where):
    """Whether whoever is saving a list may have the rest of it: still signed in, and still with the power."""
    holder = sessions.holder(request)
    return holder is not None and exports.may_take(holder, where)


def _figure(key):
    if key not in FIGURES:
        raise Http404
    return FIGURES[key]


def _part(request, found):
    """Which of the lists behind the figure; an unknown one is the first."""
    parts = list(parts_of(found))
    asked = request.GET.get("part", "")
    return asked if asked in parts else parts[0]


def _tabs(found, reading, asked, part):
    """The three lists behind a rate, each with how many stand on it."""
    if not found.is_rate:
        return []
    numbers = {NUMERATOR: reading.numerator, DENOMINATOR: reading.denominator, REST: reading.rest}
    return [
        {"words": words, "number": numbers[key], "url": asked.query(part=key), "current": key == part}
        for key, words in parts_of(found).items()
    ]


def _counted(asked, found, reading, part):
    """How many rows the list has by the figure's own count; what adds something up counts differently."""
    if reading.begins:
        return None
    if found.is_rate:
        return {NUMERATOR: reading.numerator, DENOMINATOR: reading.denominator, REST: reading.rest}[part]
    return rows_behind(found.key, asked.where, asked.on).count() if found.adds else reading.number
