"""Which rows: sentences that finish with "imports …" and "staged rows …"."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from ledgers import rules
from ledgers.choices import OPEN_STATES, Outcome


class ImportQuerySet(QuerySet):
    def visible_to(self, user: Any) -> "ImportQuerySet":
        """Imports for a cell the person may import into, and those the person began while that holds."""
        return self.filter(rules.SEE_IMPORT.scope(user))

    def open(self) -> "ImportQuerySet":
        """Imports that can still be worked on."""
        return self.filter(state__in=OPEN_STATES)

    def expired(self, now: datetime) -> "ImportQuerySet":
        """Imports whose uploads and staged rows are to go."""
        return self.filter(expires_at__lte=now, cleared_at__isnull=True)


class StagedRowQuerySet(QuerySet):
    def of(self, the_import: Any, kind: str = "") -> "StagedRowQuerySet":
        """Rows of an import, of one ledger or of all, in the order of the files."""
        kinds = Q(upload__kind=kind) if kind else Q()
        return self.filter(kinds, upload__the_import=the_import).order_by("upload_id", "number")

    def importable(self) -> "StagedRowQuerySet":
        """Rows that would change something and have nothing wrong."""
        return self.filter(outcome__in=(Outcome.NEW, Outcome.UPDATE))

    def tally(self) -> dict[str, dict[str, int]]:
        """How many rows of each outcome, by ledger."""
        counted: dict[str, dict[str, int]] = {}
        rows = self.order_by().values_list("upload__kind", "outcome").annotate(count=Count("pk"))
        for kind, outcome, count in rows:
            counted.setdefault(kind, dict.fromkeys(Outcome.values, 0))[outcome] = count
        return counted
