"""Nothing typed is lost to a session that ran out.

What a person posts after the session ended is kept, encrypted, for half an
hour, under a key only their browser knows. After signing in again the same
person gets the form back, filled; nothing is done before they press its
button once more. Files and passwords are not kept.
"""

import json
import secrets
from collections.abc import Callable
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from core.crypto import SealError, open_sealed, seal
from core.forms import REFILL, WHOLE

WHO = "zhibu_who"
KEPT = "zhibu_unsent"
MINUTES = 30
LARGEST = 256 * 1024
DROPPED = {WHOLE, "csrfmiddlewaretoken", "password", "oldpassword", "password1", "password2"}


class UnsentMiddleware:
    """Keeps what an expired session would have lost, and remembers who was here so that nobody else gets it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            if _who(request) != request.user.code:
                _set(response, WHO, signing.dumps(request.user.code, salt=WHO))
        elif request.method == "POST" and _turned_away(response):
            self.keep(request, response)
        return response

    def keep(self, request: HttpRequest, response: HttpResponse) -> None:
        who = _who(request)
        fields = {name: request.POST.getlist(name) for name in request.POST if name not in DROPPED}
        text = json.dumps({"who": who, "path": _way_of_the_form(request), "fields": fields})
        if who is None or not fields or len(text) > LARGEST:
            return
        key = secrets.token_urlsafe(24)
        cache.set(_cached(key), seal(text, table="unsent", column="fields", uid=key), MINUTES * 60)
        _set(response, KEPT, key, max_age=MINUTES * 60)
        login = f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': reverse('portal:unsent')})}"
        response.headers["Location"] = login


@login_required
@never_cache
@require_safe
def unsent(request: HttpRequest) -> HttpResponse:
    """Hand back the form that was on its way when the session ended."""
    kept = _take(request)
    if kept is None:
        return redirect("portal:home")
    fields = QueryDict(mutable=True)
    for name, values in kept["fields"].items():
        fields.setlist(name, values)
    fields[REFILL] = "1"
    pairs = [(name, value) for name, values in fields.lists() for value in values]
    return render(request, "portal/unsent.html", {"path": kept["path"], "fields": pairs})


def _take(request: HttpRequest) -> dict | None:
    """What was kept for this person in this browser. It stays until it expires: a page may be loaded twice."""
    key = request.COOKIES.get(KEPT, "")
    sealed = cache.get(_cached(key)) if key else None
    if sealed is None:
        return None
    try:
        kept = json.loads(open_sealed(sealed, table="unsent", column="fields", uid=key))
    except SealError:
        return None
    return kept if kept["who"] == request.user.code else None


def _way_of_the_form(request: HttpRequest) -> str:
    """Where the form is posted: here, or where a part of it says that the whole one goes, within this portal."""
    whole = request.POST.get(WHOLE, "")
    return whole if url_has_allowed_host_and_scheme(whole, allowed_hosts=None) else request.get_full_path()


def _cached(key: str) -> str:
    return f"unsent:{key[:64]}"


def _who(request: HttpRequest) -> str | None:
    """The code of whoever last signed in with this browser, if the cookie is of our making."""
    try:
        return signing.loads(request.COOKIES.get(WHO, ""), salt=WHO)
    except signing.BadSignature:
        return None


def _turned_away(response: HttpResponse) -> bool:
    """Was the request sent to sign in?"""
    to = urlsplit(response.headers.get("Location", "")).path
    return response.status_code == 302 and to == resolve_url(settings.LOGIN_URL)


def _set(response: HttpResponse, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(
        name, value, max_age=max_age, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
