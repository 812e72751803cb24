"""What is recorded, laid out as a ledger: to be edited in Excel and brought back."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from cells.authority import subtree
from cells.choices import Office
from cells.models import Appointment, Cell, Company, Term
from core.errors import Refusal
from ledgers import rules
from ledgers.choices import PURPOSE_LIMIT, Kind
from ledgers.columns import MEMBERS
from ledgers.models import Upload
from ledgers.review import companies as company_review
from ledgers.review import organisations as organisation_review
from ledgers.review.finding import shown
from ledgers.review.members import told
from members.domain import disclosures
from members.models import Member, Membership
from members.querysets import MembershipQuerySet


def recorded(*, kind: str, cell: Cell, purpose: str, by: Any, on: date) -> list[dict[str, str]]:
    """The rows of a ledger for ``cell`` and below, by field. Members come with whole numbers, so that takes a purpose.

    Needs the power to import there and to export; for members to reveal as well. The trail keeps the purpose.
    """
    rules.IMPORT_INTO.require(by, cell)
    rules.EXPORT_FROM.require(by, cell)
    if kind == Kind.MEMBERS:
        rules.REVEAL_IN.require(by, cell)
        if not purpose.strip():
            raise Refusal(_("名册含完整身份证号，请写明用途。"), field="purpose")
    rows = list(_ROWS[Kind(kind)](cell))
    if kind == Kind.MEMBERS:
        said = purpose.strip()[:PURPOSE_LIMIT]
        disclosures.note_export(_places(cell), file=Kind.MEMBERS.label, purpose=said, by=by, on=on)
    trail.record(
        "ledgers.downloaded",
        cell,
        by=by,
        at=cell.path,
        facts={"what": Kind(kind).label, "rows": len(rows), "purpose": purpose.strip()[:PURPOSE_LIMIT], "on": on},
    )
    return rows


def problem_sheet(upload: Upload, *, by: Any, on: date) -> Upload:
    """Note that the file with its problems leaves the house, and of whom on record it holds whole numbers.

    For whoever may import for its cell and began the import, or may reveal whole numbers there anyway.
    """
    if upload.the_import.cell is None:
        raise PermissionDenied
    rules.SEE_IMPORT.require(by, upload.the_import)
    if upload.the_import.by_id != by.pk:
        rules.REVEAL_IN.require(by, upload.the_import.cell)
    trail.record(
        "ledgers.downloaded",
        upload.the_import,
        by=by,
        at=upload.the_import.cell.path,
        facts={"what": _("问题表"), "rows": upload.rows, "on": on},
    )
    if upload.kind == Kind.MEMBERS:
        meant = Member.objects.on_record().filter(
            Q(pk__in=upload.staged.filter(target_id__isnull=False).values("target_id"))
            | Q(id_number_index__in=upload.staged.exclude(match="").values("match"))
        )
        places = Membership.objects.filter(member__in=meant).latest_of_each().select_related("member", "cell")
        disclosures.note_export(places, file=gettext_lazy("导入名册的问题表"), by=by, on=on)
    return upload


def _organisations(cell: Cell) -> Iterator[dict[str, str]]:
    cells = Cell.objects.standing().under(cell).select_related("parent").order_by("path")
    terms = {term.cell_id: term for term in Term.objects.current().filter(subtree(cell.path, "cell__path"))}
    seats = Appointment.objects.current().filter(subtree(cell.path, "cell__path"), office=Office.SECRETARY)
    secretaries = {seat.cell_id: seat.holder.name for seat in seats.select_related("holder")}
    for each in cells:
        term = terms.get(each.pk)
        yield {
            "name": each.name,
            "superior": each.parent.name if each.parent and each.pk != cell.pk else "",
            "kind": str(each.get_kind_display()),
            "secretary": secretaries.get(each.pk, ""),
            "term_number": shown(term and term.number),
            "term_from": shown(term and term.starts_on),
            "term_due": shown(term and term.due_on),
            **{name: organisation_review.told(name, getattr(each, name)) for name in organisation_review.CORRECTED},
        }


def _companies(cell: Cell) -> Iterator[dict[str, str]]:
    companies = Company.objects.filter(subtree(cell.path, "keeper__path"), voided_at__isnull=True)
    for each in companies.with_facts().select_related("now__cover_cell").order_by("pk"):
        yield {
            **{name: shown(getattr(each, name)) for name in company_review.CORRECTED},
            **{name: company_review.told(name, getattr(each.now, name, None)) for name in company_review.SURVEYED},
        }


def _places(cell: Cell) -> MembershipQuerySet:
    places = Membership.objects.current().under(cell).select_related("member__employer", "cell")
    return places.order_by("cell__path", "member__name_pinyin", "member_id")


def _members(cell: Cell) -> Iterator[dict[str, str]]:
    for place in _places(cell):
        member = place.member
        row = {
            column.field: told(column.field, getattr(member, column.field))
            for column in MEMBERS.columns
            if column.field not in ("serial", "cell", "employer")
        }
        yield row | {"cell": place.cell.name, "employer": str(member.employer or member.employer_text)}


_ROWS = {Kind.ORGANISATIONS: _organisations, Kind.COMPANIES: _companies, Kind.MEMBERS: _members}
