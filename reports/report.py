"""A snapshot as a report: its lines, two of them beside one another, and either as a workbook."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.exports import Sheet
from core.templatetags.ui import thin
from reports.figures import FIGURES, Figure
from reports.models import Snapshot

WIDTHS = (26, 12, 10, 12, 12, 10, 40)


@dataclass(frozen=True)
class Line:
    """One frozen figure. ``number`` is None where there is nothing to say; ``begins``, then, when the records began."""

    figure: Figure
    number: int | Decimal | None
    numerator: int | None
    denominator: int | None
    version: int
    begins: str

    @property
    def unit(self) -> str:
        return "" if self.number is None else self.figure.unit(self.number)

    @property
    def remark(self) -> str:
        """What a reader has to know of the number."""
        if self.begins:
            return _("%(day)s 之前没有记录") % {"day": self.begins}
        if self.version != self.figure.version:
            return _("按当时的口径版本 %(then)s，现行版本 %(now)s") % {"then": self.version, "now": self.figure.version}
        return ""


def lines_of(snapshot: Snapshot) -> list[Line]:
    """The frozen figures in the order of their definitions; what is no figure any more is left out."""
    return [_line(figure, snapshot.figures[key]) for key, figure in FIGURES.items() if key in snapshot.figures]


def _line(figure: Figure, frozen: dict[str, Any]) -> Line:
    number = frozen["number"]
    return Line(
        figure,
        Decimal(number) if isinstance(number, str) else number,
        frozen.get("numerator"),
        frozen.get("denominator"),
        frozen["version"],
        frozen.get("begins", ""),
    )


@dataclass(frozen=True)
class Difference:
    """A figure in two snapshots. ``number`` is None where they cannot be compared; ``remark`` says why."""

    figure: Figure
    old: Line | None
    new: Line | None
    number: int | Decimal | None
    remark: str

    @property
    def unit(self) -> str:
        """Rates differ by percentage points."""
        if self.number is None:
            return ""
        if self.figure.is_rate:
            return ngettext("个百分点", "个百分点", 1 if abs(self.number) == 1 else 2)
        return self.figure.unit(abs(self.number))

    @property
    def versions(self) -> str:
        """Under which version of its definition it was counted, or that it changed in between."""
        return " → ".join(dict.fromkeys(str(line.version) for line in (self.old, self.new) if line))

    @property
    def shown(self) -> str:
        """With its sign; no difference is said in a word."""
        if self.number is None:
            return ""
        if not self.number:
            return _("不变")
        return f"{'+' if self.number > 0 else '−'}{thin(abs(self.number))}"


@dataclass(frozen=True)
class Comparison:
    """Two snapshots, the earlier day first."""

    old: Snapshot
    new: Snapshot
    differences: list[Difference]

    @property
    def same_scope(self) -> bool:
        return bool(self.old.cell_id == self.new.cell_id)

    @property
    def redefined(self) -> list[Difference]:
        """Figures whose definition changed in between."""
        return [one for one in self.differences if one.old and one.new and one.old.version != one.new.version]


def compare(one: Snapshot, other: Snapshot) -> Comparison:
    """The two by their days, whichever was named first. Figures of different cells, or by different definitions, are
    set side by side but not subtracted.
    """
    old, new = sorted((one, other), key=lambda snapshot: (snapshot.on, snapshot.pk))
    before, after = ({line.figure.key: line for line in lines_of(snapshot)} for snapshot in (old, new))
    keys = [key for key in FIGURES if key in before or key in after]
    same = old.cell_id == new.cell_id
    return Comparison(old, new, [_difference(FIGURES[key], before.get(key), after.get(key), same) for key in keys])


def _difference(figure: Figure, old: Line | None, new: Line | None, same_scope: bool) -> Difference:
    if not old or not new:
        return Difference(figure, old, new, None, _("另一份快照中没有这项指标"))
    if not same_scope:
        return Difference(figure, old, new, None, "")
    if old.version != new.version:
        words = _("口径版本 %(old)s → %(new)s，不相比") % {"old": old.version, "new": new.version}
        return Difference(figure, old, new, None, words)
    if old.number is None or new.number is None:
        return Difference(figure, old, new, None, old.remark or new.remark)
    return Difference(figure, old, new, new.number - old.number, "")


# As a workbook.


def title_of(snapshot: Snapshot) -> str:
    """What stands at the head of it: of a month, or of a day."""
    words = {"cell": snapshot.cell, "month": snapshot.period, "day": snapshot.on.isoformat()}
    if snapshot.is_monthly:
        return _("%(cell)s %(month)s 月报") % words
    return _("%(cell)s统计快照 %(day)s") % words


def sheet_of(snapshot: Snapshot, *, by: Any) -> tuple[Sheet, Iterator[list[Any]]]:
    """The report with its scope, day and author above, its definitions below; ``by`` is who takes it."""
    lines = lines_of(snapshot)
    headings = [_("指标"), _("数值"), _("单位"), _("分子"), _("分母"), _("口径版本"), _("说明")]
    notes = [*_notes(snapshot), _taken(by)]
    rows = (
        [str(one.figure.words), one.number, one.unit, one.numerator, one.denominator, one.version, one.remark]
        for one in lines
    )
    return Sheet(title_of(snapshot), headings, notes, WIDTHS, _definitions(one.figure for one in lines)), rows


def comparison_sheet(found: Comparison, *, by: Any) -> tuple[Sheet, Iterator[list[Any]]]:
    """The two beside one another; a difference is a number, its unit beside it."""
    days = [snapshot.on.isoformat() for snapshot in (found.old, found.new)]
    headings = [_("指标"), days[0], days[1], _("差"), _("差的单位"), _("口径版本"), _("说明")]
    if days[0] == days[1]:
        headings[1:3] = [found.old.code, found.new.code]
    notes = [*_notes(found.old), *_notes(found.new)]
    if not found.same_scope:
        notes.append(_("两份快照的范围不同，数字只并列，不相减。"))
    rows = (
        [
            str(one.figure.words),
            one.old.number if one.old else None,
            one.new.number if one.new else None,
            one.number,
            one.unit,
            one.versions,
            one.remark,
        ]
        for one in found.differences
    )
    title = _("%(old)s 与 %(new)s 比较") % {"old": title_of(found.old), "new": title_of(found.new)}
    definitions = _definitions(one.figure for one in found.differences)
    return Sheet(title, headings, [*notes, _taken(by)], WIDTHS, definitions), rows


def _notes(snapshot: Snapshot) -> Sequence[str]:
    words = {
        "cell": snapshot.cell.name,
        "code": snapshot.code,
        "day": snapshot.on.isoformat(),
        "moment": f"{timezone.localtime(snapshot.drawn_at):%Y-%m-%d %H:%M}",
        "who": snapshot.drawn_by.name if snapshot.drawn_by else _("系统"),
        "digest": snapshot.digest,
    }
    return (
        _("范围：%(cell)s（含下级）　截至：%(day)s") % words,
        _("快照 %(code)s，%(moment)s 由%(who)s生成，SHA-256 %(digest)s") % words,
    )


def _taken(by: Any) -> str:
    words = {"who": by.name, "moment": f"{timezone.localtime():%Y-%m-%d %H:%M}"}
    return _("%(who)s于 %(moment)s 导出") % words


def _definitions(figures: Iterable[Figure]) -> list[str]:
    told = [_("%(figure)s：%(definition)s") % {"figure": one.words, "definition": one.definition} for one in figures]
    return [_("口径（现行）"), *told]
