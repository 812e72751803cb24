"""Who is asked to see to what on the workbench."""

from cells.authority import Rule
from cells.choices import Power

# An election is prepared by the branch's own secretary and watched over by those who keep the cell.
MIND_TERM = Rule(Power.KEEP_CELLS)
PREPARE_ELECTION = Rule(Power.APPOINT_COMMISSIONERS)
MIND_MEMBER = Rule(Power.KEEP_ROSTER)
