"""党组织: the list, one cell on one page, and how it was on another day."""

from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit import views as audit
from audit.models import Entry
from cells import quality, rules
from cells.choices import CellKind
from cells.domain import appointments
from cells.forms import CellFilterForm, HistoryForm
from cells.models import Appointment, Cell, Company, Placement
from core.codes import read_code
from core.names import name_filter
from core.pagination import count_up_to, page_of

ORDERS = {
    "": ["name_pinyin"],
    "name": ["name_pinyin"],
    "-name": ["-name_pinyin"],
    "code": ["pk"],
    "-code": ["-pk"],
    "kind": ["kind", "name_pinyin"],
    "-kind": ["-kind", "name_pinyin"],
    "due": ["due_on"],
    "-due": ["-due_on"],
}
DEEPEST = 5
CHILDREN = 50


@login_required
@require_safe
def cell_list(request):
    today = timezone.localdate()
    form = CellFilterForm(request.GET)
    form.is_valid()
    wanted = form.cleaned_data
    cells = Cell.objects.visible_to(request.user)
    if request.scope:
        cells = cells.under(request.scope)
    narrowed = _narrowed(cells.with_term(), wanted, today)
    filtered = any(wanted.get(name) for name in ("q", "kind", "term", "standing"))
    sort = request.GET.get("sort", "")
    as_tree = not filtered and wanted.get("view") != "flat" and sort not in ORDERS.keys() - {""}
    order = ["tree_order"] if as_tree else ORDERS.get(sort, ORDERS[""])
    page = page_of(request, narrowed.in_tree_order() if as_tree else narrowed, order=order, size=50)
    context = {
        "rows": _rows(page.rows, today, as_tree),
        "page": page,
        "count": count_up_to(narrowed),
        "filter": form,
        "chips": _chips(request, wanted),
        "kinds": _kinds(request, wanted),
        "as_tree": as_tree,
        "filtered": filtered,
        "sort": sort,
        "may_found": rules.KEEP_CELL.anywhere(request.user),
        "may_import": rules.IMPORT_INTO.anywhere(request.user),
    }
    return render(request, "cells/_cells.html" if request.htmx else "cells/cells.html", context)


def _narrowed(cells, wanted, today):
    cells = cells.filter(dissolved_on__isnull=wanted.get("standing") != "dissolved")
    if wanted.get("kind"):
        cells = cells.filter(kind=wanted["kind"])
    if wanted.get("term") == "expired":
        cells = cells.filter(due_on__lt=today)
    if wanted.get("term") == "soon":
        cells = cells.filter(due_on__range=(today, today + quality.REMINDER))
    if wanted.get("q"):
        code = read_code(wanted["q"])
        cells = cells.filter(code=code) if code else cells.filter(name_filter(wanted["q"]))
    return cells


def _rows(cells, today, as_tree):
    """What a page shows of its cells, looked up for these alone."""
    keys = [cell.pk for cell in cells]
    known = Cell.objects.filter(pk__in=keys).select_related("parent").with_secretary(today).with_term().with_members()
    by_key = {cell.pk: cell for cell in known}
    top = min((cell.depth for cell in by_key.values()), default=0)
    return [
        {
            "cell": by_key[key],
            "term": quality.term_status(by_key[key].due_on, today),
            "step": min(by_key[key].depth - top, DEEPEST) if as_tree else 0,
        }
        for key in keys
    ]


def _chips(request, wanted):
    """The filters one click away, each with the address that sets or lifts it."""
    choices = (
        ("term", "expired", _("已届满")),
        ("term", "soon", _("半年内届满")),
        ("standing", "dissolved", _("已撤销")),
    )
    return [
        {"words": words, "on": wanted.get(name) == value, "url": _address(request, name, value, wanted)}
        for name, value, words in choices
    ]


