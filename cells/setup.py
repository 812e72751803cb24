"""S14: what a new branch sees to before it works by itself, each task with its state read from the facts.

One declaration a task: how its state is known, which page it leads to. Only what no fact can tell is confirmed by hand.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cells.choices import BRANCHES, COMMISSIONERS, Office, SetupState, SetupTask
from cells.models import Cell, SetupMark
from core.together import number_of, read_together

# Branches of seven full members and more have a committee (BR2018 Art 20); it has three members at least.
COMMITTEE_FROM = 7
COMMITTEE_SIZE = 3
STATUS = {
    SetupState.NOT_BEGUN: "plan",
    SetupState.UNDER_WAY: "here",
    SetupState.LACKING: "soon",
    SetupState.DONE: "ok",
    SetupState.NOT_ASKED: "none",
}
# Who may stand in for the secretary at the desk, and who sits on the committee.
SECONDS = (Office.DEPUTY_SECRETARY, Office.ORGANISATION_COMMISSIONER)
COMMITTEE_SEATS = (Office.SECRETARY, Office.DEPUTY_SECRETARY, *COMMISSIONERS)


@dataclass(frozen=True)
class Step:
    """One task as it stands: why, and where its button leads."""

    task: SetupTask
    state: SetupState
    reason: str
    verb: str = ""
    url_name: str = ""
    # A fact cannot tell whether somebody has read it over: a button that confirms.
    to_confirm: bool = False
    # A page that is not the cell's own; where it is one person's, whose.
    own_page: bool = False
    person: int | None = None

    @property
    def status(self) -> str:
        return STATUS[self.state]


@dataclass(frozen=True)
class List:
    """The list of one cell."""

    cell: Cell
    steps: list[Step]
    put_away: SetupMark | None = None
    marks: dict[str, SetupMark] = field(default_factory=dict)

    @cached_property
    def asked(self) -> list[Step]:
        return [step for step in self.steps if step.state != SetupState.NOT_ASKED]

    @cached_property
    def done(self) -> int:
        return sum(step.state == SetupState.DONE for step in self.asked)

    @property
    def is_done(self) -> bool:
        return self.done == len(self.asked)

    @property
    def next(self) -> Step | None:
        """The first that is still to be done."""
        return next((step for step in self.asked if step.state != SetupState.DONE), None)


@dataclass
class Known:
    """What the tasks ask of the cell: a constant number of queries for one cell."""

    cell: Any
    on: date

    @cached_property
    def asked(self) -> tuple[Any, ...]:
        """What is read for it: marks, officers, members without a number, an import under way.

        Members and imports are apps above, and asked for through their own relations to cells.
        """
        places, begun = (Cell._meta.get_field(name).related_model for name in ("memberships", "imports"))
        return (
            self.cell.setup_marks.current().select_related("recorded_by"),
            self.cell.appointments.in_force(self.on).select_related("holder"),
            number_of(places.objects.under(self.cell).current().filter(member__id_number_index="")),  # type: ignore[union-attr]
            begun.objects.open().filter(cell=self.cell)[:1],  # type: ignore[union-attr]
        )

    @cached_property
    def marks(self) -> dict[str, SetupMark]:
        return {mark.task: mark for mark in self.asked[0]}

    @property
    def officers(self) -> Sequence[Any]:
        return self.asked[1]  # type: ignore[no-any-return]

    def holders(self, *offices: str) -> list[Any]:
        return [row.holder for row in self.officers if row.office in offices]

    @cached_property
    def members(self) -> int:
        return self.cell.full + self.cell.probationary

    @property
    def unnumbered(self) -> int:
        """Members here without an ID number."""
        return sum(self.asked[2])

    @property
    def importing(self) -> bool:
        """Whether an import into the cell was begun and not finished."""
        return bool(self.asked[3])

    @property
    def listed(self) -> List:
        """The list as it stands."""
        steps = [TASKS[task](self) for task in SetupTask if task != SetupTask.LIST]
        return List(self.cell, steps, put_away=self.marks.get(SetupTask.LIST), marks=self.marks)


def of(cell: Cell, *, on: date) -> List:
    """The list of ``cell`` on ``on``; a group has none of its own."""
    known = Known(Cell.objects.with_term().with_members().get(pk=cell.pk), on)
    read_together(*known.asked)
    return known.listed


def first_of(cells: Iterable[Cell], *, on: date) -> List | None:
    """The first list that is not done, of ``cells`` with their terms and members; all are read in one turn."""
    known = [Known(cell, on) for cell in cells]
    if known:
        read_together(*(asked for each in known for asked in each.asked))
    return next((found for each in known if not (found := each.listed).is_done), None)


def _facts(known: Known) -> Step:
    """The cell's own record: complete, and read over as it stands."""
    cell, mark = known.cell, known.marks.get(SetupTask.FACTS)
    lacking = [
        words
        for words, value in (
            (_("成立日期"), cell.founded_on),
            (_("组建方式"), cell.formation_mode or cell.kind not in BRANCHES),
            (_("联系人"), cell.contact_name),
            (_("届次"), cell.due_on),
        )
        if not value
    ]
    if lacking:
        reason = _("缺%(items)s，请上级党组织补齐") % {"items": _("、").join(lacking)}
        return Step(SetupTask.FACTS, SetupState.LACKING, reason, _("查看资料"), "cells:cell")
    if mark is None:
        reason = _("名称、上级、成立日期、届次和联系人，看一遍再确认")
        return Step(SetupTask.FACTS, SetupState.NOT_BEGUN, reason, _("查看资料"), "cells:cell", to_confirm=True)
    if mark.version != cell.version:
        reason = _("确认以后资料有改动，请再看一遍")
        return Step(SetupTask.FACTS, SetupState.UNDER_WAY, reason, _("查看资料"), "cells:cell", to_confirm=True)
    words = {"name": mark.recorded_by or _("系统"), "day": mark.starts_on.isoformat()}
    return Step(SetupTask.FACTS, SetupState.DONE, _("%(name)s于 %(day)s 确认") % words, _("查看资料"), "cells:cell")


