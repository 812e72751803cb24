"""One effect for one press and for one request: by a key in a header for programs, in a hidden field for forms.

``Idempotency-Key`` (or ``X-Idempotency-Key``) of a program holds for a day: the same request gets the same answer, told
as ``Idempotency-Replayed``; one under way is answered 409, other content under the same key 422. A form is drawn with
a key of its own (``integrations.templatetags.once``): a second press waits for the first and gets its answer; other
content is another request. Refusals that may be otherwise the next time are not kept.
"""

import hashlib
import json
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from rest_framework.request import Request

from cells.authority import held_by
from cells.models import Assignment
from core.forms import ONCE
from core.once import Answered, is_shown_once
from core.rest import asking
from core.rest.problems import OVERTAKEN, Problem, answer, asks_rest
from integrations.domain import answers
from integrations.domain.answers import Asked, InFlight
from integrations.models import KeptAnswer

HEADERS = ("Idempotency-Key", "X-Idempotency-Key")
REPLAYED = "Idempotency-Replayed"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
LONGEST_KEY = 255
LARGEST = 1024 * 1024
# A refusal is soon worked out again.
LARGEST_REFUSAL = 4 * 1024
# How long an answer is kept that shows what is shown once.
DOUBLE_CLICK = timedelta(minutes=2)
# What is no part of what a form asks.
APART = {ONCE, "csrfmiddlewaretoken"}
# What the next try may be answered otherwise: signing in, versions, turns, limits.
PASSING = {401, 409, 412, 428, 429}


@dataclass
class Press:
    """A request with a key: of a program, or of a form."""

    key: str
    rest: bool
    kept_for: timedelta
    asked: Asked | None = None
    raised: bool = False
    # The resource that a program asked.
    view: Any = None

    def require_first(self, view: Any) -> None:
        """Raises Answered with what a program was answered before.

        Problem where the key stands for another request, or for one under way: a program is told to come back.
        """
        request: Request = view.request
        if asking.flag(request.query_params, "dry_run"):
            # It leaves nothing, not even an answer: the key stays free for the real thing.
            return
        whose = request.auth.key if request.auth is not None else f"person:{request.user.pk}"
        asked = _asked(request, self, whose, _content(request, _told(request)))
        try:
            kept = answers.answered(asked, wait_s=0)
        except InFlight as error:
            detail = _("同一个键的请求正在办理，请稍后再取结果。")
            raise Problem("out-of-turn", detail, headers={"Retry-After": "1"}) from error
        if kept is None:
            self.asked, self.view = asked, view
            return
        if kept.asked != asked.content:
            raise Problem("key-reused")
        if not kept.answer:
            raise Problem("out-of-turn", _("这次请求已经办成，答复太长没有保留，请另行查询。"))
        if json.loads(kept.answer)["within_reach"] and not view.is_within_reach():
            # Gone since: only what the request itself took away is told once more.
            raise Http404
        raise Answered(_replayed(request._request, kept))

    def is_kept(self, status: int) -> bool:
        """Is this an answer to give once more? A form sent back is filled in anew, under a key of its own."""
        if self.raised:
            return False
        return status not in PASSING and status < 500 if self.rest else status < 400


class OnceMiddleware:
    """The innermost: what others refuse is no answer to keep."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        press = _press(request)
        request.press = press  # type: ignore[attr-defined]
        if press is None:
            return self.get_response(request)
        if len(press.key) > LONGEST_KEY or not press.key.isprintable():
            return answer(request, Problem("bad-input", _("Idempotency-Key 最多 255 个可见字符。")))
        try:
            with transaction.atomic():
                response = self.get_response(request)
                _settle(request, press, response)
        except DatabaseError as error:
            # A deferred constraint, which speaks at the end of the transaction.
            if getattr(error.__cause__, "pgcode", None) not in OVERTAKEN:
                raise
            return _overtaken(request, press)
        return response

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        press = request.press  # type: ignore[attr-defined]
        if press is None or press.rest:
            return None
        asked = _asked(request, press, f"person:{request.user.pk}", _content(request))
        try:
            # A person who pressed twice waits for what the first press comes to.
            kept = answers.answered(asked, wait_s=8)
        except InFlight:
            return render(request, "409.html", status=409, headers={"Retry-After": "1"})  # type: ignore[call-arg]
        if kept is None or kept.asked != asked.content:
            press.asked = asked
            return None
        return _replayed(request, kept)

    def process_exception(self, request: HttpRequest, error: Exception) -> None:
        """Whatever others make of it, such as the way to the password, is no answer of the view's."""
        if request.press is not None:  # type: ignore[attr-defined]
            request.press.raised = True  # type: ignore[attr-defined]


