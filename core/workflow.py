from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from core.errors import OutOfTurn


@dataclass(frozen=True)
class Step:
    """One move a thing may make: from any of ``sources`` to ``target``."""

    sources: tuple[str, ...]
    target: str


class Workflow:
    """The moves one field may make, declared once and read everywhere."""

    def __init__(self, field: str, **steps: Step) -> None:
        self.field = field
        self.steps = steps

    def take(self, thing: Any, verb: str) -> None:
        """Set ``thing`` to the state ``verb`` leads to, or refuse."""
        step = self.steps[verb]
        if getattr(thing, self.field) not in step.sources:
            raise OutOfTurn(_("这件事已经有人办过了，请刷新后再看。"))
        setattr(thing, self.field, step.target)

    def verbs(self, thing: Any) -> list[str]:
        """The moves open from where ``thing`` stands."""
        return [verb for verb, step in self.steps.items() if getattr(thing, self.field) in step.sources]
