"""Which rows: sentences that finish with "imports …", "exports …" and "staged rows …"."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, QuerySet

from cells.authority import begun_within
from ledgers import rules
from ledgers.choices import OPEN_STATES, Kind, Outcome
from members.models import Member

_REF = re.compile(r"(\d{4})-(\d{4,7})", re.ASCII)


class ImportQuerySet(QuerySet):
    def visible_to(self, user: Any) -> "ImportQuerySet":
        """Imports for a cell the person may import into, and those the person began while that holds."""
        return self.filter(rules.SEE_IMPORT.scope(user))

    def with_ref(self, text: str) -> "ImportQuerySet":
        """The import with this number, 2026-0003; none for what is no number."""
        ref = _REF.fullmatch("".join(text.split()))
        return self.filter(year=int(ref[1]), number=int(ref[2])) if ref else self.none()

    def open(self) -> "ImportQuerySet":
        """Imports that can still be worked on."""
        return self.filter(state__in=OPEN_STATES)

    def expired(self, now: datetime) -> "ImportQuerySet":
        """Imports whose uploads and staged rows are to go."""
        return self.filter(expires_at__lte=now, cleared_at__isnull=True)


class ExportQuerySet(QuerySet):
    def owned_by(self, user: Any) -> "ExportQuerySet":
        """Exports the person asked for; to a program that acts for them, those a program as confined as it did.

        Nobody sees another person's.
        """
        return self.filter(begun_within(user, "narrowing"), by=user.pk) if user.pk else self.none()

    def on_the_shelf(self, now: datetime) -> "ExportQuerySet":
        """Exports with a file to be had."""
        return self.filter(kept=True, finished_at__isnull=False, cleared_at__isnull=True, expires_at__gt=now)

    def expired(self, now: datetime) -> "ExportQuerySet":
        """Exports whose files and questions are to go."""
        return self.filter(expires_at__lte=now, cleared_at__isnull=True)


class StagedRowQuerySet(QuerySet):
    def of(self, the_import: Any, kind: str = "") -> "StagedRowQuerySet":
        """Rows of an import, of one ledger or of all, in the order of the files."""
        kinds = Q(upload__kind=kind) if kind else Q()
        return self.filter(kinds, upload__the_import=the_import).order_by("upload_id", "number")

    def about(self, members: Collection[int]) -> "StagedRowQuerySet":
        """Rows of rosters about these members: as the review found, or by the ID number that stands in them."""
        numbers = Member.objects.filter(pk__in=members).exclude(id_number_index="").values("id_number_index")
        meant = Q(target_id__in=members) | Q(match__in=numbers)
        return self.filter(meant, upload__kind=Kind.MEMBERS).order_by("pk")

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
