"""One identifier for each request, in the trail, the logs and the answer's head."""

import re
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from core import context

_GIVEN = re.compile(r"[0-9A-Za-z-]{8,64}")


class RequestId:
    """Take the identifier the front server gave, if it looks like one, or draw one; say it in ``X-Request-ID``."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        given = request.headers.get("X-Request-ID", "")
        identifier = given if _GIVEN.fullmatch(given) else uuid.uuid4().hex
        with context.working_for(request=identifier):
            response = self.get_response(request)
        response["X-Request-ID"] = identifier
        return response
