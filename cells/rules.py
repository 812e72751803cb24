"""Who may do what to cells, companies and offices."""

from cells.authority import Assigned, Rule
from cells.choices import Power

SEE_CELL = Rule(Power.SEE_CELLS, cell="")
KEEP_CELL = Rule(Power.KEEP_CELLS, cell="")
SEE_FIGURES = Rule(Power.SEE_FIGURES, cell="")
SEE_TRAIL = Rule(Power.SEE_TRAIL, cell="")
IMPORT_INTO = Rule(Power.IMPORT, cell="")
EXPORT_FROM = Rule(Power.EXPORT, cell="")
DRAW_SNAPSHOT = Rule(Power.DRAW_SNAPSHOTS, cell="")

KEEP_ROSTER = Rule(Power.KEEP_ROSTER, cell="")

# A company is seen from the cell that keeps its file, from the cell that covers it, and by its advisor.
SEE_COMPANY_KEPT = Rule(Power.SEE_CELLS, cell="keeper")
SEE_COMPANY_COVERED = Rule(Power.SEE_CELLS, cell="cover_cell")
SEE_COMPANY_ASSIGNED = Assigned(Power.SEE_CELLS)
KEEP_COMPANY = Rule(Power.KEEP_COMPANIES, cell="keeper")
KEEP_CONTACT = Rule(Power.KEEP_COMPANIES, cell="company__keeper")
KEEP_FILES = Rule(Power.KEEP_COMPANIES, cell="")

REVEAL_CELL = Rule(Power.REVEAL, cell="")
REVEAL_CONTACT = Rule(Power.REVEAL, cell="company__keeper")

# An advisor calls whom they visit: the cells they are appointed to, the companies they are assigned.
VISIT_CELL = Rule(Power.VISIT, cell="")
VISIT_COMPANY = Assigned(Power.VISIT)
VISIT_CONTACT = Assigned(Power.VISIT, company="company")
# Assigning gives reach, as appointing does: whoever appoints where the file is kept.
ASSIGN = Rule(Power.APPOINT, cell="keeper")
END_ASSIGNMENT = Rule(Power.APPOINT, cell="company__keeper")

KEEP_ACCOUNT = Rule(Power.KEEP_ACCOUNTS, cell="")
# An office, to who may fill it from above, and to who keeps the account of its holder.
FILL_SEAT = Rule(Power.APPOINT)
KEEP_HOLDER = Rule(Power.KEEP_ACCOUNTS)

KEEP_RULES = Rule(Power.KEEP_RULES, cell="")

SET_UP = Rule(Power.KEEP_ROSTER, cell="")

APPOINT = Rule(Power.APPOINT, cell="")
APPOINT_COMMISSIONER = Rule(Power.APPOINT_COMMISSIONERS, cell="")
SEE_APPOINTMENT = Rule(Power.SEE_CELLS)
# A filter is offered to everybody in office in a cell and below it: by who keeps that cell's roster.
SHARE_FILTER = Rule(Power.KEEP_ROSTER, cell="")
