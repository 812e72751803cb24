"""Somebody as a statement knows them that is worked out once: with marks for who they are and what they hold.

``core.ready`` keeps statements. One that hangs on what a person holds is worked out for a stand-in, who holds the power
over as many stretches of the same kind, and filled in with the person's own.
"""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from cells.authority import Narrowed, Span, spans
from core.ready import NEVER, NOBODY, filled_stretches, marked_stretch
from core.stretches import Stretch

Shape = tuple[bool, ...]


@dataclass(frozen=True)
class StandIn:
    """Nobody in particular, holding ``power`` over stretches that are marks."""

    power: str
    shape: Shape
    pk: int = NOBODY
    held_offices: list[Narrowed] = field(init=False)

    def __post_init__(self) -> None:
        held = [Narrowed("", self.power, Span(marked_stretch(place), below)) for place, below in enumerate(self.shape)]
        object.__setattr__(self, "held_offices", held)


def shape_of(user: Any, power: str) -> Shape:
    """Over how many stretches ``user`` holds ``power``, and which of them go further down."""
    return tuple(span.below for span in spans(user, power))


def filled_with(user: Any, power: str, on: date) -> dict[Any, Any]:
    """What is put in place of the marks of a ``StandIn`` of the same shape."""
    held = [Stretch(span.path, span.below) for span in spans(user, power)]
    return {NOBODY: user.pk, NEVER: on} | filled_stretches(held)
