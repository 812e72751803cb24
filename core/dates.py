"""Days as people write them: 1990-1-2, 19900102, 1990.1, 1990年1月2日, or a cell of a workbook."""

import re
import unicodedata
from calendar import monthrange
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _

from core.checked import HINT, Checked, Note, wrong
from core.errors import Refusal

EARLIEST_YEAR, LATEST_YEAR = 1880, 2150
# Excel counts days from here, once its imaginary 29 February 1900 is allowed for.
EXCEL_EPOCH = date(1899, 12, 30)

_WRITTEN = re.compile(r"(\d{4})[-/.年](\d{1,2})(?:[-/.月](\d{1,2})?[日号]?)?(?:[T ]?00:00(?::00(?:\.0+)?)?)?")
_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_SOLID = re.compile(r"(\d{4})(\d{2})(\d{2})?")
_SERIAL = re.compile(r"\d{5}")


class Day(NamedTuple):
    """A day; with ``whole`` false only its year and month were written and the first stands for the month."""

    day: date
    whole: bool = True


def parse_day(written: object) -> Day:
    """The day somebody meant. Refuses what is no day, in a sentence that says why and how to write it."""
    if isinstance(written, datetime):
        return Day(timezone.localdate(written) if timezone.is_aware(written) else written.date())
    if isinstance(written, date):
        return Day(written)
    text = _plain(written)
    if _SERIAL.fullmatch(text):
        return Day(EXCEL_EPOCH + timedelta(days=int(text)))
    match = _SOLID.fullmatch(text) or _WRITTEN.fullmatch(text)
    if match is None:
        raise Refusal(_unreadable(text))
    year, month, day = match.groups()
    return Day(_existing(int(year), int(month), int(day or 1)), whole=day is not None)


def check_date(written: object) -> Checked:
    """``parse_day`` for forms and ledgers: the problem is a sentence, a day left out is a hint."""
    if isinstance(written, str) and _ISO.fullmatch(written):  # nearly every day of a ledger
        with suppress(ValueError):
            day = date.fromisoformat(written)
            if EARLIEST_YEAR <= day.year <= LATEST_YEAR:
                return Checked(day)
    try:
        read = parse_day(written)
    except Refusal as refusal:
        return wrong(str(refusal))
    if read.whole:
        return Checked(read.day)
    hint = _("只写到月，先按 %(day)s 记；知道是哪一天的，请补上。") % {"day": read.day.isoformat()}
    return Checked(read.day, notes=(Note(HINT, hint),))


def years_later(day: date, years: int) -> date:
    """The same day of a later year; 29 February becomes the last of the month (Civil Code, Art 202)."""
    year = day.year + years
    return day.replace(year=year, day=min(day.day, monthrange(year, day.month)[1]))


def _plain(written: object) -> str:
    """One line without padding, digits in half width; numbers of workbooks without their ``.0``."""
    if isinstance(written, float) and written.is_integer():
        return str(int(written))
    text = " ".join(unicodedata.normalize("NFKC", str(written)[:60]).replace("。", ".").split())
    return re.sub(r"\s*([-/.年月日号])\s*", r"\1", text).removesuffix(".0")


def _existing(year: int, month: int, day: int) -> date:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        words = {"first": EARLIEST_YEAR, "last": LATEST_YEAR, "year": year}
        raise Refusal(_("年份应在 %(first)d 至 %(last)d 之间，现在是 %(year)d。") % words)
    if not 1 <= month <= 12:
        raise Refusal(_("月份应为 1 到 12，现在是 %(month)d，请核对。") % {"month": month})
    with suppress(ValueError):
        return date(year, month, day)
    if (month, day) == (2, 29):
        raise Refusal(_("%(year)d 年 2 月没有 29 日，请核对。") % {"year": year})
    raise Refusal(_("%(month)d 月没有 %(day)d 日，请核对。") % {"month": month, "day": day})


def _unreadable(text: str) -> str:
    if re.fullmatch(r"\d{4}年?", text):
        return _("只写了年份，请写成 1990-01-02 或 1990-01 的样子。")
    if re.fullmatch(r"\d{2}[-/.年]\d{1,2}([-/.月]\d{1,2}日?)?", text):
        return _("年份请写四位，如 1990-01-02。")
    return _("“%(text)s”读不出日期，请写成 1990-01-02 的样子。") % {"text": text[:20]}
