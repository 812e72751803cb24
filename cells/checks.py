"""What people write of organisations and companies, read: raw text in, value and problems out.

Forms and ledgers ask the same functions, so a cell of a workbook and a field of a page get the same sentence.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.choices import CellKind, FormationMode
from core.checked import NORMALISED, Checked, Note, wrong
from core.names import normalise_name

NAME_LIMIT = 120
PHONE = r"[0-9+\-－()（）转\s]{5,30}"
PHONE_WRONG = gettext_lazy("电话只用数字、+、- 和括号，如 010-12345678，请核对。")
SHORT_NAME_LIMIT = 60

KINDS = {
    CellKind.COMMITTEE: ("党委", "基层党委", "党的基层委员会", "委员会", "611"),
    CellKind.GENERAL_BRANCH: ("党总支", "总支", "党总支部", "党总支部委员会", "总支部委员会", "621"),
    CellKind.BRANCH: ("党支部", "支部", "支部委员会", "独立党支部", "631"),
    CellKind.JOINT_BRANCH: ("联合党支部", "联合支部", "联合支部委员会", "632"),
    CellKind.TEMPORARY_BRANCH: ("临时党支部", "临时支部"),
    CellKind.FUNCTIONAL_BRANCH: ("功能型党支部", "功能型支部", "功能党支部", "功能性党支部"),
    CellKind.MIGRANT_BRANCH: ("流动党员党支部", "流动党员支部", "流动党支部"),
    CellKind.GROUP: ("党小组", "小组"),
}
MODES = {
    FormationMode.INDEPENDENT: ("单独建", "单独组建", "独立建", "独立组建", "单建"),
    FormationMode.JOINT: ("联合建", "联合组建", "联建"),
    FormationMode.DISPATCHED: ("派员建", "派员组建"),
    FormationMode.RECRUITED: ("引员建", "引员组建"),
    FormationMode.LED: ("带动建", "带动组建"),
}
YES = ("是", "有", "对", "√", "✓", "y", "yes", "true", "1")
NO = ("否", "无", "没有", "不是", "×", "✗", "x", "n", "no", "false", "0")

_codes = {word: kind for kind, words in KINDS.items() for word in (*words, kind.value)}
_modes = {word: mode for mode, words in MODES.items() for word in (*words, mode.value)}


def organisation_name(text: Any, *, limit: int = NAME_LIMIT) -> Checked:
    """The name of an organisation or a company in its one spelling."""
    name = normalise_name(_plain(text))
    if not name:
        return wrong(_("请填写名称。"))
    if len(name) > limit:
        return wrong(_("名称最多 %(limit)d 个字，现在是 %(length)d 个字。") % {"limit": limit, "length": len(name)})
    return _spelt(name, text)


def kind(text: Any) -> Checked:
    """组织类别 by name, usual short form or statistics code."""
    return _listed(text, _codes, KINDS, _("请填写组织类别。"))


def formation_mode(text: Any) -> Checked:
    """组建方式; nothing written is nothing known."""
    return _listed(text, _modes, MODES)


def yes_or_no(text: Any) -> Checked:
    """True, False, or None where nothing is written."""
    if isinstance(text, bool):
        return Checked(text)
    word = _key(text)
    if not word:
        return Checked(None)
    if word in YES or word in NO:
        return Checked(word in YES)
    return wrong(_("请填写“是”或“否”，现在是“%(text)s”。") % {"text": _shown(text)})


def count(text: Any) -> Checked:
    """A number of people: nothing written, or a whole number that is not below nought."""
    number = _number(text)
    if number is None:
        return Checked(None) if not _plain(text) else wrong(_("应为整数，如 60，现在是“%(text)s”。") % _quoted(text))
    if number != number.to_integral_value():
        return wrong(_("人数应为整数，现在是“%(text)s”。") % _quoted(text))
    if number < 0:
        return wrong(_("人数不能小于 0，请核对，现在是“%(text)s”。") % _quoted(text))
    if number > 2_147_483_647:
        return wrong(_("人数过大，请核对，现在是“%(text)s”。") % _quoted(text))
    return Checked(int(number))


def yuan(text: Any, *, unit: int = 1) -> Checked:
    """Money in yuan with two places; ``unit=10000`` where the column is headed 万元."""
    number = _number(text)
    if number is None:
        return (
            Checked(None) if not _plain(text) else wrong(_("应为数字，如 1200.5，现在是“%(text)s”。") % _quoted(text))
        )
    amount = (number * unit).quantize(Decimal("0.01")) if abs(number) < Decimal(10) ** 14 else Decimal("Infinity")
    if not 0 <= amount < Decimal(10) ** 14:
        return wrong(_("金额应在 0 和 100 万亿元之间，现在是“%(text)s”。") % _quoted(text))
    return Checked(amount)


def units(text: str) -> list[str]:
    """所在单位 taken apart: the companies a cell's members work in, as written."""
    return [name for name in (normalise_name(part) for part in re.split(r"[、，,；;\n]", text)) if name]


def _listed(text: Any, known: dict[str, Any], words: Mapping[Any, tuple[str, ...]], missing: str = "") -> Checked:
    """One of ``words``. Ledgers are in Chinese, whoever reads them: what to choose from is named as they have it."""
    word = _key(text)
    if not word:
        return wrong(missing) if missing else Checked("")
    if word in known:
        return _spelt(known[word], text, shown=words[known[word]][0])
    choices = _("、").join(first for first, *_rest in words.values())
    sentence = _("没有“%(text)s”这一项，请从以下各项中选择：%(choices)s。")
    return wrong(sentence % {"text": _shown(text), "choices": choices})


def _spelt(value: Any, text: Any, *, shown: Any = None) -> Checked:
    kept = str(shown if shown is not None else value)
    if kept == text or getattr(value, "value", value) == text:
        return Checked(value)
    return Checked(value, notes=(Note(NORMALISED, _("已规范为“%(kept)s”。") % {"kept": kept}),))


def _number(text: Any) -> Decimal | None:
    if isinstance(text, int | float | Decimal) and not isinstance(text, bool):
        written = str(text)
    else:
        written = re.sub(r"[,，\s]", "", _plain(text))
    try:
        number = Decimal(written)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _plain(text: Any) -> str:
    return "" if text is None else unicodedata.normalize("NFC", str(text)).replace("\x00", "").strip()


def _key(text: Any) -> str:
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", _plain(text))).lower()


def _shown(text: Any) -> str:
    plain = _plain(text)
    return plain if len(plain) <= 20 else plain[:20] + "…"


def _quoted(text: Any) -> dict[str, str]:
    return {"text": _shown(text)}
