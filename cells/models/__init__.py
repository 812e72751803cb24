from cells.models.filters import SavedFilter
from cells.models.tree import (
    YUAN_IN_WAN,
    Appointment,
    Assignment,
    Cell,
    Company,
    CompanyFact,
    Contact,
    Placement,
    Policy,
    SetupMark,
    Term,
    in_wan,
)

__all__ = [
    "YUAN_IN_WAN", "Appointment", "Assignment", "Cell", "Company", "CompanyFact", "Contact", "Placement", "Policy",
    "SavedFilter", "SetupMark", "Term", "in_wan",
]  # fmt: skip
