"""Staged rows as a reviewer sees them: old → new, faulty cells as boxes to write in, personal numbers masked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from cells.authority import narrowing
from cells.choices import BRANCHES
from core.masks import mask_address, mask_id_number, mask_mobile
from ledgers import rules
from ledgers.choices import Kind, Outcome, Severity
from ledgers.columns import LEDGERS, Column
from ledgers.models import Import, StagedRow

# What a reviewer recognises a row by; other columns join where something is said about them.
MAIN = {
    Kind.ORGANISATIONS: ("name", "superior", "kind", "founded_on", "term_due", "secretary"),
    Kind.COMPANIES: ("name", "credit_code", "district", "staff", "operating", "cover_cell", "surveyed_on"),
    Kind.MEMBERS: ("name", "id_number", "cell", "birth_date", "education", "category", "joined_on", "mobile"),
}
GROUPED = 2000
MOST_GROUPS = 5
ADDRESS_KEPT = 6
# A page is for looking at: longer texts stand on it by their beginning.
SHOWN_OF_TEXT = 200


@dataclass(frozen=True)
class Shown:
    """One cell on the page. A faulty one has ``errors`` and is written in; ``old`` stands before what replaces it.

    ``covered`` ones are masked though they are faulty: they are written anew, never shown to be mended.
    """

    column: Column
    text: str
    errors: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    old: str | None = None
    new: str | None = None
    unchanged: bool = False
    covered: bool = False


@dataclass(frozen=True)
class Line:
    """One row on the page."""

    row: StagedRow
    name: str
    cells: list[Shown]

    @property
    def is_wrong(self) -> bool:
        return self.row.outcome == Outcome.ERROR


@dataclass
class Group:
    """The rows of one outcome, as many as are shown; ``total`` counts all of them."""

    outcome: str
    label: str
    total: int
    explained: Any = ""
    lines: list[Line] = field(default_factory=list)


@dataclass(frozen=True)
class Repeated:
    """The same text standing wrong, or written unusually, in several cells of a column."""

    column: Column
    text: str
    count: int
    sentence: str
    wrong: bool


def columns_for(the_import: Import, kind: str, rows: Iterable[StagedRow]) -> list[Column]:
    """The main columns, and behind them those about which these rows have something to say.

    A branch that imports its own roster knows where everybody belongs.
    """
    ledger = LEDGERS[kind]
    said = {name for row in rows for name in (*_remarked(row), *row.found["changes"])}
    at_home = the_import.cell is not None and the_import.cell.kind in BRANCHES
    main = [name for name in MAIN[Kind(kind)] if name in said or not (at_home and name == "cell")]
    extra = [column for column in ledger.columns if column.field in said and column.field not in main]
    return [ledger.by_field[name] for name in main] + extra


def is_open_to(the_import: Import, user: Any) -> bool:
    """Whether the person may see faulty numbers and addresses as they stand: whose file it is, and who may reveal.

    No program may: it gets whole numbers one by one, for a purpose that is noted.
    """
    if narrowing(user) is not None:
        return False
    own = the_import.by_id is not None and the_import.by_id == user.pk
    return own or (the_import.cell is not None and rules.REVEAL_IN.allows(user, the_import.cell))


def line(row: StagedRow, columns: Sequence[Column], *, whole: bool) -> Line:
    """The row in these columns; faulty numbers as they stand only where ``whole``."""
    written, found = row.written, row.found
    cells = [_shown(column, row, written["cells"], found, whole) for column in columns]
    return Line(row, cut(written["cells"].get("name", "")), cells)


def cut(text: str) -> str:
    """The beginning of a text, as much as a page has room for."""
    return text if len(text) <= SHOWN_OF_TEXT else text[:SHOWN_OF_TEXT] + "…"


def masked(column: Column, text: str, *, whole: bool) -> str:
    """A personal number or address as far as it may lie open on a page; an address by its beginning where ``whole``."""
    if column.mask == "id":
        return mask_id_number(text)
    if column.mask == "mobile":
        return mask_mobile(text)
    if column.mask == "address" and not whole:
        return mask_address(text)
    if column.mask == "address" and len(text) > ADDRESS_KEPT:
        return text[:ADDRESS_KEPT] + "…"
    return cut(text)


def repeated(the_import: Import, kind: str) -> list[Repeated]:
    """What is said of the same text in at least two cells, the commonest first; never of numbers and addresses."""
    rows = StagedRow.objects.of(the_import, kind)
    counted: dict[tuple[str, str, str, bool], int] = {}
    ledger = LEDGERS[kind]
    for row in [*rows.filter(outcome=Outcome.ERROR)[:GROUPED], *rows.filter(noted=True)[:GROUPED]]:
        cells = row.written["cells"]
        for name, severity, sentence in row.found["remarks"]:
            wrong = severity == Severity.ERROR
            text = cells.get(name, "")
            if (
                text
                and not (ledger.by_field[name].exact or ledger.by_field[name].mask)
                and severity in (Severity.ERROR, Severity.NORMALISED)
            ):
                place = (name, text, sentence, wrong)
                counted[place] = counted.get(place, 0) + 1
    often = sorted(((count, place) for place, count in counted.items() if count > 1), reverse=True)[:MOST_GROUPS]
    return [
        Repeated(ledger.by_field[name], text, count, sentence, wrong) for count, (name, text, sentence, wrong) in often
    ]


def notes_tally(the_import: Import, kind: str) -> int:
    """Rows with a hint or something written in an unusual way."""
    return StagedRow.objects.of(the_import, kind).filter(noted=True).count()


def every_cell(row: StagedRow, *, whole: bool) -> list[Shown]:
    """Every column of the row, for its own page."""
    written, found = row.written, row.found
    return [
        _shown(column, row, written["cells"], found, whole)
        for column in row.upload.ledger.columns
        if column.field != "serial"
    ]


def _remarked(row: StagedRow) -> list[str]:
    return [name for name, _severity, _sentence in row.found["remarks"]]


def _shown(column: Column, row: StagedRow, cells: dict[str, str], found: dict[str, Any], whole: bool) -> Shown:
    remarks = [(severity, cut(sentence)) for name, severity, sentence in found["remarks"] if name == column.field]
    errors = tuple(sentence for severity, sentence in remarks if severity == Severity.ERROR)
    notes = tuple(sentence for severity, sentence in remarks if severity != Severity.ERROR)
    text = cells.get(column.field, "")
    if errors and column.mask and not whole:
        return Shown(column, masked(column, text, whole=False), errors=errors, notes=notes, covered=True)
    if errors:
        return Shown(column, cut(text), errors=errors, notes=notes)
    if column.field in found["changes"]:
        old, new = found["changes"][column.field]
        text, old, new = (masked(column, one, whole=whole) for one in (text, old, new))
        return Shown(column, text, notes=notes, old=old, new=new)
    unchanged = row.outcome == Outcome.UPDATE and column.field != "name"
    return Shown(column, masked(column, text, whole=whole), notes=notes, unchanged=unchanged)


def steps() -> list[str]:
    """The five steps of an import, for the step bar."""
    return [_("模板"), _("上传"), _("核对"), _("试运行"), _("导入")]
