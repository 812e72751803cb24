"""A whole row of what people write about an organisation or a company, read at once with the rules that join answers.

Single answers are read by ``cells.checks``. Which organisation a name means is decided where the tree is known.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells import checks
from cells.credit_codes import check_credit_code
from core.checked import HINT, Checked, Note, wrong
from core.dates import check_date
from core.names import normalise_name

YUAN_IN_WAN = 10_000
NOTHING = ("无", "/", "-", "—", "－", "暂无", "空")
LABELS = {
    "founded_on": gettext_lazy("成立日期"),
    "term_from": gettext_lazy("本届任期起"),
    "term_due": gettext_lazy("届满日期"),
    "superior": gettext_lazy("上级党组织"),
    "secretary": gettext_lazy("书记"),
    "contact_name": gettext_lazy("联系人"),
    "units_text": gettext_lazy("所在单位"),
    "org_id_code": gettext_lazy("党组织识别码"),
    "org_path_code": gettext_lazy("党组织层级码"),
    "district": gettext_lazy("县市区"),
    "park": gettext_lazy("园区"),
    "line_of_business": gettext_lazy("行业类别"),
    "advisor": gettext_lazy("党建工作指导员"),
    "cover_cell": gettext_lazy("所属党组织"),
    "surveyed_on": gettext_lazy("摸排日期"),
}
LIMITS = {
    "superior": 120,
    "secretary": 50,
    "contact_name": 50,
    "units_text": 1000,
    "org_id_code": 32,
    "org_path_code": 64,
    "district": 40,
    "park": 60,
    "line_of_business": 60,
    "advisor": 50,
    "cover_cell": 120,
}
Reader = Callable[[str, Any], Checked]


def check_organisation(answers: Mapping[str, Any], *, on: date) -> dict[str, Checked]:
    """Check what a row says of an organisation as known on ``on``. Blank answers come out empty."""
    read = {item: _ORGANISATION[item](item, written) for item, written in answers.items()}
    _not_ahead(read, on, "founded_on", "term_from")
    first, last = (read.get(item, Checked(None)) for item in ("term_from", "term_due"))
    if first.value and last.value and last.value <= first.value:
        _blame(read, "term_due", _("届满日期应晚于本届任期起 %(day)s，请核对。") % {"day": first.value.isoformat()})
    elif first.value and not last.value and not last.problems:
        _blame(read, "term_due", _("填写了本届任期起，还应填写届满日期。"))
    elif last.value and not first.value and not first.problems:
        _blame(read, "term_from", _("填写了届满日期，还应填写本届任期起。"))
    return read


def check_company(answers: Mapping[str, Any], *, on: date) -> dict[str, Checked]:
    """Check what a row says of a company as known on ``on``. Blank answers come out empty; a name must be there."""
    read = {item: _COMPANY[item](item, written) for item, written in answers.items()}
    _not_ahead(read, on, "surveyed_on")
    staff, known = (read.get(item, Checked(None)) for item in ("staff", "members_known"))
    if staff.value is not None and known.value is not None and known.value > staff.value:
        words = {"known": known.value, "staff": staff.value}
        hint = Note(HINT, _("已知党员数 %(known)d 多于职工人数 %(staff)d，请核对。") % words)
        read["members_known"] = known._replace(notes=(*known.notes, hint))
    return read


def _blame(read: dict[str, Checked], item: str, sentence: str) -> None:
    cell = read.get(item, Checked(None))
    read[item] = cell._replace(problems=(*cell.problems, sentence))


def _not_ahead(read: dict[str, Checked], on: date, *items: str) -> None:
    """Nothing that is said to have happened lies after ``on``."""
    for item in items:
        day = read.get(item, Checked(None)).value
        if day and day > on:
            words = {"item": LABELS[item], "day": day.isoformat(), "on": on.isoformat()}
            _blame(read, item, _("%(item)s %(day)s 晚于 %(on)s，请核对。") % words)


def _blank(written: Any) -> bool:
    return written is None or (isinstance(written, str) and not written.strip())


def _name(item: str, written: Any) -> Checked:
    return checks.organisation_name(written)


def _short_name(item: str, written: Any) -> Checked:
    return Checked("") if _blank(written) else checks.organisation_name(written, limit=checks.SHORT_NAME_LIMIT)


def _text(item: str, written: Any) -> Checked:
    text = "" if written is None else " ".join(str(written).replace("\x00", "").split())
    if len(text) > LIMITS[item]:
        words = {"item": LABELS[item], "limit": LIMITS[item], "length": len(text)}
        return wrong(_("%(item)s最多 %(limit)d 个字，现在是 %(length)d 个字，请写短一些。") % words)
    return Checked(text)


def _reference(item: str, written: Any) -> Checked:
    """The name of somebody or something else; a dash or 无 stands for nobody."""
    read = _text(item, written)
    return read if read.problems else Checked("" if read.value in NOTHING else normalise_name(read.value))


def _code(item: str, written: Any) -> Checked:
    read = _text(item, re.sub(r"\s", "", unicodedata.normalize("NFKC", str(written or ""))).upper())
    if read.value and not re.fullmatch(r"[0-9A-Z-]+", read.value):
        return wrong(_("%(item)s只含数字和字母，请核对。") % {"item": LABELS[item]})
    return read


def _phone(item: str, written: Any) -> Checked:
    """A mobile, without what surrounds its eleven digits, or a landline as written."""
    if _blank(written):
        return Checked("")
    text = re.sub(r"\.0$", "", unicodedata.normalize("NFKC", str(written)).strip())
    digits = re.sub(r"[\s()-]", "", text)
    mobile = re.sub(r"^(\+86|0086|86)(?=1\d{10}$)", "", digits)
    if re.fullmatch(r"1[3-9]\d{9}", mobile):
        return Checked(mobile)
    if re.fullmatch(r"\+?\d{7,14}", digits) and not re.match(r"1[3-9]", digits):
        return Checked(text)
    return wrong(
        _("电话应为 11 位手机号，或带区号的固定电话；现在是 %(length)d 位，请核对。") % {"length": len(digits)}
    )


def _term_number(item: str, written: Any) -> Checked:
    if _blank(written):
        return Checked(None)
    text = re.sub(
        r"\.0+$", "", unicodedata.normalize("NFKC", str(written)).strip().removeprefix("第").removesuffix("届")
    )
    if not re.fullmatch(r"[1-9]\d{0,2}", text):
        return wrong(_("届次应为整数，如 2，现在是“%(text)s”。") % {"text": str(written)[:20]})
    return Checked(int(text))


def _alone(read: Callable[[Any], Checked]) -> Reader:
    return lambda item, written: read(written)


def _day(item: str, written: Any) -> Checked:
    return Checked(None) if _blank(written) else check_date(written)


def _credit_code(item: str, written: Any) -> Checked:
    return Checked("") if _blank(written) else check_credit_code(written)


def _output(item: str, written: Any) -> Checked:
    """Ledgers state the output in units of ten thousand yuan; it is kept in yuan."""
    return checks.yuan(written, unit=YUAN_IN_WAN)


_ORGANISATION: dict[str, Reader] = {
    "name": _name,
    "short_name": _short_name,
    "superior": _reference,
    "kind": _alone(checks.kind),
    "formation_mode": _alone(checks.formation_mode),
    "founded_on": _day,
    "term_from": _day,
    "term_due": _day,
    "term_number": _term_number,
    "secretary": _reference,
    "contact_name": _reference,
    "contact_phone": _phone,
    "units_text": _text,
    "org_id_code": _code,
    "org_path_code": _code,
}
_COMPANY: dict[str, Reader] = {
    "name": _name,
    "credit_code": _credit_code,
    "district": _text,
    "park": _text,
    "line_of_business": _text,
    "staff": _alone(checks.count),
    "output": _output,
    "operating": _alone(checks.yes_or_no),
    "fixed_premises": _alone(checks.yes_or_no),
    "legal_representative_is_member": _alone(checks.yes_or_no),
    "formation_mode": _alone(checks.formation_mode),
    "cover_cell": _reference,
    "advisor": _reference,
    "surveyed_on": _day,
    "members_known": _alone(checks.count),
    "has_liaison": _alone(checks.yes_or_no),
    "has_mass_organisation": _alone(checks.yes_or_no),
}
