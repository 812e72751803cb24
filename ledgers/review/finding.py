"""What the review says of one row."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from core.checked import Checked
from core.errors import Refusal
from ledgers import parser
from ledgers.choices import Outcome, Severity
from ledgers.columns import Ledger
from ledgers.reading import Row
from members.checks import CheckedRecord

# Excel keeps fifteen digits of a number; what it shows after them it made up.
DIGITS_KEPT = 15
YUAN_IN_WAN = 10_000


class Remark(NamedTuple):
    """Something to say at one cell."""

    field: str
    severity: str
    sentence: str


@dataclass
class Finding:
    """A row under review: remarks on its cells, the values its deed would get, what would change.

    ``target`` is what the row is about, where that is on record; ``changes`` and ``shown`` are texts for a reader.
    ``checked`` is what the answers about somebody new came to. It ``tells`` when it shows the importer that somebody is
    on record on a roster they do not keep.
    """

    row: Row
    remarks: list[Remark] = field(default_factory=list)
    values: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, tuple[str, str]] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    target: Any = None
    match: str = ""
    barred: set[str] = field(default_factory=set)
    checked: CheckedRecord | None = None
    tells: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.is_wrong:
            return Outcome.ERROR
        if self.target is None:
            return Outcome.NEW
        return Outcome.UPDATE if self.changes else Outcome.SAME

    @property
    def is_wrong(self) -> bool:
        return any(remark.severity == Severity.ERROR for remark in self.remarks)

    @property
    def is_noted(self) -> bool:
        return any(remark.severity != Severity.ERROR for remark in self.remarks)

    def blame(self, name: str, sentence: str) -> None:
        """Something is wrong at this cell. What follows from a cell that cannot be read is not said as well."""
        if name not in self.barred:
            self.remarks.append(Remark(name, Severity.ERROR, str(sentence)))

    def blame_for(self, refusal: Refusal, default: str) -> None:
        self.blame(refusal.field or default, str(refusal.message))

    def written(self, ledger: Ledger) -> dict[str, Any]:
        """What stands in the row, without blank cells, formulas and error values. The last two are blamed."""
        texts: dict[str, Any] = {}
        for name, text in self.row.cells.items():
            kind = self.row.kinds.get(name, "")
            if name not in ledger.by_field or name == "serial":
                continue
            if kind == parser.FORMULA:
                self.blame(name, _("这一格是公式，不会计算；请复制后粘贴为数值，或直接填写。"))
                self.barred.add(name)
            elif kind == parser.FAULT:
                self.blame(name, _("这一格是 Excel 的错误值 %(text)s，请重新填写。") % {"text": text})
                self.barred.add(name)
            elif kind == parser.LONG:
                self.blame(
                    name, _("这一格超过 %(limit)d 个字，只读取了开头；请改短。") % {"limit": parser.LONGEST_CELL}
                )
                self.barred.add(name)
            elif text:
                texts[name] = _as_held(text, kind, exact=ledger.by_field[name].exact)
        return texts

    def take(self, read: Mapping[str, Checked], *, asked: Iterable[str]) -> None:
        """Take over what checking made of the cells; notes only on cells that were filled in."""
        asked = set(asked)
        for name, checked in read.items():
            for sentence in checked.problems:
                self.blame(name, sentence)
            if not checked.problems and name not in self.barred:
                self.values[name] = checked.value
            if name not in asked:
                continue
            for note in checked.notes:
                self.remarks.append(Remark(name, Severity(note.kind), str(note.sentence)))


def _as_held(text: str, kind: str, *, exact: bool) -> Any:
    """The text; where digits were lost in a number, the number, so that checks can name that cause."""
    if kind == parser.NUMBER and exact and len(text.lstrip("-").partition(".")[0]) > DIGITS_KEPT:
        return float(text)
    return text


def shown(value: Any) -> str:
    """A value as a reader of ledgers expects it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value / YUAN_IN_WAN:f}".rstrip("0").rstrip(".")
    return str(value)
