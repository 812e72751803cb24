"""Who is asked to see to what on the workbench."""

from typing import Any

from cells.authority import Rule, spans
from cells.choices import Power

# An election is prepared by the branch's own secretary and watched over by those who keep the cell.
MIND_TERM = Rule(Power.KEEP_CELLS)
PREPARE_ELECTION = Rule(Power.APPOINT_COMMISSIONERS)
MIND_MEMBER = Rule(Power.KEEP_ROSTER)

# Whoever keeps something reads what was done to it lately, and may undo what they may do.
KEEPING = (Power.KEEP_ROSTER, Power.KEEP_CELLS, Power.KEEP_COMPANIES, Power.APPOINT)


def keeps_something(user: Any) -> bool:
    return any(spans(user, power) for power in KEEPING)
