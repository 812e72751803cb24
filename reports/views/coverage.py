"""A2, coverage by district and park, and the companies in which an organisation is still to be formed."""

from dataclasses import replace

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core.exports import CSV, Sheet, download
from core.pagination import page_of
from core.templatetags.ui import thin
from reports import forming
from reports.asking import Asked
from reports.coverage import Coverage
from reports.domain import exports
from reports.figures.planning import by_hashing
from reports.views.figures import may_still_take

SIZE = 20
ANCHOR = "#to-form"


@login_required
@require_safe
def coverage(request):
    """Tiles and table, the ladder, and the list of what is to be formed, for the scope, day and place asked for."""
    asked = Asked(request)
    board = Coverage(request.user, asked, by=request.GET.get("by", ""))
    context = {
        "asked": asked,
        "form": asked.form,
        "board": board,
        "kept": {"by": board.by} if board.by == "park" else {},
        "now": timezone.localtime(),
        **({} if board.is_empty else _to_form(request, asked, board)),
    }
    return render(request, "reports/coverage.html", context, status=asked.status)


@login_required
@require_safe
def to_form_csv(request):
    """The list with its reasons and suggestions, for whoever may export from all of the scope."""
    asked = Asked(request)
    if not asked.is_sound:
        return coverage(request)
    taken = exports.take_list(
        forming.FIGURE, asked.where, by=request.user, on=asked.on, narrowed=_narrowed(_reason(request))
    )
    with by_hashing():
        rows = list(forming.dressed(taken).order_by(*forming.ORDERS[_sort(request)], "pk"))
        found = forming.weigh(rows, request.user, asked.where, asked.on)
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


def _to_form(request, asked, board):
    reason, sort = _reason(request), _sort(request)
    rows = forming.candidates(request.user, asked.where, asked.on)
    narrowed = rows.filter(_narrowed(reason))
    with by_hashing():
        page = page_of(request, forming.dressed(narrowed), order=forming.ORDERS[sort], size=SIZE)
        found = forming.weigh(page.rows, request.user, asked.where, asked.on)
        counts = rows.aggregate(
            seen=Count("pk"), **{key: Count("pk", filter=also) for key, (_words, also) in forming.REASONS.items()}
        )
    shown = counts[reason] if reason else counts["seen"]
    return {
        "rows": [(one, forming.act_on(one, request.user)) for one in found],
        "page": replace(page, next=_anchored(page.next), previous=_anchored(page.previous)),
        "chips": _chips(board, reason, sort, counts),
        "counts": counts,
        "hidden": max(0, (board.sheet[forming.FIGURE].number or 0) - counts["seen"]),
        "shown": _("共 %(number)s 家") % {"number": thin(shown)},
        "may_take": exports.may_take(request.user, asked.where),
        "csv_query": asked.query(reason=reason, sort=sort),
    }


def _chips(board, reason, sort, counts):
    """The reasons, each with how many there are and the address that sets or lifts it."""
    return [
        {
            "words": words,
            "on": key == reason,
            "count": counts[key],
            "url": board.query(reason=None if key == reason else key, sort=sort) + ANCHOR,
        }
        for key, (words, _also) in forming.REASONS.items()
    ]


def _cells(one):
    company = one.fact.company
    return [
        company.name, company.code, company.district, company.park, one.fact.staff, one.full, str(one.reason),
        one.suggestion.mode.label, one.partners, one.suggestion.reason, one.suggestion.source, one.fact.advisor,
    ]  # fmt: skip


def _reason(request):
    asked = request.GET.get("reason", "")
    return asked if asked in forming.REASONS else ""


def _narrowed(reason):
    return forming.REASONS[reason][1] if reason else Q()


def _sort(request):
    asked = request.GET.get("sort", "")
    return asked if asked in forming.ORDERS else ""


def _anchored(address):
    return address and address + ANCHOR
