"""What every request passes on its way in and every answer on its way out."""

import logging
import re
import time
import uuid

from django.conf import settings
from django.core.exceptions import TooManyFieldsSent
from django.db import DatabaseError, InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.urls import is_valid_path
from django.utils.translation import gettext as _
from redis.exceptions import ConnectionError as BrokerAway
from redis.exceptions import TimeoutError as BrokerSilent

from core import context
from core.rest import problems
from core.rest.problems import OVERTAKEN, Problem, asks_rest

logger = logging.getLogger("portal.requests")

REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
RETRY_AFTER_S = "10"
AWAY = (OperationalError, InterfaceError, BrokerAway, BrokerSilent)
CONTENT_SECURITY_POLICY = "; ".join(
    [
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)
PERMISSIONS_POLICY = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"


class RequestLogMiddleware:
    """Name the request, and write one line about it: route, status, time; never its address or its contents.

    The name is ours alone, since what one request did is found by it; what a proxy of ours calls it is only logged.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = uuid.uuid4().hex
        began = time.monotonic()
        with context.working_for(request=name, token=""):
            response = self.get_response(request)
            route = request.resolver_match.view_name if request.resolver_match else ""
            facts = {
                "route": route or "-",
                "method": request.method,
                "status": response.status_code,
                "ms": round((time.monotonic() - began) * 1000),
            }
            given = request.headers.get("X-Request-ID", "")
            if getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0) and REQUEST_ID.fullmatch(given):
                facts["proxy_request"] = given
            # Only when the view asked who it was: the log must not cost a query.
            if person := getattr(getattr(request, "_cached_user", None), "code", ""):
                facts["person"] = person
            logger.info("%(method)s %(route)s %(status)s" % facts, extra=facts)  # noqa: UP031
        response["X-Request-ID"] = name
        return response


class SecurityHeadersMiddleware:
    """The strict content security policy, on every answer, errors and static files included."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response


class FaultMiddleware:
    """Answer what the database refuses at the last moment with 409, and what is out of reach with 503.

    An address that only takes what a button sends says so, instead of showing nothing.

    A deferred constraint speaks at COMMIT, after the view has done its part: somebody else was quicker.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            response = self.get_response(request)
        except AWAY as error:
            # Raised outside the view, by a middleware that looks up the session.
            return self._unavailable(request, error)
        if response.status_code == 405 and not response.content:
            return _only_by_button(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, DatabaseError) and getattr(error.__cause__, "pgcode", None) in OVERTAKEN:
            logger.warning("overtaken: %s", error.__cause__.diag.constraint_name or error.__cause__.pgcode)
            if asks_rest(request):
                return problems.answer(request, Problem("overtaken"))
            return _answer(
                request, 409, _("刚才有人先改动了这里"), _("您的改动没有保存。请返回上一页，刷新后核对，再改一次。")
            )
        if isinstance(error, AWAY):
            return self._unavailable(request, error)
        return None

    def _unavailable(self, request: HttpRequest, error: Exception) -> HttpResponse:
        logger.error("a dependency is out of reach: %s", type(error).__name__)
        if asks_rest(request):
            return problems.answer(request, Problem("unavailable", headers={"Retry-After": RETRY_AFTER_S}))
        response = _answer(request, 503, _("系统暂时没有响应"), _("您填写的内容没有保存，请保留本页，过一会儿再提交。"))
        response["Retry-After"] = RETRY_AFTER_S
        return response


class ReadableQueryMiddleware:
    """Refuse an address with more parameters than are read, before anything is: the error page asks for one too."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            _query = request.GET
        except TooManyFieldsSent:
            return _answer(request, 400, _("地址里的参数太多"), _("请减少条件，或者从菜单重新打开这一页。"))
        return self.get_response(request)


def _only_by_button(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """The 405 of a view as a page, with the way back to the nearest page above; ``Allow`` and cookies stay."""
    detail = _("它不能直接打开。请回到原来的页面，用那里的按钮来办。")
    answer = _answer(
        request, 405, _("这个地址只接收提交的内容"), detail, template="405.html", back=_above(request.path)
    )
    for name, value in refused.items():
        if not name.startswith("Content-"):
            answer.headers.setdefault(name, value)
    answer.cookies = refused.cookies
    return answer


def _above(path: str) -> str:
    """The nearest address above ``path`` that the portal has; the front door in the end."""
    while path != "/":
        path = path.rstrip("/").rpartition("/")[0] + "/"
        if is_valid_path(path):
            return path
    return "/"


def _answer(
    request: HttpRequest, status: int, title: str, detail: str, *, template: str = "fault.html", back: str = ""
) -> HttpResponse:
    """The fault as a page, or as a problem document for whoever asked for JSON.

    Rendered without the request: what stands around a page would ask the database. To htmx it is a notice on top of
    the page, so that the form below keeps what was typed.
    """
    if "application/json" in request.headers.get("Accept", ""):
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        return JsonResponse(problem, status=status, content_type="application/problem+json")
    words = {"title": title, "detail": detail, "back": back}
    if request.headers.get("HX-Request"):
        where = {"HX-Retarget": "#main", "HX-Reswap": "afterbegin show:window:top"}
        return HttpResponse(render_to_string("_fault.html", words), status=status, headers=where)
    return HttpResponse(render_to_string(template, words), status=status)
