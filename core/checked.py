"""What comes out when a text somebody wrote is checked: the value meant, what is wrong, what is worth knowing."""

from typing import Any, NamedTuple

HINT, NORMALISED = "hint", "normalised"


class Note(NamedTuple):
    """Not wrong, but worth a look (``hint``), or written another way than it will be kept (``normalised``)."""

    kind: str
    sentence: str


class Checked(NamedTuple):
    """``value`` is None, False or empty where nothing was written; with ``problems`` it is not to be used."""

    value: Any
    problems: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()


def wrong(sentence: str) -> Checked:
    """Nothing usable was written, for the one reason given."""
    return Checked(None, (sentence,))
