"""What importing each row would do: checked, looked up set-wise, compared with what is recorded.

Writes nothing: whoever asks for it notes whom it tells of who is on a roster the importer does not keep.
"""

from collections.abc import Iterable, Sequence

from ledgers.choices import Kind
from ledgers.reading import Row
from ledgers.review.companies import review_companies
from ledgers.review.finding import Finding, Remark
from ledgers.review.ground import Ground, Planned
from ledgers.review.members import review_members
from ledgers.review.organisations import review_organisations
from members.models import Member

__all__ = ["Finding", "Ground", "Planned", "Remark", "review", "told_of"]

_REVIEWS = {
    Kind.ORGANISATIONS: review_organisations,
    Kind.COMPANIES: review_companies,
    Kind.MEMBERS: review_members,
}


def review(kind: str, rows: Sequence[Row], ground: Ground) -> list[Finding]:
    """One finding for each row, in their order. The number of queries does not depend on the number of rows."""
    return _REVIEWS[Kind(kind)](rows, ground)


def told_of(findings: Iterable[Finding]) -> list[Member]:
    """Whom findings show to be on record on rosters the importer does not keep, each once."""
    return list({finding.target.pk: finding.target for finding in findings if finding.tells}.values())
