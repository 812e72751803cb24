"""What the framework, the deeds and the database raise, as problems: with the sentences that pages show."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import PermissionDenied, RequestDataTooBig, ValidationError
from django.db import DatabaseError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from core.errors import OutOfTurn, Refusal, Stale
from core.rest.kinds import BY_STATUS, KINDS
from core.rest.problems import MEDIA_TYPE, OVERTAKEN, Fault, Problem, document


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """What the framework asks when a resource raises; a fault of ours is raised further and logged."""
    problem = _problem_of(error)
    if problem is None:
        return None
    if isinstance(error, Refusal):
        error.leave_trace()
    return Response(
        document(problem, context["request"].path),
        status=KINDS[problem.slug].status,
        headers=problem.headers,
        content_type=MEDIA_TYPE,
    )


def _problem_of(error: Exception) -> Problem | None:
    match error:
        case Problem():
            return error
        case Stale():
            return Problem("stale", error.message)
        case OutOfTurn():
            return Problem("out-of-turn", error.message, faults=_of_refusal(error, "out_of_turn"))
        case Refusal():
            return Problem("bad-input", error.message, faults=_of_refusal(error, "refused"))
        case ValidationError():
            return Problem("bad-input", faults=tuple(_of_form(error)))
        case RequestDataTooBig():
            return Problem("too-large")
        case Http404():
            return Problem("not-found")
        case PermissionDenied():
            return Problem("not-allowed", str(error))
        case DatabaseError() if getattr(error.__cause__, "pgcode", None) in OVERTAKEN:
            return Problem("overtaken")
        case exceptions.APIException():
            return _of_framework(error)
    return None


def _of_refusal(refusal: Refusal, code: str) -> tuple[Fault, ...]:
    place = () if refusal.row is None else (refusal.rows, str(refusal.row))
    steps = [step for step in (*place, refusal.field) if step]
    return (Fault("body", "".join(f"/{step}" for step in steps), code, str(refusal.message)),)


def _of_form(error: ValidationError) -> Iterator[Fault]:
    by_field = error.error_dict if hasattr(error, "error_dict") else {"__all__": error.error_list}
    for field, found in by_field.items():
        for one in found:
            for message in one.messages:
                yield Fault("body", "" if field == "__all__" else f"/{field}", one.code or "invalid", message)


def _of_framework(error: exceptions.APIException) -> Problem | None:
    slug = BY_STATUS.get(error.status_code, "bad-input")
    headers = {}
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        slug = "not-signed-in"
    if getattr(error, "auth_header", None):
        headers["WWW-Authenticate"] = error.auth_header  # type: ignore[attr-defined]
    if getattr(error, "wait", None):
        headers["Retry-After"] = str(int(error.wait))  # type: ignore[attr-defined]
    if isinstance(error, exceptions.ValidationError):
        faults = tuple(_of_details(error.detail))
        return Problem("bad-input", faults[0].detail if len(faults) == 1 else "", faults=faults)
    own_words = isinstance(error, exceptions.AuthenticationFailed)
    return Problem(slug, str(error.detail) if own_words else "", headers=headers)


def _of_details(details: Any, pointer: str = "") -> Iterator[Fault]:
    """The framework's three shapes: a sentence, a list, and names leading to more of them."""
    if isinstance(details, Mapping):
        for name, more in details.items():
            yield from _of_details(more, pointer if name == "non_field_errors" else f"{pointer}/{name}")
    elif isinstance(details, list | tuple):
        for place, more in enumerate(details):
            deeper = f"{pointer}/{place}" if isinstance(more, Mapping | list) else pointer
            yield from _of_details(more, deeper)
    else:
        yield Fault("body", pointer, getattr(details, "code", "invalid") or "invalid", str(details))
