"""C1: what somebody has to do today, gathered from every app, each with the page where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, Min, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cells import setup
from cells.choices import CellKind, PolicyItem, SetupTask
from cells.models import Cell, Company, Policy, SavedFilter, SetupMark, Term
from cells.preview import Preview
from cells.querysets import CellQuerySet
from cells.rules import APPOINT_COMMISSIONER, VISIT_COMPANY
from cells.saved import Opened, opened_all
from ledgers.models import Import
from members.choices import Category
from members.models import ChangeRequest, Member, Membership, SubjectRequest
from members.rules import ANSWER_MEMBER, KEEP_MEMBER
from notices.models import Notice
from portal import rules
from work.models import Job

# The list stays short; what does not fit is behind the page that each item leads to.
MOST_OF_A_KIND = 3
MOST_TOGETHER = 7

# Wide enough to find everybody whose year ends soon; the day itself is the member's to say.
PROBATION = timedelta(days=365)


@dataclass(frozen=True)
class Task:
    """One thing to do: what, how it stands, and the button."""

    subject: str
    status: str
    words: str
    url: str
    verb: str
    due: date


@dataclass(frozen=True)
class Desk:
    """What the workbench shows."""

    tasks: list[Task]
    notices: list[Notice]
    jobs: list[Job]
    cells: list[Cell]
    own: Member | None
    setup: setup.List | None
    keeps: bool
    visited: int
    pinned: list[Opened]


def of(user: Any, *, on: date) -> Desk:
    """The desk of ``user`` on ``on``: late things first, then what is due next.

    A constant number of queries, and one more for each filter that is kept in view.
    """
    return Desk(
        tasks=_tasks(user, on),
        notices=list(Notice.objects.to(user).unread()[:MOST_TOGETHER]),
        jobs=list(Job.objects.owned_by(user).order_by("-pk")[:MOST_OF_A_KIND]),
        cells=list(Cell.objects.filter(appointments__in=user.appointments.in_force(on)).distinct()),
        own=Member.objects.own(user).first(),
        setup=_setting_up(Cell.objects.filter(APPOINT_COMMISSIONER.scope(user)), on),
        keeps=rules.keeps_something(user),
        visited=_visited(user),
        pinned=_pinned(user),
    )


def of_seat(seat: Preview, viewer: Any, *, on: date) -> Desk:
    """The desk of an office that ``viewer`` looks through: nothing of the viewer's own is on it."""
    sets_up = APPOINT_COMMISSIONER.power in seat.held().grants()
    seen = Cell.objects.visible_to(viewer).filter(pk=seat.cell.pk)
    return Desk(
        tasks=_tasks(viewer, on),
        notices=[],
        jobs=[],
        cells=[seat.cell],
        own=None,
        setup=_setting_up(seen, on) if sets_up else None,
        keeps=False,
        visited=_visited(viewer),
        pinned=[],
    )


def _tasks(user: Any, on: date) -> list[Task]:
    found = [
        task
        for gather in (_requests, _rights, _terms, _probations, _imports)
        for task in islice(gather(user, on), MOST_OF_A_KIND)
    ]
    return sorted(found, key=lambda task: task.due)[:MOST_TOGETHER]


def _pinned(user: Any) -> list[Opened]:
    """The filters the person keeps in view; each counts its rows when it is shown, no further than a thousand."""
    kept = SavedFilter.objects.owned_by(user).filter(pinned=True).order_by("name", "pk")[:MOST_TOGETHER]
    return list(opened_all(kept, user)) if kept else []


def _visited(user: Any) -> int:
    return Company.objects.filter(VISIT_COMPANY.scope(user), voided_at__isnull=True).count()


def _setting_up(cells: CellQuerySet, on: date) -> setup.List | None:
    """The set-up list of the first of ``cells`` that has one, until it is done or put away."""
    put_away = SetupMark.objects.current().filter(task=SetupTask.LIST).values("cell")
    own = cells.standing().exclude(kind=CellKind.GROUP).exclude(pk__in=put_away)
    for cell in own.order_by("path")[:MOST_OF_A_KIND]:
        found = setup.of(cell, on=on)
        if not found.is_done:
            return found
    return None


