"""C1: what somebody has to do today, gathered from every app, each with the page where it is done."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Count, Min, Q, QuerySet, Value
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cells import setup
from cells.choices import CellKind, PolicyItem, SetupTask
from cells.models import Cell, Company, Policy, SavedFilter, SetupMark, Term
from cells.preview import Preview
from cells.querysets import CellQuerySet, CompanyQuerySet, policy_values
from cells.rules import APPOINT_COMMISSIONER, VISIT_COMPANY
from cells.saved import Opened, counted, opened_all
from core.pagination import Count as Paged
from core.together import number_of, read_together
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

Policies = Mapping[str, int]


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
    pinned: list[tuple[Opened, Paged | None]]


def of(user: Any, *, on: date) -> Desk:
    """The desk of ``user`` on ``on``: late things first, then what is due next.

    All of it is read in one turn; in a second what is set up, and in a third how much each pinned filter finds.
    """
    own, place = Member.objects.own(user), Membership.objects.latest_of_each().order_by("pk")
    asked = {
        "notices": Notice.objects.to(user).unread()[:MOST_TOGETHER],
        "jobs": Job.objects.owned_by(user).order_by("-pk")[:MOST_OF_A_KIND],
        "cells": Cell.objects.filter(appointments__in=user.appointments.in_force(on)).distinct(),
        "own": own[:1],
        "place": place.filter(member__in=own.values("pk")).select_related("cell__parent")[:1],
        "setup": _to_set_up(Cell.objects.filter(APPOINT_COMMISSIONER.scope(user))),
        "visited": number_of(_visited(user)),
        "pinned": SavedFilter.objects.owned_by(user).filter(pinned=True).order_by("name", "pk")[:MOST_TOGETHER],
    }
    tasks = _tasks(user, on, *asked.values())
    for member, membership in zip(asked["own"], asked["place"], strict=False):
        member.place = membership
    return Desk(
        tasks=tasks,
        notices=list(asked["notices"]),
        jobs=list(asked["jobs"]),
        cells=list(asked["cells"]),
        own=next(iter(asked["own"]), None),
        setup=setup.first_of(asked["setup"], on=on),
        keeps=rules.keeps_something(user),
        visited=sum(asked["visited"]),
        pinned=counted(list(opened_all(asked["pinned"], user))),
    )


def of_seat(seat: Preview, viewer: Any, *, on: date) -> Desk:
    """The desk of an office that ``viewer`` looks through: nothing of the viewer's own is on it."""
    sets_up = APPOINT_COMMISSIONER.power in seat.held().grants()
    seen = Cell.objects.visible_to(viewer).filter(pk=seat.cell.pk)
    to_set_up, visited = _to_set_up(seen if sets_up else seen.none()), number_of(_visited(viewer))
    return Desk(
        tasks=_tasks(viewer, on, to_set_up, visited),
        notices=[],
        jobs=[],
        cells=[seat.cell],
        own=None,
        setup=setup.first_of(to_set_up, on=on),
        keeps=False,
        visited=sum(visited),
        pinned=[],
    )


def _tasks(user: Any, on: date, *beside: QuerySet) -> list[Task]:
    """What is to be done; ``beside`` is read in the same turn."""
    policies = Policy.objects.set_on(on)
    asked = [(told, ask(user, on)) for ask, told in KINDS]
    read_together(policies, *(rows for _told, rows in asked), *beside)
    policy = policy_values(policies)
    found = [task for told, rows in asked for task in islice(told(rows, on, policy), MOST_OF_A_KIND)]
    return sorted(found, key=lambda task: task.due)[:MOST_TOGETHER]


def _visited(user: Any) -> CompanyQuerySet:
    return Company.objects.filter(VISIT_COMPANY.scope(user), voided_at__isnull=True)


def _to_set_up(cells: CellQuerySet) -> CellQuerySet:
    """The first of ``cells`` whose set-up list was not put away."""
    put_away = SetupMark.objects.current().filter(task=SetupTask.LIST).values("cell")
    own = cells.standing().exclude(kind=CellKind.GROUP).exclude(pk__in=put_away)
    return own.with_term().with_members().order_by("path")[:MOST_OF_A_KIND]


# Each kind of task is asked for, and told of the rows that came.


def _requests_asked(user: Any, on: date) -> QuerySet:
    """How many members wait for a decision on what they asked to have put right, since when."""
    if not KEEP_MEMBER.anywhere(user):
        return ChangeRequest.objects.none()
    waiting = ChangeRequest.objects.waiting().first_for(user, on).order_by().values(together=Value(1))
    return waiting.annotate(people=Count("member", distinct=True), since=Min("asked_at"))


def _requests(rows: Iterable[Any], on: date, policy: Policies) -> Iterator[Task]:
    for waiting in rows:
        if not waiting["people"]:
            continue
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


def _rights_asked(user: Any, on: date) -> QuerySet:
    """What people asked about their own data, by the day on which it has to be answered."""
    if not ANSWER_MEMBER.anywhere(user):
        return SubjectRequest.objects.none()
    open_ones = SubjectRequest.objects.answerable_by(user).open()
    return open_ones.select_related("member").order_by("due_on", "pk")[:MOST_OF_A_KIND]


def _rights(rows: Iterable[Any], on: date, policy: Policies) -> Iterator[Task]:
    for right in rows:
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


def _terms_asked(user: Any, on: date) -> QuerySet:
    """Leading bodies by the day their term runs out."""
    minded = Q(pk__in=Term.objects.filter(rules.MIND_TERM.scope(user)).values("pk"))
    prepared = Q(pk__in=Term.objects.filter(rules.PREPARE_ELECTION.scope(user)).values("pk"))
    terms = Term.objects.current().filter(minded | prepared, cell__dissolved_on=None)
    return terms.select_related("cell").order_by("due_on", "pk")[:MOST_OF_A_KIND]


def _terms(rows: Iterable[Any], on: date, policy: Policies) -> Iterator[Task]:
    """Those whose term has run out or soon will."""
    for term in rows:
        days = (term.due_on - on).days
        if days > policy[PolicyItem.TERM_NOTICE]:
            continue
        yield Task(
            subject=_("%(cell)s换届") % {"cell": term.cell},
            status="late" if days < 0 else "soon",
            words=_overdue(days) if days < 0 else _due(term.due_on, days),
            url=term.cell.get_absolute_url(),
            verb=_("查看任期"),
            due=term.due_on,
        )


def _probations_asked(user: Any, on: date) -> QuerySet:
    """Probationary members by the day they joined."""
    places = Membership.objects.current().filter(
        rules.MIND_MEMBER.scope(user), member__category=Category.PROBATIONARY, member__joined_on__isnull=False
    )
    return places.select_related("member").order_by("member__joined_on", "pk")[:MOST_OF_A_KIND]


def _probations(rows: Iterable[Any], on: date, policy: Policies) -> Iterator[Task]:
    """Those whose year is about to end, or has ended without a decision (DEV2026)."""
    notice = timedelta(days=policy[PolicyItem.PROBATION_NOTICE])
    for place in rows:
        if place.member.joined_on > on + notice - PROBATION:
            continue
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


def _imports_asked(user: Any, on: date) -> QuerySet:
    """Imports somebody left half-way."""
    return Import.objects.visible_to(user).open().select_related("cell").order_by("pk")[:MOST_OF_A_KIND]


def _imports(rows: Iterable[Any], on: date, policy: Policies) -> Iterator[Task]:
    for each in rows:
        yield Task(
            subject=_("导入 %(ref)s 还没有做完") % {"ref": each.ref},
            status="soon",
            words=each.get_state_display(),
            url=each.get_absolute_url(),
            verb=_("继续"),
            due=on,
        )


KINDS: tuple[tuple[Callable[[Any, date], QuerySet], Callable[..., Iterator[Task]]], ...] = (
    (_requests_asked, _requests),
    (_rights_asked, _rights),
    (_terms_asked, _terms),
    (_probations_asked, _probations),
    (_imports_asked, _imports),
)


def _overdue(days: int) -> str:
    return ngettext("逾期 %(days)d 天", "逾期 %(days)d 天", -days) % {"days": -days}


def _due(day: date, days: int) -> str:
    words = ngettext("本届 %(day)s 届满，还有 %(days)d 天", "本届 %(day)s 届满，还有 %(days)d 天", days)
    return words % {"day": day, "days": days}
