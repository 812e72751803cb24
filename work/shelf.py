"""What lies ready to be taken away: apps that make files say how a person's own are found, for the page of tasks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Ready:
    """A file somebody may fetch until it goes: ``url`` gives it, posting to ``discard_url`` throws it away.

    ``note`` says what of it one has to know before sending it on.
    """

    name: str
    note: str
    url: str
    discard_url: str
    rows: int
    size: int
    made_at: datetime
    until: datetime


Finder = Callable[[Any], Iterable[Ready]]
_finders: list[Finder] = []


def keep(finder: Finder) -> Finder:
    """Declare how the files of one app that belong to a person are found; the app's ``tasks.py`` does so."""
    _finders.append(finder)
    return finder


def of(user: Any) -> list[Ready]:
    """Every file this person can fetch now, the latest first."""
    return sorted((ready for find in _finders for ready in find(user)), key=lambda ready: ready.made_at, reverse=True)
