"""个人信息申请: asked by the person concerned, answered by somebody else within fifteen days."""

from datetime import date, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from core.errors import OutOfTurn, Refusal
from members import rules
from members.choices import RIGHT_FLOW, RightKind, recorded_words
from members.domain import erasures, lines
from members.models import Member, SubjectRequest
from notices.domain import post

DUE_DAYS = 15
SHORTEST = 4


@transaction.atomic
def ask(member: Member, *, kind: str, words: str, by: Any, on: date) -> SubjectRequest:
    """Ask for a copy, a correction or an erasure of what is held about oneself, in one's own words.

    Only the person concerned may. Refuses fewer than four characters, and a second request of a kind while one is
    open. Those who may answer are told.
    """
    member = lines.lock_members([member])[member.pk]
    rules.OWN_RECORD.require(by, member)
    if kind not in RightKind.values:
        raise Refusal(_("请从列表中选一种申请事项。"), field="kind")
    _require_words(words, _("请写明要申请什么，至少 %(count)d 个字。"), field="words")

    request = SubjectRequest(
        member=member, kind=kind, words=words.strip(), asked_by=by, due_on=on + timedelta(days=DUE_DAYS)
    )
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        raise OutOfTurn(_("同类的申请还在等待答复，答复以后可以再提。"), field="kind") from None
    trail.record("members.right_asked", member, by=by, at=member.place.cell.path, facts=_facts(request, on))
    sentence = gettext_lazy("%(name)s提出个人信息申请：%(kind)s，%(due)s 前答复")
    facts = {"name": member.name, "kind": request.get_kind_display(), "due": request.due_on.isoformat()}
    for person in rules.ANSWER_MEMBER.holders(member.place):
        post.tell(person, sentence, url=request.get_absolute_url(), by=by, facts=facts)
    return request


@transaction.atomic
def grant(request: SubjectRequest, *, answer: str, by: Any, on: date) -> SubjectRequest:
    """Say that what was asked for is done; an erasure is done here and now. Refuses as ``erasures.erase`` does."""
    request = _to_answer(request, by)
    RIGHT_FLOW.take(request, "grant")
    if request.kind == RightKind.ERASURE:
        erasures.erase(request.member, by=by, on=on)
    return _close(request, "members.right_granted", answer=answer, by=by, on=on)


@transaction.atomic
def refuse(request: SubjectRequest, *, answer: str, by: Any, on: date) -> SubjectRequest:
    """Say why what was asked for is not done (PIPL Art 50). Refuses fewer than four characters."""
    request = _to_answer(request, by)
    RIGHT_FLOW.take(request, "refuse")
    _require_words(answer, _("请写明不予办理的理由，至少 %(count)d 个字。"), field="answer")
    return _close(request, "members.right_refused", answer=answer, by=by, on=on)


def _to_answer(request: SubjectRequest, by: Any) -> SubjectRequest:
    """The request as it stands, locked behind its record. Somebody else answers than the person concerned."""
    member = lines.lock_members([request.member])[request.member_id]
    locked = SubjectRequest.objects.select_for_update().get(pk=request.pk)
    locked.member = member
    rules.ANSWER_MEMBER.require(by, member.place)
    if by.pk in (locked.asked_by_id, member.user_id):
        raise Refusal(_("本人的申请由别人答复。"))
    return locked


def _close(request: SubjectRequest, action: str, *, answer: str, by: Any, on: date) -> SubjectRequest:
    request.answer, request.answered_by, request.answered_at = answer.strip(), by, timezone.now()
    request.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    trail.record(action, request.member, by=by, at=request.member.place.cell.path, facts=_facts(request, on))
    sentence = gettext_lazy("您的个人信息申请“%(kind)s”已答复：%(state)s")
    facts = {"kind": request.get_kind_display(), "state": request.get_state_display()}
    post.tell(request.asked_by, sentence, url=reverse("members:rights"), by=by, facts=facts)
    return request


def _facts(request: SubjectRequest, on: date) -> dict[str, Any]:
    return {"right": recorded_words(RightKind(request.kind)), "due_on": request.due_on, "on": on}


def _require_words(text: str, sentence: str, *, field: str) -> None:
    if len(text.strip()) < SHORTEST:
        raise Refusal(sentence % {"count": SHORTEST}, field=field)
