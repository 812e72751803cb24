"""How the house says no, and what may be repeated of what went wrong."""

import re
from collections.abc import Callable

# Beneath its first line an error of the database quotes rows, columns and statements; so does its repr, in one line.
_VALUES = re.compile(r"(?:\n|\\n)\s*(?:DETAIL|CONTEXT|HINT|QUERY|WHERE|LINE \d+):.*", re.DOTALL)


def without_values(words: str) -> str:
    """``words``, which may tell of an error of the database, up to where it begins to quote what somebody wrote."""
    return _VALUES.sub("", words)


class Refusal(Exception):
    """The house says no, in a sentence meant for the person who asked.

    ``field`` names the answer to blame, when one answer is to blame; ``row`` counts, from nought, the item to blame
    in a deed that takes many; whoever asked for them adds in ``rows`` what the answer that held them is called.
    ``trace`` writes down what must be known of the refusal itself, since nothing the deed wrote is left.
    """

    rows = ""

    def __init__(
        self,
        message: str,
        *,
        field: str | None = None,
        row: int | None = None,
        trace: Callable[[], object] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
        self.row = row
        self.trace = trace

    def leave_trace(self) -> None:
        """Write down what was told by refusing, where that is to be kept; for doors, when the deed is taken back."""
        if self.trace is not None:
            self.trace()

    def __str__(self) -> str:
        return str(self.message)


class OutOfTurn(Refusal):
    """The step is a real one, but not from where things stand now."""


class Stale(OutOfTurn):
    """Somebody else changed the thing since the person who asks last saw it."""
