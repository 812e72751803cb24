"""Snapshots: those that were drawn, one of them with its proof, and drawing one now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cells.models import Cell
from core.forms import attempt
from core.pagination import page_of
from reports.domain import snapshots as deeds
from reports.figures import FIGURES
from reports.forms import DrawForm
from reports.models import Snapshot
from reports.querysets import reach


@login_required
@require_safe
def snapshots(request):
    """The snapshots within reach, the latest day first; narrowed to the cell chosen as the scope."""
    _require_figures(request)
    found = Snapshot.objects.visible_to(request.user).with_places()
    scope = getattr(request, "scope", None)
    if scope is not None:
        found = found.of(scope)
    page = page_of(request, found, order=("-on", "cell__path", "-pk"))
    return render(request, "reports/snapshots.html", {"page": page, "scope": scope})


@login_required
@require_safe
def snapshot(request, code):
    """The frozen figures, and whether drawing them again gives the same."""
    found = get_object_or_404(Snapshot.objects.visible_to(request.user).with_places(), code=code)
    lines = [_line(FIGURES[key], frozen) for key, frozen in found.figures.items() if key in FIGURES]
    order = list(FIGURES)
    lines.sort(key=lambda line: order.index(line["figure"].key))
    return render(request, "reports/snapshot.html", {"snapshot": found, "lines": lines, "verdict": deeds.verify(found)})


def _line(figure, frozen):
    number = frozen["number"]
    return {"figure": figure, "frozen": frozen, "unit": "" if number is None else figure.unit(number)}


@login_required
@require_POST
def snapshot_draw(request, code):
    """Set the drawing going for a cell within reach; the page of the task shows how far it is."""
    cell = get_object_or_404(Cell.objects.visible_to(request.user), code=code)
    form = DrawForm(request.POST)
    if attempt(form, deeds.ask, cell, by=request.user):
        messages.success(request, _("已开始生成报表快照，可离开本页"))
        return redirect(form.done)
    return render(request, "reports/draw.html", {"cell": cell, "form": form}, status=422)


def _require_figures(request):
    """Whoever sees no figures anywhere has no use for this page."""
    if not reach(request.user):
        raise PermissionDenied
