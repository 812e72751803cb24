"""Where a person is signed in, and ending it: one device, all others, all of them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from accounts import session_store
from accounts.models import User
from audit import trail


def of(user: Any) -> QuerySet[UserSession]:
    """Where ``user`` is signed in now, the latest seen first."""
    alive = Session.objects.filter(expire_date__gt=timezone.now()).values("session_key")
    return UserSession.objects.filter(user_id=user.pk, session_key__in=alive).order_by("-last_seen_at", "-pk")


def holder(request: HttpRequest) -> User | None:
    """Who is signed in here, as they stand now: for answers that take long. None once this sign-in is over."""
    person, here = request.user, request.session.session_key
    fresh = User.objects.filter(pk=person.pk, is_active=True).first() if person.is_authenticated else None
    if fresh is None or here is None or not request.session.exists(here):
        return None
    return fresh if fresh.get_session_auth_hash() == request.session.get(HASH_SESSION_KEY) else None


@transaction.atomic
def end(session: UserSession, *, by: Any, on: date) -> None:
    """Sign one device out; its next request is refused. Only the person signed in there may."""
    if session.user_id != by.pk:
        raise PermissionDenied
    _clear([session.session_key])
    trail.record("accounts.session_ended", by, by=by, at="", facts={"on": on})


@transaction.atomic
def end_others(request: HttpRequest, *, by: Any, on: date) -> int:
    """Sign ``by`` out everywhere but here; returns how many devices that were known of."""
    ended = close_others(request, by)
    trail.record("accounts.sessions_ended", by, by=by, at="", facts={"on": on})
    return ended


@transaction.atomic
def close_others(request: HttpRequest, user: Any) -> int:
    """As part of another deed: whatever else ``user`` has open is over. Asks for no permission."""
    here = request.session.session_key
    ended = _next_round(user, keep=here)
    user.refresh_from_db(fields=["session_round", "password"])
    request.session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    request.session.save()
    return ended


@transaction.atomic
def close_all(user: Any) -> int:
    """As part of another deed: whatever ``user`` has open is over with the next request. Asks for no permission."""
    return _next_round(user, keep=None)


def _next_round(user: Any, *, keep: str | None) -> int:
    # The round also ends what stands in no list.
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    known = UserSession.objects.filter(user_id=user.pk).exclude(session_key=keep or "")
    return _clear(known.values_list("session_key", flat=True))


def _clear(keys: Iterable[str]) -> int:
    keys = list(keys)
    session_store.forget(keys)
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    return len(keys)
