"""Who may do what to cells, companies and offices."""

from cells.authority import Rule
from cells.choices import Power

SEE_CELL = Rule(Power.SEE_CELLS, cell="")
KEEP_CELL = Rule(Power.KEEP_CELLS, cell="")
SEE_FIGURES = Rule(Power.SEE_FIGURES, cell="")
SEE_TRAIL = Rule(Power.SEE_TRAIL, cell="")
IMPORT_INTO = Rule(Power.IMPORT, cell="")
EXPORT_FROM = Rule(Power.EXPORT, cell="")
DRAW_SNAPSHOT = Rule(Power.DRAW_SNAPSHOTS, cell="")

KEEP_ROSTER = Rule(Power.KEEP_ROSTER, cell="")

# A company is seen from the cell that keeps its file and from the cell that covers it.
SEE_COMPANY_KEPT = Rule(Power.SEE_CELLS, cell="keeper")
SEE_COMPANY_COVERED = Rule(Power.SEE_CELLS, cell="cover_cell")
KEEP_COMPANY = Rule(Power.KEEP_COMPANIES, cell="keeper")
KEEP_FILES = Rule(Power.KEEP_COMPANIES, cell="")

REVEAL_CELL = Rule(Power.REVEAL, cell="")
REVEAL_CONTACT = Rule(Power.REVEAL, cell="company__keeper")

APPOINT = Rule(Power.APPOINT, cell="")
APPOINT_COMMISSIONER = Rule(Power.APPOINT_COMMISSIONERS, cell="")
SEE_APPOINTMENT = Rule(Power.SEE_CELLS)