def _requests(user: Any, on: date) -> Iterator[Task]:
    """How many members wait for a decision on what they asked to have put right, since when."""
    found = ChangeRequest.objects.waiting().first_for(user, on) if KEEP_MEMBER.anywhere(user) else None
    if found is None:
        return
    waiting = found.order_by().aggregate(people=Count("member", distinct=True), since=Min("asked_at"))
    if waiting["people"]:
        since = timezone.localtime(waiting["since"]).date()
        words = ngettext("%(count)d 名党员申请更正", "%(count)d 名党员申请更正", waiting["people"])
        yield Task(
            subject=words % {"count": waiting["people"]},
            status="soon",
            words=_("最早一件 %(day)s 提交") % {"day": since},
            url=reverse("portal:inbox"),
            verb=_("核对"),
            due=since,
        )


def _rights(user: Any, on: date) -> Iterator[Task]:
    """What people asked about their own data, by the day on which it has to be answered."""
    if not ANSWER_MEMBER.anywhere(user):
        return
    open_ones = SubjectRequest.objects.answerable_by(user).open()
    for right in open_ones.select_related("member").order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        days = (right.due_on - on).days
        yield Task(
            subject=_("%(name)s的个人信息申请：%(kind)s")
            % {"name": right.member.name, "kind": right.get_kind_display()},
            status="late" if days < 0 else "soon",
            words=_overdue(days) if days < 0 else _("%(day)s 前答复") % {"day": right.due_on},
            url=right.get_absolute_url(),
            verb=_("答复"),
            due=right.due_on,
        )


def _terms(user: Any, on: date) -> Iterator[Task]:
    """Leading bodies whose term has run out or soon will."""
    notice = timedelta(days=Policy.objects.values_on(on)[PolicyItem.TERM_NOTICE])
    minded = Q(pk__in=Term.objects.filter(rules.MIND_TERM.scope(user)).values("pk"))
    prepared = Q(pk__in=Term.objects.filter(rules.PREPARE_ELECTION.scope(user)).values("pk"))
    terms = Term.objects.current().filter(minded | prepared, cell__dissolved_on=None, due_on__lte=on + notice)
    for term in terms.select_related("cell").order_by("due_on", "pk")[:MOST_OF_A_KIND]:
        days = (term.due_on - on).days
        yield Task(
            subject=_("%(cell)s换届") % {"cell": term.cell},
            status="late" if days < 0 else "soon",
            words=_overdue(days) if days < 0 else _due(term.due_on, days),
            url=term.cell.get_absolute_url(),
            verb=_("查看任期"),
            due=term.due_on,
        )


def _probations(user: Any, on: date) -> Iterator[Task]:
    """Probationary members whose year is about to end, or has ended without a decision (DEV2026)."""
    notice = timedelta(days=Policy.objects.values_on(on)[PolicyItem.PROBATION_NOTICE])
    places = Membership.objects.current().filter(
        rules.MIND_MEMBER.scope(user),
        member__category=Category.PROBATIONARY,
        member__joined_on__lte=on + notice - PROBATION,
    )
    for place in places.select_related("member").order_by("member__joined_on", "pk")[:MOST_OF_A_KIND]:
        ends = place.member.probation_ends_on
        days = (ends - on).days
        yield Task(
            subject=_("%(name)s的预备期届满") % {"name": place.member.name},
            status="late" if days < 0 else "soon",
            words=_overdue(days) if days < 0 else _("%(day)s 届满，本人应提前提出书面转正申请") % {"day": ends},
            url=place.member.get_absolute_url(),
            verb=_("查看并办理"),
            due=ends,
        )


def _imports(user: Any, on: date) -> Iterator[Task]:
    """Imports somebody left half-way."""
    for each in Import.objects.visible_to(user).open().select_related("cell").order_by("pk")[:MOST_OF_A_KIND]:
        yield Task(
            subject=_("导入 %(ref)s 还没有做完") % {"ref": each.ref},
            status="soon",
            words=each.get_state_display(),
            url=each.get_absolute_url(),
            verb=_("继续"),
            due=on,
        )


def _overdue(days: int) -> str:
    return ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", -days) % {"days": -days}


def _due(day: date, days: int) -> str:
    words = ngettext("本届 %(day)s 届满，还有 %(days)d 天", "本届 %(day)s 届满，还有 %(days)d 天", days)
    return words % {"day": day, "days": days}
