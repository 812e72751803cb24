"""Lists as files: CSV line by line, XLSX row by row, and nothing in either that a spreadsheet would carry out."""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from io import StringIO
from itertools import accumulate, islice, zip_longest
from math import isfinite
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.http import FileResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from rustpy_xlsxwriter import Format, write_worksheet

from core.errors import Refusal
from core.lists.columns import NONE

CSV, XLSX = "csv", "xlsx"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CSV_TYPE = "text/csv; charset=utf-8"
TYPES = {CSV: CSV_TYPE, XLSX: XLSX_TYPE}
CELL_LIMIT = 32767  # what Excel takes
LAST_LINE = 1_048_575  # counted from nothing
EXACT = 10**15  # from here on a workbook rounds what is whole
FIRST_YEAR = 1900  # before which a workbook knows no days
ASKED_AGAIN = 50  # rows of a CSV after which it is asked anew whether its reader may have more
TOGETHER = 500  # rows of a workbook that are made ready at once

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
    every printed page, and in the first line of a CSV. ``kinds`` says of each column whether it holds texts (``str``),
    days (``date``) or numbers (``float``); where it is None or missing, the first rows tell.
    """

    title: str
    headings: Sequence[str]
    notes: Sequence[str] = ()
    widths: Sequence[int] = field(default=())
    footnotes: Sequence[str] = ()
    mark: str = ""
    kinds: Sequence[type | None] = ()

    def cleaned(self) -> "Sheet":
        """The same as a file may hold it: without control characters, none of its texts longer than a cell."""
        headings, notes, footnotes = (list(map(_text, some)) for some in (self.headings, self.notes, self.footnotes))
        title, mark = _text(self.title), _text(self.mark)
        return replace(self, title=title, headings=headings, notes=notes, footnotes=footnotes, mark=mark)


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
    sheet = sheet.cleaned()
    above = [[guarded(sheet.mark)]] if sheet.mark else []
    yield "\ufeff".encode() + _written([*above, [guarded(heading) for heading in sheet.headings]]).encode()
    rows = iter(rows)
    while some := list(islice(rows, ASKED_AGAIN)):
        if still is not None and not still():
            yield _written([[_("下载途中权限已变，以下内容没有导出。")]]).encode()
            return
        yield _lines(some).encode()


def require_room(sheet: Sheet, rows: int) -> None:
    """Refuses so many ``rows`` under this head that a workbook would not hold them."""
    most = LAST_LINE + 1 - len(("title", *sheet.notes, "headings"))
    most -= len(sheet.footnotes) + 1 if sheet.footnotes else 0
    if rows > most:
        words = _("Excel 工作簿最多放 %(most)s 行，这份名单有 %(rows)s 行。请改为导出 CSV，或缩小范围。")
        raise Refusal(words % {"most": most, "rows": rows}, field="format")


def xlsx_file(sheet: Sheet, rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """A workbook on disk, open at its beginning; memory stays the same however many rows there are."""
    sheet = sheet.cleaned()
    lines = _Lines(sheet, rows)
    wide = max(len(lines.keys), 2) - 1
    heads = [(sheet.title, Format().set_bold().set_font_size(14)), *((note, Format()) for note in sheet.notes)]
    out = TemporaryFile()  # noqa: SIM115  the answer closes it
    write_worksheet(
        lines.to_write(sheet.footnotes),
        # By its number, as the file has no name that a broken-off run could leave behind.
        f"/proc/self/fd/{out.fileno()}",
        sheet_name=_tab(sheet.title),
        merge_ranges=[(line, 0, line, wide, *head) for line, head in enumerate(heads)],
        header_row=len(heads),
        header_format=Format().set_bold().set_border_bottom("thin").set_text_wrap(),
        freeze_row=len(heads) + 1,
        column_widths=[float(_width(sheet, column)) for column in range(len(lines.keys))],
        column_formats=lines.formats(),
        datetime_format="yyyy-mm-dd",
        page_setup=_for_print(sheet, len(heads), wide),
    )
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


class _Lines:
    """Rows on their way into a workbook: some at a time and column by column, as nearly every column is of one kind."""

    def __init__(self, sheet: Sheet, rows: Iterable[Sequence[Any]]) -> None:
        self.keys = _keys(sheet.headings)
        self._rows = iter(rows)
        self._kinds = {key: kind for key, kind in zip(self.keys, sheet.kinds, strict=False) if kind is not None}
        # Of each column whether it holds days: declared, or it began with days alone.
        self._days = {key: kind is date for key, kind in self._kinds.items()}
        self._first = self._some()

    def formats(self) -> dict[str, Format]:
        """Text stays text under the hand of whoever edits it."""
        return dict.fromkeys(filter(self._is_text, self.keys), Format().set_num_format("@"))

    def _is_text(self, key: str) -> bool:
        """As declared; else as the first rows have it: what is empty there may yet hold a number that is a name."""
        if key in self._kinds:
            return self._kinds[key] is str
        kinds = {type(line[key]) for line in self._first if line[key] not in (None, NONE)}
        return not kinds or str in kinds

    def to_write(self, footnotes: Sequence[str]) -> Iterator[dict[str, Any]]:
        """Every row, then the notes below; an empty line where there are none, as headings come with the first."""
        blank = dict.fromkeys(self.keys)
        some = self._first or [blank]
        while some:
            yield from some
            some = self._some()
        if footnotes:
            yield blank
        for note in footnotes:
            yield blank | {self.keys[0]: note}

    def _some(self) -> list[dict[str, Any]]:
        some = islice(self._rows, TOGETHER)
        # A row that is too short is filled up.
        columns = [self._column(key, values) for key, *values in zip_longest(self.keys, *some)]
        return [dict(zip(self.keys, cells, strict=True)) for cells in zip(*columns, strict=True)]

    def _column(self, key: str, values: Sequence[Any]) -> Sequence[Any]:
        """The cells of a column, whose format they share: a day among other things, and they among days, are text."""
        cells = _cells(values)
        kinds = {*map(type, cells)} - {type(None)}
        if self._days.setdefault(key, kinds == {date}):
            return (
                cells if kinds <= {date} else [str(cell) if isinstance(cell, int | float) else cell for cell in cells]
            )
        return [cell.isoformat() if isinstance(cell, date) else cell for cell in cells] if date in kinds else cells


def _cells(values: Sequence[Any]) -> Sequence[Any]:
    """Each value as ``_cell`` has it; those of one kind take the short way."""
    kinds = {*map(type, values)} - {type(None)}
    if kinds <= {int, float}:
        return [value if value is None else _number(value) for value in values]
    if kinds == {str}:
        return [
            value if value and value.isprintable() and len(value) <= CELL_LIMIT else _cell(value) for value in values
        ]
    if kinds == {date}:
        return [value if value is None or value.year >= FIRST_YEAR else _cell(value) for value in values]
    return [_cell(value) for value in values]


def _cell(value: Any) -> str | date | float | None:
    shown = _shown(value)
    if isinstance(shown, str):
        return shown[:CELL_LIMIT] or None
    if isinstance(shown, date):
        return shown if shown.year >= FIRST_YEAR else shown.isoformat()
    return _number(shown)


def _number(value: float | Decimal) -> float | str:
    """What a workbook keeps as a number; as text what is none, or would lose its last digits."""
    if isinstance(value, int):
        return value if abs(value) < EXACT else str(value)
    number = float(value)
    return number if isfinite(number) else str(value)


def _text(text: str) -> str:
    return _CONTROL.sub("", str(text))[:CELL_LIMIT]


def _keys(headings: Sequence[str]) -> list[str]:
    """Headings by which a row can be told apart: one that stands there twice gets a blank behind it."""
    keys: list[str] = []
    for heading in headings:
        while heading in keys:
            heading += " "
        keys.append(heading)
    return keys


def _tab(title: str) -> str | None:
    """``title`` as far as Excel takes it for the name of a sheet; None where nothing is left of it."""
    written = " ".join(_NOT_IN_TABS.sub(" ", title).split())[:_TAB_LIMIT].strip("' ")
    return None if written.lower() in ("", "history") else written


def _for_print(sheet: Sheet, top: int, wide: int) -> dict[str, Any]:
    """A4 across, as wide as the sheet, headings on every page; whose copy it is at the head, the page at the foot."""
    title, mark = map(_half, (sheet.title, sheet.mark))
    return {
        "paper_size": 9,
        "landscape": True,
        "fit_to_pages": (1, 0),
        "repeat_rows": top,
        "header": f"&L{title}&R{mark}",
        "footer": _("&C第 &P 页，共 &N 页"),
        # Its columns, down to the last line there is: how many there are is known when they are written.
        "print_area": (0, 0, LAST_LINE, wide),
    }


def _half(text: str) -> str:
    """``text`` as one half of a page's head takes it: ``&`` doubled, then cut; a head too long would not be written."""
    signs = [sign.replace("&", "&&") for sign in text]
    ends = accumulate(len(sign.encode("utf-16-le", "surrogatepass")) // 2 for sign in signs)
    return "".join(sign for sign, end in zip(signs, ends, strict=True) if end <= _HEADER_LIMIT // 2)


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
