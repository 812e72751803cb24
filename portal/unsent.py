"""Nothing typed is lost to a session that ran out.

What a person posts after the session ended is kept, encrypted, for half an
hour, under a key only their browser knows. After signing in again the same
person gets the form back, filled; nothing is done before they press its
button once more. Files are not kept, nor is anything that is typed to get in.
"""

import json
import re
import secrets
from collections.abc import Callable
from urllib.parse import parse_qs, urlencode, urlsplit

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
from core.forms import ONCE, REFILL, WHOLE
from core.rest.problems import asks_rest

WHO = "zhibu_who"
KEPT = "zhibu_unsent"
MINUTES = 30
LARGEST = 256 * 1024
DROPPED = {WHOLE, ONCE, "csrfmiddlewaretoken"}
# What proves who somebody is, under whatever name a form asks for it.
SECRET = re.compile(r"pass(word|phrase)|secret|token|credential|proof|^again$", re.IGNORECASE)
# Sign-in, second factor, account and its recovery, the doors to a first password: nothing typed there is kept.
WAYS_IN = ("account_", "mfa_", "usersessions_", "accounts:", "members:activate")


class UnsentMiddleware:
    """Keeps what an expired session would have lost, and remembers who was here so that nobody else gets it back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if asks_rest(request):
            return response
        if request.user.is_authenticated:
            if _who(request) != request.user.code:
                _set(response, WHO, signing.dumps(request.user.code, salt=WHO))
        elif request.method == "POST" and _turned_away(request, response):
            if _is_way_in(request):
                # What is posted there has no page of its own to come back to.
                response.headers["Location"] = _sign_in_for(reverse("accounts:settings"))
            else:
                self.keep(request, response)
        return response

    def keep(self, request: HttpRequest, response: HttpResponse) -> None:
        who = _who(request)
        fields = {name: request.POST.getlist(name) for name in request.POST if _is_kept(name)}
        text = json.dumps({"who": who, "path": _way_of_the_form(request), "fields": fields})
        if who is None or not fields or len(text) > LARGEST:
            return
        key = secrets.token_urlsafe(24)
        cache.set(_cached(key), seal(text, table="unsent", column="fields", uid=key), MINUTES * 60)
        _set(response, KEPT, key, max_age=MINUTES * 60)
        response.headers["Location"] = _sign_in_for(reverse("portal:unsent"))


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


def _turned_away(request: HttpRequest, response: HttpResponse) -> bool:
    """Was the request sent to sign in and then come back here? A view's own way to the sign-in leads nowhere after."""
    to = urlsplit(response.headers.get("Location", ""))
    if response.status_code != 302 or to.path != resolve_url(settings.LOGIN_URL):
        return False
    return parse_qs(to.query).get("next") == [request.get_full_path()]


def _is_way_in(request: HttpRequest) -> bool:
    return request.resolver_match is None or request.resolver_match.view_name.startswith(WAYS_IN)


def _sign_in_for(path: str) -> str:
    return f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': path})}"


def _is_kept(name: str) -> bool:
    return name not in DROPPED and not SECRET.search(name)


def _set(response: HttpResponse, name: str, value: str, max_age: int | None = None) -> None:
    response.set_cookie(
        name, value, max_age=max_age, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )
