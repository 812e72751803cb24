"""A7, the report centre: snapshots, one of them with its proof, two compared, and drawing one now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cells.models import Cell
from core.codes import read_code
from core.exports import XLSX, download
from core.forms import attempt
from core.pagination import page_of
from reports import report, rules
from reports.choices import PeriodKind
from reports.domain import snapshots as deeds
from reports.forms import DrawForm
from reports.models import Snapshot
from reports.querysets import reach

SIZE = 20
TWO = 2


@login_required
@require_safe
def centre(request):
    """The snapshots within reach of one kind, the latest day first; narrowed to the cell chosen as the scope."""
    _require_figures(request)
    return _centre(request)


def _centre(request, *, fault="", status=200):
    kind = request.GET.get("kind", "")
    kind = kind if kind in PeriodKind else PeriodKind.MONTHLY
    scope = getattr(request, "scope", None)
    visible = Snapshot.objects.visible_to(request.user).with_places()
    if scope is not None:
        visible = visible.of(scope)
    context = {
        "page": page_of(request, visible.filter(period_kind=kind), order=("-on", "cell__path", "-pk"), size=SIZE),
        "scope": scope,
        "query": f"?scope={scope.code}" if scope is not None and "scope" in request.GET else "",
        "kind": kind,
        "tabs": _tabs(request, kind),
        "next_month": deeds.next_month(timezone.now()),
        "draw_form": DrawForm(initial={"on": timezone.localdate()}),
        "may_draw": scope is not None and rules.DRAW_SNAPSHOT.allows(request.user, scope),
        "fault": fault,
    }
    return render(request, "reports/centre.html", context, status=status)


def _tabs(request, kind):
    words = {PeriodKind.MONTHLY: _("月报"), PeriodKind.DAILY: _("每日"), PeriodKind.ASKED: _("手动")}
    tabs = []
    for value, name in words.items():
        query = request.GET.copy()
        for gone in ("after", "before", "of"):
            query.pop(gone, None)
        query["kind"] = value
        tabs.append({"words": name, "url": f"?{query.urlencode()}", "current": value == kind})
    return tabs


@login_required
@require_safe
def monthly(request, period):
    """The report of a month at its lasting address, for the cell chosen as the scope."""
    _require_figures(request)
    found = Snapshot.objects.visible_to(request.user).monthly().with_places().filter(period=period)
    scope = getattr(request, "scope", None)
    if scope is not None:
        found = found.of(scope)
    shown = found.order_by("cell__path").first()
    if shown is None:
        raise Http404
    return _shown(request, shown)


@login_required
@require_safe
def snapshot(request, code):
    """The frozen figures, and whether drawing them again gives the same; a month has an address of its own."""
    found = _found(request, code)
    if found.is_monthly:
        return redirect(found)
    return _shown(request, found)


def _shown(request, found):
    before = Snapshot.objects.visible_to(request.user).before(found).first()
    context = {
        "snapshot": found,
        "title": report.title_of(found),
        "lines": report.lines_of(found),
        "verdict": deeds.verify(found),
        "before": before,
        "printing": _printing(request),
        "now": timezone.localtime(),
    }
    return render(request, "reports/snapshot.html", context)


@login_required
@require_safe
def snapshot_xlsx(request, code):
    """The report as a workbook, for whoever may see it: figures, nobody's name."""
    found = _found(request, code)
    sheet, rows = report.sheet_of(found, by=request.user)
    return download(XLSX, sheet.title, sheet, rows)


@login_required
@require_safe
def compare(request):
    """Two snapshots beside one another, named as ``?of=…&of=…``; without two the centre comes back saying so."""
    _require_figures(request)
    found = _compared(request)
    if found is None:
        return _centre(request, fault=_("请勾选两份快照再比较。"), status=422)
    context = {"found": found, "printing": _printing(request), "now": timezone.localtime()}
    return render(request, "reports/compare.html", context)


@login_required
@require_safe
def compare_xlsx(request):
    """The comparison as a workbook; what cannot be compared is answered as by the page."""
    _require_figures(request)
    found = _compared(request)
    if found is None:
        return compare(request)
    sheet, rows = report.comparison_sheet(found, by=request.user)
    return download(XLSX, _("比较 %(old)s %(new)s") % {"old": found.old.code, "new": found.new.code}, sheet, rows)


def _compared(request):
    """The two of the address; each must be within reach. None unless there are two different ones."""
    codes = list(dict.fromkeys(request.GET.getlist("of")))[: TWO + 1]
    chosen = [_found(request, code) for code in codes]
    return report.compare(*chosen) if len(chosen) == TWO else None


def _found(request, code):
    return get_object_or_404(Snapshot.objects.visible_to(request.user).with_places(), code=read_code(code))


def _printing(request):
    return request.GET.get("view") == "print"


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
