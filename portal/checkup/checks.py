"""What a check is, and asking them all. Findings name no person and no secret."""

import logging
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

FINE, ATTENTION, FAULT = "fine", "attention", "fault"
WORDS = {FINE: gettext_lazy("正常"), ATTENTION: gettext_lazy("注意"), FAULT: gettext_lazy("异常")}
# The shapes and colours of the pages, and what stands for them in a terminal.
SHAPES = {FINE: ("ok", "●"), ATTENTION: ("soon", "▲"), FAULT: ("late", "✕")}

logger = logging.getLogger(__name__)
_checks: list["Check"] = []


@dataclass(frozen=True)
class Finding:
    """How something stands, in words, and what to do about it where it is not fine."""

    state: str
    words: str
    remedy: str = ""


@dataclass(frozen=True)
class Check:
    """One question about the portal. ``ask`` is told whether it may take its time."""

    name: str
    title: Any
    ask: Callable[[bool], Finding]


@dataclass(frozen=True)
class Result:
    check: Check
    finding: Finding
    ms: float

    @property
    def word(self) -> str:
        return str(WORDS[self.finding.state])

    @property
    def status(self) -> str:
        return SHAPES[self.finding.state][0]

    @property
    def sign(self) -> str:
        return SHAPES[self.finding.state][1]

    @property
    def plain(self) -> dict[str, Any]:
        """For machines."""
        found = self.finding
        return {
            "check": self.check.name,
            "state": found.state,
            "words": found.words,
            "remedy": found.remedy,
            "ms": self.ms,
        }


def check(name: str, title: Any) -> Callable[[Callable[[bool], Finding]], Callable[[bool], Finding]]:
    """Declare a check."""

    def register(ask: Callable[[bool], Finding]) -> Callable[[bool], Finding]:
        _checks.append(Check(name, title, ask))
        return ask

    return register


def examine(*, thorough: bool) -> list[Result]:
    """Ask every check. One that cannot be asked is at fault itself and keeps none of the others from being asked."""
    return [_asked(one, thorough) for one in _checks]


def worst(results: Iterable[Result]) -> str:
    """The state of the whole."""
    states = {result.finding.state for result in results}
    return next((state for state in (FAULT, ATTENTION) if state in states), FINE)


def _asked(one: Check, thorough: bool) -> Result:
    began = time.monotonic()
    try:
        finding = one.ask(thorough)
    except Exception as error:  # whatever is broken, the operator wants to read of the rest too
        logger.warning("check %s could not be asked: %s", one.name, type(error).__name__)
        finding = Finding(
            FAULT, _("查不到：%(why)s") % {"why": type(error).__name__}, _("先处理上面的异常，再体检一次。")
        )
    return Result(one, finding, round((time.monotonic() - began) * 1000, 1))
