"""Who may let programs in, and for what."""

from typing import Any

from cells.authority import Rule, narrowing
from cells.choices import Power
from cells.models import Cell
from core.actors import SYSTEM
from integrations.choices import CARRIES, Scope

# Over the cell a token is bound to: whoever sees it by an office, and not through a program.
DRAW_UP = Rule(Power.SEE_CELLS, cell="")
CARRIED = {scope: tuple(Rule(power, cell="") for power in CARRIES[scope]) for scope in Scope}

# Over a webhook by its cell, and over the cell a webhook is to be bound to.
KEEP_WEBHOOK = Rule(Power.KEEP_INTEGRATIONS)
KEEP_INTEGRATIONS = Rule(Power.KEEP_INTEGRATIONS, cell="")


def acts_in_person(user: Any) -> bool:
    """Is it somebody themselves, and no program that acts for them? Programs let no programs in."""
    return user is not SYSTEM and user.is_authenticated and narrowing(user) is None


def scopes_over(user: Any, cell: Cell) -> list[Scope]:
    """What ``user`` may let a program do to ``cell`` and below: whatever they may do there themselves."""
    return [scope for scope in Scope if not CARRIED[scope] or any(rule.allows(user, cell) for rule in CARRIED[scope])]


def scopes_of(user: Any) -> list[Scope]:
    """What ``user`` may let a program do anywhere. For offering choices, never for letting through."""
    return [scope for scope in Scope if not CARRIED[scope] or any(rule.anywhere(user) for rule in CARRIED[scope])]
