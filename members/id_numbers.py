"""公民身份号码 (GB 11643): what the eighteen digits say, and what is wrong with them when something is."""

import re
import unicodedata
from datetime import date
from operator import mul
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from core.checked import HINT, NORMALISED, Checked, Note, wrong
from core.masks import mask_id_number
from members.choices import Gender

LENGTH = 18
OLD_LENGTH = 15
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECK_DIGITS = "10X98765432"
# What the sum comes to by the bytes of seventeen noughts.
_ZEROS = ord("0") * sum(WEIGHTS)
# No place has it: fictional people do, where the settings know of them.
FICTIONAL = "999999"
# Residence permits of people from Hong Kong, Macao and Taiwan carry these instead of a place.
PERMITS = ("810000", "820000", "830000")
# GB/T 2260, by the first two digits; the last three are those of the permits.
PROVINCES = frozenset(
    [*range(11, 16), *range(21, 24), *range(31, 38), *range(41, 47), *range(50, 55), *range(61, 66), 71, 81, 82, 83]
)
_SHAPE = re.compile(r"\d{17}[\dX]", re.ASCII)
_TYPED_X = str.maketrans({"×": "X", "Х": "X", "х": "X"})


class IdNumber(NamedTuple):
    """What a sound number says of its holder."""

    number: str
    birth_date: date
    gender: Gender
    is_permit: bool


def check_digit(body: str) -> str:
    """The eighteenth character that belongs to seventeen digits."""
    return CHECK_DIGITS[(sum(map(mul, body.encode(), WEIGHTS)) - _ZEROS) % 11]


def read_id_number(number: str) -> IdNumber | None:
    """What ``number`` says, or None when it is not one."""
    if not _SHAPE.fullmatch(number) or check_digit(number[:17]) != number[17]:
        return None
    born = _birth_date(number)
    if born is None:
        return None
    gender = Gender.MALE if int(number[16]) % 2 else Gender.FEMALE
    return IdNumber(number, born, gender, is_permit=number[:6] in PERMITS)


def check_id_number(written: object, *, legacy: bool = False) -> Checked:
    """The number meant by ``written``, or the digit and the reason that make it none.

    An unknown division is a hint, since the register may be newer than we are. With ``legacy`` the fifteen digits
    of before 1999 are completed, with a hint.
    """
    if isinstance(written, int | float):
        return wrong(_("Excel 按数字保存，末三位已被舍入为 0，须按证件重填，并把这一列设为文本。"))
    text = str(written)[:200]
    number = _plain(text)
    whole = _SHAPE.fullmatch(number)
    if not whole and re.fullmatch(r"\d(\.\d+)?E\+?\d+", number, re.ASCII):
        return wrong(_("Excel 已改成科学计数法，末几位已丢失，须按证件重填，并把这一列设为文本。"))
    notes = [Note(NORMALISED, _("已去掉多余字符，末位用大写 X。"))] if number != text.strip() else []
    if legacy and not whole and re.fullmatch(r"\d{15}", number, re.ASCII):
        number = f"{number[:6]}19{number[6:]}"
        number += check_digit(number)
        notes.append(
            Note(HINT, _("15 位旧号已补成 18 位 %(number)s，请按证件核对。") % {"number": mask_id_number(number)})
        )
    problem = _problem(number)
    if problem:
        return wrong(problem)
    if number[:6] != FICTIONAL and int(number[:2]) not in PROVINCES:
        notes.append(Note(HINT, _("行政区划代码 %(code)s 不在已知的省份中，请核对。") % {"code": number[:6]}))
    return Checked(number, notes=tuple(notes))


def _plain(text: str) -> str:
    if text.isascii() and text.isalnum():
        return text.upper()
    signs = unicodedata.normalize("NFKC", text).translate(_TYPED_X).upper()
    return "".join(sign for sign in signs if not sign.isspace() and unicodedata.category(sign)[0] != "C").strip("'‘’`")


def _problem(number: str) -> str:
    """The first thing wrong, in the order in which a person would check."""
    if len(number) == OLD_LENGTH and number.isdigit():
        return _("这是 15 位旧号，请改填现在的 18 位公民身份号码。")
    if len(number) != LENGTH:
        return _("公民身份号码应为 18 位，现在是 %(length)d 位，请核对。") % {"length": len(number)}
    if not _SHAPE.fullmatch(number):
        wrong_at = next(place for place, sign in enumerate(number) if not (sign.isascii() and sign.isdigit()))
        return _("第 %(place)d 位应为数字，现在是“%(sign)s”，请核对。") % {
            "place": wrong_at + 1,
            "sign": number[wrong_at],
        }
    if _birth_date(number) is None:
        return _("第 7 至 14 位应为出生日期，而 %(year)s 年 %(month)s 月 %(day)s 日不存在，请核对。") % {
            "year": number[6:10],
            "month": number[10:12],
            "day": number[12:14],
        }
    expected = check_digit(number[:17])
    if number[17] != expected:
        return _("校验位应为 %(expected)s，现在是 %(found)s，请逐位核对。") % {
            "expected": expected,
            "found": number[17],
        }
    if number[:6] == FICTIONAL != settings.ZHIBU_TEST_DIVISION:
        return _("行政区划代码 %(code)s 只用于演示，请填真实号码。") % {"code": number[:6]}
    return ""


def _birth_date(number: str) -> date | None:
    try:
        born = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
    return born if born.year >= 1880 else None
