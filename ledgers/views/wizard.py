"""One import from its files to its result: each state has its page, under one address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal
from core.forms import attempt
from core.uploading import files_of
from ledgers import rules, showing
from ledgers.choices import ORDER, ImportState, Kind, Outcome
from ledgers.domain import imports, uploads
from ledgers.domain.imports import NEEDED
from ledgers.domain.uploads import in_order
from ledgers.forms import MappingForm, MoreFilesForm, StartForm
from ledgers.models import Import, StagedRow
from ledgers.views.reach import acting_cell, import_or_404, review, try_out
from ledgers.views.review import review_page

LISTED = 50
SKIPPED_SHOWN = 100
LISTS = {Kind.ORGANISATIONS: "cells:cells", Kind.COMPANIES: "cells:companies", Kind.MEMBERS: "members:members"}


@login_required
@require_safe
def import_list(request):
    """Imports for the cells within the person's reach, the latest first."""
    if not rules.IMPORT_INTO.anywhere(request.user):
        raise PermissionDenied
    found = Import.objects.visible_to(request.user).select_related("cell", "by")
    if request.GET.get("scope") and request.scope:
        found = found.filter(cell__path__startswith=request.scope.path)
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        found = found.filter(pk__lt=int(before))
    page = list(found[: LISTED + 1])
    older = page[LISTED - 1].pk if len(page) > LISTED else None
    return render(request, "ledgers/imports.html", {"imports": page[:LISTED], "older": older})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def import_new(request):
    """Steps one and two: templates, and the files."""
    if not rules.IMPORT_INTO.anywhere(request.user):
        raise PermissionDenied
    today = timezone.localdate()
    if request.method == "POST":
        form = StartForm(request.POST, files_of(request), user=request.user)
        if attempt(form, uploads.begin, by=request.user, on=today):
            return _onwards(request, form.done)
        return _new(request, form, status=422)
    cell = acting_cell(request)
    return _new(request, StartForm(user=request.user, initial={"cell": cell, "as_of": today}))


@login_required
@require_safe
def import_page(request, ref):
    """The page of the state the import is in."""
    the_import = import_or_404(request, ref)
    if the_import.is_busy:
        return _running(request, the_import)
    if request.htmx and request.GET.get("watch"):
        return HttpResponse(headers={"HX-Refresh": "true"})
    if the_import.state in (ImportState.UPLOADED, ImportState.MAPPED):
        return _columns(request, the_import)
    if the_import.state == ImportState.DRY_RUN and "show" not in request.GET:
        return render(request, "ledgers/import_trial.html", _context(the_import, 4, trial=_told(the_import.trial)))
    if the_import.is_under_review:
        return review_page(request, the_import)
    return _result(request, the_import)


@login_required
@require_POST
def import_files(request, ref):
    """More files, or corrected ones."""
    the_import = import_or_404(request, ref)
    form = MoreFilesForm(request.POST, files_of(request))
    if attempt(form, uploads.upload, the_import, by=request.user, on=timezone.localdate()):
        return _onwards(request, import_or_404(request, ref))
    return _columns(request, the_import, more=form, status=422)


