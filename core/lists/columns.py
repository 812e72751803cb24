"""One column of a list: what it is called, what stands in it, and how that is set."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from html import escape
from typing import Any

from django.utils import timezone
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

NONE = "—"
# A narrow space that does not break: 6 516 stays on its line.
THIN = "\u202f"


class Kind(StrEnum):
    """How a column is set."""

    NAME = "name"  # a person, set to the width of three characters
    WHO = "who"  # any other thing the row is about
    TEXT = "text"
    SHORT = "short"  # stays on one line
    CODE = "code"
    NUMBER = "number"
    DAY = "day"
    MOMENT = "moment"
    YESNO = "yesno"
    STATUS = "status"  # (shape, words)
    ACT = "act"  # what one can do about the row


CLASSES = {
    Kind.NAME: "freeze",
    Kind.WHO: "freeze who",
    Kind.SHORT: "nowrap",
    Kind.CODE: "date",
    Kind.NUMBER: "num",
    Kind.DAY: "date",
    Kind.MOMENT: "date",
    Kind.STATUS: "nowrap",
    Kind.ACT: "act",
}


@dataclass(frozen=True, kw_only=True)
class Column:
    """``value(row)`` is what a file holds: a text, a number, a day. Pages show the same, set after its ``kind``.

    ``value`` never gives more than everybody with this column may read: a number comes masked. ``whole`` gives it
    unmasked, for an export somebody stated a purpose for, and makes the column sensitive. ``shown`` is for pages where
    a cell is more than its value. ``right`` says of a person and the scope of the list whether they have the column,
    ``optional`` (of the scope, if it depends) whether it is there only for those who choose it. ``api_scope`` is the
    scope of what stands in it, where that is not the list's own: a program that lacks it does not have the column.
    """

    key: str
    label: Any
    value: Callable[[Any], Any]
    kind: Kind = Kind.TEXT
    sort: tuple[str, ...] = ()
    optional: bool | Callable[[Any], bool] = False
    link: Callable[[Any], str] | None = None
    shown: Callable[[Any], Any] | None = None
    whole: Callable[[Any], Any] | None = None
    right: Callable[[Any, Any], bool] | None = None
    api_scope: str = ""
    printed: bool = True

    @property
    def is_sensitive(self) -> bool:
        return self.whole is not None

    def is_for(self, user: Any, scope: Any) -> bool:
        """Whether this person, or a program that acts for them, may have the column."""
        narrowed = getattr(user, "narrowed", None)
        if self.api_scope and narrowed is not None and not narrowed.reads(self.api_scope):
            return False
        return self.right is None or self.right(user, scope)

    def is_usual(self, scope: Any) -> bool:
        """Whether the column is there without being chosen."""
        return not (self.optional(scope) if callable(self.optional) else self.optional)

    @cached_property
    def is_first(self) -> bool:
        """What a row is about; it stands first and cannot be left out."""
        return self.kind in (Kind.NAME, Kind.WHO)

    @cached_property
    def css(self) -> str:
        return CLASSES.get(self.kind, "")

    @property
    def head_css(self) -> str:
        """The class of the head: days and codes are set like their words."""
        return self.css if self.is_first or self.kind in (Kind.NUMBER, Kind.ACT) else ""

    def cell(self, row: Any, carried: str = "") -> str:
        """The cell of this column in a row of the table; its link takes the query ``carried`` along."""
        inner = self.inner(row, carried)
        if self.is_first:
            return f'<th scope="row" class="{self.css}">{inner}</th>'
        return f'<td class="{self.css}">{inner}</td>' if self.css else f"<td>{inner}</td>"

    def inner(self, row: Any, carried: str = "") -> str:
        """What stands in the cell, escaped."""
        inner = escaped(self.shown(row) if self.shown else in_words(self.value(row), self.kind))
        url = self.link(row) if self.link else ""
        url = escaped(f"{url}{carried}" if url and "?" not in url else url)
        if self.kind == Kind.NAME:
            return f'<a class="name" href="{url}">{inner}</a>' if url else f'<span class="name">{inner}</span>'
        return f'<a href="{url}">{inner}</a>' if url and inner != NONE else inner


def escaped(value: Any) -> str:
    """``value`` as a part of a page. A plain text, as nearly all are, takes the short way."""
    return escape(value) if type(value) is str else conditional_escape(value)


def in_words(value: Any, kind: Kind = Kind.TEXT) -> Any:
    """A value as a page shows it; nothing as a dash that says so."""
    if kind == Kind.STATUS:
        return status(*value) if value else NONE
    if value is None or value == "":
        return NONE
    if kind == Kind.YESNO:
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}" if kind == Kind.MOMENT else value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return f"{value:,}".replace(",", THIN) if kind == Kind.NUMBER and not isinstance(value, str) else value


def status(shape: str, words: Any) -> SafeString:
    """Shape, word and colour: ok soon late none plan here."""
    return format_html('<span class="status status-{}">{}</span>', shape, words)


def deed_button(listing: str, url: str, words: Any, about: Any) -> SafeString:
    """A button that does ``words`` to the row ``about``, by POST to ``url``.

    It is sent by the one form of a list that declares ``deeds``, with ``list=1``; so it needs neither a script nor a
    token of its own.
    """
    return format_html(
        '<button class="button button-small" form="{}-deeds" formaction="{}" name="list" value="1">'
        '{}<span class="visually-hidden">{}{}</span></button>',
        listing, url, words, _("："), about,
    )  # fmt: skip


def row_of(columns: list[Column], row: Any, *, attributes: str = "", before: str = "", carried: str = "") -> SafeString:
    """One row of the table; ``before`` are cells that are no column, already safe, as are ``attributes``."""
    cells = "".join([column.cell(row, carried) for column in columns])
    return mark_safe(f"<tr{attributes}>{before}{cells}</tr>")  # noqa: S308  every part is escaped where it is made
