"""One answer by itself: what was meant, whether it can be, how it will be kept."""

import re
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.checked import HINT, NORMALISED, Checked, Note, wrong
from core.dates import check_date
from core.errors import Refusal
from core.names import check_name
from members import dictionaries
from members.dictionaries import YES, Dictionary
from members.id_numbers import check_id_number

MOBILE_LENGTH = 11
_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
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


def check_item(name: str, written: Any, *, legacy: bool = False) -> Checked:
    """Check one answer by itself, without the rules that join several. ``legacy`` as for ``check_id_number``."""
    if written is None or (isinstance(written, str) and not written.strip()):
        if name in REQUIRED:
            return wrong(_("请填写%(item)s。") % {"item": LABELS[name]})
        return Checked(blank(name))
    if name == "id_number":
        return check_id_number(written, legacy=legacy)
    return _READERS[name](written) if name in _READERS else Checked(written)


def blank(name: str) -> Any:
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
    # Nearly every answer is the label itself.
    plain = {label: Checked(code) for code, label in reversed(dictionary.labels.items())}

    def read(written: Any) -> Checked:
        if isinstance(written, str) and written in plain:
            return plain[written]
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
    if isinstance(written, str) and _MOBILE.fullmatch(written):
        return Checked(written)
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


def check_other_number(written: Any) -> Checked:
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
    "mobile": _mobile,
    "email": _email,
    **{name: _coded(dictionary) for name, dictionary in CODED.items()},
    **{name: _text(name) for name in LIMITS},
    **dict.fromkeys(DATES, check_date),
    **dict.fromkeys(FLAGS, _flag),
}
