"""What is missing or unusual about a cell, as sentences: shown on its page, never a refusal."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cells.choices import BRANCHES, COMMISSIONERS, CellKind, Office, PolicyItem


@dataclass(frozen=True)
class Remark:
    """One thing worth a look, and the page where it can be put right; ``late`` where a duty is overdue."""

    sentence: str
    url_name: str = ""
    late: bool = False


def remarks(cell: Any, *, offices: set[str], on: date, policy: dict[str, int]) -> list[Remark]:
    """What to say of ``cell``, annotated with its members and its term, whose ``offices`` are filled."""
    if cell.dissolved_on or cell.kind == CellKind.GROUP:
        return []
    found = []
    if Office.SECRETARY not in offices:
        found.append(Remark(_("书记空缺，应及时补选或任命"), "cells:officers", late=True))
    if cell.due_on is None:
        found.append(Remark(_("没有登记届次"), "cells:term-begin"))
    elif cell.due_on < on:
        found.append(
            Remark(_("任期已于 %(day)s 届满") % {"day": cell.due_on.isoformat()}, "cells:term-begin", late=True)
        )
    missing = [
        words
        for words, value in (
            (_("成立日期"), cell.founded_on),
            (_("组建方式"), cell.formation_mode or cell.kind == CellKind.COMMITTEE),
            (_("联系人"), cell.contact_name),
        )
        if not value
    ]
    if missing:
        found.append(Remark(_("缺%(items)s") % {"items": _("、").join(missing)}, "cells:cell-correct"))
    return found + (_branch_remarks(cell, offices, policy) if cell.kind in BRANCHES else [])


def _branch_remarks(cell: Any, offices: set[str], policy: dict[str, int]) -> list[Remark]:
    """The sizes of BR2018 Art 4 and 20: customary, so a remark and no refusal."""
    found = []
    members = cell.full + cell.probationary
    formal = cell.kind in (CellKind.BRANCH, CellKind.JOINT_BRANCH, CellKind.MIGRANT_BRANCH)
    if formal and members and cell.full < 3:
        found.append(Remark(_("正式党员 %(count)d 名，不足 3 名") % {"count": cell.full}))
    most = policy[PolicyItem.BRANCH_SIZE]
    if members > most:
        words = _("党员 %(count)d 名，超过 %(most)d 名，可考虑改设党总支")
        found.append(Remark(words % {"count": members, "most": most}))
    if cell.full >= 7 and not offices & set(COMMISSIONERS):
        found.append(Remark(_("正式党员 7 名以上，尚未登记支部委员"), "cells:officers"))
    return found


def term_status(due_on: date | None, on: date, *, notice: int) -> tuple[str, str]:
    """How a term stands, as shape and words; reminded of ``notice`` days ahead (BR2018 Art 21)."""
    if due_on is None:
        return "none", _("未登记届次")
    days = (due_on - on).days
    if days < 0:
        return "late", ngettext("已届满 %(days)d 天", "已届满 %(days)d 天", -days) % {"days": -days}
    if days <= notice:
        return "soon", ngettext("还有 %(days)d 天届满", "还有 %(days)d 天届满", days) % {"days": days}
    return "ok", _("任期内")
