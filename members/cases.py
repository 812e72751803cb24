"""What a page tells of one request: who asked for what, what follows from it, who decides, how it went."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from acts.models import Act
from audit.models import Entry
from members import rules
from members.biography import Event, span_words
from members.choices import RequestState
from members.domain import requests
from members.models import ChangeRequest


@dataclass(frozen=True)
class Case:
    """One request as its page shows it."""

    request: ChangeRequest
    events: list[Event]
    effects: list[tuple[Any, str, str]]
    may_decide: bool
    own: bool
    undone: Act | None = None


def case_of(request: ChangeRequest, reader: Any, on: date) -> Case:
    """The request as ``reader`` sees it on ``on``: nobody decides their own."""
    own = rules.OWN_REQUEST.allows(reader, request)
    undone = _undone(request)
    return Case(
        request=request,
        events=_events(request, on) + _undone_events(undone),
        effects=requests.consequences(request, on) if request.is_waiting else [],
        may_decide=request.is_waiting and requests.may_decide(request, by=reader, on=on),
        own=own,
        undone=undone,
    )


def _undone(request: ChangeRequest) -> Act | None:
    """The act that granted it, where that was undone since."""
    if request.state != RequestState.GRANTED:
        return None
    granted = Entry.objects.about(request.member).did("members.change_granted").filter(facts__ref=request.code)
    return Act.objects.filter(told__entry__in=granted, undone_at__isnull=False).select_related("undone_by").first()


def _undone_events(undone: Act | None) -> list[Event]:
    if undone is None:
        return []
    by = undone.undone_by.name if undone.undone_by else ""
    return [Event(_("已撤销，名册恢复原来的登记"), timezone.localdate(undone.undone_at), note=by)]


def _events(request: ChangeRequest, on: date) -> list[Event]:
    """Asked, waiting for whom, decided; what has not come yet is hollow."""
    asked_on = timezone.localtime(request.asked_at).date()
    told = [Event(_("提交申请"), asked_on, note=request.asked_by.name)]
    if request.is_waiting:
        names = _("、").join(person.name for person in requests.deciders(request, on))
        words = _("等 %(names)s 核对") % {"names": names} if names else _("等上级党组织核对")
        told.append(Event(words, on, elapsed=span_words(asked_on, on), state="now"))
        told.append(Event(_("同意后名册和统计随即更新"), None, state="ahead"))
        return told
    closed_on = timezone.localtime(request.closed_at).date()
    words = str(RequestState(request.state).label)
    who = request.decided_by.name if request.decided_by else request.asked_by.name
    told.append(Event(words, closed_on, said=request.reason, note=who, elapsed=span_words(asked_on, closed_on)))
    return told