def _kinds(request, wanted):
    return [
        {"words": label, "on": wanted.get("kind") == value, "url": _address(request, "kind", value, wanted)}
        for value, label in CellKind.choices
    ]


def _address(request, name, value, wanted):
    query = request.GET.copy()
    for gone in ("after", "before", name):
        query.pop(gone, None)
    if wanted.get(name) != value:
        query[name] = value
    return f"?{query.urlencode()}" if query else request.path


@login_required
@require_safe
def cell(request, code):
    today = timezone.localdate()
    cells = Cell.objects.visible_to(request.user).select_related("parent", "merged_into")
    shown = get_object_or_404(cells.with_term().with_members(), code=code)
    officers = list(shown.appointments.in_force(today).select_related("holder"))
    order = appointments.offices_in(shown)
    officers.sort(key=lambda row: order.index(row.office) if row.office in order else len(order))
    term = shown.terms.current().first()
    companies = Company.objects.visible_to(request.user).filter(voided_at__isnull=True)
    context = {
        "cell": shown,
        "above": Cell.objects.visible_to(request.user).above(shown),
        "officers": officers,
        "fillable": [] if shown.dissolved_on else appointments.offices_fillable(shown, request.user),
        "term": term,
        "term_status": quality.term_status(term.due_on if term else None, today),
        "remarks": quality.remarks(shown, offices={row.office for row in officers}, on=today),
        "children": _children(shown, today),
        "inferiors": shown.children.standing().count(),
        "covered": list(companies.filter(cover_cell=shown).order_by("name_pinyin")[:21]),
        "kept": companies.filter(keeper=shown).count(),
        "may_keep": rules.KEEP_CELL.allows(request.user, shown) and not shown.dissolved_on,
        "may_reveal": rules.REVEAL_CELL.allows(request.user, shown),
        "may_see_trail": rules.SEE_TRAIL.allows(request.user, shown),
    }
    if context["may_see_trail"]:
        context["readings"] = audit.timeline(_entries(shown), limit=6)
    return render(request, "cells/cell.html", context)


def _children(shown, today):
    """The first of the cells just below; the list has them all."""
    below = Cell.objects.filter(parent=shown).standing().in_tree_order().order_by("tree_order")
    return below.with_secretary(today).with_members()[:CHILDREN]


@login_required
@require_safe
def history(request, code):
    shown = get_object_or_404(Cell.objects.visible_to(request.user).select_related("parent"), code=code)
    form = HistoryForm(request.GET or None)
    day = form.cleaned_data["on"] if form.is_bound and form.is_valid() else None
    placements = shown.placements.standing().select_related("parent").order_by("-valid")
    context = {
        "cell": shown,
        "form": form,
        "day": day,
        "placements": placements,
        "may_see_trail": rules.SEE_TRAIL.allows(request.user, shown),
    }
    if day:
        context |= _as_it_was(shown, day)
    if context["may_see_trail"]:
        context["readings"] = audit.timeline(_entries(shown), limit=100)
    return render(request, "cells/history.html", context, status=422 if form.errors else 200)


def _as_it_was(shown, day):
    """The cell's place on a day, what stood above and below it then, and the first day anything is known."""
    was = Placement.objects.as_of(day).filter(cell=shown).select_related("parent").first()
    context = {"was": was, "first_day": shown.placements.first_day()}
    if was:
        below = Placement.objects.as_of(day).under(was.path).exclude(cell=shown).select_related("cell")
        context["below"] = [
            {"placement": row, "step": min(row.path.count("/") - was.path.count("/") - 1, DEEPEST)} for row in below
        ]
    return context


def _entries(shown):
    """The trail of a cell and of the offices in it."""
    offices = Q(
        thing_type=ContentType.objects.get_for_model(Appointment),
        thing_id__in=Appointment.objects.filter(cell=shown).values("pk"),
    )
    return Entry.objects.filter(Q(thing_type=ContentType.objects.get_for_model(Cell), thing_id=shown.pk) | offices)
