"""The rules of a member's record, asked of what somebody wrote in a form, a ledger or a program.

``check_answers`` takes answers as they were written, or values already read, and says what each of them means, what
is wrong with it and what is worth knowing. Deeds, forms and ledgers ask here; none has a rule of its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from core.checked import HINT, Checked, Note
from core.dates import years_later
from core.errors import Refusal
from members.checks.items import ACCEPTED, CODED, DATES, LABELS, LIMITS, REQUIRED, check_item, check_other_number
from members.choices import PROBATION_YEARS, Category, Gender, IdKind, Standing
from members.id_numbers import IdNumber, read_id_number

__all__ = ["ACCEPTED", "CODED", "LABELS", "LIMITS", "CheckedRecord", "check_answers", "check_item"]

ADULT_AGE = 18  # DEV2026 Art 1 and the Constitution, Art 1: from the eighteenth birthday


@dataclass
class CheckedRecord:
    """What came of checking one record: one ``Checked`` for each answer, and for each item filled from another.

    ``anew_on`` is the day for which somebody of whom nothing was known is sound by it; None beside a known record.
    """

    cells: dict[str, Checked] = field(default_factory=dict)
    anew_on: date | None = None

    @property
    def values(self) -> dict[str, Any]:
        """What may be recorded: the items with nothing wrong."""
        return {name: cell.value for name, cell in self.cells.items() if not cell.problems}

    @property
    def problems(self) -> dict[str, tuple[str, ...]]:
        return {name: cell.problems for name, cell in self.cells.items() if cell.problems}

    @property
    def notes(self) -> dict[str, tuple[Note, ...]]:
        return {name: cell.notes for name, cell in self.cells.items() if cell.notes}

    def require_sound(self, row: int | None = None) -> dict[str, Any]:
        """The values; raises Refusal with the first problem."""
        for name, sentences in self.problems.items():
            raise Refusal(sentences[0], field=name, row=row)
        return self.values


def check_answers(
    answers: Mapping[str, Any], *, on: date, known: Mapping[str, Any] | None = None, legacy: bool = False
) -> CheckedRecord:
    """Check the record that ``answers`` make on ``on``.

    ``known`` is what is recorded already and the answers leave out; what is wrong with it alone is not said again.
    A blank answer means that the item is to be empty. With ``legacy`` ID numbers of fifteen digits are completed.
    """
    sheet = _Sheet(answers, known or {}, on, legacy=legacy)
    for rule in _RULES:
        rule(sheet)
    return CheckedRecord(sheet.cells, anew_on=None if known else on)


class _Sheet:
    """A record under the rules: answers read, known values behind them."""

    def __init__(self, answers: Mapping[str, Any], known: Mapping[str, Any], on: date, *, legacy: bool) -> None:
        self.known, self.on = known, on
        self.cells = {name: check_item(name, written, legacy=legacy) for name, written in answers.items()}
        number = answers.get("id_number")
        if number and self.value("id_kind") == IdKind.OTHER:
            self.cells["id_number"] = check_other_number(number)
        for name in REQUIRED:
            if name not in answers and name not in known:
                self.cells[name] = check_item(name, "")

    def value(self, name: str) -> Any:
        return self.cells[name].value if name in self.cells else self.known.get(name)

    def asks(self, *names: str) -> bool:
        """Whether a rule over these items is due: one of them was answered, and none is wrong by itself."""
        answered = False
        for name in names:
            if name in self.cells:
                if self.cells[name].problems:
                    return False
                answered = True
        return answered

    def blame(self, name: str, sentence: str) -> None:
        cell = self.cells.get(name, Checked(self.known.get(name)))
        self.cells[name] = cell._replace(problems=(*cell.problems, sentence))

    def note(self, name: str, kind: str, sentence: str) -> None:
        cell = self.cells.get(name, Checked(self.known.get(name)))
        self.cells[name] = cell._replace(notes=(*cell.notes, Note(kind, sentence)))

    def put(self, name: str, value: Any) -> None:
        """Fill an item from another, or replace what was answered."""
        before = self.cells.get(name)
        self.cells[name] = Checked(value) if before is None else Checked(value, before.problems, before.notes)


def _number_tells(sheet: _Sheet) -> None:
    """The ID number fills gender and birth date, and contradicts them where they differ."""
    if sheet.value("id_kind") == IdKind.OTHER or not sheet.asks("id_number", "gender", "birth_date"):
        return
    told = read_id_number(sheet.value("id_number") or "")
    if told is None:
        return
    _kind_follows(sheet, told)
    _gender_agrees(sheet, told)
    _birth_date_agrees(sheet, told)


def _kind_follows(sheet: _Sheet, told: IdNumber) -> None:
    kind = IdKind.RESIDENCE_PERMIT if told.is_permit else IdKind.RESIDENT
    if sheet.value("id_kind") != kind:
        sheet.put("id_kind", kind)
    if told.is_permit and "id_number" in sheet.cells:
        sheet.note("id_number", ACCEPTED, _("港澳台居民居住证，校验通过。"))


def _gender_agrees(sheet: _Sheet, told: IdNumber) -> None:
    if not sheet.value("gender"):
        sheet.put("gender", told.gender)
    elif sheet.value("gender") != told.gender:
        sheet.blame(
            "gender",
            _("性别与证件不符：证件号码第 17 位表示“%(gender)s”，请核对号码或性别。")
            % {"gender": Gender(told.gender).label},
        )


def _birth_date_agrees(sheet: _Sheet, told: IdNumber) -> None:
    """The archive may know another day. Both are kept, the one of the ID number as the birth date."""
    given = sheet.value("birth_date")
    if given is None or given == told.birth_date:
        sheet.put("birth_date", told.birth_date)
        return
    sheet.put("birth_date", told.birth_date)
    if given == sheet.known.get("birth_date"):
        return  # nobody said this day now; it followed from the number that is being corrected
    if not sheet.value("archive_birth_date"):
        sheet.put("archive_birth_date", given)
    sheet.note(
        "birth_date",
        HINT,
        _("出生日期与证件不符：证件为 %(told)s，%(given)s 记为档案出生日期，两个日期都保留。")
        % {"told": told.birth_date.isoformat(), "given": given.isoformat()},
    )


def _no_day_ahead(sheet: _Sheet) -> None:
    for name in DATES:
        day = sheet.value(name)
        if sheet.asks(name) and day and day > sheet.on:
            sheet.blame(
                name,
                _("%(item)s %(day)s 晚于 %(on)s，请核对。")
                % {"item": LABELS[name], "day": day.isoformat(), "on": sheet.on.isoformat()},
            )


def _joined_as_an_adult(sheet: _Sheet) -> None:
    born, joined = sheet.value("birth_date"), sheet.value("joined_on")
    if not born or not joined or not sheet.asks("birth_date", "joined_on"):
        return
    of_age = years_later(born, ADULT_AGE)
    if joined < of_age:
        sheet.blame(
            "joined_on",
            _("加入党组织时不满 18 周岁：%(of_age)s 满 18 周岁，请核对加入日期和出生日期。")
            % {"of_age": of_age.isoformat()},
        )


def _converted_in_its_time(sheet: _Sheet) -> None:
    if not sheet.asks("category", "joined_on", "converted_on"):
        return
    category, joined, converted = sheet.value("category"), sheet.value("joined_on"), sheet.value("converted_on")
    if category == Category.FULL and not converted:
        sheet.blame("converted_on", _("正式党员应有转为正式党员日期，请补填。"))
    elif category == Category.PROBATIONARY and converted:
        sheet.blame("converted_on", _("预备党员不应有转正日期：请清空转正日期，或把人员类别改为正式党员。"))
    elif joined and converted and converted < years_later(joined, PROBATION_YEARS):
        sheet.blame(
            "converted_on",
            _("预备期为一年，转正日期不应早于 %(day)s，请核对。")
            % {"day": years_later(joined, PROBATION_YEARS).isoformat()},
        )


def _whereabouts_agree(sheet: _Sheet) -> None:
    if sheet.asks("is_migrant", "flow_to"):
        if sheet.value("is_migrant") and not sheet.value("flow_to"):
            sheet.blame("is_migrant", _("流动党员应写明外出流向，请补填省、市、县。"))
        elif sheet.value("flow_to") and not sheet.value("is_migrant"):
            sheet.blame("is_migrant", _("填写了外出流向，“是否为流动党员”应为“是”；不是流动党员的，请清空外出流向。"))
    if sheet.asks("is_lost", "lost_on"):
        if sheet.value("is_lost") and not sheet.value("lost_on"):
            sheet.note("lost_on", HINT, _("失联党员宜填写失去联系日期。"))
        elif sheet.value("lost_on") and not sheet.value("is_lost"):
            sheet.blame("is_lost", _("填写了失去联系日期，“是否为失联党员”应为“是”；没有失联的，请清空日期。"))


def _standing_has_its_own_deeds(sheet: _Sheet) -> None:
    """A record begins as normal or suspended; after that the standing changes by deeds that say why."""
    if not sheet.asks("standing") or "standing" not in sheet.cells:
        return
    given, before = sheet.value("standing"), sheet.known.get("standing")
    if before is None and given not in ("", Standing.NORMAL, Standing.SUSPENDED):
        sheet.blame("standing", _("补录的党员，党籍状态应为“正常”或“停止党籍”。"))
    elif before is not None and given != before:
        sheet.blame(
            "standing",
            _("系统中的党籍状态为“%(before)s”；停止、恢复党籍和出党、去世请在党员卡片上办理。")
            % {"before": Standing(before).label},
        )


_RULES = (
    _standing_has_its_own_deeds,
    _number_tells,
    _no_day_ahead,
    _joined_as_an_adult,
    _converted_in_its_time,
    _whereabouts_agree,
)
