"""The kinds of things that may be asked of a list: words, choices, numbers, days, yes or no, a code, a search."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass, replace
from datetime import date, datetime
from typing import Any, ClassVar, Self

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core.codes import read_code
from core.fields import DayField
from core.masks import mask_numbers

UNSEEN = {"null_characters_not_allowed": gettext_lazy("里面有看不见的字符，请删掉重新填写。")}
LONGEST = 200
MOST_VALUES = 100
LARGEST = 10**12
# Further off no offset can be added without leaving the calendar.
EARLIEST, LATEST = 2, 9998


class YesNoAnswer(forms.Field):
    """Yes or no, as an address says it."""

    WORDS: ClassVar = {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False}

    def clean(self, value: Any) -> bool | None:
        if value in (None, ""):
            return None
        meant = self.WORDS.get(str(value).lower())
        if meant is None:
            raise ValidationError(_("请写 1（是）或 0（否）。"))
        return meant

    @staticmethod
    def said(value: bool) -> str:
        return _("是") if value else _("否")


class Several(forms.Field):
    """One question with any number of answers, each read by ``one``."""

    widget = forms.MultipleHiddenInput

    def __init__(self, one: forms.Field, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.one = one

    def clean(self, value: Any) -> list[Any]:
        written = [one for one in ([value] if isinstance(value, str) else value or []) if one not in ("", None)]
        if len(written) > MOST_VALUES:
            raise ValidationError(_("一次最多给 %(most)d 个值。"), params={"most": MOST_VALUES})
        return [self.one.clean(one) for one in written]


class RowField(forms.CharField):
    """The row of ``rows`` that carries the code written; a code out of reach is as unknown as one never given."""

    def __init__(self, *, rows: QuerySet, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST, error_messages=UNSEEN, **kwargs)
        self.rows = rows

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if not text:
            return None
        row = self.rows.filter(code=read_code(text) or text).first()
        if row is None:
            raise ValidationError(_("没有编号为“%(code)s”的记录，请核对编号。"), params={"code": text[:40]})
        return row


@dataclass(frozen=True)
class Criterion:
    """One thing that may be asked, in the ``ways`` that make sense of it.

    ``at`` is where the rows have it, if not under its own name. ``by`` names a method of the Criteria,
    ``(queryset, answer) -> queryset``, for what is no column. Without ``several`` it takes one value.
    """

    kind: ClassVar[str]
    label: Any
    _: KW_ONLY
    at: str = ""
    by: str = ""
    several: bool = True
    ways: tuple[str, ...] = ("",)

    def named(self, name: str) -> Self:
        """The same, found under its own name unless it said where."""
        return self if self.at else replace(self, at=name)

    def field(self, user: Any) -> forms.Field:
        """What reads one value that ``user`` asks for."""
        raise NotImplementedError

    def said(self, value: Any) -> str:
        """One value in words."""
        return str(value)

    def empty(self) -> Q:
        """Rows that have nothing there."""
        return Q(**{f"{self.at}__isnull": True})


@dataclass(frozen=True, kw_only=True)
class Typed(Criterion):
    """Answered in words of one's own: they could name anybody, and a whole number among them is not read out."""

    def field(self, user: Any) -> forms.Field:
        return forms.CharField(max_length=LONGEST, error_messages=UNSEEN)

    def said(self, value: Any) -> str:
        return mask_numbers(value)


@dataclass(frozen=True, kw_only=True)
class Text(Typed):
    kind = "text"
    ways: tuple[str, ...] = ("", "n", "ic", "empty")

    def empty(self) -> Q:
        return Q(**{self.at: ""}) | super().empty()


@dataclass(frozen=True, kw_only=True)
class Choice(Criterion):
    """One of ``choices``, a ``TextChoices`` or pairs of code and label."""

    kind = "choice"
    choices: Any = ()
    ways: tuple[str, ...] = ("", "n", "empty")

    def options(self) -> list[tuple[str, Any]]:
        return list(getattr(self.choices, "choices", self.choices))

    def field(self, user: Any) -> forms.Field:
        return forms.ChoiceField(choices=self.options())

    def said(self, value: Any) -> str:
        return str(dict(self.options())[value])

    def empty(self) -> Q:
        return Q(**{self.at: ""}) | super().empty()


@dataclass(frozen=True, kw_only=True)
class Number(Criterion):
    kind = "number"
    ways: tuple[str, ...] = ("", "n", "gte", "lte", "empty")

    def field(self, user: Any) -> forms.Field:
        return forms.DecimalField(max_digits=16, decimal_places=2, min_value=-LARGEST, max_value=LARGEST)


@dataclass(frozen=True, kw_only=True)
class Day(Criterion):
    kind = "day"
    ways: tuple[str, ...] = ("", "gte", "lte", "empty")

    def field(self, user: Any) -> forms.Field:
        return DayField()

    def said(self, value: date) -> str:
        return value.isoformat()


class MomentField(forms.CharField):
    """A moment as ISO 8601 has it; without an offset it is one of the portal's own time zone."""

    def clean(self, value: Any) -> datetime | None:
        text = super().clean(value)
        if not text:
            return None
        moment = _moment(text)
        if moment is None:
            raise ValidationError(_("请把时间写成 2026-11-20T09:30:00+08:00 的样子。"))
        return moment


def _moment(text: str) -> datetime | None:
    try:
        # A "+" of an address that was not escaped comes as a space.
        moment = parse_datetime(text.strip().replace(" ", "+")) if "T" in text else None
        if moment is None or not EARLIEST <= moment.year <= LATEST:
            return None
        return moment if timezone.is_aware(moment) else timezone.make_aware(moment)
    except ValueError:
        return None


@dataclass(frozen=True, kw_only=True)
class Moment(Criterion):
    """Since when, answered by a method of the Criteria."""

    kind = "moment"
    several: bool = False

    def field(self, user: Any) -> forms.Field:
        return MomentField(max_length=LONGEST)

    def said(self, value: datetime) -> str:
        return timezone.localtime(value).isoformat(timespec="minutes")


@dataclass(frozen=True, kw_only=True)
class YesNo(Criterion):
    kind = "yesno"
    several: bool = False
    ways: tuple[str, ...] = ("", "empty")

    def field(self, user: Any) -> forms.Field:
        return YesNoAnswer()

    def said(self, value: bool) -> str:
        return YesNoAnswer.said(value)


@dataclass(frozen=True, kw_only=True)
class Code(Criterion):
    """The public code of a row that ``among(user)`` holds: only what the person who asks may see."""

    kind = "code"
    among: Callable[[Any], QuerySet]
    ways: tuple[str, ...] = ("", "n", "empty")

    def field(self, user: Any) -> forms.Field:
        return RowField(rows=self.among(user))


@dataclass(frozen=True, kw_only=True)
class Search(Typed):
    """Words somebody types to find a row; answered by a method of the Criteria."""

    kind = "search"
    several: bool = False
