"""Which actions of the trail can be undone, and by whom. Apps register theirs in their ``reversals.py``."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, order=True)
class Left:
    """A thing programs know as ``code`` of ``resource``, and the place it is no longer at."""

    resource: str
    code: str
    path: str


# (act, its entries of this action, by): raises PermissionDenied or Refusal, and takes the locks the deed itself takes.
May = Callable[[Any, list[Any], Any], None]
# (what an act wrote, thing by thing) -> {row: why it has to stay}
Obstacle = Callable[[list[Any]], dict[int, str]]

MAY: dict[str, May] = {}
# Deeds that undo in a way of their own: (entry, by, on).
OWN_WAY: dict[str, Callable[[Any, Any, date], Any]] = {}
# Deeds somebody was told of, and so is told again: (entries, by, on).
HEARERS: dict[str, Callable[[list[Any], Any, date], None]] = {}
FINAL: dict[str, Any] = {}
# Actions that leave the thing as it was: they never stand in the way.
HARMLESS: set[str] = set()
# What an act is one step of, by the first word of its ``part_of``: (part_of) -> (its name, where it is undone).
WHOLES: dict[str, Callable[[str], tuple[str, str]]] = {}
# Whose fact a dated model states: the field, or the columns that make a line of facts where nobody owns it.
OWNERS: dict[Any, str | tuple[str, ...]] = {}
# What is said of a thing that cannot be voided because rows of this model hang on it.
HANGING: dict[Any, Any] = {}
OBSTACLES: dict[Any, Obstacle] = {}
# What voiding a thing writes besides who, when and why: (on) -> {column: value}.
VOIDING: dict[Any, Callable[[date], dict[str, Any]]] = {}
# (rows whose columns were put back): what hangs on a thing and is no column of its own. May refuse.
SETTLERS: dict[Any, Callable[[list[int]], None]] = {}
# (what an act wrote in one table) -> what is elsewhere now, and where it was: for programs that follow the trail.
LEAVING: dict[Any, list[Callable[[Any], Iterable[Left]]]] = defaultdict(list)


def can_be_undone(may: May, *actions: str) -> None:
    """These actions are undone by whoever ``may``."""
    MAY.update(dict.fromkeys(actions, may))


def stays_done(reasons: Mapping[str, Any], *, harmless: bool = False) -> None:
    """These actions cannot be undone, each for its reason."""
    FINAL.update(reasons)
    HARMLESS.update(reasons if harmless else ())
