"""Lists as files: CSV line by line, XLSX row by row, and nothing in either that a spreadsheet would carry out."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from xlsxwriter import Workbook

CSV, XLSX = "csv", "xlsx"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
TYPES = {CSV: CSV_TYPE, XLSX: XLSX_TYPE}
CELL_LIMIT = 32767  # what Excel takes
ASKED_AGAIN = 50  # rows of a CSV after which it is asked anew whether its reader may have more

_LIVE = re.compile(r"[=+\-@|\t\r\n＝＋－＠｜]")
_LONG_DIGITS = re.compile(r"\d{12,}[Xx]?", re.ASCII)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# What tells that lines as they came out of the writer hold something to be guarded or put into words. Asked of many
# rows at once, because nearly always there is nothing; a false alarm costs a second look and changes nothing.
_SUSPECT = (
    re.compile(r"""[,\n]"?[=+\-@|\t＝＋－＠｜']"""),
    # A cell that begins with a break stands in quotes; a bare one ends the line, after a last cell that is empty.
    re.compile(r'[,\n]"[\r\n]'),
    re.compile(r'[,\n]"?\d{12}'),
    _CONTROL,
)
# Yes and no, and moments, which the database gives in the time of Greenwich.
_WORDED = (",True", ",False", "\nTrue", "\nFalse", "+00:00")
_HEADER_LIMIT = 250
_NOT_IN_TABS = re.compile(r"[\[\]:*?/\\]")
_TAB_LIMIT = 31


@dataclass(frozen=True)
class Sheet:
    """What stands above the rows: title and notes (scope, as-of time, who made it), headings, widths in characters.

    ``footnotes`` stand below them, as definitions do. ``mark`` says whose copy it is where that matters: at the head of
    every printed page, and in the first line of a CSV.
    """

    title: str
    headings: Sequence[str]
    notes: Sequence[str] = ()
    widths: Sequence[int] = field(default=())
    footnotes: Sequence[str] = ()
    mark: str = ""


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


def csv_lines(
    sheet: Sheet, rows: Iterable[Sequence[Any]], *, still: Callable[[], bool] | None = None
) -> Iterator[bytes]:
    """Headings and rows in UTF-8, with the mark by which Excel knows it. Title and all notes are left to XLSX.

    A few rows come at a time. ``still`` says whether the reader may have the next ones: asked each time, as a slow
    reader may take long. Where it says no, a last line tells that the file is not whole.
    """
    above = [[guarded(sheet.mark)]] if sheet.mark else []
    yield "\ufeff".encode() + _written([*above, [guarded(heading) for heading in sheet.headings]]).encode()
    rows = iter(rows)
    while some := list(islice(rows, ASKED_AGAIN)):
        if still is not None and not still():
            yield _written([[_("下载途中权限已变，以下内容没有导出。")]]).encode()
            return
        yield _lines(some).encode()


def xlsx_file(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """A workbook on disk, open at its beginning; memory stays the same however many rows there are."""
    out = TemporaryFile()  # noqa: SIM115  the answer closes it
    with Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        _write(book, sheet, rows)
    out.seek(0)
    return out


def download(
    kind: str,
    filename: str,
    sheet: Sheet,
    rows: Iterable[Sequence[Any]],
    *,
    still: Callable[[], bool] | None = None,
) -> HttpResponseBase:
    """The list as an answer that is saved under ``filename`` and kept in no cache; ``still`` as for ``csv_lines``.

    A workbook is whole before it is handed over, so ``still`` is asked once, then: PermissionDenied where it says no.
    """
    answer: HttpResponseBase
    if kind == XLSX:
        book = xlsx_file(sheet, rows)
        if still is not None and not still():
            book.close()
            raise PermissionDenied
        answer = FileResponse(book, as_attachment=True, filename=f"{filename}.xlsx", content_type=XLSX_TYPE)
    else:
        answer = StreamingHttpResponse(csv_lines(sheet, rows, still=still), content_type=CSV_TYPE)
        answer.headers["Content-Disposition"] = content_disposition_header(True, f"{filename}.csv")
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _lines(rows: Sequence[Sequence[Any]]) -> str:
    """Rows as lines of a CSV, each cell as ``_shown`` and ``guarded`` have it."""
    lines = _written(rows)
    if is_suspect(lines):
        return _written(
            [[guarded(cell) if isinstance(cell, str) else cell for cell in map(_shown, row)] for row in rows]
        )
    return lines


def is_suspect(lines: str) -> bool:
    """Whether lines of a CSV may hold a cell that is to be guarded or put into words; a false alarm costs a rewrite."""
    before = f"\n{lines}"
    return any(pattern.search(before) for pattern in _SUSPECT) or any(word in before for word in _WORDED)


def _written(rows: Iterable[Sequence[Any]]) -> str:
    out = StringIO(newline="")
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _write(book: Workbook, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> None:
    page = book.add_worksheet(_tab(sheet.title))
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
    _set_for_print(page, sheet, top)
    line = top
    for line, row in enumerate(rows, start=top + 1):
        for column, value in enumerate(map(_shown, row)):
            _cell(page, line, column, value, text, day)
    for below, note in enumerate(sheet.footnotes, start=line + 2):
        page.write_string(below, 0, note)
    page.print_area(
        0, 0, max(line, top) + (1 + len(sheet.footnotes) if sheet.footnotes else 0), len(sheet.headings) - 1
    )


def _tab(title: str) -> str | None:
    """``title`` as far as Excel takes it for the name of a sheet; None where nothing is left of it."""
    written = " ".join(_NOT_IN_TABS.sub(" ", _CONTROL.sub("", title)).split())[:_TAB_LIMIT].strip("' ")
    return None if written.lower() in ("", "history") else written


def _set_for_print(page: Any, sheet: Sheet, top: int) -> None:
    """A4 across, as wide as the sheet, headings on every page; whose copy it is at the head, the page at the foot."""
    page.set_paper(9)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    title, mark = (text[: _HEADER_LIMIT // 2].replace("&", "&&") for text in (sheet.title, sheet.mark))
    page.set_header(f"&L{title}&R{mark}")
    page.set_footer(_("&C第 &P 页，共 &N 页"))


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
