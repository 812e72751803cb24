"""更正申请: asked for by the member, decided by whoever keeps the roster and is somebody else.

What is granted is put right by ``roster.correct_many``, as if it had been written on the card.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from acts.recording import reversible
from audit import trail
from cells.models import Appointment
from cells.querysets import AppointmentQuerySet
from core.codes import fresh_codes
from core.errors import OutOfTurn, Refusal, Stale
from core.masks import tells
from members import rules
from members.checks import check_answers
from members.checks.evidence import check_evidence
from members.choices import REQUEST_FLOW, REQUESTABLE
from members.domain import lines, roster
from members.domain.roster import ITEMS, Correction
from members.models import ChangeRequest, Evidence, Member, shown
from notices.domain import post

MOST_AT_ONCE = 50


@transaction.atomic
def ask(member: Member, *, item: str, new: str, evidence: bytes, note: str = "", by: Any, on: date) -> ChangeRequest:
    """Ask for ``item`` of one's own record to be put right, with the evidence for it; those who may decide are told.

    Refuses what the card's own form would, what is recorded so already, a file ``check_evidence`` refuses, and a
    second request for an item while one is waiting.
    """
    member = lines.lock_members([member])[member.pk]
    rules.OWN_RECORD.require(by, member)
    if item not in REQUESTABLE:
        raise Refusal(_("这一项不需要申请，或不能由本人申请更正。"), field="item")
    if member.change_requests.waiting().filter(item=item).exists():
        raise OutOfTurn(_("这一项已有一份申请在等待核对；要改写的，请先撤回那一份。"), field="item")
    checked = _checked(member, item, new, on)
    sound = check_evidence(evidence)

    request = ChangeRequest(
        code=fresh_codes(ChangeRequest.objects, "GZ", 1)[0],
        member=member,
        item=item,
        old=_written(getattr(member, item)),
        new=checked,
        note=note.strip(),
        version=member.version,
        asked_by=by,
    )
    try:
        with transaction.atomic():
            request.save()
    except IntegrityError:
        raise OutOfTurn(_("这一项已有一份申请在等待核对；要改写的，请先撤回那一份。"), field="item") from None
    kept = Evidence(request=request, kind=sound.kind)
    kept.put(sound.data)
    kept.save()
    trail.record("members.change_asked", member, by=by, at=member.cell.path, facts=_facts(request, on))
    for person in deciders(request, on):
        post.tell(
            person, gettext_lazy("%(name)s申请更正%(item)s"), url=request.decide_url, by=by, facts=_words(request)
        )
    return request


@transaction.atomic
def withdraw(request: ChangeRequest, *, by: Any, on: date) -> ChangeRequest:
    """Take one's own request back while nobody has decided it; those who were asked are told."""
    request = _locked([request])[0]
    rules.OWN_REQUEST.require(by, request)
    REQUEST_FLOW.take(request, "withdraw")

    request.closed_at = timezone.now()
    request.save(update_fields=["state", "closed_at"])
    trail.record("members.change_withdrawn", request.member, by=by, at=_path(request), facts=_facts(request, on))
    post.settle(request.decide_url)
    sentence = gettext_lazy("%(name)s撤回了更正%(item)s的申请")
    for person in deciders(request, on):
        post.tell(person, sentence, url=request.decide_url, by=by, facts=_words(request))
    return request


def grant(request: ChangeRequest, *, by: Any, on: date) -> ChangeRequest:
    """Put right what was asked for. Refuses as ``grant_many`` does."""
    return grant_many([request], by=by, on=on)[0]


