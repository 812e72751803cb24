"""党组织: the list, one cell on one page, and how it was on another day."""

from django.contrib.auth.decorators import login_required
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from audit import reading
from audit import views as audit
from audit.models import Entry
from cells import quality, rules, setup
from cells.choices import CellKind, PolicyItem
from cells.domain import appointments, reveals
from cells.forms import HistoryForm
from cells.lists.cells import CELLS, IN_TREE_ORDER, TREE
from cells.models import Appointment, Cell, Company, Placement, Policy
from cells.querysets import policy_values
from core.lists.pages import answer
from core.lists.table import Table
from core.lists.tools import Tools, Turn
from core.together import number_of, read_together

DEEPEST = 5
CHILDREN = 50


@login_required
@require_safe
def cell_list(request):
    """The organisations within reach: as a tree, until something is asked of them."""
    flat = Table(request, CELLS, scope=request.scope)
    as_tree = not (flat.is_filtered or request.GET.get("sort") or request.GET.get("view") == "flat")
    table = Table(request, TREE, scope=request.scope, order=IN_TREE_ORDER) if as_tree else flat
    context = {
        "may_found": rules.KEEP_CELL.anywhere(request.user),
        "may_import": rules.IMPORT_INTO.anywhere(request.user),
        "caption": _("党组织，按隶属关系排列") if as_tree else _("党组织"),
    }
    context["empty"] = _no_cells_yet(**{name: context[name] for name in ("may_found", "may_import")})
    return answer(request, Tools(table, more=_tree_or_flat(flat, as_tree)), "cells/cells.html", context)


def _tree_or_flat(table, as_tree):
    """The chip by which the list is set in as a tree, or not."""
    if as_tree:
        return [Turn(_("按隶属关系"), table.asked.address(view="flat", sort=None), True)]
    if table.is_filtered:
        return []
    return [Turn(_("按隶属关系"), table.asked.address(view=None, sort=None))]


def _no_cells_yet(*, may_found, may_import):
    if not may_found:
        return {"words": _("这里还没有您可以查看的党组织。请联系上级党组织。")}
    other = {"other": _("从 Excel 导入"), "other_url": reverse("ledgers:import-new")} if may_import else {}
    words = _("还没有党组织。可以从 Excel 导入，或逐个新建。")
    return {"words": words, "act": _("新建党组织"), "url": reverse("cells:cell-found"), **other}


@login_required
@require_safe
def cell(request, code):
    today = timezone.localdate()
    cells = Cell.objects.visible_to(request.user).select_related("parent", "merged_into")
    shown = get_object_or_404(cells.with_term().with_members(), code=code)
    sets_up = not shown.dissolved_on and shown.kind != CellKind.GROUP and rules.SET_UP.allows(request.user, shown)
    may_see_trail = rules.SEE_TRAIL.allows(request.user, shown)
    asked = _asked_of(shown, request.user, today, trail=may_see_trail)
    known = setup.Known(shown, today)
    read_together(*asked.values(), *(known.asked if sets_up else ()))
    order = appointments.offices_in(shown)
    officers = sorted(asked["officers"], key=lambda row: (*order, row.office).index(row.office))
    term, policy = next(iter(asked["terms"]), None), policy_values(asked["policies"])
    context = {
        "cell": shown,
        "above": asked["above"],
        "officers": officers,
        "fillable": [] if shown.dissolved_on else appointments.offices_fillable(shown, request.user),
        "term": term,
        "term_status": quality.term_status(term.due_on if term else None, today, notice=policy[PolicyItem.TERM_NOTICE]),
        "remarks": quality.remarks(shown, offices={row.office for row in officers}, on=today, policy=policy),
        "children": asked["children"],
        "inferiors": sum(asked["inferiors"]),
        "covered": asked["covered"],
        "kept": sum(asked["kept"]),
        "may_keep": rules.KEEP_CELL.allows(request.user, shown) and not shown.dissolved_on,
        "may_reveal": reveals.may_call_cell(request.user, shown),
        "may_see_trail": may_see_trail,
    }
    if sets_up:
        context["setup"] = known.listed
    if may_see_trail:
        context["readings"] = [reading.read(entry) for entry in asked["entries"]]
    return render(request, "cells/cell.html", context)


def _asked_of(shown, user, today, *, trail):
    """What the sections of the page show, to be read together."""
    companies = Company.objects.visible_to(user).filter(voided_at__isnull=True)
    return {
        "above": Cell.objects.visible_to(user).above(shown),
        "officers": shown.appointments.in_force(today).select_related("holder"),
        "terms": shown.terms.current().order_by("pk")[:1],
        "policies": Policy.objects.set_on(today),
        "children": _children(shown, today),
        "inferiors": number_of(shown.children.standing()),
        "covered": companies.filter(cover_cell=shown).order_by("name_pinyin")[:21],
        "kept": number_of(companies.filter(keeper=shown)),
        "entries": audit.latest(_entries(shown) if trail else Entry.objects.none(), limit=6),
    }


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
