"""Lists as files: CSV line by line, XLSX row by row, and nothing in either that a spreadsheet would carry out."""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from tempfile import TemporaryFile
from typing import IO, Any

from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

CSV, XLSX = "csv", "xlsx"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CELL_LIMIT = 32767  # what Excel takes

_LIVE = re.compile(r"[=+\-@|\t\r\n＝＋－＠｜]")
_LONG_DIGITS = re.compile(r"\d{12,}[Xx]?", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


@dataclass(frozen=True)
class Sheet:
    """What stands above the rows: title and notes (scope, as-of time, who made it), headings, widths in characters."""

    title: str
    headings: Sequence[str]
    notes: Sequence[str] = ()
    widths: Sequence[int] = field(default=())


def guarded(text: str) -> str:
    """``text`` for a CSV cell: a leading ``=`` and its like made harmless, long numbers kept from being rounded.

    A mark of one character is set before it; ``unguarded`` takes it away again when the file comes back.
    """
    if _LONG_DIGITS.fullmatch(text):
        return f"\t{text}"
    return f"'{text}" if _LIVE.match(text) or text.startswith("'") else text


def unguarded(text: str) -> str:
    """What was given to ``guarded``; text it never saw comes through as it is."""
    if text.startswith("\t") and _LONG_DIGITS.fullmatch(text[1:]):
        return text[1:]
    return text[1:] if text.startswith("'") and (_LIVE.match(text[1:]) or text[1:2] == "'") else text


def csv_lines(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """Headings and rows in UTF-8, with the mark by which Excel knows it. Title and notes are left to XLSX."""
    writer = csv.writer(_Echo())
    yield "\ufeff".encode()
    yield writer.writerow([guarded(heading) for heading in sheet.headings])
    for row in rows:
        yield writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in map(_shown, row)])


def xlsx_file(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """A workbook on disk, open at its beginning; memory stays the same however many rows there are."""
    out = TemporaryFile()  # noqa: SIM115  the answer closes it
    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _write(book, sheet, rows)
    out.seek(0)
    return out


def download(kind: str, filename: str, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> HttpResponseBase:
    """The list as an answer that is saved under ``filename`` and kept in no cache."""
    answer: HttpResponseBase
    if kind == XLSX:
        answer = FileResponse(
            xlsx_file(sheet, rows), as_attachment=True, filename=f"{filename}.xlsx", content_type=XLSX_TYPE
        )
    else:
        answer = StreamingHttpResponse(csv_lines(sheet, rows), content_type="text/csv; charset=utf-8")
        answer.headers["Content-Disposition"] = content_disposition_header(True, f"{filename}.csv")
    answer.headers["Cache-Control"] = "no-store"
    return answer


class _Echo:
    """A file that hands back what is written to it, so that the csv module can serve a stream."""

    def write(self, line: str) -> bytes:
        return line.encode()


def _write(book: Workbook, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> None:
    page = book.add_worksheet()
    title = book.add_format({"bold": True, "font_size": 14})
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
    text = book.add_format({"num_format": "@"})
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    for column in range(len(sheet.headings)):
        page.set_column(column, column, _width(sheet, column))
    page.write_string(0, 0, sheet.title, title)
    for line, note in enumerate(sheet.notes, start=1):
        page.write_string(line, 0, note)
    top = 1 + len(sheet.notes)
    for column, name in enumerate(sheet.headings):
        page.write_string(top, column, name, heading)
    page.freeze_panes(top + 1, 0)
    page.repeat_rows(top)
    page.set_landscape()
    page.set_footer(_("&C第 &P 页，共 &N 页"))
    for line, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(map(_shown, row)):
            _cell(page, line, column, value, text, day)


def _cell(page: Any, line: int, column: int, value: Any, text: Any, day: Any) -> None:
    if isinstance(value, date):
        page.write_datetime(line, column, value, day)
    elif isinstance(value, int | float | Decimal):
        page.write_number(line, column, value)
    elif value:
        page.write_string(line, column, value[:CELL_LIMIT], text)


def _shown(value: Any) -> Any:
    """Days and numbers as they are, everything else as text; moments in the time of the place."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date | int | float | Decimal):
        return value
    return _CONTROL.sub("", str(value))


def _width(sheet: Sheet, column: int) -> int:
    if column < len(sheet.widths):
        return sheet.widths[column]
    return max(8, 2 * len(sheet.headings[column]) + 2)
