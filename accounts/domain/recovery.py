"""A lost second factor, as far as the person who lost it goes: asking, and coming back with what was vouched for.

Who may confirm that it is really them stands with the offices, in ``cells.domain.recoveries``.
"""

import secrets
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import lockout, second_factor, telling
from accounts.choices import RecoveryState
from accounts.lockout import Limit
from accounts.models import RecoveryCase, User
from audit import trail
from core.codes import ALPHABET
from core.errors import OutOfTurn, Refusal

OPEN = (RecoveryState.ASKED, RecoveryState.CONFIRMED)
DAYS = 7
HOURS = 24
PROOF_LENGTH = 10

ASKING = Limit("recovery", most=5, minutes=24 * 60)
ASKED = gettext_lazy("有人凭您的密码申请重设第二验证方式。如果不是您，请照常登录，申请会自动撤回，并请马上修改密码。")

# Offices are an app above this one; its AppConfig.ready() appends what tells those who may confirm, as (case).
ON_ASKED: list[Callable[[RecoveryCase], None]] = []


@transaction.atomic
def ask(person: User, *, by: Any, on: date) -> RecoveryCase:
    """Ask for the second factor to be set anew, having given the right password. A case that waits is given back.

    One that was confirmed is void from then on: its proof was lost. Only the person may. Refuses more than five a day.
    """
    person = User.objects.select_for_update().get(pk=person.pk)
    if by.pk != person.pk or not person.is_active:
        raise PermissionDenied
    standing = RecoveryCase.objects.filter(person=person, state__in=OPEN).first()
    if standing is not None and standing.state == RecoveryState.ASKED and not standing.is_over:
        return standing
    if ASKING.take(person.code) > ASKING.most:
        raise Refusal(_("今天申请的次数过多，请明天再来，或直接联系技术管理员。"))
    if standing is not None:
        close(standing, RecoveryState.EXPIRED)
    case = RecoveryCase.objects.create(person=person, expires_at=timezone.now() + timedelta(days=DAYS))

    trail.record("accounts.recovery_asked", case, by=by, at="", facts={"on": on})
    telling.tell(person, ASKED)
    for announce in ON_ASKED:
        announce(case)
    return case


@transaction.atomic
def come_back(person: User, *, proof: str, by: Any, on: date) -> RecoveryCase:
    """Take the proof for the missing second factor, once. Refuses a wrong one, a used one, and one whose time is over.

    The case is settled once a new factor is set up; until then the password alone goes on opening nothing.
    """
    case = RecoveryCase.objects.select_for_update().filter(person=person, second_by__isnull=False).first()
    if by.pk != person.pk or case is None:
        raise PermissionDenied
    if not case.may_be_used:
        raise OutOfTurn(_("这次重设已用过或已过期，请重新申请。"))
    if not constant_time_compare(case.proof, hashed(case, proof)):
        raise Refusal(_("一次性口令不对，请核对后重新输入。"), field="proof")
    case.proof = ""
    case.save(update_fields=["proof"])
    lockout.code_was_right(person)
    if not second_factor.required_for(person):
        close(case, RecoveryState.USED)
    trail.record("accounts.recovery_used", case, by=by, at="", facts={"on": on})
    return case


@transaction.atomic
def withdraw(person: User, *, by: Any, on: date) -> None:
    """Who signs in with a second factor has not lost it: what was asked for in their name is void."""
    for case in RecoveryCase.objects.select_for_update().filter(person=person, state=RecoveryState.ASKED):
        close(case, RecoveryState.WITHDRAWN)
        trail.record("accounts.recovery_withdrawn", case, by=by, at="", facts={"on": on})


@transaction.atomic
def settle(person: Any) -> None:
    """As part of setting up a new factor: what took the old ones away is done with."""
    case = owed_by(person)
    if case is not None:
        close(case, RecoveryState.USED)


def owed_by(person: Any) -> RecoveryCase | None:
    """The case that took the person's factors away, until there is a new one; also when its time ran out."""
    last = RecoveryCase.objects.filter(person_id=person.pk, second_by__isnull=False).first()
    return last if last is not None and last.state != RecoveryState.USED else None


def close(case: RecoveryCase, state: RecoveryState) -> None:
    """As part of another deed."""
    case.state, case.closed_at, case.proof = state, timezone.now(), ""
    case.save(update_fields=["state", "closed_at", "proof"])


def draw_proof() -> str:
    """Ten characters in two groups that nobody mistakes for one another on the telephone."""
    drawn = "".join(secrets.choice(ALPHABET) for _place in range(PROOF_LENGTH))
    return f"{drawn[:5]}-{drawn[5:]}"


def hashed(case: RecoveryCase, proof: str) -> str:
    plain = "".join(proof.upper().replace("-", " ").split())
    return salted_hmac("accounts.recovery", f"{case.code}:{plain}", algorithm="sha256").hexdigest()