@reversible
def grant_many(requests: Sequence[ChangeRequest], *, by: Any, on: date) -> list[ChangeRequest]:
    """Put right what was asked for, all of it or nothing, and tell each member.

    Needs the power to keep the roster of each member's cell. Refuses one's own request, one by whoever appointed
    ``by``, several that are not for the same item, and whatever ``roster.correct_many`` refuses; raises Stale where
    the record says something else today than when the request was made. Category, education and post hold from
    ``on``.
    """
    held = _locked(requests)
    _require_another(held, by, on)
    if len({request.item for request in held}) > 1:
        raise Refusal(_("一次只能同意同一项目的申请，请按项目分开。"))
    if len(held) > MOST_AT_ONCE:
        raise Refusal(_("一次最多同意 %(count)d 件，请分几次。") % {"count": MOST_AT_ONCE})
    for row, request in enumerate(held):
        REQUEST_FLOW.take(request, "grant")
        _require_old_value(request, row)
    roster.correct_many(
        [Correction(request.member, {request.item: str(request.new)}) for request in held], by=by, on=on
    )

    now = timezone.now()
    for request in held:
        request.decided_by, request.closed_at = by, now
        request.save(update_fields=["state", "decided_by", "closed_at"])
        trail.record("members.change_granted", request.member, by=by, at=_path(request), facts=_facts(request, on))
        post.settle(request.decide_url)
        sentence = gettext_lazy("您更正%(item)s的申请已同意，名册已更新")
        post.tell(request.asked_by, sentence, url=request.get_absolute_url(), by=by, facts=_words(request))
    return held


def tell_undone(codes: Sequence[str], *, by: Any) -> None:
    """Tell whoever asked that what was granted is undone: the record is as it was, the request stays decided."""
    sentence = gettext_lazy("您更正%(item)s的申请同意后又撤销了，名册已恢复原来的登记")
    for request in ChangeRequest.objects.filter(code__in=codes).select_related("asked_by", "member").order_by("pk"):
        post.tell(request.asked_by, sentence, url=request.get_absolute_url(), by=by, facts=_words(request))


@transaction.atomic
def refuse(request: ChangeRequest, *, reason: str, by: Any, on: date) -> ChangeRequest:
    """Send a request back with the reason, which the member reads.

    Refuses one's own, a reason too short to help, and one that says the number concerned.
    """
    request = _locked([request])[0]
    _require_another([request], by, on)
    REQUEST_FLOW.take(request, "refuse")
    if len(reason.strip()) < lines.SHORTEST_REASON:
        raise Refusal(_("请写明退回的理由，本人会看到。"), field="reason")
    if request.item == "id_number" and any(tells(reason, str(number)) for number in (request.old, request.new)):
        raise Refusal(_("理由会留在操作记录里，请不要写完整的证件号码。"), field="reason")

    request.decided_by, request.closed_at, request.reason = by, timezone.now(), reason.strip()
    request.save(update_fields=["state", "decided_by", "closed_at", "reason"])
    facts = _facts(request, on) | {"reason": request.reason}
    trail.record("members.change_refused", request.member, by=by, at=_path(request), facts=facts)
    post.settle(request.decide_url)
    sentence = gettext_lazy("您更正%(item)s的申请被退回，请看理由")
    post.tell(request.asked_by, sentence, url=request.get_absolute_url(), by=by, facts=_words(request))
    return request


def deciders(request: ChangeRequest, on: date) -> list[User]:
    """Who is to decide it: those nearest to the member who keep the roster, can sign in and did not ask themselves.

    Nor those whom the asker put into that office: they answer to the asker.
    """
    offices = _deciding_offices(request, on)
    able = offices.filter(holder__is_active=True, holder__username__isnull=False).exclude(holder=request.asked_by_id)
    found = list(able.select_related("holder", "cell").order_by("pk"))
    nearest = max((office.cell.path for office in found), key=len, default="")
    return list(dict.fromkeys(office.holder for office in found if office.cell.path == nearest))


def may_decide(request: ChangeRequest, *, by: Any, on: date) -> bool:
    """Whether the request is somebody else's, and ``by`` keeps the roster by an office the asker did not fill."""
    if by.pk in (request.asked_by_id, request.member.user_id):
        return False
    return rules.KEEP_MEMBER.allows(by, request.member.place) and not _appointees_asked([request], by, on)


def consequences(request: ChangeRequest, on: date) -> list[tuple[Any, str, str]]:
    """What else of the record follows from what is asked for, as (item, old, new); asks no query."""
    known = {item: getattr(request.member, item) for item in ITEMS}
    found = check_answers({request.item: str(request.new)}, on=on, known=known).values
    fields: Any = Member._meta
    return [
        (fields.get_field(item).verbose_name, shown(item, _written(known[item])), shown(item, _written(value)))
        for item, value in found.items()
        if item != request.item and value != known[item]
    ]


