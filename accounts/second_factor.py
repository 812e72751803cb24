"""Who must prove themselves twice, and whether they can."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

# Recovery codes help out; alone they are no factor.
REAL = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def required_for(user: Any) -> bool:
    """Every office stands above member, so whoever holds one today needs a second factor (decision on sign-in).

    Offices are kept in an app above this one; they are asked for through the relation it lays upon the account.
    """
    return settings.ZHIBU_SECOND_FACTOR and holds_office(user)


def holds_office(user: Any) -> bool:
    """Does the person hold an office today, whichever?"""
    return offices_of(user).exists()


def offices_of(user: Any) -> QuerySet:
    """The offices the person holds today."""
    held: QuerySet = user.appointments.in_force(timezone.localdate())
    return held


def of(user: Any) -> QuerySet[Authenticator]:
    """The factors the person has set up."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=REAL)


def missing(request: HttpRequest) -> bool:
    """Has the signed-in person still to set up what their office asks for?"""
    used = any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))
    return not used and required_for(request.user) and not of(request.user).exists()
