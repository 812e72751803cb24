"""What importing each row would do: checked, looked up set-wise, compared with what is recorded.

Writes nothing, except whom the importer meets who is on a roster they do not keep.
"""

from collections.abc import Sequence

from ledgers.choices import Kind
from ledgers.reading import Row
from ledgers.review.companies import review_companies
from ledgers.review.finding import Finding, Remark
from ledgers.review.ground import Ground, Planned
from ledgers.review.members import review_members
from ledgers.review.organisations import review_organisations

__all__ = ["Finding", "Ground", "Planned", "Remark", "review"]

_REVIEWS = {
    Kind.ORGANISATIONS: review_organisations,
    Kind.COMPANIES: review_companies,
    Kind.MEMBERS: review_members,
}


def review(kind: str, rows: Sequence[Row], ground: Ground) -> list[Finding]:
    """One finding for each row, in their order. The number of queries does not depend on the number of rows."""
    return _REVIEWS[Kind(kind)](rows, ground)
