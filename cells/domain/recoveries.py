"""Confirming that somebody who lost the second factor is who they say: two people, neither of them the person."""

from datetime import date, timedelta
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import telling
from accounts.choices import RecoveryState
from accounts.domain import recovery, sessions
from accounts.models import RecoveryCase
from audit import trail
from cells import authority
from cells.domain import accounts, last_ones, witnesses
from cells.models import Appointment
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal
from notices.domain import post

WAITS = gettext_lazy("%(person)s申请重设第二验证方式（%(code)s），请核实是否本人。")
DONE = gettext_lazy(
    "两位同志已确认，您原来的第二验证方式已移除，请用一次性口令登录。不是您本人申请的，请马上告诉技术管理员。"
)
REFUSED = gettext_lazy("您重设第二验证方式的申请没有通过：%(reason)s")


@transaction.atomic
def confirm(case: RecoveryCase, *, checked: str, met: bool, by: Any, on: date) -> str:
    """Say that it is really them, and how that was checked. Returns the one-time proof with the second confirmation.

    The second takes the old factors away, ends everything the person has open, and draws the proof with which they
    sign in once, within a day. Two different people who may (``may_confirm``), one of whom met the person; refuses
    oneself, no word on how it was checked, a case that is not waiting, and whoever is no second person (``witnesses``).
    """
    case = _lock(case)
    if not may_confirm(case, by=by, on=on):
        raise PermissionDenied
    _require_waiting(case)
    if case.first_by_id == by.pk:
        raise Refusal(_("您已经确认过，还要另一位同志确认。"))
    _require_apart(case, by, on)
    if not checked.strip():
        raise Refusal(_("请写明怎样核实的。"), field="checked")
    if case.first_by_id is None:
        case.first_by_id, case.first_at = by.pk, timezone.now()
        case.first_checked, case.first_met = checked.strip()[:200], met
        case.save(update_fields=["first_by", "first_at", "first_checked", "first_met"])
        _record("accounts.recovery_confirmed", case, by, on, checked=case.first_checked, met=met)
        return ""
    if not (met or case.first_met):
        raise Refusal(_("两位确认人中至少一位要当面核实，请当面核实后再确认。"), field="met")
    if not (_may(case.first_by, case, on) or _may(by, case, on)):
        raise Refusal(_("两位见证人还不够，要有一位管理账号或负责任免的同志确认。"))
    return _complete(case, checked=checked.strip()[:200], met=met, by=by, on=on)


@transaction.atomic
def refuse(case: RecoveryCase, *, reason: str, by: Any, on: date) -> RecoveryCase:
    """Say that it is not them, or cannot be told. One is enough. Refuses no reason, and a case that is not waiting."""
    case = _lock(case)
    if not may_confirm(case, by=by, on=on):
        raise PermissionDenied
    _require_waiting(case)
    if not reason.strip():
        raise Refusal(_("请填写不予确认的原因。"), field="reason")
    case.refused_by_id, case.refuse_reason = by.pk, reason.strip()[:200]
    case.save(update_fields=["refused_by", "refuse_reason"])
    recovery.close(case, RecoveryState.REFUSED)
    _record("accounts.recovery_refused", case, by, on, reason=case.refuse_reason)
    telling.tell(case.person, REFUSED, facts={"reason": case.refuse_reason})
    return case


def may_confirm(case: RecoveryCase, *, by: Any, on: date) -> bool:
    """Those who keep accounts or appoint from above where the person has a place.

    A small association may have but one left at its head: then whoever holds an office may stand witness as the other.
    """
    if by.pk == case.person_id or not by.is_active:
        return False
    return _may(by, case, on) or (len(_at_the_head(on) - {case.person_id}) < 2 and _holds_office(by))


