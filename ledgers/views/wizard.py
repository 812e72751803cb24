"""One import from its files to its result: each state has its page, under one address."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core.errors import Refusal
from core.forms import attempt
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from core.uploading import files_of
from ledgers import kept, rules, showing
from ledgers.choices import ORDER, WRITING, ImportState, Kind, Outcome
from ledgers.domain import at_once, imports, undoing, uploads
from ledgers.domain.imports import NEEDED
from ledgers.domain.uploads import in_order
from ledgers.forms import MappingForm, MoreFilesForm, StartForm
from ledgers.lists import IMPORTS
from ledgers.models import StagedRow
from ledgers.views.reach import acting_cell, import_or_404
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
    scope = request.scope if request.GET.get("scope") else None
    words = _("还没有导入过。下载模板填好，或直接上传现有的台账。")
    empty = {"words": words, "act": _("开始导入"), "url": reverse("ledgers:import-new")}
    return answer(request, Tools(Table(request, IMPORTS, scope=scope)), "ledgers/imports.html", {"empty": empty})


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
        return _columns(request, the_import, refusal=_stopped(the_import))
    if the_import.state == ImportState.DRY_RUN and "show" not in request.GET:
        return render(request, "ledgers/import_trial.html", _context(the_import, 4, trial=_told(the_import.trial)))
    if the_import.is_under_review:
        return review_page(request, the_import)
    if the_import.state == ImportState.DONE and the_import.undo_trial and "show" not in request.GET:
        return render(request, "ledgers/import_undo.html", _undo_context(request, the_import, the_import.undo_trial))
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
        at_once.review(the_import, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        return _columns(request, the_import, forms=forms, refusal=refusal, status=422)
    return redirect(the_import)


@login_required
@require_POST
def import_trial(request, ref):
    """Step four: carry it out and take it back."""
    return _step(request, ref, lambda found: at_once.try_out(found, by=request.user, on=timezone.localdate()))


@login_required
@require_POST
def import_commit(request, ref):
    """Step five: carry it out, in the background."""
    return _step(request, ref, lambda found: imports.begin_commit(found, by=request.user, on=timezone.localdate()))


@login_required
@require_POST
def import_undo_trial(request, ref):
    """What undoing the import would come to."""
    return _step(request, ref, lambda found: at_once.try_undoing(found, by=request.user, on=timezone.localdate()))


@login_required
@require_POST
def import_undo(request, ref):
    """Undo the whole import, in the background."""
    return _step(request, ref, lambda found: undoing.begin(found, by=request.user, on=timezone.localdate()))


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
    try:
        at_once.review_if_clear(the_import, by=request.user, on=timezone.localdate())
    except Refusal as refusal:
        messages.error(request, refusal.message, extra_tags="fix")
    return redirect(the_import)


def _stopped(the_import):
    """Why the review that was a job came to nothing."""
    job = the_import.job
    return Refusal(job.error) if the_import.state == ImportState.MAPPED and job is not None and job.error else None


def _running(request, the_import):
    step = {ImportState.MAPPED: 3, **dict.fromkeys((*WRITING, ImportState.DONE), 5)}.get(the_import.state, 4)
    context = _context(the_import, step)
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
    if the_import.state in (ImportState.UNDOING, ImportState.UNDONE):
        return render(request, "ledgers/import_undone.html", _undo_context(request, the_import, the_import.undone))
    context = _context(
        the_import,
        5,
        may_undo=the_import.state == ImportState.DONE and timezone.localdate() <= the_import.undo_until,
        done=_told(the_import.result, into=the_import.cell if the_import.state == ImportState.DONE else None),
        skipped=[_skipped(row) for row in rows[:SKIPPED_SHOWN]],
        more=len(rows) > SKIPPED_SHOWN,
        wrong_kinds=_wrong_kinds(the_import),
    )
    return render(request, "ledgers/import_result.html", context)


def _undo_context(request, the_import, told):
    """What undoing comes to: counts, and a page of what stays."""
    everything = told.get("kept", [])
    asked = request.GET.get("from", "")
    start = int(asked) if asked.isdecimal() and len(asked) < 6 else 0
    shown = everything[start : start + LISTED]
    return _context(
        the_import,
        5,
        counted=kept.counted(told),
        stays=kept.named(the_import, shown, request.user),
        stay=told.get("stay", 0),
        unlisted=told.get("stay", 0) - len(everything),
        previous=max(start - LISTED, 0) if start else None,
        following=start + LISTED if start + LISTED < len(everything) else None,
        last_day=the_import.undo_until,
        tried_at=parse_datetime(told.get("tried_at", "")),
    )


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
