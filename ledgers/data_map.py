"""What imports and exports hold about people: for the days of a review, or until a file was fetched; sealed."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from core.data_map import (
    BY_SCHEDULE,
    DUTY,
    ONLY_SELF,
    ORDINARY,
    REMOVED,
    SENSITIVE,
    Subject,
    declare,
    impersonal,
    in_office,
)
from ledgers.domain import forgetting
from ledgers.models import Export, StagedRow
from members.models import Member

REVIEWED = {
    "kind": SENSITIVE,
    "purpose": _("把台账里的资料导入名册前核对"),
    "ground": DUTY,
    "retention": BY_SCHEDULE,
    "readers": _("为这个党组织导入的人"),
}


def _told(person: Subject) -> QuerySet:
    """Rows about the person; one that puts another name beside their number holds somebody else's data."""
    names = set(Member.objects.filter(pk__in=person.members).values_list("name", flat=True))
    about = StagedRow.objects.about(person.members)
    own = [row.pk for row in about if row.written["cells"].get("name", "").strip() in names]
    return StagedRow.objects.filter(pk__in=own)


# With the rows of a person goes the whole file they stand in: it is of use to nobody without.
CLEARED = {"erasure": REMOVED, "forget": forgetting.forget}
declare("ledgers.StagedRow", "cells finding outcome", rows=_told, **CLEARED, **REVIEWED)
declare("ledgers.StagedRow", "match target_id", **CLEARED, **REVIEWED)
impersonal("ledgers.StagedRow", "id uid upload number noted edited")
declare("ledgers.Upload", "file_name content", **CLEARED, **REVIEWED)
impersonal(
    "ledgers.Upload",
    "id uid the_import kind size sha256 sheet header_row headings mapping preset rows uploaded_at",
)
in_office("ledgers.Import", "by undone_by")
impersonal(
    "ledgers.Import",
    "id uid year number cell as_of state job counts trial result created_at finished_at expires_at cleared_at"
    " undo_trial undone undone_at",
)

EXPORTED = {
    "purpose": _("让有权导出的人取走名单"),
    "ground": DUTY,
    "retention": BY_SCHEDULE,
    "readers": ONLY_SELF,
}
declare(
    "ledgers.Export",
    "code by purpose format asked_at",
    kind=ORDINARY,
    rows=lambda person: Export.objects.filter(by=person.user),
    **EXPORTED,
)
# What was asked may name somebody, and the file tells of everybody in it.
declare("ledgers.Export", "query", kind=SENSITIVE, **EXPORTED)
declare("ledgers.Piece", "content about", kind=SENSITIVE, erasure=REMOVED, forget=forgetting.forget_exports, **EXPORTED)
impersonal("ledgers.Piece", "id uid export bound number after")
impersonal(
    "ledgers.Export",
    "id uid listing scope columns tells_of whole narrowing kept job rows size finished_at expires_at cleared_at",
)
