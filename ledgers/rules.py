"""Who may import what, and for which cell."""

from cells.authority import Rule
from cells.choices import Power

# Over an import, by the cell it acts for: whoever may import there may also take it up where a colleague left it.
SEE_IMPORT = Rule(Power.IMPORT)

# Over the cell an import is to act for, before there is one. What each ledger writes is asked again by its deeds.
IMPORT_INTO = Rule(Power.IMPORT, cell="")
KEEP_CELLS = Rule(Power.KEEP_CELLS, cell="")
KEEP_COMPANIES = Rule(Power.KEEP_COMPANIES, cell="")
KEEP_ROSTER = Rule(Power.KEEP_ROSTER, cell="")

# What is recorded, handed out as a ledger to edit and bring back.
EXPORT_FROM = Rule(Power.EXPORT, cell="")
REVEAL_IN = Rule(Power.REVEAL, cell="")
