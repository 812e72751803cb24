"""A deed done only to learn what would follow from it, and taken back.

What leaves a trace says so here while it writes it: the trail, the post, the outbox and the jobs. All of them write in
the deed's own transaction, so that taking that back takes everything back, and nothing is sent.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, NamedTuple

from django.db import connection, transaction


class Effect(NamedTuple):
    """Something that would follow: its ``kind`` (trail, notice, job, effect) and what there is to say of it."""

    kind: str
    facts: dict[str, Any]


_noted: ContextVar[list[Effect] | None] = ContextVar("rehearsal", default=None)
_lasting: ContextVar[list[Callable[[], object]] | None] = ContextVar("lasting", default=None)


def note(kind: str, **facts: Any) -> None:
    """Say what is being written; outside a rehearsal nobody listens."""
    noted = _noted.get()
    if noted is not None:
        noted.append(Effect(kind, facts))


def write_for_good(write: Callable[[], object]) -> None:
    """Write down what somebody is told at once; taken back with a rehearsal, it is written once more after it."""
    write()
    lasting = _lasting.get()
    if lasting is not None:
        lasting.append(write)


@contextmanager
def rehearsing() -> Iterator[list[Effect]]:
    """Run the block as it would really run, constraints checked at its end, then take everything back.

    Of a rehearsal that ends with an answer, what was written for good stays.
    """
    noted: list[Effect] = []
    with lasting():
        token = _noted.set(noted)
        try:
            with transaction.atomic():
                yield noted
                connection.check_constraints()
                transaction.set_rollback(True)
        finally:
            _noted.reset(token)


@contextmanager
def lasting() -> Iterator[None]:
    """What the block wrote for good stays, though it takes itself back; of one that ends in an error nothing does."""
    writes: list[Callable[[], object]] = []
    kept = _lasting.set(writes)
    try:
        yield
    finally:
        _lasting.reset(kept)
    for write in writes:
        write_for_good(write)