def waiting_for(by: Any, *, on: date) -> list[RecoveryCase]:
    """The open cases that ``by`` may confirm, the latest first. A constant number of queries; there are never many."""
    found = RecoveryCase.objects.filter(state=RecoveryState.ASKED, expires_at__gt=timezone.now()).exclude(person=by)
    cases = list(found.select_related("person", "first_by"))
    places = accounts.places_of_many({case.person_id for case in cases}, on=on)
    head, witness = _at_the_head(on), _holds_office(by)
    return [
        case
        for case in cases
        if accounts.may_vouch(case.person, by=by, on=on, places=places[case.person_id])
        or (witness and len(head - {case.person_id}) < 2)
    ]


def announce(case: RecoveryCase) -> None:
    """Tell those who may confirm that somebody waits."""
    on = timezone.localdate()
    held = Appointment.objects.in_force(on).exclude(holder=case.person_id)
    people = get_user_model().objects.filter(pk__in=held.values("holder"), is_active=True, username__isnull=False)
    for person in people.order_by("pk"):
        if may_confirm(case, by=person, on=on):
            facts = {"person": case.person.name, "code": case.code}
            post.tell(person, WAITS, by=SYSTEM, url=reverse("cells:recoveries"), facts=facts)


def _complete(case: RecoveryCase, *, checked: str, met: bool, by: Any, on: date) -> str:
    proof = recovery.draw_proof()
    case.second_by_id, case.second_at, case.second_checked, case.second_met = by.pk, timezone.now(), checked, met
    case.state, case.proof = RecoveryState.CONFIRMED, recovery.hashed(case, proof)
    case.expires_at = timezone.now() + timedelta(hours=recovery.HOURS)
    case.save()
    Authenticator.objects.filter(user_id=case.person_id).delete()
    sessions.close_all(case.person)

    _record("accounts.recovery_confirmed", case, by, on, checked=checked, met=met)
    trail.record("accounts.factors_removed", case.person, by=by, at=accounts.home_path(case.person, on=on))
    telling.tell(case.person, DONE)
    return proof


def _require_apart(case: RecoveryCase, by: Any, on: date) -> None:
    """Refuses whom one person could have made up for the case, and who had a hand in the person's new password."""
    if not may_confirm(case, by=witnesses.as_settled(by, case, on=on), on=on):
        raise Refusal(_("您的任职在这次申请之前还不满七天，不能确认，请由任职较久的同志办理。"))
    for one in filter(None, (by, case.first_by)):
        if witnesses.has_invited(case.person, by=one, since=case.asked_at - witnesses.SETTLED):
            words = {"who": one.name, "person": case.person.name}
            raise Refusal(_("%(who)s近七天内为%(person)s生成过登录邀请，要由没有经手的同志确认。") % words)
    if case.first_by is not None and witnesses.are_close(by, case.first_by, case, on=on):
        words = {"who": case.first_by.name}
        raise Refusal(
            _("您和%(who)s近 90 天内有任命或邀请开通账号的关系，不能由你们两位确认，请由另一位同志确认。") % words
        )


def _at_the_head(on: date) -> set[int]:
    """Who may answer for everybody, and can sign in."""
    held = Appointment.objects.in_force(on).filter(office__in=last_ones.NEVER_EMPTY)
    return set(held.filter(holder__is_active=True, holder__username__isnull=False).values_list("holder", flat=True))


def _may(by: Any, case: RecoveryCase, on: date) -> bool:
    return accounts.may_vouch(case.person, by=by, on=on)


def _holds_office(by: Any) -> bool:
    return bool(authority.held_by(by))


def _require_waiting(case: RecoveryCase) -> None:
    if case.state != RecoveryState.ASKED or case.is_over:
        raise OutOfTurn(_("这次申请已经办结或过期，请刷新后再看。"))


def _record(action: str, case: RecoveryCase, by: Any, on: date, **facts: Any) -> None:
    at = accounts.home_path(case.person, on=on)
    trail.record(action, case, by=by, at=at, facts={"holder": case.person.name} | facts)


def _lock(case: RecoveryCase) -> RecoveryCase:
    return RecoveryCase.objects.select_for_update(of=("self",)).select_related("person", "first_by").get(pk=case.pk)
