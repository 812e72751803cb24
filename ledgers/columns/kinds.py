"""What a column and a ledger are; the columns themselves stand beside this file, one ledger each.

A column's ``field`` is the name of the deed's argument. ``words`` are further headings met in real workbooks
(domain sources: the national collection form, provincial exports, annual statistics, rosters of the 2010s).
"""

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from ledgers.choices import Kind

YES_NO = ("是", "否")
# Headings that we add ourselves to files we hand back; they feed nothing and are no news.
OURS = ("问题",)


@dataclass(frozen=True)
class Column:
    """One column of a ledger. ``exact`` ones are digits that Excel must not turn into a number."""

    field: str
    label: str
    words: tuple[str, ...] = ()
    required: bool = False
    exact: bool = False
    mask: str = ""
    example: str = ""
    hint: str = ""
    choices: tuple[str, ...] = ()
    width: int = 14
    day: bool = False

    @property
    def headings(self) -> set[str]:
        return {plain(self.label), *map(plain, self.words)}


@dataclass(frozen=True)
class Ledger:
    """A kind of ledger: its columns in their official order, and by which headings it is known."""

    kind: Kind
    title: str
    columns: tuple[Column, ...]
    known_by: tuple[str, ...]
    by_field: dict[str, Column] = field(init=False, default_factory=dict)
    by_heading: dict[str, Column] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for column in self.columns:
            self.by_field[column.field] = column
            for heading in column.headings:
                self.by_heading.setdefault(heading, column)

    @property
    def required(self) -> list[Column]:
        return [column for column in self.columns if column.required]


def plain(heading: str) -> str:
    """A heading without what typists add: spaces of any width, asterisks, colons, the kind of brackets."""
    narrow = unicodedata.normalize("NFKC", heading)
    return re.sub(r"[\s*:：★☆※#_\-]", "", narrow).replace("(必填)", "").replace("(选填)", "").lower()


SERIAL = Column("serial", "序号", ("编号", "序列", "No", "No."), width=6, example="1")

DAY_HINT = _("年月日，如 2019-06-18、2019年6月18日、20190618")
ID_HINT = _("18 位；这一列已设为文本，请勿改成数字")
