"""Closing an account for good, because its holder asked for what is held of them to be erased."""

from datetime import date
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts import purposes
from accounts.domain import sessions
from accounts.models import Consent, User
from audit import trail


@transaction.atomic
def close(user: User, *, by: Any, on: date) -> User:
    """As part of another deed: nobody signs in with this account again, and it says no more how to reach its holder.

    What was agreed to is withdrawn. Name and code stay, since the trail goes by them. Asks for no permission.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    sessions.close_all(user)
    Authenticator.objects.filter(user_id=user.pk).delete()
    for text in purposes.CURRENT.values():
        last = user.consents.filter(purpose=text.key).first()
        if text.asks_consent and last is not None and last.given:
            Consent.objects.create(user=user, purpose=text.key, version=last.version, given=False)
    user.refresh_from_db()
    user.username, user.email, user.is_active = None, "", False
    user.set_unusable_password()
    user.save(update_fields=["username", "email", "is_active", "password"])
    trail.record("accounts.closed", user, by=by, at="", facts={"on": on})
    return user
