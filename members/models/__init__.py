"""Members and what they ask."""

from members.models.people import Member, MemberFact, Membership, Merge
from members.models.requests import ChangeRequest, Evidence, SubjectRequest, new_right_code, shown

__all__ = [
    "ChangeRequest",
    "Evidence",
    "Member",
    "MemberFact",
    "Membership",
    "Merge",
    "SubjectRequest",
    "new_right_code",
    "shown",
]
