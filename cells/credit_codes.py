"""统一社会信用代码 (GB 32100): eighteen characters, the last of which checks the others."""

import unicodedata

from django.utils.translation import gettext as _

from core.checked import NORMALISED, Checked, Note, wrong

LENGTH = 18
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
DIVISION = range(3, 9)


def check_character(body: str) -> str:
    """The eighteenth character that belongs to seventeen."""
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def check_credit_code(written: object) -> Checked:
    """The code meant by ``written``, or the character and the reason that make it none."""
    if isinstance(written, int | float):
        return wrong(_("Excel 按数字保存，末三位已被舍入为 0，须按营业执照重填，并把这一列设为文本。"))
    text = str(written)[:200]
    code = "".join(unicodedata.normalize("NFKC", text).upper().replace("-", "").split()).strip("'‘’`")
    problem = _problem(code)
    if problem:
        return wrong(problem)
    notes = (Note(NORMALISED, _("已去掉多余字符，字母用大写。")),) if code != text.strip() else ()
    return Checked(code, notes=notes)


def _problem(code: str) -> str:
    if len(code) != LENGTH:
        return _("统一社会信用代码应为 18 位，现在是 %(length)d 位，请核对。") % {"length": len(code)}
    for place, sign in enumerate(code, start=1):
        if sign not in ALPHABET:
            return _(
                "第 %(place)d 位是“%(sign)s”，而统一社会信用代码只用数字和除 I、O、S、V、Z 以外的大写字母，请核对。"
            ) % {"place": place, "sign": sign}
        if place in DIVISION and not sign.isdigit():
            return _("第 3 至 8 位是行政区划代码，应为数字，第 %(place)d 位现在是“%(sign)s”，请核对。") % {
                "place": place,
                "sign": sign,
            }
    expected = check_character(code[:17])
    if code[17] != expected:
        return _("校验位应为 %(expected)s，现在是 %(found)s，请逐位核对。") % {"expected": expected, "found": code[17]}
    return ""
