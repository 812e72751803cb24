"""What people change about their own accounts."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import invitations
from accounts.domain import consents, sessions
from accounts.models import User
from audit import trail
from core.errors import OutOfTurn, Refusal
from core.names import check_name

# Apps above, by whose records people are known, say why a name is not its holder's to change; nothing where it is.
NAMED_BY: list[Callable[[User, date], str]] = []


def why_name_stays(user: User, on: date) -> str:
    """Why ``user`` does not change the name of the account themselves; nothing where they do."""
    return next(filter(None, (ask(user, on) for ask in NAMED_BY)), "")


@transaction.atomic
def correct_profile(user: User, *, name: str, email: str, by: Any, on: date, agreed: bool = False) -> User:
    """Set right the name and the address shown for an account; only its holder may.

    Refuses another name where ``why_name_stays``, one that ``check_name`` refuses, and an address without consent: that
    is there already, or given with ``agreed``. An unchanged profile leaves no trace; the trail names the fields, never
    what stands in them.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if by.pk != user.pk:
        raise PermissionDenied
    given = {"name": user.name if name.strip() == user.name else check_name(name).text, "email": email.strip()}
    changed = [field for field, new in given.items() if getattr(user, field) != new]
    if not changed:
        return user
    if "name" in changed and (why := why_name_stays(user, on)):
        raise Refusal(why, field="name")
    if "email" in changed and given["email"]:
        consents.require_mail(user, agreed=agreed, on=on)

    for field, new in given.items():
        setattr(user, field, new)
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(given))
    trail.record("accounts.profile_corrected", user, by=by, at="", facts={"fields": changed})
    return user


@transaction.atomic
def take_up(token: str, *, username: str, password: str, on: date) -> User:
    """Open the account of whoever ``token`` invites. Refuses an invitation that is gone, and as ``activate`` does."""
    invited = _invited(token, on)
    User.objects.select_for_update().get(pk=invited.pk)
    # Somebody may have taken it up while we waited.
    invited = _invited(token, on)
    return activate(invited, username=username, password=password, by=invited, on=on)


@transaction.atomic
def activate(user: User, *, username: str, password: str | None, by: Any, on: date) -> User:
    """Take up an invitation: from now on ``user`` signs in with this name and password, or with no password at all.

    Only the person invited may, and they are whoever holds the invitation. Who
    has a username already keeps it and sets a new password. Without a password
    the caller adds a passkey in the same transaction. Refuses a closed
    account, a name somebody else uses, a password that is easily guessed.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if by.pk != user.pk:
        raise PermissionDenied
    if not user.is_active:
        raise Refusal(_("这个账号已停用，请联系所在党组织"))
    user.username = user.username or User.normalize_username(username)
    if User.objects.filter(username=user.username).exclude(pk=user.pk).exists():
        raise Refusal(_("这个用户名已有人使用，请换一个"), field="username")
    try:
        if password is not None:
            validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error

    # Somebody who comes back by an invitation leaves open nothing that the old password let in.
    sessions.close_all(user)
    user.refresh_from_db(fields=["session_round"])
    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save(update_fields=["username", "password"])
    trail.record("accounts.activated", user, by=user, at="")
    return user


def _invited(token: str, on: date) -> User:
    found = invitations.look_up(token, on=on)
    if found.user is None:
        raise OutOfTurn(str(found.gone.label) if found.gone else "")
    return found.user
