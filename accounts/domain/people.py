"""What people change about their own accounts."""

from datetime import date
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import trail
from core.errors import Refusal


@transaction.atomic
def correct_profile(user: User, *, name: str, email: str, by: Any, on: date) -> User:
    """Set right the name and the address shown for an account; only its holder may.

    Refuses nothing that a form lets through: the bounds stand on the model.
    An unchanged profile leaves no trace.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if by.pk != user.pk:
        raise PermissionDenied
    given = {"name": name.strip(), "email": email.strip()}
    changes = {field: [getattr(user, field), new] for field, new in given.items() if getattr(user, field) != new}
    if not changes:
        return user

    for field, new in given.items():
        setattr(user, field, new)
    user.full_clean(exclude=["password"])
    user.save(update_fields=list(given))
    trail.record("accounts.profile_corrected", user, by=by, at="", facts={"changes": changes})
    return user


@transaction.atomic
def activate(user: User, *, username: str, password: str, by: Any, on: date) -> User:
    """Take up an invitation: from now on ``user`` signs in with this name and password.

    Only the person invited may, and they are whoever holds the invitation. Who
    has a username already keeps it and sets a new password. Refuses a closed
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
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.messages}) from error

    user.set_password(password)
    user.full_clean(exclude=["password"])
    user.save(update_fields=["username", "password"])
    trail.record("accounts.activated", user, by=user, at="")
    return user
