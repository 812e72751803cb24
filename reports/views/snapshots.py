"""A7, the report centre: snapshots, one of them with its proof, two compared, and drawing one now."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cells.models import Cell
from core.codes import read_code
from core.exports import XLSX, download
from core.forms import attempt
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from reports import report, rules
from reports.choices import PeriodKind
from reports.domain import snapshots as deeds
from reports.forms import DrawForm
from reports.lists import SNAPSHOTS
from reports.models import Snapshot
from reports.querysets import reach

TWO = 2


@login_required
@require_safe
def centre(request):
    """The snapshots within reach of one kind, the latest day first; narrowed to the cell chosen as the scope."""
    _require_figures(request)
    return _centre(request)


def _centre(request):
    scope = getattr(request, "scope", None)
    table = Table(request, SNAPSHOTS, scope=scope)
    kind = request.GET.get("kind", "")
    kind = kind if kind in PeriodKind else PeriodKind.MONTHLY
    next_month = deeds.next_month(timezone.now())
    moment = f"{timezone.localtime(next_month):%m-%d %H:%M}"
    context = {
        "scope": scope,
        "query": f"?scope={scope.code}" if scope is not None and "scope" in request.GET else "",
        "tabs": _tabs(request, kind),
        "draw_form": DrawForm(initial={"on": timezone.localdate()}),
        "may_draw": scope is not None and rules.DRAW_SNAPSHOT.allows(request.user, scope),
        "note": _("下一份将在 %(moment)s 生成") % {"moment": moment} if kind == PeriodKind.MONTHLY else "",
        # Of a kind there is none yet: that is no matter of what was asked.
        "none_yet": set(table.narrowing) <= {"kind"} and not table.errors and not table.page.rows,
        "empty": {"words": _none_yet(kind, moment)},
    }
    return answer(request, Tools(table), "reports/centre.html", context)


def _none_yet(kind, moment):
    if kind == PeriodKind.MONTHLY:
        return _("首个快照将在 %(moment)s 生成。") % {"moment": moment}
    daily = kind == PeriodKind.DAILY
    return _("还没有每日快照，每天 02:00 自动生成。") if daily else _("还没有手动生成的快照。")


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
    """Two snapshots beside one another, named as ``?of=…&of=…``; without two a word, and the way back to them."""
    _require_figures(request)
    found = _compared(request)
    if found is None:
        asked = QueryDict(request.GET.get("found", ""), mutable=True)
        if "scope" in request.GET:
            asked["scope"] = request.GET["scope"]
        context = {"fault": _("请勾选两份快照再比较。"), "back": SNAPSHOTS.address(asked.urlencode())}
        return render(request, "reports/compare_none.html", context, status=422)
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
