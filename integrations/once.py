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
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest, HttpResponse
from django.http.request import RawPostDataException
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from cells.authority import held_by
from core.forms import ONCE
from core.once import is_shown_once
from core.rest.problems import OVERTAKEN, Problem, answer, asks_rest
from integrations.bearers import bearer, given
from integrations.domain import answers
from integrations.domain.answers import Asked, InFlight
from integrations.models import KeptAnswer

HEADERS = ("Idempotency-Key", "X-Idempotency-Key")
REPLAYED = "Idempotency-Replayed"
UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
LONGEST_KEY = 255
LARGEST = 1024 * 1024
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

    @property
    def wait_s(self) -> int:
        """A program is told to come back; a person who pressed twice waits for what the first press comes to."""
        return 0 if self.rest else 8

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
        if press is None:
            return None
        asked = _asked(request, press)
        if asked is None:
            return None
        try:
            kept = answers.answered(asked, wait_s=press.wait_s)
        except InFlight:
            return _in_flight(request, press)
        if kept is None or (kept.asked != asked.content and not press.rest):
            press.asked = asked
            return None
        if kept.asked != asked.content:
            return answer(request, Problem("key-reused"))
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


def _asked(request: HttpRequest, press: Press) -> Asked | None:
    """Which request this is; None where nobody is let in, or the body is one that nobody reads."""
    token = bearer(request) if press.rest else None
    shown = press.rest and given(request) is not None
    holder = token.holder if token else request.user
    if not holder.is_authenticated or (shown and token is None):
        return None
    content = _content(request)
    if content is None:
        return None
    who = token.key if token else f"person:{holder.pk}"
    # Another office since is another reach: nothing is answered from before.
    reach = sorted(repr(held) for held in held_by(holder))
    return Asked(
        holder.pk,
        request=_hash(who, request.method, request.path_info, press.key),
        content=_hash(request.META.get("QUERY_STRING", ""), content, *reach),
    )


def _content(request: HttpRequest) -> str | None:
    """What was sent, as one hash; the fields and files of a form, the body as it is of anything else."""
    found = hashlib.sha256()
    try:
        if request.content_type in ("multipart/form-data", "application/x-www-form-urlencoded"):
            fields = [(name, values) for name, values in request.POST.lists() if name not in APART]
            found.update(json.dumps(fields).encode())
            for name, files in sorted(request.FILES.lists()):
                for file in files:
                    found.update(f"{name}\0{file.name}\0{file.size}\0".encode())
                    for chunk in file.chunks():
                        found.update(chunk)
                    file.seek(0)
        else:
            found.update(request.body)
    except (RequestDataTooBig, RawPostDataException):
        return None
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
    fits = len(response.content) <= LARGEST
    if fits or press.rest:
        words = _written(request, response) if fits else ""
        kept_for = DOUBLE_CLICK if is_shown_once(response) else press.kept_for
        answers.keep(press.asked, status=response.status_code, answer=words, kept_for=kept_for)


def _written(request: HttpRequest, response: HttpResponse) -> str:
    said = [[one.level, str(one.message), one.extra_tags] for one in messages.get_messages(request)._queued_messages]
    body = b64encode(response.content).decode()
    return json.dumps({"headers": dict(response.headers), "body": body, "messages": said})


def _replayed(request: HttpRequest, kept: KeptAnswer) -> HttpResponse:
    if not kept.answer:
        return answer(request, Problem("out-of-turn", _("这次请求已经办成，答复太长没有保留，请另行查询。")))
    first = json.loads(kept.answer)
    response = HttpResponse(b64decode(first["body"]), status=kept.status, headers=first["headers"])
    response.headers[REPLAYED] = "true"
    for level, words, tags in first["messages"]:
        messages.add_message(request, level, words, extra_tags=tags or "")
    return response


def _in_flight(request: HttpRequest, press: Press) -> HttpResponse:
    if press.rest:
        detail = _("同一个键的请求正在办理，请稍后再取结果。")
        return answer(request, Problem("out-of-turn", detail, headers={"Retry-After": "1"}))
    return render(request, "409.html", status=409, headers={"Retry-After": "1"})  # type: ignore[call-arg]


def _overtaken(request: HttpRequest, press: Press) -> HttpResponse:
    return answer(request, Problem("overtaken")) if press.rest else render(request, "409.html", status=409)