def _roster(known: Known) -> Step:
    if known.cell.kind not in BRANCHES:
        return Step(SetupTask.ROSTER, SetupState.NOT_ASKED, _("名册由所属党支部维护"))
    if known.importing:
        return Step(
            SetupTask.ROSTER, SetupState.UNDER_WAY, _("有一次导入还没有做完"), _("继续导入"), "ledgers:imports",
            own_page=True,
        )  # fmt: skip
    if not known.members:
        return Step(
            SetupTask.ROSTER, SetupState.NOT_BEGUN, _("名册里还没有党员"), _("从 Excel 导入"), "ledgers:import-new",
            own_page=True,
        )  # fmt: skip
    if known.unnumbered:
        reason = ngettext("%(count)d 名党员没有公民身份证号", "%(count)d 名党员没有公民身份证号", known.unnumbered) % {
            "count": known.unnumbered
        }
        return Step(SetupTask.ROSTER, SetupState.LACKING, reason, _("补全名册"), "members:roster")
    reason = ngettext("名册里有 %(count)d 名党员", "名册里有 %(count)d 名党员", known.members)
    return Step(SetupTask.ROSTER, SetupState.DONE, reason % {"count": known.members}, _("打开名册"), "members:roster")


def _committee(known: Known) -> Step:
    """Seven full members and more elect a committee, of three at least; fewer do with a secretary."""
    task, cell = SetupTask.COMMITTEE, known.cell
    if cell.kind not in BRANCHES:
        return Step(task, SetupState.NOT_ASKED, _("委员会由党员大会或代表大会选举，任职在“班子”里登记"))
    if not known.holders(Office.SECRETARY):
        return Step(task, SetupState.LACKING, _("书记空缺，由上级党组织任命"), _("查看班子"), "cells:officers")
    if cell.full < COMMITTEE_FROM:
        return Step(task, SetupState.NOT_ASKED, _("正式党员不足 7 名，设书记 1 名，必要时设副书记 1 名"))
    seats = len({holder.pk for holder in known.holders(*COMMITTEE_SEATS)})
    words = {"seats": seats, "least": COMMITTEE_SIZE}
    if seats >= COMMITTEE_SIZE:
        reason = ngettext("支委会已登记 %(seats)d 人", "支委会已登记 %(seats)d 人", seats) % words
        return Step(task, SetupState.DONE, reason, _("查看班子"), "cells:officers")
    state = SetupState.UNDER_WAY if seats > 1 else SetupState.NOT_BEGUN
    reason = ngettext(
        "已登记 %(seats)d 人，支委会至少 %(least)d 人", "已登记 %(seats)d 人，支委会至少 %(least)d 人", seats
    )
    return Step(task, state, reason % words, _("登记委员"), "cells:officers")


def _duties(known: Known) -> Step:
    """No duties are kept yet, so there is nothing that could be confirmed."""
    reason = _("本系统目前不登记组织生活职责，没有要确认的内容")
    return Step(SetupTask.DUTIES, SetupState.NOT_ASKED, reason)


def _notices(known: Known) -> Step:
    """Notices lie on the workbench of everybody; an address is what the secretary can add to it."""
    task = SetupTask.NOTICES
    leading = known.holders(Office.SECRETARY) or known.holders(Office.DEPUTY_SECRETARY)
    if not leading:
        return Step(task, SetupState.NOT_ASKED, _("还没有书记，通知没有收件人"))
    words = {"name": leading[0].name}
    if leading[0].is_dormant:
        return Step(task, SetupState.LACKING, _("%(name)s还没有开通账号，收不到通知") % words)
    if leading[0].email:
        return Step(
            task, SetupState.DONE, _("通知送到%(name)s的工作台，邮箱已登记") % words, _("查看设置"),
            "accounts:settings", own_page=True, person=leading[0].pk,
        )  # fmt: skip
    return Step(
        task, SetupState.NOT_BEGUN, _("通知送到%(name)s的工作台，邮箱还没有登记") % words, _("登记邮箱"),
        "accounts:settings", own_page=True, person=leading[0].pk,
    )  # fmt: skip


def _second(known: Known) -> Step:
    """Somebody else who can keep the roster when the secretary is away."""
    task = SetupTask.SECOND
    seconds = known.holders(*SECONDS)
    awake = [holder for holder in seconds if not holder.is_dormant]
    if awake:
        return Step(
            task, SetupState.DONE, _("%(name)s可以一起维护名册") % {"name": awake[0].name}, _("查看班子"),
            "cells:officers",
        )  # fmt: skip
    if seconds:
        reason = _("%(name)s还没有开通账号，请把邀请交给本人") % {"name": seconds[0].name}
        return Step(task, SetupState.UNDER_WAY, reason, _("邀请开通账号"), "cells:officers")
    reason = _("只有书记一人能维护名册，请任命副书记或组织委员")
    return Step(task, SetupState.NOT_BEGUN, reason, _("任命"), "cells:officers")


TASKS: dict[str, Callable[[Known], Step]] = {
    SetupTask.FACTS: _facts,
    SetupTask.ROSTER: _roster,
    SetupTask.COMMITTEE: _committee,
    SetupTask.DUTIES: _duties,
    SetupTask.NOTICES: _notices,
    SetupTask.SECOND: _second,
}
