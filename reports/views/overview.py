"""A1, the overview, and its figures as files."""

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.exports import CSV, Sheet, download
from reports import rules
from reports.asking import Asked
from reports.board import Board
from reports.figures import FIGURES
from reports.figures.districts import BASIC, read_districts, read_parks
from reports.figures.trend import SHOWN, month_ends, read_trend
from reports.forms import DrawForm


@login_required
@require_safe
def overview(request):
    """Six figures, each with its list one click away, for the scope, day, district and park of the address."""
    asked = Asked(request)
    cell, board = asked.where.cell, Board(request.user, asked)
    context = {
        "asked": asked,
        "form": asked.form,
        "board": board,
        "now": timezone.localtime(),
        "latest": board.latest,
        "draw_form": DrawForm(initial={"on": asked.on}),
        "may_draw": cell is not None and rules.DRAW_SNAPSHOT.allows(request.user, cell),
        "chart_script": settings.ZHIBU_CHART_SCRIPT,
    }
    return render(request, "reports/overview.html", context, status=asked.status)


@login_required
@require_safe
def trend_csv(request):
    """The two years as a file; a faulty address is answered by the page."""
    asked = Asked(request)
    if not asked.is_sound:
        return overview(request)
    points = read_trend(asked.where, month_ends(asked.on))
    sheet = Sheet(_("近 24 个月"), [_("截至"), *(str(FIGURES[key].words) for key in SHOWN)])
    rows = ([point.on, *(point[key] for key in SHOWN)] for point in points)
    return download(CSV, _("趋势-%(day)s") % {"day": asked.on.isoformat()}, sheet, rows)


@login_required
@require_safe
def districts_csv(request):
    """The districts, or with ``?by=park`` the parks, as a file; what is withheld on the page is withheld here."""
    asked = Asked(request)
    if not asked.is_sound:
        return overview(request)
    by_park = request.GET.get("by") == "park"
    keys = (*BASIC, "should_build_gap")
    areas = (read_parks if by_park else read_districts)(asked.where, asked.on, keys=keys)
    headings = [
        _("园区") if by_park else _("县市区"), _("企业"), _("实体运营企业"), _("组织覆盖企业"), _("组织覆盖率"),
        _("应建未建"),
    ]  # fmt: skip
    rows = (
        [
            area.name or _("未注明"),
            area.companies,
            area.operating,
            area.covered,
            _("样本小") if area.is_small else area.rate,
            area.counts["should_build_gap"],
        ]
        for area in areas
    )
    name = _("分区覆盖-%(day)s") % {"day": asked.on.isoformat()}
    return download(CSV, name, Sheet(_("分区组织覆盖"), headings), rows)
