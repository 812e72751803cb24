"""What people change about their own accounts."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from accounts.models import User
from audit import trail


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
