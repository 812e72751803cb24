"""Inviting members to their own record, and what happens when they come: they confirm who they are before it opens."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import invitations, purposes, telling
from accounts.domain import consents, people
from accounts.invitations import Gone, Invitation
from accounts.models import User
from audit import trail
from cells.domain import invitations as officers
from core.errors import OutOfTurn, Refusal, Stale
from members import rules
from members.choices import DOUBTS
from members.domain import lines
from members.models import Member
from notices.domain import post

DOOR = "members:activate"
DAY = 24 * 3600
DOUBTED = gettext_lazy("%(name)s的邀请被退回：打开的人说，其中有不对的地方，或不是本人。请核对后重新邀请。")


@transaction.atomic
def invite(member: Member, *, by: Any, on: date) -> str:
    """Draw up an invitation for a member to their own record; returns the path to be handed on to them.

    Whoever takes it up reads the record whole, so only those may invite who keep it and may reveal it, and who may
    invite to every office the member holds. A member without an account gets one, which sleeps until then; who has one
    in use gets a way to a new password, and is told: that is for those who appoint there, not for who keeps the roster.
    Refuses a program, oneself, a closed account, a member who is on no roster, and an account in use, saying who can
    help.
    """
    officers.require_person(by)
    member = lines.lock_members([member])[member.pk]
    place = lines.places_of([member], by)[member.pk]
    rules.REVEAL_MEMBER.require(by, place)
    if member.user_id == by.pk:
        raise Refusal(_("不用邀请自己：修改密码在“设置”里。"))
    if not member.is_active:
        raise OutOfTurn(_("%(name)s不在名册上，不能邀请。") % {"name": member.name})
    if member.user is None:
        member.user = User.objects.open_dormant(member.name)
        member.version += 1
        member.save(update_fields=["user", "version"])
        facts = {"holder": member.user.code, "on": on}
        trail.record("members.linked", member, by=by, at=place.cell.path, facts=facts)
    user = member.user
    if not user.is_active:
        raise Refusal(_("这个账号已停用，不能邀请。"))
    life = officers.Life(user, on)
    if not officers.may_invite(life, by=by):
        if user.is_dormant:
            raise PermissionDenied
        words = {"name": member.name, "who": officers.who_invites_again(place.cell)}
        raise Refusal(_("%(name)s的账号已经开通，支部不能重新邀请。忘了密码的，请本人联系%(who)s。") % words)

    trail.record("members.invited", member, by=by, at=place.cell.path, facts={"on": on})
    if not user.is_dormant:
        telling.tell(user, officers.INVITED_AGAIN)
    return invitations.address_for(user, by=by, offices=life.keys, door=DOOR)


class Known:
    """What ``may_invite`` and ``who_helps`` look up, to be read together with other things."""

    def __init__(self, member: Member, *, by: Any, on: date) -> None:
        self.life = officers.Life(member.user, on) if member.user else None
        self.helpers = _helpers(member, by)

    @property
    def asked(self) -> tuple[QuerySet, ...]:
        return *(self.life.asked if self.life else ()), self.helpers


def may_invite(member: Member, *, by: Any, on: date, known: Known | None = None) -> bool:
    """Whether ``invite`` would draw one up: for showing the way to it."""
    place = member.place
    if not member.is_active or member.user_id == by.pk or not rules.REVEAL_MEMBER.allows(by, place):
        return False
    life = (known or Known(member, by=by, on=on)).life
    return rules.KEEP_MEMBER.allows(by, place) and (life is None or officers.may_invite(life, by=by))


def who_helps(member: Member, *, by: Any, known: Known | None = None) -> str:
    """Whom a member with an account in use may ask for a new password; for a ``by`` who cannot give one."""
    return _("、").join(known.helpers if known else _helpers(member, by))


def _helpers(member: Member, by: Any) -> QuerySet:
    user = member.user
    if user is None or user.is_dormant or user.pk == by.pk:
        return User.objects.none()
    return officers.who_invites(member.place.cell)


def invited(token: str, *, on: date) -> tuple[Invitation, Member | None]:
    """The invitation and the member it is for; what could not be drawn up again today stands no longer."""
    found = invitations.look_up(token, on=on, door=DOOR)
    if found.user is None:
        return found, None
    member = Member.objects.own(found.user).first()
    if member is None or not may_invite(member, by=found.by, on=on):
        return Invitation(gone=Gone.WITHDRAWN), None
    return found, member


@transaction.atomic
def take_up(
    token: str,
    *,
    confirmed: bool,
    read: int,
    agreed: Sequence[str],
    username: str,
    password: str | None = None,
    on: date,
) -> Member:
    """Open the account of whoever ``token`` invites: facts confirmed, notice read, what they agree to written down.

    ``read`` is the version of the notice they read; ``agreed`` names the purposes they agree to, of which none has to
    be. Refuses an invitation that is gone, facts not confirmed, a notice replaced meanwhile, and as
    ``people.activate`` does.
    """
    user, _by, _member = _standing(token, on)
    User.objects.select_for_update().get(pk=user.pk)
    # Somebody may have taken it up while we waited.
    user, _by, member = _standing(token, on)
    if not confirmed:
        raise OutOfTurn(_("请先核对资料，确认是您本人。"))
    if read != purposes.CURRENT[purposes.NOTICE].version:
        raise Stale(_("说明刚才更新了，请看过新的再继续。"))

    user = people.activate(user, username=username, password=password, by=user, on=on)
    member.user = user
    for purpose in (purposes.NOTICE, *agreed):
        version = purposes.CURRENT[purpose].version
        consents.answer(user, purpose=purpose, version=version, given=True, by=user, on=on)
    trail.record("members.activated", member, by=user, at=member.cell.path)
    return member


@transaction.atomic
def doubt(token: str, *, doubts: Sequence[str], on: date) -> None:
    """Tell whoever invited that something is wrong, or that it reached the wrong person. Nothing opens.

    The invitation to an account nobody has taken up is worth nothing from then on; of one that somebody uses the
    inviter hears once a day. Refuses an invitation that is gone, and saying nothing.
    """
    user, inviter, member = _standing(token, on)
    said = [code for code in DOUBTS if code in doubts]
    if not said:
        raise Refusal(_("请选出哪一项不对。"), field="doubts")
    if user.is_dormant:
        user.set_unusable_password()
        user.save(update_fields=["password"])
    elif not cache.add(f"members.doubt:{user.code}", 1, timeout=DAY):
        return
    trail.record("members.doubted", member, by=AnonymousUser(), at=member.cell.path, facts={"doubts": said})
    post.tell(inviter, DOUBTED, url=member.get_absolute_url(), by=user, facts={"name": member.name})


def _standing(token: str, on: date) -> tuple[User, User, Member]:
    """Who is invited, by whom, to which record. Refuses an invitation that is gone, saying why."""
    found, member = invited(token, on=on)
    if member is None or found.user is None or found.by is None:
        raise OutOfTurn(str(found.gone.label) if found.gone else "")
    return found.user, found.by, member


def masked_facts(member: Member) -> list[tuple[str, str]]:
    """Four facts by which somebody knows whether they are meant; to somebody else they tell little."""
    joined = member.joined_on
    return [
        (_("姓名"), member.name[:1] + "*" * (len(member.name) - 1)),
        (_("证件号码末两位"), str(member.id_number)[-2:] if member.id_number else "—"),
        (_("所在党支部"), member.place.where),
        (_("加入党组织的年月"), f"{joined:%Y-%m}" if joined else "—"),
    ]


def free_username(member: Member) -> str:
    """A name to sign in with that nobody has: how the person's own name is read, with a number where it is taken."""
    read = "".join(sign for sign in member.name_pinyin.lower() if sign.isascii() and sign.isalnum())[:24]
    base = read if len(read) > 1 else member.code.lower()
    taken = set(User.objects.filter(username__startswith=base).values_list("username", flat=True))
    return next(name for name in (base, *(f"{base}{number}" for number in range(2, 9999))) if name not in taken)
