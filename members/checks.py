"""The rules of a member's record, asked of what somebody wrote in a form, a ledger or a program.

``check_answers`` takes answers as they were written, or values already read, and says what each of them means, what
is wrong with it and what is worth knowing. Deeds, forms and ledgers ask here; none has a rule of its own.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.checked import HINT, NORMALISED, Checked, Note, wrong
from core.dates import check_date, years_later
from core.errors import Refusal
from core.names import check_name
from members import dictionaries
from members.choices import PROBATION_YEARS, Category, Gender, IdKind, Standing
from members.dictionaries import YES, Dictionary
from members.id_numbers import IdNumber, check_id_number, read_id_number

ADULT_AGE = 18  # DEV2026 Art 1 and the Constitution, Art 1: from the eighteenth birthday
MOBILE_LENGTH = 11
ACCEPTED = "accepted"  # a kind of note beside core.checked's: unusual, examined, and in order
ADDRESS_LIMIT = 200
OTHER_NUMBER_LIMIT = 30
REQUIRED = ("name", "id_number", "category")
LABELS = {
    "name": gettext_lazy("姓名"),
    "id_number": gettext_lazy("公民身份证号"),
    "category": gettext_lazy("人员类别"),
    "birth_date": gettext_lazy("出生日期"),
    "archive_birth_date": gettext_lazy("档案出生日期"),
    "joined_on": gettext_lazy("加入党组织日期"),
    "converted_on": gettext_lazy("转为正式党员日期"),
    "lost_on": gettext_lazy("失去联系日期"),
    "work_started_on": gettext_lazy("参加工作日期"),
    "applied_on": gettext_lazy("入党申请日期"),
    "address": gettext_lazy("家庭住址"),
    "landline": gettext_lazy("固定电话"),
    "flow_to": gettext_lazy("外出流向"),
    "native_place": gettext_lazy("籍贯"),
    "degree": gettext_lazy("学位"),
    "school": gettext_lazy("毕业院校"),
    "major": gettext_lazy("专业"),
    "new_stratum": gettext_lazy("新的社会阶层"),
    "technical_title": gettext_lazy("专业技术职务"),
    "employer_text": gettext_lazy("工作单位名称"),
    "remarks": gettext_lazy("备注"),
}
LIMITS = {
    "address": ADDRESS_LIMIT,
    "landline": 30,
    "flow_to": 120,
    "native_place": 60,
    "degree": 30,
    "school": 80,
    "major": 60,
    "new_stratum": 40,
    "technical_title": 60,
    "employer_text": 120,
    "remarks": 500,
}
CODED = {
    "gender": dictionaries.GENDER,
    "ethnicity": dictionaries.ETHNICITY,
    "education": dictionaries.EDUCATION,
    "category": dictionaries.CATEGORY,
    "post": dictionaries.POST,
    "standing": dictionaries.STANDING,
    "id_kind": dictionaries.ID_KIND,
}
DATES = ("birth_date", "archive_birth_date", "joined_on", "converted_on", "lost_on", "work_started_on", "applied_on")
FLAGS = ("is_lost", "is_migrant")


@dataclass
class CheckedRecord:
    """What came of checking one record: one ``Checked`` for each answer, and for each item filled from another."""

    cells: dict[str, Checked] = field(default_factory=dict)

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
    return CheckedRecord(sheet.cells)


def check_item(name: str, written: Any) -> Checked:
    """Check one answer by itself, without the rules that join several."""
    if written is None or (isinstance(written, str) and not written.strip()):
        if name in REQUIRED:
            return wrong(_("请填写%(item)s。") % {"item": LABELS[name]})
        return Checked(_blank(name))
    return _READERS[name](written) if name in _READERS else Checked(written)


class _Sheet:
    """A record under the rules: answers read, known values behind them."""

    def __init__(self, answers: Mapping[str, Any], known: Mapping[str, Any], on: date, *, legacy: bool) -> None:
        self.known, self.on = known, on
        self.cells = {name: check_item(name, written) for name, written in answers.items()}
        number = answers.get("id_number")
        if number and self.value("id_kind") == IdKind.OTHER:
            self.cells["id_number"] = _other_number(number)
        elif number and legacy:
            self.cells["id_number"] = check_id_number(number, legacy=True)
        for name in REQUIRED:
            if name not in answers and name not in known:
                self.cells[name] = check_item(name, "")

    def value(self, name: str) -> Any:
        return self.cells[name].value if name in self.cells else self.known.get(name)

    def asks(self, *names: str) -> bool:
        """Whether a rule over these items is due: one of them was answered, and none is wrong by itself."""
        cells = [self.cells[name] for name in names if name in self.cells]
        return bool(cells) and not any(cell.problems for cell in cells)

    def blame(self, name: str, sentence: str) -> None:
        cell = self.cells.get(name, Checked(self.known.get(name)))
        self.cells[name] = cell._replace(problems=(*cell.problems, sentence))

    def note(self, name: str, kind: str, sentence: str) -> None:
        cell = self.cells.get(name, Checked(self.known.get(name)))
        self.cells[name] = cell._replace(notes=(*cell.notes, Note(kind, sentence)))

    def put(self, name: str, value: Any) -> None:
        """Fill an item from another, or replace what was answered."""
        self.cells[name] = self.cells.get(name, Checked(value))._replace(value=value)


# Single answers


def _blank(name: str) -> Any:
    if name in DATES or name == "employer":
        return None
    return False if name in FLAGS else ""


def _name(written: Any) -> Checked:
    try:
        name = check_name(str(written))
    except Refusal as refusal:
        return wrong(str(refusal.message))
    notes = [Note(HINT, warning) for warning in name.warnings]
    if name.normalised:
        notes.insert(0, Note(NORMALISED, _("将记为“%(name)s”。") % {"name": name.text}))
    return Checked(name.text, notes=tuple(notes))


def _coded(dictionary: Dictionary) -> Callable[[Any], Checked]:
    def read(written: Any) -> Checked:
        match = dictionary.lookup(written)
        if match is None:
            near = dictionary.closest(written)
            known = {"table": _(dictionary.name), "text": str(written).strip()[:30], "near": _("、").join(near)}
            if near:
                return wrong(_("%(table)s中没有“%(text)s”，请从字典中选，相近的有%(near)s。") % known)
            return wrong(_("%(table)s中没有“%(text)s”，请从字典中选。") % known)
        if match.normalised and str(written) != match.code:
            return Checked(
                match.code,
                notes=(Note(NORMALISED, _("将记为“%(label)s”。") % {"label": dictionary.label(match.code)}),),
            )
        return Checked(match.code)

    return read


def _flag(written: Any) -> Checked:
    if isinstance(written, bool):
        return Checked(written)
    read = _coded(dictionaries.YES_NO)(written)
    return Checked(read.value == YES, read.problems)


def _text(name: str) -> Callable[[Any], Checked]:
    limit = LIMITS[name]

    def read(written: Any) -> Checked:
        text = " ".join(str(written).replace("\x00", "").split())
        if len(text) > limit:
            return wrong(
                _("%(item)s最多 %(limit)d 个字，现在是 %(length)d 个字，请写短一些。")
                % {"item": LABELS[name], "limit": limit, "length": len(text)}
            )
        return Checked(text)

    return read


def _mobile(written: Any) -> Checked:
    """Eleven digits; ``+86``, spaces and hyphens are dropped."""
    text = str(int(written)) if isinstance(written, float) and written.is_integer() else str(written).strip()
    number = "".join(
        sign for sign in text.removesuffix(".0") if not sign.isspace() and sign not in "-－()（）\u200e\u202d"
    )
    for prefix in ("+86", "0086", "86"):
        if number.startswith(prefix) and len(number) > MOBILE_LENGTH:
            number = number.removeprefix(prefix)
            break
    if not (number.isascii() and number.isdigit()):
        return wrong(_("手机号应为 11 位数字，请去掉其中的其他字符。"))
    if len(number) != MOBILE_LENGTH:
        return wrong(_("手机号应为 11 位，现在是 %(length)d 位，请核对。") % {"length": len(number)})
    if number[0] != "1" or number[1] in "012":
        return wrong(_("手机号应以 13 至 19 开头；座机号码请填在固定电话一栏。"))
    if number != text.removesuffix(".0"):
        return Checked(number, notes=(Note(NORMALISED, _("已去掉国家代码、空格或连接符。")),))
    return Checked(number)


def _other_number(written: Any) -> Checked:
    """The number of a passport and the like: nothing is known of it but its length."""
    number = "".join(str(written).split()).upper()
    if len(number) > OTHER_NUMBER_LIMIT:
        return wrong(_("证件号码最多 %(limit)d 位，请核对。") % {"limit": OTHER_NUMBER_LIMIT})
    return Checked(number)


def _email(written: Any) -> Checked:
    address = str(written).strip()
    try:
        validate_email(address)
    except ValidationError:
        return wrong(_("邮箱应写成 name@example.com 的样子。"))
    return Checked(address)


_READERS: dict[str, Callable[[Any], Checked]] = {
    "name": _name,
    "id_number": check_id_number,
    "mobile": _mobile,
    "email": _email,
    **{name: _coded(dictionary) for name, dictionary in CODED.items()},
    **{name: _text(name) for name in LIMITS},
    **dict.fromkeys(DATES, check_date),
    **dict.fromkeys(FLAGS, _flag),
}


# Rules that join several answers


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
