"""What done to organisations, companies and offices can be undone, and what cannot."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import CharField, F, Value
from django.db.models.functions import Cast, Coalesce, Concat, Greatest
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.models import Act
from acts.registry import HANGING, OWNERS, SETTLERS, VOIDING, can_be_undone, stays_done
from audit.models import Entry
from cells import rules
from cells.domain import appointments, last_ones
from cells.domain.tree import footing
from cells.domain.units import relink_units
from cells.models import Appointment, Assignment, Cell, Company, CompanyFact, Contact, Placement, SavedFilter, Term
from core.errors import OutOfTurn, Refusal

OWNERS.update(
    {
        Placement: "cell",
        Term: "cell",
        CompanyFact: "company",
        Contact: "company",
        Appointment: ("holder_id", "office", "cell_id"),
        Assignment: ("advisor_id", "company_id"),
    }
)


def may_keep_cells(act: Act, entries: list[Entry], by: Any) -> None:
    """Whoever keeps the cells, and those they stood under before and after."""
    footing.hold_tree()
    keys = {entry.thing_id for entry in entries}
    for column in ("parent_id", "merged_into_id"):
        keys |= _named_in(act, Cell, column)
    rules.KEEP_CELL.require(by, *Cell.objects.filter(pk__in=keys))


def may_keep_companies(act: Act, entries: list[Entry], by: Any) -> None:
    """Whoever keeps the companies, where they were kept and where they are."""
    companies = list(Company.objects.filter(pk__in={entry.thing_id for entry in entries}).select_related("keeper"))
    keepers = Cell.objects.filter(pk__in=_named_in(act, Company, "keeper_id"))
    rules.KEEP_COMPANY.require(by, *companies, *(Company(keeper=cell) for cell in keepers))


def may_fill(act: Act, entries: list[Entry], by: Any) -> None:
    """Whoever may fill these offices; nobody undoes what was done about an office of their own.

    As in appointing, no closed account gets an office, nor one back, and nobody gets back a second office of the whole
    association.
    """
    keys = {entry.thing_id for entry in entries}
    rows = list(Appointment.objects.filter(pk__in=keys).select_related("cell", "holder").order_by("pk"))
    appointments.require_filling(by, [(row.cell, row.office) for row in rows])
    if any(row.holder_id == by.pk for row in rows):
        raise Refusal(gettext("不能撤销自己的任免，请由上级党组织办理。"))
    taken = {entry.thing_id for entry in entries if entry.action != "cells.appointed"}
    for row in rows:
        if row.pk in taken and not row.holder.is_active:
            raise Refusal(gettext("%(holder)s的账号已停用，请先恢复账号或另选人。") % {"holder": row.holder})
        if row.pk in taken:
            for other in Appointment.objects.reaching(timezone.localdate()).filter(holder=row.holder_id):
                appointments.require_apart(row, other)
    appointed = {entry.thing_id for entry in entries if entry.action == "cells.appointed"}
    last_ones.require_another([row for row in rows if row.pk in appointed], on=timezone.localdate())
    for row in rows:
        if row.cell.dissolved_on and not act.effects.filter(table=Cell._meta.label_lower).exists():
            raise OutOfTurn(gettext("%(cell)s已经撤销，不能再改动任职。") % {"cell": row.cell})


def may_assign(act: Act, entries: list[Entry], by: Any) -> None:
    """Whoever assigns advisors to these companies."""
    keys = {entry.thing_id for entry in entries}
    rules.ASSIGN.require(by, *Company.objects.filter(pk__in=keys).select_related("keeper"))


def _named_in(act: Act, model: Any, column: str) -> set[int]:
    """The keys that stood in a column before the act or after it."""
    effects = act.effects.filter(table=model._meta.label_lower)
    changes = [change for effect in effects for change in effect.changes.values()]
    return {key for change in changes for key in change.get(column, []) if key is not None}


def settle_cells(keys: list[int]) -> None:
    """After columns of cells were put back: units are linked anew, and nobody's path may hang in the air."""
    below = Cell.objects.filter(parent__in=keys)
    right = Concat(F("parent__path"), Cast("pk", CharField()), Value("/"))
    astray = below.annotate(right=right).exclude(path=F("right")).first()
    if astray is not None:
        raise Refusal(gettext("此后又有%(cell)s设在它之下，请先划转再撤销。") % {"cell": astray})
    relink_units(list(Cell.objects.filter(pk__in=keys)))


def _voided(on: date) -> dict[str, Any]:
    """A voided cell stands no more, so that its name is free; it was never dissolved before it was founded."""
    return {"dissolved_on": Greatest(Coalesce("founded_on", Value(on)), Value(on))}


HANGING.update(
    {
        Cell: _("下面还有党组织"),
        Placement: _("下面还有党组织"),
        Company: _("还有企业归口或由它覆盖"),
        CompanyFact: _("还有企业归口或由它覆盖"),
        Appointment: _("还有任职"),
    }
)
SETTLERS[Cell] = settle_cells
VOIDING[Cell] = _voided


def may_keep_filters(act: Act, entries: list[Entry], by: Any) -> None:
    """Whoever the filters are of; what is offered to others again, or otherwise, takes the power to share it there."""
    filters = SavedFilter.objects.filter(pk__in={entry.thing_id for entry in entries})
    if filters.exclude(owner=by.pk).exists():
        raise PermissionDenied
    if all(entry.action == "cells.filter_saved" for entry in entries):
        return
    keys = _named_in(act, SavedFilter, "shared_with_id") | set(filters.values_list("shared_with", flat=True))
    rules.SHARE_FILTER.require(by, *Cell.objects.filter(pk__in=keys - {None}))


can_be_undone(may_keep_filters, "cells.filter_saved", "cells.filter_changed", "cells.filter_removed")
can_be_undone(
    may_keep_cells,
    "cells.founded",
    "cells.corrected",
    "cells.renamed",
    "cells.moved",
    "cells.reorganised",
    "cells.merged",
    "cells.dissolved",
    "cells.term_begun",
)
can_be_undone(
    may_keep_companies,
    "cells.company_registered",
    "cells.company_corrected",
    "cells.company_surveyed",
    "cells.contact_added",
    "cells.contact_corrected",
    "cells.contact_removed",
)
can_be_undone(may_assign, "cells.assigned", "cells.assignment_ended", "cells.assignment_voided")
can_be_undone(may_fill, "cells.appointed", "cells.appointment_ended", "cells.appointment_voided")
stays_done(
    dict.fromkeys(
        ("cells.setup_confirmed", "cells.setup_put_away", "cells.setup_brought_back"),
        _("上手清单可以随时改回，不必撤销。"),
    ),
    harmless=True,
)
stays_done({"cells.invited": _("邀请已交给本人，七天后自动失效；重新邀请会使旧的作废。")}, harmless=True)
stays_done({"cells.phone_revealed": _("号码已经看过，查看留有记录，不能撤销。")}, harmless=True)
stays_done(
    dict.fromkeys(("cells.preview_begun", "cells.preview_ended"), _("预览只是看看，没有什么可撤销的。")), harmless=True
)
stays_done({"cells.policy_set": _("规则改回去即可：再设一次，原来的数值和时间都留有记录。")})
stays_done({"cells.policy_set": _("规则可以随时再改；旧的取值和理由留在记录里。")})
stays_done(dict.fromkeys(("cells.preview_begun", "cells.preview_ended"), _("预览没有改动什么。")), harmless=True)
