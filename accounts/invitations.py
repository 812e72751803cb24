"""Invitations: a signed address that lets one person, once, choose how to sign in.

Nothing is stored. An invitation speaks of the account and of the password it
had when the invitation was drawn up, so it is worth nothing once taken up.
"""

from django.core import signing
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

SALT = "accounts.invitation"
DAYS = 7


def address_for(user: User) -> str:
    """The path that opens the account of ``user``. Whoever is told it becomes them: show it only to be handed on."""
    return reverse("accounts:invitation", args=[signing.dumps([user.code, _state(user)], salt=SALT)])


def invited_by(token: str) -> User | None:
    """Whom ``token`` invites; nobody when it is not ours, too old, or already taken up."""
    try:
        code, state = signing.loads(token, salt=SALT, max_age=DAYS * 24 * 3600)
    except signing.BadSignature:
        return None
    user = User.objects.filter(code=code, is_active=True).first()
    return user if user and constant_time_compare(state, _state(user)) else None


def _state(user: User) -> str:
    return salted_hmac(SALT, f"{user.username}:{user.password}").hexdigest()[:24]
