"""Who may do what to snapshots."""

from cells.authority import Rule
from cells.choices import Power

DRAW_SNAPSHOT = Rule(Power.DRAW_SNAPSHOTS, cell="")
EXPORT_ROWS = Rule(Power.EXPORT, cell="")
