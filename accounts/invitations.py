"""Invitations: a signed address that lets one person, once, choose how to sign in.

Nothing is stored. An invitation speaks of the account and of the password it
had when the invitation was drawn up, so it is worth nothing once taken up. It
also names who drew it up and the offices that were known of then, so that it
is worth nothing either once they could not draw it up again.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.core import signing
from django.db.models import TextChoices
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from accounts.models import User

DAYS = 7
# Where an invitation opens unless it was drawn up for another door.
DOOR = "accounts:invitation"

# Offices are an app above this one, which may not look up at them: its AppConfig.ready() appends here whether an
# invitation still stands, as (holder, by=the one who drew it up, offices=their keys then, on=) -> bool.
CHECKS: list[Callable[..., bool]] = []


class Gone(TextChoices):
    """Why an invitation opens nothing."""

    LATE = "late", _("邀请七天内有效，这个链接已经过期。还没有开通的，请发给您的人重新邀请。")
    USED = "used", _("这个链接已经用过，或者后来又发过新的。已经开通的，直接登录。")
    WITHDRAWN = "withdrawn", _("发出后情况有变，这个邀请不再有效。请向所在党支部要一个新的。")
    UNKNOWN = "unknown", _("链接不完整，或者不是本站发出的。请从收到的消息里整条打开，或重新要一个。")


@dataclass(frozen=True)
class Invitation:
    """Who is invited by whom, or why nobody is any more."""

    user: User | None = None
    by: User | None = None
    gone: Gone | None = None


def address_for(user: User, *, by: User, offices: Iterable[int] = (), door: str = DOOR) -> str:
    """The path that opens the account of ``user``. Whoever is told it becomes them: show it only to be handed on.

    ``offices`` are the keys of those the person holds or will hold; ``door`` is the route at which alone it opens.
    """
    told = [user.code, _state(user), by.code, sorted(offices)]
    return reverse(door, args=[signing.dumps(told, salt=_salt(door))])


def look_up(token: str, *, on: date, door: str = DOOR) -> Invitation:
    """What ``token`` invites to, or why it no longer does. Who holds a true one may be told what became of it."""
    try:
        told = signing.loads(token, salt=_salt(door), max_age=DAYS * 24 * 3600)
    except signing.SignatureExpired:
        return Invitation(gone=Gone.LATE)
    except (signing.BadSignature, ValueError):
        return Invitation(gone=Gone.UNKNOWN)
    code, state, inviter, offices = told
    user = User.objects.filter(code=code, is_active=True).first()
    by = User.objects.filter(code=inviter, is_active=True).first()
    if user is not None and not constant_time_compare(state, _state(user)):
        return Invitation(gone=Gone.USED)
    if user is None or by is None or not all(check(user, by=by, offices=offices, on=on) for check in CHECKS):
        return Invitation(gone=Gone.WITHDRAWN)
    return Invitation(user, by)


def _salt(door: str) -> str:
    return door.replace(":", ".")


def _state(user: User) -> str:
    return salted_hmac(_salt(DOOR), f"{user.username}:{user.password}").hexdigest()[:24]
