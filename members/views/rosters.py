"""S2: the roster of one cell, and the same for everything within reach."""

from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cells.choices import BRANCHES, CellKind
from cells.models import Cell
from cells.rules import IMPORT_INTO
from core.lists.pages import answer
from core.lists.table import Grouping, Table
from core.lists.tools import Tools, Turn
from core.pagination import capped
from members import lists, rules
from members.choices import Standing
from members.querysets import BY_CELL


@dataclass(frozen=True)
class Group:
    """The members of one 党小组, or those of the branch that are in none."""

    cell: int
    name: str
    kind: str
    leader: str | None
    total: int
    full: int
    probationary: int

    @property
    def head(self):
        return self.name if self.kind == CellKind.GROUP else _("未编入党小组")

    @property
    def note(self):
        numbers = {"total": self.total, "full": self.full, "probationary": self.probationary}
        words = _("%(total)d 人，正式 %(full)d，预备 %(probationary)d") % numbers
        return words + (_("　组长 %(name)s") % {"name": self.leader} if self.leader else "")


@login_required
@require_safe
def members(request):
    """Everybody within reach, or in the scope chosen."""
    if not (rules.SEE_MEMBER.anywhere(request.user) or rules.SEE_CONTACTS.anywhere(request.user)):
        return render(request, "members/no_roster.html", status=403)
    cell = request.scope
    full_view = _sees_roster(request.user, cell) if cell else rules.SEE_MEMBER.anywhere(request.user)
    return _show(request, cell, full_view, wide=True)


@login_required
@require_safe
def roster(request, code):
    """The roster of one cell and of what is below it."""
    cell = get_object_or_404(Cell.objects.visible_to(request.user), code=code)
    if not _sees_roster(request.user, cell) and not rules.SEE_CONTACTS_OF.allows(request.user, cell):
        raise PermissionDenied
    return _show(request, cell, _sees_roster(request.user, cell), wide=False)


def _sees_roster(user, cell):
    return rules.SEE_ROSTER.allows(user, cell)


def _show(request, cell, full_view, *, wide):
    listing = lists.ROSTER if full_view else lists.CONTACTS
    here = listing.reach(request.user, cell).current()
    groups = _groups(request, here, cell) if full_view else {}
    grouping = _grouping(groups, cell)
    # Who left is on the list to be read, not to be moved.
    standing = not request.GET.get("standing")
    order = _usual(request, cell)
    table = Table(request, listing, scope=cell, grouping=grouping, order=order, may_choose=standing, besides=("flat",))
    tally = here.tally(_total(request, cell, groups) if full_view else None)
    if not (table.is_filtered or table.printing):
        table.count = tally["total"]
    may_keep = lists.keeps(request.user, cell)
    context = {
        "cell": cell,
        "wide": wide,
        "full_view": full_view,
        "tally": tally,
        "may_keep": may_keep,
        "may_import": IMPORT_INTO.anywhere(request.user),
        "caption": _("%(cell)s名册") % {"cell": cell} if cell else _("名册"),
        "note": _("手机号按规定掩码，逐个查看会留下记录") if full_view else "",
        "empty": _nobody_yet(request.user, cell, may_keep),
    }
    return answer(request, Tools(table, counts=tally, more=_regrouping(table)), "members/roster.html", context)


def _usual(request, cell):
    """Many cells together are listed cell by cell, unless an order or somebody is asked for.

    So a page is read along the tree, and costs the same wherever one is and however many there are.
    """
    asked = request.GET.get("sort") or request.GET.get("q")
    return () if asked or lists.is_branch(cell) else BY_CELL


def _total(request, cell, groups):
    """How many are here, if it is known from the groups; else counted by a statement that is worked out already."""
    if groups:
        return capped(sum(group.total for group in groups.values()))
    ready, seen_in = lists.ROSTER.ready
    return ready.count(seen_in(request.user, cell))


def _groups(request, here, cell):
    """The groups of a branch by their cells, with how many are in each; none elsewhere, or where not wanted.

    Who left may have been in a group that nobody is in now.
    """
    if not cell or cell.kind not in BRANCHES or request.GET.get("flat") or not _is_of_those_here(request):
        return {}
    return {row["cell"]: Group(**row) for row in here.group_tally(timezone.localdate())}


def _grouping(groups, cell):
    """The groups of a branch as heads of the list; None where it has none."""
    if not groups or set(groups) <= {cell.pk}:
        return None
    return Grouping(
        key=lambda place: place.cell_id,
        order=("cell__path",),
        heads=lambda place: _head(groups.get(place.cell_id), place),
    )


def _is_of_those_here(request):
    return request.GET.get("standing") in (None, "", Standing.NORMAL)


def _head(group, place):
    """The name of a group and its note; without one where somebody came into it just now."""
    return (group.head, group.note) if group else (place.cell.name, "")


def _regrouping(table):
    """The chip by which a branch is listed by its groups, or without them."""
    if table.grouping:
        return [Turn(_("按党小组分组"), table.asked.address(flat="1"), True)]
    if table.scope and table.scope.kind in BRANCHES and table.request.GET.get("flat"):
        return [Turn(_("按党小组分组"), table.asked.address(flat=None))]
    return []


def _nobody_yet(user, cell, may_keep):
    """What a roster without anybody says, and the ways to begin one."""
    start = {"act": _("从 Excel 导入"), "url": reverse("ledgers:import-new")}
    if may_keep:
        other = {"other": _("补录一名"), "other_url": reverse("members:member-enrol", args=[cell.code])}
        return {"words": _("还没有党员。可以从 Excel 导入，或逐个补录。"), **start, **other}
    if IMPORT_INTO.anywhere(user):
        return {"words": _("还没有党员。可以从 Excel 导入，或逐个补录。"), **start}
    return {"words": _("还没有党员。")}
