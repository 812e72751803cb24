"""S2: the roster of one cell, and the same for everything within reach."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from cells.choices import BRANCHES, CellKind, Office
from cells.models import Appointment, Cell
from cells.rules import IMPORT_INTO
from core.errors import Refusal
from core.forms import attempt
from core.pagination import Page, page_of
from members import rules
from members.choices import Category, Standing
from members.domain import lookups, places
from members.domain.lines import HOMES
from members.forms import MORE, PlaceManyForm, RosterFilterForm
from members.models import Membership

ORDERS = {
    "name": "member__name_pinyin",
    "birth": "member__birth_date",
    "joined": "member__joined_on",
    "converted": "member__converted_on",
}
PRINTED = 2000
MOST_TOGETHER = 500
# A list has no room for 大学本科毕业; what is not here stands as the table of codes has it.
SCHOOLING = {
    "11": gettext_lazy("博士"),
    "14": gettext_lazy("硕士"),
    "21": gettext_lazy("本科"),
    "31": gettext_lazy("大专"),
    "41": gettext_lazy("中专"),
    "61": gettext_lazy("高中"),
}
PROBATION_NOTICE = timedelta(days=62)


@dataclass(frozen=True)
class Row:
    """One line of a roster. ``tips`` are (kind of status or "fix", words)."""

    place: Membership
    offices: list[str]
    tips: list[tuple[str, str]]
    group: "Group | None" = None

    @property
    def member(self):
        return self.place.member

    @property
    def schooling(self):
        return SCHOOLING.get(self.member.education) or self.member.get_education_display()


@dataclass
class Group:
    """The members of one 党小组, or those of the branch that are in none."""

    cell: Cell
    total: int
    full: int
    probationary: int
    leader: str = ""

    @property
    def is_branch(self):
        return self.cell.kind != CellKind.GROUP


@dataclass
class Chip:
    """A filter one click away."""

    words: str
    url: str
    on: bool
    count: int | None = field(default=None)


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


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def roster_place(request, code):
    """Put the people ticked on a roster into another cell together."""
    cell = get_object_or_404(Cell.objects.visible_to(request.user), code=code)
    rules.KEEP_ROSTER.require(request.user, cell)
    codes = request.GET.getlist("member")[:MOST_TOGETHER]
    places_here = Membership.objects.current().under(cell).filter(member__code__in=codes)
    chosen = [place.member for place in places_here.select_related("member").order_by("member__name_pinyin")]
    if not chosen:
        messages.warning(request, _("请先在名册上勾选要调整的人。"))
        return redirect("members:roster", cell.code)
    form = PlaceManyForm(request.POST or None, user=request.user)
    if request.method == "POST" and attempt(form, places.place_together, chosen, by=request.user):
        words = ngettext("已调整 %(number)d 人", "已调整 %(number)d 人", len(chosen)) % {"number": len(chosen)}
        messages.success(request, words)
        return redirect("members:roster", cell.code)
    context = {"cell": cell, "members": chosen, "form": form}
    return render(request, "members/roster_place.html", context, status=422 if request.method == "POST" else 200)


def _sees_roster(user, cell):
    return rules.SEE_ROSTER.allows(user, cell)


def _show(request, cell, full_view, *, wide):
    form = RosterFilterForm(request.GET)
    asked = form.asked
    reach = Membership.objects.under(cell) if cell else Membership.objects.all()
    reach = reach.visible_to(request.user) if full_view else reach.in_contact_reach_of(request.user)
    if not full_view:
        asked = {name: value for name, value in asked.items() if name == "q"}
    grouped = bool(full_view and cell and cell.kind in BRANCHES and not form.cleaned_data.get("flat"))
    sort = form.cleaned_data.get("sort", "")
    # An order tells what it is by, and so does the way to the next page: who sees names alone sorts by names alone.
    sort = sort if sort.removeprefix("-") in (ORDERS if full_view else ("name",)) else "name"
    refusal = ""
    try:
        found = _narrow(reach, asked, request.user).select_related("member__user", "cell__parent")
    except Refusal as refused:
        found, refusal = reach.none(), refused.message
    order = (*(("cell__path",) if grouped else ()), _order(sort))
    printing = request.GET.get("view") == "print"
    page = Page(list(found.order_by(*order, "pk")[:PRINTED])) if printing else page_of(request, found, order=order)
    tally = reach.current().tally()
    may_keep = bool(cell and cell.kind in HOMES and rules.KEEP_ROSTER.allows(request.user, cell))
    context = {
        "cell": cell,
        "wide": wide,
        "full_view": full_view,
        "form": form,
        "asked": asked,
        "refusal": refusal,
        "grouped": grouped,
        "sort": sort,
        "page": page,
        "rows": _rows(page.rows, _groups(reach, cell) if grouped else {}),
        "numbered": not (page.next or page.previous),
        "tally": tally,
        "chips": _chips(request, form, asked, tally, cell) if full_view else [],
        "kept": [(name, request.GET[name]) for name in KEPT if request.GET.get(name)],
        "now": timezone.localtime(),
        "printing": printing,
        "may_keep": may_keep,
        "may_choose": may_keep and not printing and not asked.get("standing"),
        "acts": [{"words": _("调整党小组"), "name": "act", "value": "place"}],
        "may_import": IMPORT_INTO.anywhere(request.user),
        "clear": reverse("members:members") if wide else reverse("members:roster", args=[cell.code]),
    }
    return render(request, "members/_roster.html" if request.htmx else "members/roster.html", context)


# What a search keeps of the address beside its own words.
KEPT = ("scope", "category", "standing", "gender", "education", "missing", "lost", "migrant", "sort", "size", "flat")


def _order(sort):
    return ("-" if sort.startswith("-") else "") + ORDERS[sort.removeprefix("-")]


def _narrow(reach, asked, user):
    found = reach.with_standing(asked.get("standing", Standing.NORMAL))
    if lookups.is_whole_number(asked.get("q", "")):
        hits = lookups.find_by_number(found, number=asked["q"], by=user, on=timezone.localdate())
        found = found.filter(pk__in=[hit.pk for hit in hits])
    elif asked.get("q"):
        found = found.matching(asked["q"])
    for name in ("category", "gender"):
        if name in asked:
            found = found.filter(**{f"member__{name}": asked[name]})
    if "education" in asked:
        found = found.schooled(asked["education"])
    if "missing" in asked:
        found = found.incomplete()
    for name in ("lost", "migrant"):
        if name in asked:
            found = found.filter(**{f"member__is_{name}": True})
    return found


def _rows(places, groups):
    """The lines of the page, with the offices each person holds: one query for all."""
    today = timezone.localdate()
    holders = {place.member.user_id for place in places if place.member.user_id}
    offices = {}
    for held in Appointment.objects.in_force(today).filter(holder__in=holders).select_related("cell"):
        offices.setdefault(held.holder_id, []).append(held)
    return [
        Row(
            place,
            [
                held.get_office_display()
                for held in offices.get(place.member.user_id, [])
                if place.cell.path.startswith(held.cell.path) and held.cell.kind in (*BRANCHES, CellKind.GROUP)
            ],
            tips(place, today),
            groups.get(place.cell_id),
        )
        for place in places
    ]


def tips(place, today):
    """What somebody should look at, the pressing first."""
    member = place.member
    found = []
    if member.standing != Standing.NORMAL:
        found.append(("none", member.get_standing_display()))
    ends = member.probation_ends_on
    if ends and member.is_active and ends <= today + PROBATION_NOTICE:
        late = ends < today
        words = _("%(day)s 预备期已满") if late else _("%(day)s 预备期满")
        found.append(
            ("late" if late else "soon", words % {"day": ends.isoformat()[5:] if ends.year == today.year else ends})
        )
    if member.is_lost:
        found.append(("late", _("失联")))
    missing = member.missing_items
    if len(missing) == 1:
        found.append(("fix", _("缺%(item)s") % {"item": missing[0]}))
    elif missing:
        found.append(("fix", _("缺 %(count)d 项") % {"count": len(missing)}))
    if member.is_migrant:
        found.append(("plan", _("流动")))
    return found


def _groups(reach, cell):
    """The groups of a branch with how many are in each and who leads them."""
    tallied = reach.current().group_tally()
    cells = {found.pk: found for found in Cell.objects.filter(pk__in=[row["cell"] for row in tallied])}
    leaders = Appointment.objects.in_force(timezone.localdate()).filter(office=Office.GROUP_LEADER, cell__in=cells)
    names = {held.cell_id: held.holder.name for held in leaders.select_related("holder")}
    groups = {
        row["cell"]: Group(
            cells[row["cell"]], row["total"], row["full"], row["probationary"], names.get(row["cell"], "")
        )
        for row in tallied
    }
    return {} if set(groups) <= {cell.pk} else groups


def _chips(request, form, asked, tally, cell):
    """Filters one click away; one that holds is taken off by its chip."""

    def chip(words, name, value, count=None):
        query = request.GET.copy()
        for gone in ("after", "before"):
            query.pop(gone, None)
        on = asked.get(name) == value
        if on:
            query.pop(name)
        else:
            query[name] = value
        return Chip(words, f"?{query.urlencode()}", on, None if on else count)

    chips = [
        chip(_("预备党员"), "category", Category.PROBATIONARY, tally["probationary"]),
        chip(_("信息不全"), "missing", "1", tally["missing"]),
        chip(_("失联"), "lost", "1", tally["lost"]),
        chip(_("流动党员"), "migrant", "1", tally["migrant"]),
    ]
    for name in MORE:
        if name in asked:
            words = dict(form.fields[name].choices)[asked[name]]
            chips.append(chip(words, name, asked[name]))
    if cell and cell.kind in BRANCHES and request.GET.get("flat"):
        query = request.GET.copy()
        query.pop("flat")
        chips.append(Chip(_("按党小组分组"), f"?{query.urlencode()}", on=False))
    return chips
