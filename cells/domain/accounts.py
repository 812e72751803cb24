"""Keeping accounts: closing one, opening it again, letting somebody in whom too many wrong tries shut out."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.contrib.auth import get_user_model
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import lockout
from accounts.domain import sessions
from audit import trail
from audit.models import Entry
from cells import rules
from cells.choices import GRANTS, Office, Power
from cells.domain import last_ones
from cells.models import Appointment, Cell
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal
from notices.domain import post

OPENED = gettext_lazy("您的账号已恢复，可以登录。")
DOOR_OPENED = gettext_lazy("您的登录已由管理员解除暂停。")


@transaction.atomic
def close(person: Any, *, reason: str, by: Any, on: date) -> Any:
    """Let ``person`` sign in no more, and end whatever they have open; offices and records stay as they are.

    For who keeps accounts where the person has offices or belongs; nobody closes their own. Refuses no reason, a
    closed account, whoever fills the office of the one who closes, and the last who could let others in.
    """
    person = _lock(person)
    require_keeper(person, by=by, on=on)
    if person.pk == by.pk:
        raise Refusal(_("不能停用自己的账号，请由另一位管理员办理。"))
    if not person.is_active:
        raise OutOfTurn(_("这个账号已经停用，请刷新后再看。"))
    if _fills_the_office_of(by, person, on):
        words = {"name": person.name}
        raise Refusal(_("%(name)s负责任免您的职务，停用这个账号要由上级党组织或技术管理员办理。") % words)
    if not reason.strip():
        raise Refusal(_("请填写停用原因。"), field="reason")
    last_ones.require_another(last_ones.offices_of(person, on=on), on=on)
    person.is_active = False
    person.save(update_fields=["is_active"])
    sessions.close_all(person)

    facts = {"reason": reason.strip()[:200]}
    trail.record("accounts.suspended", person, by=by, at=home_path(person, on=on), facts=facts)
    return person


@transaction.atomic
def reopen(person: Any, *, reason: str, by: Any, on: date) -> Any:
    """Let ``person`` sign in again, as before. For who keeps accounts there.

    Refuses no reason, an open account, and one that was closed for good because its holder asked for erasure.
    """
    person = _lock(person)
    require_keeper(person, by=by, on=on)
    if person.is_active:
        raise OutOfTurn(_("这个账号没有停用，请刷新后再看。"))
    if not reason.strip():
        raise Refusal(_("请填写恢复原因。"), field="reason")
    if Entry.objects.about(person).filter(action="accounts.closed").exists():
        raise Refusal(_("这个账号已按本人申请关闭，资料已删除，不能恢复，请另行邀请。"))
    person.is_active = True
    person.save(update_fields=["is_active"])
    sessions.close_all(person)

    facts = {"reason": reason.strip()[:200]}
    trail.record("accounts.reopened", person, by=by, at=home_path(person, on=on), facts=facts)
    post.tell(person, OPENED, by=by)
    return person


@transaction.atomic
def unlock(person: Any, *, by: Any, on: date) -> Any:
    """Forget the wrong tries that shut ``person`` out. For who keeps accounts there, or may appoint there from above.

    Nobody unlocks themselves. Refuses where the door is not shut.
    """
    person = _lock(person)
    if person.pk == by.pk or not may_vouch(person, by=by, on=on):
        raise PermissionDenied
    if not lockout.open_door(person):
        raise OutOfTurn(_("这个账号没有被暂停登录，请刷新后再看。"))
    trail.record("accounts.unlocked", person, by=by, at=home_path(person, on=on))
    post.tell(person, DOOR_OPENED, by=by)
    return person


def require_keeper(person: Any, *, by: Any, on: date) -> None:
    """Raises PermissionDenied unless ``by`` keeps accounts wherever ``person`` has offices or belongs."""
    rules.KEEP_ACCOUNT.require(by, *places_of(person, on=on))


def may_vouch(person: Any, *, by: Any, on: date, places: list[Cell] | None = None) -> bool:
    """May ``by`` answer for who ``person`` is: keep accounts, or appoint from above, everywhere they have a place?"""
    if by.pk == person.pk:
        return False
    places = places_of(person, on=on) if places is None else places
    return rules.KEEP_ACCOUNT.allows_all(by, places) or rules.APPOINT.allows_all(by, places)


def places_of(person: Any, *, on: date) -> list[Cell]:
    """Where somebody holds or will hold an office or is a member; where the tree begins if that is nowhere."""
    return places_of_many([person.pk], on=on)[person.pk]


def places_of_many(people: Collection[int], *, on: date) -> dict[int, list[Cell]]:
    """As ``places_of``, for the keys of many; a constant number of queries."""
    found: dict[int, set[Cell]] = {person: set() for person in people}
    for row in Appointment.objects.reaching(on).filter(holder__in=found).select_related("cell"):
        found[row.holder_id].add(row.cell)
    # Members are an app above this one; where a record is kept is reached through their own relation.
    homes = Cell.objects.filter(
        memberships__member__user__in=found,
        memberships__voided_at__isnull=True,
        memberships__valid__contains=on,
    )
    for cell in homes.annotate(at_home=F("memberships__member__user")):
        found[cell.at_home].add(cell)
    roots = list(Cell.objects.filter(parent=None))
    return {person: sorted(cells, key=lambda cell: cell.path) or roots for person, cells in found.items()}


def home_path(person: Any, *, on: date) -> str:
    """Where the trail keeps what happened to somebody's account."""
    places = places_of(person, on=on)
    return places[0].path if places else ""


def _fills_the_office_of(keeper: Any, person: Any, on: date) -> bool:
    """Whether ``person`` appoints wherever ``keeper`` keeps accounts. The technical administrator answers for all."""
    if keeper is SYSTEM:
        return False
    offices = list(Appointment.objects.in_force(on).filter(holder=keeper).select_related("cell"))
    if any(row.office == Office.TECHNICAL_ADMINISTRATOR for row in offices):
        return False
    return rules.APPOINT.allows_all(person, [row.cell for row in offices if Power.KEEP_ACCOUNTS in GRANTS[row.office]])


def _lock(person: Any) -> Any:
    return get_user_model().objects.select_for_update(no_key=True).get(pk=person.pk)