@login_required
@require_POST
def import_columns(request, ref):
    """Which column feeds which field."""
    the_import = import_or_404(request, ref)
    forms = _mapping_forms(the_import, request.POST)
    if not all(form.is_valid() for form in forms):
        return _columns(request, the_import, forms=forms, status=422)
    mappings = {form.upload.pk: form.mapping() for form in forms}
    try:
        the_import = uploads.map_columns(the_import, mappings=mappings, by=request.user, on=timezone.localdate())
        review(the_import, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        return _columns(request, the_import, forms=forms, refusal=refusal, status=422)
    return redirect(the_import)


@login_required
@require_POST
def import_trial(request, ref):
    """Step four: carry it out and take it back."""
    return _step(request, ref, lambda found: try_out(found, by=request.user, on=timezone.localdate()))


@login_required
@require_POST
def import_commit(request, ref):
    """Step five: carry it out, in the background."""
    return _step(request, ref, lambda found: imports.begin_commit(found, by=request.user, on=timezone.localdate()))


@login_required
@require_POST
def import_abandon(request, ref):
    """Give it up; nothing was written."""
    answer = _step(request, ref, lambda found: imports.abandon(found, by=request.user, on=timezone.localdate()))
    messages.success(request, _("已放弃导入 %(ref)s，没有写入任何内容") % {"ref": ref})
    return answer


def _step(request, ref, deed):
    the_import = import_or_404(request, ref)
    try:
        deed(the_import)
    except Refusal as refusal:
        the_import.refresh_from_db()
        if the_import.is_under_review:
            return review_page(request, the_import, refusal=refusal.message, status=422)
        messages.error(request, refusal.message, extra_tags="fix")
    return redirect(the_import)


def _onwards(request, the_import):
    """To the columns where one is not recognised, else straight to the review."""
    if any(one.unknown or one.missing for one in the_import.uploads.defer("content")):
        return redirect(the_import)
    review(the_import, by=request.user, on=timezone.localdate())
    return redirect(the_import)


def _running(request, the_import):
    context = _context(the_import, {ImportState.COMMITTING: 5, ImportState.MAPPED: 3}.get(the_import.state, 4))
    template = "ledgers/_running.html" if request.htmx else "ledgers/import_running.html"
    return render(request, template, context)


def _new(request, form, status=200):
    cell = acting_cell(request)
    kinds = [kind for kind in Kind if cell is not None and NEEDED[kind].allows(request.user, cell)] or [Kind.MEMBERS]
    context = {
        "form": form,
        "steps": showing.steps(),
        "step": 2,
        "kinds": kinds,
        "cell": cell,
        "may_fill": cell is not None and rules.EXPORT_FROM.allows(request.user, cell),
    }
    return render(request, "ledgers/import_new.html", context, status=status)


def _columns(request, the_import, *, forms=None, more=None, refusal=None, status=200):
    context = _context(
        the_import, 2, forms=forms or _mapping_forms(the_import), more=more or MoreFilesForm(), refusal=refusal
    )
    return render(request, "ledgers/import_columns.html", context, status=status)


def _mapping_forms(the_import, data=None):
    return [MappingForm(data, upload=one) for one in in_order(list(the_import.uploads.defer("content")))]


def _result(request, the_import):
    skipped = StagedRow.objects.of(the_import).filter(outcome=Outcome.ERROR).select_related("upload")
    rows = list(skipped.defer("upload__content")[: SKIPPED_SHOWN + 1])
    context = _context(
        the_import,
        5,
        done=_told(the_import.result, into=the_import.cell if the_import.state == ImportState.DONE else None),
        skipped=[_skipped(row) for row in rows[:SKIPPED_SHOWN]],
        more=len(rows) > SKIPPED_SHOWN,
        wrong_kinds=_wrong_kinds(the_import),
    )
    return render(request, "ledgers/import_result.html", context)


def _skipped(row):
    columns, cells = row.upload.ledger.by_field, row.written["cells"]
    sentences = [(columns[name].label, words) for name, severity, words in row.found["remarks"] if severity == "error"]
    return {"row": row, "name": cells.get("name", ""), "sentences": sentences}


def _wrong_kinds(the_import):
    """The ledgers of which there still is a sheet of problems to fetch."""
    if the_import.cleared_at:
        return []
    return [Kind(kind) for kind, counts in the_import.counts.items() if counts.get(Outcome.ERROR)]


def _told(result, into=None):
    """What a run did, ledger by ledger; with ``into``, where it can be seen now."""
    done = result.get("done", {})
    lines = [
        {
            "kind": kind.label,
            "new": done[kind].get(Outcome.NEW, 0),
            "update": done[kind].get(Outcome.UPDATE, 0),
            "url": f"{reverse(LISTS[kind])}?scope={into.code}" if into else "",
        }
        for kind in ORDER
        if kind in done
    ]
    return {**result, "lines": [line for line in lines if line["new"] or line["update"]]}


def _context(the_import, step, **more):
    files = in_order(list(the_import.uploads.defer("content")))
    return {"import": the_import, "uploads": files, "steps": showing.steps(), "step": step, **more}