def _press(request: HttpRequest) -> Press | None:
    if request.method not in UNSAFE:
        return None
    if asks_rest(request):
        key = next(filter(None, (request.headers.get(name) for name in HEADERS)), "")
        return Press(key, rest=True, kept_for=timedelta(hours=24)) if key else None
    if request.method != "POST" or not request.user.is_authenticated:
        return None
    key = request.POST.get(ONCE, "")
    return Press(key[:LONGEST_KEY], rest=False, kept_for=timedelta(minutes=10)) if key else None


def _asked(request: HttpRequest | Request, press: Press, whose: str, content: str) -> Asked:
    """Which request of somebody signed in this is."""
    # Another office or another company to look after since is another reach: nothing is answered from before.
    reach = sorted(repr(held) for held in held_by(request.user))
    assigned = Assignment.objects.in_force(timezone.localdate()).filter(advisor=request.user.pk)
    reach += sorted(assigned.values_list("company", flat=True))
    return Asked(
        request.user.pk,
        request=_hash(whose, request.method, request.path_info, press.key),
        content=_hash(request.META.get("QUERY_STRING", ""), content, *reach),
    )


def _told(request: Request) -> Any:
    """What a program sent besides the fields of a form; raises Problem where its resource cannot read it."""
    return None if isinstance(request.data, QueryDict) else request.data


def _content(request: HttpRequest | Request, told: Any = None) -> str:
    """What was sent, as one hash: the object of a program, the fields and files of a form."""
    fields = [(name, values) for name, values in request.POST.lists() if name not in APART]
    found = hashlib.sha256(json.dumps([fields, told]).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            found.update(f"{name}\0{file.name}\0{file.size}\0".encode())
            for chunk in file.chunks():
                found.update(chunk)
            file.seek(0)
    return found.hexdigest()


def _hash(*parts: Any) -> str:
    return salted_hmac("integrations.once", json.dumps(parts), algorithm="sha256").hexdigest()


def _settle(request: HttpRequest, press: Press, response: HttpResponse) -> None:
    """Keep the answer with what it answers; what failed or came too late leaves nothing behind."""
    if press.asked is None:
        return
    if response.status_code >= 500 or response.status_code == 409:
        transaction.set_rollback(True)
        return
    connection.check_constraints()
    if response.streaming or not press.is_kept(response.status_code):
        return
    if response.status_code >= 400 and len(response.content) > LARGEST_REFUSAL:
        return
    fits = len(response.content) <= LARGEST
    if fits or press.rest:
        words = _written(request, press, response) if fits else ""
        kept_for = DOUBLE_CLICK if is_shown_once(response) else press.kept_for
        answers.keep(press.asked, status=response.status_code, answer=words, kept_for=kept_for)


def _written(request: HttpRequest, press: Press, response: HttpResponse) -> str:
    said = [[one.level, str(one.message), one.extra_tags] for one in messages.get_messages(request)._queued_messages]
    body = b64encode(response.content).decode()
    try:
        within = press.view is None or press.view.is_within_reach()
    except (PermissionDenied, Http404):
        within = False
    return json.dumps({"headers": dict(response.headers), "body": body, "messages": said, "within_reach": within})


def _replayed(request: HttpRequest, kept: KeptAnswer) -> HttpResponse:
    first = json.loads(kept.answer)
    response = HttpResponse(b64decode(first["body"]), status=kept.status, headers=first["headers"])
    response.headers[REPLAYED] = "true"
    for level, words, tags in first["messages"]:
        messages.add_message(request, level, words, extra_tags=tags or "")
    return response


def _overtaken(request: HttpRequest, press: Press) -> HttpResponse:
    return answer(request, Problem("overtaken")) if press.rest else render(request, "409.html", status=409)
