"""Answers that show something once: a secret, a way to sign in. Whoever keeps answers forgets these at once.

And an answer given before, which ends a request on its way to being done again.
"""

from typing import TypeVar

from django.http import HttpResponseBase

Answer = TypeVar("Answer", bound=HttpResponseBase)


class Answered(Exception):
    """This very request was answered before, with ``response``."""

    def __init__(self, response: HttpResponseBase) -> None:
        super().__init__()
        self.response = response


def shown_once(response: Answer) -> Answer:
    """Say of an answer that what it shows is shown this once."""
    response.is_shown_once = True  # type: ignore[attr-defined]
    return response


def is_shown_once(response: HttpResponseBase) -> bool:
    """Does the answer show what is shown once?"""
    return getattr(response, "is_shown_once", False)
