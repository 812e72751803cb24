"""A2, coverage by district and park, and the companies in which an organisation is still to be formed."""

from django.contrib.auth.decorators import login_required
from django.db.models import Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.exports import CSV, Sheet, download
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools
from reports import forming
from reports.asking import PARAMETERS, Asked
from reports.coverage import Coverage
from reports.domain import exports
from reports.figures.planning import by_hashing
from reports.lists import to_form
from reports.views.figures import may_still_take


@login_required
@require_safe
def coverage(request):
    """Tiles and table, the ladder, and the list of what is to be formed, for the scope, day and place asked for."""
    asked = Asked(request)
    numbers = forming.numbers(request.user, asked.where, asked.on)
    with by_hashing():
        board = Coverage(request.user, asked, by=request.GET.get("by", ""), besides=(numbers,))
        table = None if board.is_empty else _to_form(request, asked)
    context = {
        "asked": asked,
        "form": asked.form,
        "board": board,
        "kept": {"by": board.by} if board.by == "park" else {},
        "now": timezone.localtime(),
    }
    if table is None:
        return render(request, "reports/coverage.html", context, status=asked.status)
    counts = forming.numbered(numbers)
    context |= {
        "counts": counts,
        "hidden": max(0, (board.sheet[forming.FIGURE].number or 0) - counts["seen"]),
        "may_take": exports.may_take(request.user, asked.where),
        "csv_query": table.asked.query_with(after=None, before=None),
        "empty": {"words": _("没有应建未建的企业。")},
    }
    return answer(request, Tools(table, counts=counts), "reports/coverage.html", context, status=asked.status)


@login_required
@require_safe
def to_form_csv(request):
    """The list with its reasons and suggestions, for whoever may export from all of the scope.

    What cannot be read of the address is answered by the page.
    """
    asked = Asked(request)
    listing = to_form(asked)
    found = listing.criteria_for(request.user, request.GET, asked.scope)
    if not asked.is_sound or found.errors:
        return coverage(request)
    taken = exports.take_list(
        forming.FIGURE, asked.where, by=request.user, on=asked.on, narrowed=Q(pk__in=found.qs.order_by().values("pk"))
    )
    with by_hashing():
        order = listing.order_of(request.user, request.GET, asked.scope)
        found = forming.weigh(list(forming.dressed(taken).order_by(*order, "pk")), request.user, asked.on)
    headings = [
        _("企业"), _("编号"), _("县市区"), _("园区"), _("职工人数"), _("已知正式党员"), _("列入理由"),
        _("建议组建方式"), _("可与谁联合"), _("建议理由"), _("依据"), _("党建工作指导员"),
    ]  # fmt: skip
    name = _("应建未建-%(day)s") % {"day": asked.on.isoformat()}
    return download(
        CSV,
        name,
        Sheet(_("应建未建"), headings),
        (_cells(one) for one in found),
        still=lambda: may_still_take(request, asked.where),
    )


def _to_form(request, asked):
    """The list of what is still to be formed."""
    table = Table(request, to_form(asked), scope=asked.scope, besides=(*PARAMETERS, "by"))
    table.page, table.count  # noqa: B018 -- asked now, while joins are hashed
    return table


def _cells(one):
    company = one.fact.company
    return [
        company.name, company.code, company.district, company.park, one.fact.staff, one.full, str(one.reason),
        one.suggestion.mode.label, one.partners, one.suggestion.reason, one.suggestion.source, one.fact.advisor,
    ]  # fmt: skip
