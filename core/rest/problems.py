"""Problem documents (RFC 9457): whatever fails under ``/api/`` is answered in this one shape.

``Problem`` is raised where a door itself refuses; what deeds and the framework raise becomes one in ``wrapping``.
"""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.http import HttpRequest, HttpResponse
from django.utils.encoding import escape_uri_path

from core.rest.kinds import KINDS

# The one page among them.
FOR_PEOPLE = "/api/docs/"
MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 100
# unique, exclusion and check violations; serialization failure; deadlock
OVERTAKEN = {"23505", "23P01", "23514", "40001", "40P01"}


class Fault(NamedTuple):
    """One thing wrong with what was sent: in the body or the query, and where there."""

    location: str
    pointer: str
    code: str
    detail: str


class Problem(Exception):
    """A refusal of the door itself, of one of the ``KINDS``."""

    def __init__(
        self,
        slug: str,
        detail: Any = "",
        *,
        faults: tuple[Fault, ...] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(slug)
        self.slug = slug
        self.detail = detail
        self.faults = faults
        self.headers = dict(headers or {})


def asks_rest(request: HttpRequest) -> bool:
    """Is it a program that asks, and a problem document the answer to what fails?"""
    return request.path_info.startswith("/api/") and not request.path_info.startswith(FOR_PEOPLE)


def document(problem: Problem, path: str) -> dict[str, Any]:
    """The problem as it is sent."""
    kind = KINDS[problem.slug]
    return {
        "type": f"/problems/{problem.slug}/",
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(problem.detail or kind.meaning),
        "instance": escape_uri_path(path),
        "errors": [fault._asdict() for fault in problem.faults[:MOST_FAULTS]],
    }


def answer(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The problem as an answer outside of any resource."""
    text = json.dumps(document(problem, request.path), ensure_ascii=False)
    status = KINDS[problem.slug].status
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE, headers=problem.headers)
