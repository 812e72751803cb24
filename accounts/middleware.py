"""The end of a session, the person's own language, and the second factor their office asks for."""

import time
from collections.abc import Callable
from typing import Any
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from accounts import second_factor
from audit import trail
from core.actors import SYSTEM
from core.rest.problems import Problem, answer, asks_rest

SEEN, BEGAN = "seen_at", "began_at"
SEEN_EVERY_S = 60
# Asked again and again by a page that waits for work to be done.
WATCH = "watch"

# What remains open to somebody who must first set up a second factor.
OPEN_WITHOUT = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
    "accounts:settings-display",
    "portal:feedback",
    "portal:help",
}


class OwnLanguageMiddleware:
    """Who chose a language in the settings reads every page in it, whatever the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # A program says with every request which language it reads.
        if not asks_rest(request) and request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class SessionEndMiddleware:
    """Ends a session that stood idle too long or is too old; what was being filled in is kept (``portal.unsent``).

    What a page asks by itself, every few seconds, is no sign of anybody being there.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and self._is_over(request):
            person, key = request.user, request.session.session_key
            logout(request)
            UserSession.objects.filter(session_key=key).delete()
            trail.record("accounts.session_lapsed", person, by=SYSTEM, at="")
            messages.info(request, _("有一段时间没有操作，已自动退出。请重新登录，填到一半的内容会还给您"))
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        if not request.user.is_authenticated or _asked_by_itself(request):
            return
        now = time.time()
        if now - request.session.get(SEEN, 0) > SEEN_EVERY_S:
            request.session[SEEN] = int(now)
            request.session.setdefault(BEGAN, int(now))
            known = UserSession.objects.filter(session_key=request.session.session_key)
            known.update(last_seen_at=timezone.now())

    def _is_over(self, request: HttpRequest) -> bool:
        now = time.time()
        if now - request.session.get(BEGAN, now) > settings.ZHIBU_SESSION_HOURS * 3600:
            return True
        idle = (now - request.session.get(SEEN, now)) / 60
        shorter, longer = sorted((settings.ZHIBU_IDLE_MINUTES, settings.ZHIBU_MEMBER_IDLE_MINUTES))
        if idle <= shorter or idle > longer:
            return idle > longer
        # Only now is it worth a query which of the two holds.
        limit = settings.ZHIBU_IDLE_MINUTES if second_factor.holds_office(request.user) else longer
        return idle > limit


def _asked_by_itself(request: HttpRequest) -> bool:
    name = request.resolver_match.view_name if request.resolver_match else ""
    waits = name == "work:job" or WATCH in request.GET
    return name == "work:ring" or (waits and bool(request.headers.get("HX-Request")))


class SignInAgainMiddleware:
    """Sends a part of a page that asks for signing in to the sign-in as a whole page, and back to the page it was on.

    Personal pages are kept in no cache: the next person at the same desk must not leaf back to them.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.user.is_authenticated:
            response.headers.setdefault("Cache-Control", "no-store")
        elif request.headers.get("HX-Request") and response.status_code == 302:
            to = urlsplit(response.headers["Location"])
            if to.path == resolve_url(settings.LOGIN_URL):
                # The same answer, not a new one: it may carry cookies.
                response.status_code = 401
                response.headers["HX-Redirect"] = self.whole_page(request, to)
                del response.headers["Location"]
        return response

    def whole_page(self, request: HttpRequest, to: SplitResult) -> str:
        """The way to sign in, and from there to the page the part belongs to, not to the bare part."""
        asked = dict(parse_qsl(to.query)).get("next", "")
        if asked == request.get_full_path():
            current = urlsplit(request.headers.get("HX-Current-URL", ""))
            asked = current.path + (f"?{current.query}" if current.query else "")
        return f"{to.path}?{urlencode({'next': asked})}" if asked else to.path


class SecondFactorMiddleware:
    """Leads office-holders without a second factor to the page where they set one up, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in OPEN_WITHOUT or name.startswith("mfa_") or not request.user.is_authenticated:
            return None
        if not second_factor.missing(request):
            return None
        if asks_rest(request):
            return answer(request, Problem("second-factor"))
        setting_up = reverse("mfa_index")
        if request.method == "GET":
            setting_up += "?" + urlencode({"next": request.get_full_path()})
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403, headers={"HX-Redirect": setting_up})
        messages.warning(request, _("您担任的职务要求第二验证方式。请先设置一种，再继续办事"))
        return redirect(setting_up)
