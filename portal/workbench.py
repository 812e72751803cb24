"""C1: what somebody has to do today, gathered from every app, each with the page where it is done."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cells.models import Cell, Term
from ledgers.models import Import
from members.choices import Category
from members.models import Member, Membership
from notices.models import Notice
from portal import rules
from work.models import Job

# The list stays short; what does not fit is behind the page that each item leads to.
MOST_OF_A_KIND = 3
MOST_TOGETHER = 7

# A branch is reminded half a year before its term runs out (BR2018 Art 21, ELE-06).
TERM_NOTICE = timedelta(days=183)
# Wide enough to find everybody whose year ends soon; the day itself is the member's to say.
PROBATION = timedelta(days=365)
PROBATION_NOTICE = timedelta(days=62)


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


def of(user: Any, *, on: date) -> Desk:
    """The desk of ``user`` on ``on``: late things first, then what is due next. A constant number of queries."""
    found = [task for gather in (_terms, _probations, _imports) for task in islice(gather(user, on), MOST_OF_A_KIND)]
    return Desk(
        tasks=sorted(found, key=lambda task: task.due)[:MOST_TOGETHER],
        notices=list(Notice.objects.to(user).unread()[:MOST_TOGETHER]),
        jobs=list(Job.objects.owned_by(user).order_by("-pk")[:MOST_OF_A_KIND]),
        cells=list(Cell.objects.filter(appointments__in=user.appointments.in_force(on)).distinct()),
        own=Member.objects.own(user).first(),
    )


def _terms(user: Any, on: date) -> Iterator[Task]:
    """Leading bodies whose term has run out or soon will."""
    minded = Q(pk__in=Term.objects.filter(rules.MIND_TERM.scope(user)).values("pk"))
    prepared = Q(pk__in=Term.objects.filter(rules.PREPARE_ELECTION.scope(user)).values("pk"))
    terms = Term.objects.current().filter(minded | prepared, cell__dissolved_on=None, due_on__lte=on + TERM_NOTICE)
    for term in terms.select_related("cell").order_by("due_on", "pk"):
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
    places = Membership.objects.current().filter(
        rules.MIND_MEMBER.scope(user),
        member__category=Category.PROBATIONARY,
        member__joined_on__lte=on + PROBATION_NOTICE - PROBATION,
    )
    for place in places.select_related("member").order_by("member__joined_on", "pk"):
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
    for each in Import.objects.visible_to(user).open().select_related("cell").order_by("pk"):
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