def _locked(requests: Iterable[ChangeRequest]) -> list[ChangeRequest]:
    """The requests as they stand, locked, always in the same order, and their members' records after them."""
    wanted = {request.pk for request in requests}
    held = ChangeRequest.objects.filter(pk__in=wanted).order_by("pk").select_for_update(of=("self",))
    found = list(held.select_related("asked_by"))
    members = lines.lock_members([Member(pk=request.member_id) for request in found])
    for request in found:
        request.member = members[request.member_id]
    return found


def _deciding_offices(request: ChangeRequest, on: date) -> AppointmentQuerySet:
    offices = Appointment.objects.carrying(rules.KEEP_MEMBER.power, _path(request), on)
    return offices.exclude(appointed_by=request.asked_by_id)


def _appointees_asked(requests: Sequence[ChangeRequest], by: Any, on: date) -> list[ChangeRequest]:
    """Those of ``requests`` whose asker put ``by`` into the only office that would let them decide it."""
    offices = Appointment.objects.in_force(on).filter(holder=by.pk)
    askers = {request.asked_by_id for request in requests}
    fillers = set(offices.filter(appointed_by__in=askers).values_list("appointed_by", flat=True))
    asked = [request for request in requests if request.asked_by_id in fillers]
    return [request for request in asked if not _deciding_offices(request, on).filter(holder=by.pk).exists()]


def _require_another(requests: Sequence[ChangeRequest], by: Any, on: date) -> None:
    """Only who keeps the roster decides, never about their own record, nor who owes the office to the asker."""
    places = lines.places_of([request.member for request in requests], by)
    for request in requests:
        request.member.place = places[request.member_id]
    if any(by.pk is None or by.pk in (request.asked_by_id, request.member.user_id) for request in requests):
        raise OutOfTurn(_("不能核对自己提出的申请。请由支部其他负责人或上级党组织核对。"))
    if _appointees_asked(requests, by, on):
        raise OutOfTurn(_("您的职务由申请人任命，不能核对这份申请。请由支部其他负责人或上级党组织核对。"))


def _require_old_value(request: ChangeRequest, row: int) -> None:
    now = _written(getattr(request.member, request.item))
    if now != request.old:
        raise Stale(
            _("%(name)s的%(item)s在申请之后已改为“%(now)s”，与申请时的“%(old)s”不同。请核对后退回，由本人重新申请。")
            % {
                "name": request.member.name,
                "item": request.label,
                "now": shown(request.item, now) or _("空"),
                "old": request.old_shown or _("空"),
            },
            row=row,
        )


def _checked(member: Member, item: str, new: str, on: date) -> str:
    """The value as it would be recorded; refuses what is wrong with it or with the record it would make."""
    known = {name: getattr(member, name) for name in ITEMS}
    found = check_answers({item: new}, on=on, known=known)
    for sentences in found.problems.values():
        raise Refusal(sentences[0], field="new")
    value = found.values[item]
    if item == "birth_date" and value == member.birth_date and found.values.get("archive_birth_date"):
        raise Refusal(
            _("证件号码表示的出生日期是 %(day)s；档案上另有日期的，请申请更正“档案出生日期”。") % {"day": value},
            field="new",
        )
    if value == known[item]:
        raise Refusal(_("与现在登记的相同，不需要更正。"), field="new")
    return _written(value)


def _written(value: Any) -> str:
    if value is None:
        return ""
    return value.isoformat() if isinstance(value, date) else str(value)


def _path(request: ChangeRequest) -> str:
    return str(request.member.cell.path)


def _facts(request: ChangeRequest, on: date) -> dict[str, Any]:
    """What the trail keeps: which item, never what it was or is to be."""
    return {"field": _recorded_label(request), "ref": request.code, "on": on}


def _words(request: ChangeRequest) -> dict[str, str]:
    return {"name": request.member.name, "item": _recorded_label(request)}


def _recorded_label(request: ChangeRequest) -> str:
    """What the item is called in the language of the record, whoever's language is on."""
    with translation.override(settings.LANGUAGE_CODE):
        return str(request.label)
