"""Step three: the table of changes, and writing in its cells."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from core.addresses import local_path
from core.errors import Refusal
from ledgers import showing
from ledgers.choices import ORDER, Kind, Outcome
from ledgers.domain import staging
from ledgers.domain.staging import Edit
from ledgers.domain.uploads import in_order
from ledgers.forms import EditForm, ReplaceForm
from ledgers.models import StagedRow
from ledgers.views.reach import import_or_404, row_or_404

PAGE = 50
GLIMPSE = 5
NOTED = "noted"
EXPLAINED = {
    Outcome.ERROR: gettext_lazy("直接在格子里改，改好一格即时复核"),
    Outcome.UPDATE: gettext_lazy("旧值划去，新值着底"),
}


def review_page(request, the_import, *, refusal="", status=200):
    """The table: all outcomes at a glance, or one of them page by page."""
    kinds = [kind for kind in ORDER if kind in the_import.counts]
    kind = request.GET.get("kind", "")
    if kind not in kinds:
        kind = next((one for one in kinds if the_import.counts[one][Outcome.ERROR]), kinds[0])
    show = request.GET.get("show", "")
    if show not in (*Outcome.values, NOTED):
        show = ""
    context = {
        **summary(the_import, kind),
        "show": show,
        "kinds": [(one, Kind(one).label) for one in kinds],
        "repeated": showing.repeated(the_import, kind),
        "refusal": refusal,
        "steps": showing.steps(),
        "step": 3,
        "uploads": in_order(list(the_import.uploads.defer("content"))),
        **(_one_group(request, the_import, kind, show) if show else _glimpse(request, the_import, kind)),
    }
    return render(request, "ledgers/import_review.html", context, status=status)


def summary(the_import, kind):
    """What the tally and the bar at the foot say."""
    counts = the_import.counts.get(kind, {})
    order = (Outcome.ERROR, Outcome.UPDATE, Outcome.NEW, Outcome.SAME)
    return {
        "import": the_import,
        "kind": kind,
        "tally": [(one, one.label, counts.get(one, 0)) for one in order],
        "rows": sum(counts.values()),
        "noted": showing.notes_tally(the_import, kind),
        "ready": the_import.importable,
        "wrong": the_import.wrong,
        "faulty": counts.get(Outcome.ERROR, 0),
    }


@login_required
@require_POST
def row_cell(request, ref, pk):
    """Write in one cell; the row comes back as the review now sees it."""
    the_import = import_or_404(request, ref)
    row, form = row_or_404(the_import, pk), EditForm(request.POST)
    if not form.is_valid():
        return redirect(the_import)
    whole = showing.is_open_to(the_import, request.user)
    edits = [Edit(row, form.cleaned_data["field"], _meant(row, **form.cleaned_data, whole=whole))]
    try:
        row = staging.edit(the_import, edits=edits, by=request.user, on=timezone.localdate())[0]
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="fix")
        return HttpResponse(headers={"HX-Refresh": "true"}) if request.htmx else redirect(the_import)
    the_import = import_or_404(request, ref)
    if not request.htmx:
        return HttpResponseRedirect(_back(request, the_import))
    if not the_import.is_under_review or _others_hang_on(row):
        return HttpResponse(headers={"HX-Refresh": "true"})
    columns = showing.columns_for(the_import, row.upload.kind, [row])
    asked = [
        row.upload.ledger.by_field[name]
        for name in request.POST.getlist("columns")
        if name in row.upload.ledger.by_field
    ]
    context = {
        **summary(the_import, row.upload.kind),
        "line": showing.line(row, asked or columns, whole=whole),
        "columns": asked or columns,
        "swapped": True,
    }
    return render(request, "ledgers/_row_answer.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def row_page(request, ref, pk):
    """One row whole, to be written in wherever it needs it."""
    the_import = import_or_404(request, ref)
    row = row_or_404(the_import, pk)
    whole = showing.is_open_to(the_import, request.user)
    if request.method == "POST":
        edits = _edits(row, request.POST, whole=whole)
        try:
            if edits:
                staging.edit(the_import, edits=edits, by=request.user, on=timezone.localdate())
        except Refusal as refusal:
            context = {
                "import": the_import,
                "row": row,
                "cells": showing.every_cell(row, whole=whole),
                "refusal": refusal.message,
            }
            return render(request, "ledgers/row.html", context, status=422)
        return redirect(the_import)
    return render(
        request, "ledgers/row.html", {"import": the_import, "row": row, "cells": showing.every_cell(row, whole=whole)}
    )


@login_required
@require_POST
def replace(request, ref):
    """The same text in many cells, as it is to be."""
    the_import = import_or_404(request, ref)
    form = ReplaceForm(request.POST)
    if not form.is_valid():
        sentence = next(iter(form.errors.values()))[0]
        return review_page(request, the_import, refusal=sentence, status=422)
    try:
        count = staging.replace_all(the_import, by=request.user, on=timezone.localdate(), **form.cleaned_data)
    except Refusal as refusal:
        the_import.refresh_from_db()
        return review_page(request, the_import, refusal=refusal.message, status=422)
    words = {"count": count, "new": form.cleaned_data["new"]}
    messages.success(request, _("已把 %(count)d 处改为“%(new)s”") % words)
    return HttpResponseRedirect(_back(request, the_import))


def _glimpse(request, the_import, kind):
    """Every faulty row of the first page, and the first few of what would change."""
    groups = []
    for outcome, many in ((Outcome.ERROR, PAGE), (Outcome.UPDATE, GLIMPSE), (Outcome.NEW, GLIMPSE)):
        total = the_import.counts.get(kind, {}).get(outcome, 0)
        if total:
            rows = list(_rows(the_import, kind).filter(outcome=outcome)[:many])
            groups.append((showing.Group(outcome, outcome.label, total, EXPLAINED.get(outcome, "")), rows))
    columns = showing.columns_for(the_import, kind, [row for _group, rows in groups for row in rows])
    whole = showing.is_open_to(the_import, request.user)
    for group, rows in groups:
        group.lines = [showing.line(row, columns, whole=whole) for row in rows]
    return {"groups": [group for group, _rows in groups], "columns": columns}


def _one_group(request, the_import, kind, show):
    rows = _rows(the_import, kind)
    rows = rows.filter(noted=True) if show == NOTED else rows.filter(outcome=show)
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 10:
        rows = rows.filter(number__gt=int(after))
    found = list(rows[: PAGE + 1])
    shown = found[:PAGE]
    columns = showing.columns_for(the_import, kind, shown)
    label = _("有提示") if show == NOTED else Outcome(show).label
    total = showing.notes_tally(the_import, kind) if show == NOTED else the_import.counts[kind][show]
    whole = showing.is_open_to(the_import, request.user)
    lines = [showing.line(row, columns, whole=whole) for row in shown]
    group = showing.Group(show, label, total, EXPLAINED.get(show, ""), lines)
    return {
        "groups": [group] if shown else [],
        "columns": columns,
        "next_after": shown[-1].number if len(found) > PAGE else None,
    }


def _rows(the_import, kind):
    return StagedRow.objects.of(the_import, kind).select_related("upload").defer("upload__content")


def _others_hang_on(row):
    """Whether rows beside this one may read otherwise now."""
    if row.upload.kind == Kind.ORGANISATIONS:
        return True
    return bool(row.match) and StagedRow.objects.filter(upload=row.upload, match=row.match).exclude(pk=row.pk).exists()


def _meant(row, field, text, *, whole):
    """What was meant by the text of one box: one sent back as it was shown, or covered and blank, changes nothing."""
    column, stands = row.upload.ledger.by_field.get(field), row.written["cells"].get(field, "")
    covered = column is not None and column.mask and not whole
    untouched = text == showing.cut(stands) or (covered and not text.strip())
    return stands if untouched else text


def _edits(row, data, *, whole):
    """What was written into the boxes of the row's page. A masked cell left blank stays as it is."""
    edits = []
    cells, wrong = row.written["cells"], row.errors
    for column in row.upload.ledger.columns:
        text = data.get(column.field)
        if text is None or text.strip() in (cells.get(column.field, ""), showing.cut(cells.get(column.field, ""))):
            continue
        if column.mask and not text.strip() and not (whole and column.field in wrong):
            continue
        edits.append(Edit(row, column.field, text))
    return edits


def _back(request, the_import):
    """Where the reviewer was in the table."""
    return local_path(request, request.POST.get("next", "")) or the_import.get_absolute_url()
