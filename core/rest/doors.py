"""Who is let in, with what, how often; and what middlewares refuse, as a problem instead of a page."""

import time
from collections.abc import Callable
from typing import Any, Protocol

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from rest_framework import authentication, permissions, throttling
from rest_framework.request import Request

from core.counting import times
from core.rest.kinds import BY_STATUS
from core.rest.problems import MEDIA_TYPE, Problem, answer, asks_rest
from core.rest.reading import require_length, require_readable_query

MINUTE = 60


class Pass(Protocol):
    """What a token is to the resources: ``request.auth``, None for somebody signed in by a browser."""

    key: str

    def carries(self, scope: str) -> bool:
        """Was the token given ``scope``, such as ``cells:read``?"""
        raise NotImplementedError


class Press(Protocol):
    """What a key is to the resources: ``press`` of Django's request, None where it came without one."""

    def require_first(self, view: Any) -> None:
        """Raises Answered where this very request was answered before, Problem where it may not be answered now."""
        raise NotImplementedError


class SessionAuthentication(authentication.SessionAuthentication):
    """Signed in by a browser, same origin, with the token against forged forms on everything that writes."""

    def authenticate_header(self, request: Request) -> str:
        # Named by the first way in, so that who is unknown is told 401 and not 403.
        return 'Bearer realm="api"'


class InScope(permissions.BasePermission):
    """Signed in; and where a token is used, one that was given the scope of the resource."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not request.user.is_authenticated:
            return False
        require_scope(request, view.scope_asked())
        return True


def require_scope(request: Request, scope: str) -> None:
    """Raises Problem where a token is used that was not given ``scope``."""
    token: Any = request.auth
    if scope and token is not None and not token.carries(scope):
        raise Problem("not-allowed", _("这个令牌的用途不包括 %(scope)s。") % {"scope": scope})


class PerMinute(throttling.BaseThrottle):
    """So many requests a minute for each token and each person, counted before anything is done."""

    def allow_request(self, request: Request, view: Any) -> bool:
        most = settings.ZHIBU_REST_PER_MINUTE
        now = time.time()
        who = request.auth.key if request.auth is not None else f"person:{request.user.pk}"
        counted = times(f"rest:{who}:{int(now // MINUTE)}", within=2 * MINUTE)
        self.rest = MINUTE - int(now % MINUTE)
        request._request.rate = {  # type: ignore[attr-defined]
            "RateLimit-Limit": str(most),
            "RateLimit-Remaining": str(max(most - counted, 0)),
            "RateLimit-Reset": str(self.rest),
        }
        return counted <= most

    def wait(self) -> float:
        return self.rest


class RestMiddleware:
    """Under ``/api/`` whatever is refused on the way to a resource is a problem document too.

    Stands outside of all that turns people away, inside of what chooses the language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not asks_rest(request):
            return self.get_response(request)
        try:
            require_readable_query(request)
            require_length(request)
        except Problem as problem:
            return answer(request, problem)
        response = self.get_response(request)
        for name, value in getattr(request, "rate", {}).items():
            response.headers.setdefault(name, value)
        if response.status_code < 400 or response.headers.get("Content-Type", "").startswith(MEDIA_TYPE):
            return response
        return _as_problem(request, response)


def _as_problem(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """The refusal of a middleware or of the framework's core; its headers and cookies stay."""
    slug = BY_STATUS.get(refused.status_code, "unreadable" if refused.status_code < 500 else "fault")
    found = answer(request, Problem(slug))
    for name, value in refused.headers.items():
        if not name.startswith("Content-"):
            found.headers.setdefault(name, value)
    found.cookies = refused.cookies
    return found


@csrf_exempt
def nothing_here(request: HttpRequest, path: str = "") -> HttpResponse:
    """Every address under ``/api/`` that is none."""
    raise Http404
