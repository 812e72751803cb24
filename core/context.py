"""What set the present work going: the web request or the job it descends from.

Middleware, tasks and commands set these; the trail, the outbox and the logs
read them, so that one identifier leads from a click to all it caused.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_request_id: ContextVar[str] = ContextVar("request_id", default="")
_job: ContextVar[str] = ContextVar("job", default="")
_note: ContextVar[str] = ContextVar("note", default="")
_token: ContextVar[str] = ContextVar("token", default="")


def request_id() -> str:
    """The identifier of the request at the origin, or nothing."""
    return _request_id.get()


def job() -> str:
    """The job or effect this runs in, or nothing."""
    return _job.get()


def note() -> str:
    """What whoever set this going said about it, or nothing."""
    return _note.get()


def token() -> str:
    """The code of the token by which a program asks, or nothing."""
    return _token.get()


def came_by(token: str) -> None:
    """The request under way was let in by this token; forgotten with the request."""
    _token.set(token)


@contextmanager
def working_for(
    *, request: str | None = None, job: str | None = None, note: str | None = None, token: str | None = None
) -> Iterator[None]:
    """Run the block as part of ``request`` or ``job``, with a ``note``; what is not named stays as it was."""
    set_anew = [
        (variable, variable.set(value))
        for variable, value in ((_request_id, request), (_job, job), (_note, note), (_token, token))
        if value is not None
    ]
    try:
        yield
    finally:
        for variable, former in reversed(set_anew):
            variable.reset(former)
