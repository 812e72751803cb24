"""What a deed is told. The names are the deed's arguments, as a form's are; what is not asked for is refused.

``change_note`` may be sent with every write: it stands in the trail beside what was done.
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError as Unread
from django.db.models import QuerySet
from django.forms import Field as FormField
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError

from core.checked import Checked
from core.criterion import RowField
from core.dates import check_date

LONGEST_NOTE = 200
# Of the names that are not asked for so many are told, each so far.
MOST_UNKNOWN, LONGEST_NAME = 10, 100
LARGEST_COUNT = 2**31 - 1
# As forms say it.
REQUIRED = FormField.default_error_messages["required"]


class Text(serializers.CharField):
    """A text, never a number written without quotation marks."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Amount(serializers.DecimalField):
    """An amount of money, told as a text: a number would have been rounded on its way."""

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Answers(serializers.Serializer):
    """What one deed is told besides the thing it is done to."""

    change_note = Text(label=gettext_lazy("修改说明"), max_length=LONGEST_NOTE, required=False, allow_blank=True)

    def get_fields(self) -> dict[str, Any]:
        fields = super().get_fields()
        # What makes the deed comes first, what is said about it last.
        fields["change_note"] = fields.pop("change_note")
        for field in fields.values():
            field.error_messages |= dict.fromkeys(("required", "null", "blank"), REQUIRED)
        return fields

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        wrong: dict[str, Any] = {}
        if isinstance(data, Mapping):
            unknown = [name for name in data if name not in self.fields]
            for name in unknown[:MOST_UNKNOWN]:
                wrong[name[:LONGEST_NAME]] = [ErrorDetail(_("这里没有这一项，请核对名称。"), code="unknown")]
        if isinstance(data, QueryDict):
            for name, field in self.fields.items():
                if len(data.getlist(name)) > 1 and not _several(field):
                    wrong[name] = [ErrorDetail(_("同一个键写了两次。"), code="twice")]
        try:
            told = super().to_internal_value(data)
        except ValidationError as error:
            wrong |= error.detail if isinstance(error.detail, dict) else {"non_field_errors": error.detail}
        if wrong:
            raise ValidationError(wrong)
        return told


def _several(field: serializers.Field) -> bool:
    """Does the field of a form take more than one answer?"""
    return isinstance(field, serializers.ListField) or getattr(field, "several", False)


class Optional(Text):
    """A text that may be empty, and is where it is left out."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True} | kwargs)


class Choice(serializers.ChoiceField):
    """One of a ``TextChoices``: ``Choice(CellKind)``."""

    def __init__(self, choices: Any, **kwargs: Any) -> None:
        super().__init__(choices=getattr(choices, "choices", choices), **kwargs)


class Count(serializers.IntegerField):
    """A whole number that the database can keep, not below nought unless it says so."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"min_value": 0, "max_value": LARGEST_COUNT} | kwargs)


class YesNo(serializers.BooleanField):
    """Yes, no, or not known."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_null": True} | kwargs)


class Read(serializers.Field):
    """Read by one of the checks that forms and ledgers use, with the same sentences: ``Read(check_credit_code)``.

    ``nothing`` stands for an answer left empty.
    """

    def __init__(self, check: Callable[[Any], Checked], *, nothing: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check = check
        self.nothing = nothing

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, bool) or not isinstance(data, str | int | float):
            raise ValidationError(_("请写成文字或数字。"), code="invalid")
        if data == "":
            return self.nothing
        read = self.check(data)
        if read.problems:
            raise ValidationError(list(read.problems), code="invalid")
        return read.value

    def to_representation(self, value: Any) -> Any:
        return value


class Day(Read):
    """A day, as forms read it; with ``past`` none that has not come yet."""

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        super().__init__(check_date, **kwargs)
        self.past = past

    def to_internal_value(self, data: Any) -> date | None:
        if not isinstance(data, str) or not data.strip():
            raise ValidationError(_('请把日期写成 "2026-11-20" 的样子。'), code="invalid")
        day = super().to_internal_value(data)
        if day and self.past and day > timezone.localdate():
            raise ValidationError(_("这一天还没有到，请核对。"), code="invalid")
        return day


class Code(serializers.Field):
    """The row of ``among(user)`` with this public code; one out of reach is as unknown as one never given."""

    def __init__(self, among: Callable[[Any], QuerySet], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.among = among

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            raise ValidationError(_('请写编号，如 "ZB-0231"。'), code="invalid")
        try:
            return RowField(rows=self.among(self.context["user"])).clean(data)
        except Unread as error:
            raise ValidationError(error.messages, code="unknown_code") from error

    def to_representation(self, value: Any) -> Any:
        return value.code
