"""What an export holds: the sheet around its rows, the cells of a row, and rows as bytes that a piece can keep."""

import json
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import takewhile
from typing import Any

from django.http import QueryDict, StreamingHttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _

from cells.models import Cell
from core.exports import TYPES, Sheet
from core.lists.columns import Column, Kind
from core.lists.listing import Listing

WIDTHS = {
    Kind.NAME: 12, Kind.WHO: 32, Kind.SHORT: 14, Kind.CODE: 14, Kind.NUMBER: 10, Kind.DAY: 12, Kind.MOMENT: 17,
    Kind.YESNO: 8, Kind.STATUS: 16,
}  # fmt: skip
WIDEST = 22
# What a column of a workbook holds; of every other kind, texts.
HOLDS = {Kind.NUMBER: float, Kind.DAY: date}
# What JSON has no word of its own for.
_MARKS = {"d": date.fromisoformat, "n": Decimal, "m": datetime.fromisoformat}


@dataclass(frozen=True)
class Wish:
    """Which rows of which list somebody wants, and what of them.

    ``every`` wants all columns there are instead of those the list shows; ``whole`` wants numbers unmasked. ``picked``
    tells that of the rows only those somebody ticked are meant.
    """

    listing: Listing
    query: QueryDict
    scope: Cell | None
    format: str
    every: bool = False
    whole: bool = False
    picked: bool = False

    def columns(self, user: Any) -> list[Column]:
        """The columns ``user`` gets of it; those a file has no use for are left out."""
        ways = self.listing
        found = ways.columns_of(user, self.scope) if self.every else ways.columns_for(user, self.query, self.scope)
        return [column for column in found if column.printed]

    def but(self, **otherwise: Any) -> "Wish":
        """The same rows, taken otherwise."""
        return replace(self, **otherwise)


def title_of(wish: Wish, place: str) -> str:
    """What it is called on the sheet, among the downloads and as a file."""
    return f"{wish.listing.title} {place}" if place else str(wish.listing.title)


def place_told(wish: Wish, *, by: Any) -> str:
    """The scope as ``by`` may read of it: its name, or its code alone for a program that reads no organisations."""
    if wish.scope is None:
        return ""
    seen = Cell.objects.visible_to(by).filter(pk=wish.scope.pk).exists()
    return str(wish.scope) if seen else wish.scope.code


def sheet_of(wish: Wish, columns: Sequence[Column], *, by: Any, purpose: str = "", rows: int | None = None) -> Sheet:
    """Title, scope, criteria, as of when and by whom above the rows; the mark of an unmasked copy on every page."""
    moment, place = f"{timezone.localtime():%Y-%m-%d %H:%M}", place_told(wish, by=by)
    criteria = wish.listing.criteria_for(by, wish.query, wish.scope)
    asked = [chip.words for chip in criteria.chips()] if criteria is not None else []
    if wish.picked:
        asked.append(_("只含勾选的行"))
    notes = [
        _("范围：%(scope)s　截至：%(moment)s") % {"scope": place or _("全部可见范围"), "moment": moment},
        _("筛选：%(words)s") % {"words": _("；").join(asked)} if asked else "",
        _("制表人：%(who)s（%(code)s）") % {"who": by.name, "code": by.code},
        _("共 %(rows)s 行") % {"rows": rows} if rows is not None else "",
        _("用途：%(purpose)s") % {"purpose": purpose} if purpose else "",
    ]
    mark = _("%(who)s（%(code)s）%(moment)s 导出，含完整号码，用途：%(purpose)s")
    return Sheet(
        title=title_of(wish, place),
        headings=[str(column.label) for column in columns],
        notes=[note for note in notes if note],
        widths=[WIDEST if column.is_sensitive else WIDTHS.get(column.kind, WIDEST) for column in columns],
        kinds=[HOLDS.get(column.kind, str) for column in columns],
        mark=mark % {"who": by.name, "code": by.code, "moment": moment, "purpose": purpose} if wish.whole else "",
    )


def cells_of(columns: Sequence[Column], rows: Iterable[Any], *, whole: bool) -> Iterator[list[Any]]:
    """Each row as the values of its columns: as the list shows them, or with numbers in full."""
    reads = [
        (column.whole if whole and column.whole else column.value, column.kind == Kind.STATUS) for column in columns
    ]
    for row in rows:
        yield [_words(read(row)) if is_status else read(row) for read, is_status in reads]


def packed(rows: Sequence[Sequence[Any]]) -> bytes:
    """Rows as bytes, small, from which ``unpacked`` makes the same again: text, numbers, days, yes and no."""
    return zlib.compress(json.dumps(rows, default=_plain, ensure_ascii=False).encode(), 1)


def unpacked(data: bytes) -> list[list[Any]]:
    rows = json.loads(zlib.decompress(data))
    return [[_read(cell) if isinstance(cell, dict) else cell for cell in row] for row in rows]


def saved_as_file(
    taken: Any, name: str, pieces: Iterable[bytes], *, still: Callable[[], bool]
) -> StreamingHttpResponse:
    """The file of an export, sent as long as ``still`` says so; one that breaks off is shorter than was said."""
    answer = StreamingHttpResponse(takewhile(lambda _piece: still(), pieces), content_type=TYPES[taken.format])
    answer.headers["Content-Disposition"] = content_disposition_header(True, f"{name}.{taken.format}")
    answer.headers["Content-Length"] = str(taken.size)
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _words(status: Any) -> str:
    """Of a status its words; the shape is for the eye."""
    return str(status[1]) if status else ""


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"m": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, Decimal):
        return {"n": str(value)}
    return str(value)


def _read(marked: dict[str, str]) -> Any:
    [(mark, text)] = marked.items()
    return _MARKS[mark](text)
