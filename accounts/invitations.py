"""Invitations: a signed address that lets one person, once, choose how to sign in.

Nothing is stored. An invitation speaks of the account and of the password it
had when the invitation was drawn up, so it is worth nothing once taken up. It
also names who drew it up and the offices that were known of then, so that it
is worth nothing either once they could not draw it up again.
"""

from collections.abc import Callable, Iterable
from datetime import date

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

SALT = "accounts.invitation"
DAYS = 7

# Offices are an app above this one, which may not look up at them: its AppConfig.ready() appends here whether an
# invitation still stands, as (holder, by=the one who drew it up, offices=their keys then, on=) -> bool.
CHECKS: list[Callable[..., bool]] = []


def address_for(user: User, *, by: User, offices: Iterable[int] = ()) -> str:
    """The path that opens the account of ``user``. Whoever is told it becomes them: show it only to be handed on.

    ``offices`` are the keys of those the person holds or will hold.
    """
    told = [user.code, _state(user), by.code, sorted(offices)]
    return reverse("accounts:invitation", args=[signing.dumps(told, salt=SALT)])


def invited_by(token: str, *, on: date) -> User | None:
    """Whom ``token`` invites; nobody when it is not ours, too old, taken up, or would not be drawn up again now."""
    try:
        code, state, inviter, offices = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 3600)
    except (signing.BadSignature, ValueError):
        return None
    user = User.objects.filter(code=code, is_active=True).first()
    by = User.objects.filter(code=inviter, is_active=True).first()
    if user is None or by is None or not constant_time_compare(state, _state(user)):
        return None
    return user if all(check(user, by=by, offices=offices, on=on) for check in CHECKS) else None


def _state(user: User) -> str:
    return salted_hmac(SALT, f"{user.username}:{user.password}").hexdigest()[:24]
