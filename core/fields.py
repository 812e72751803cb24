"""Form fields that read what people write the way ledgers are read, with the same sentences."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.checked import Checked
from core.dates import check_date


class Segments(forms.RadioSelect):
    """A few short choices side by side, of which one is pressed."""

    in_segments = True


class CheckedField(forms.CharField):
    """A line of text read by one of the checks: ``CheckedField(check=checks.count)``."""

    def __init__(self, *, check: Callable[[Any], Checked], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.check = check

    def clean(self, value: Any) -> Any:
        written = super().clean(value)
        if written == "":
            return self.nothing
        checked = self.check(written)
        if checked.problems:
            raise ValidationError(list(checked.problems))
        return checked.value

    @property
    def nothing(self) -> Any:
        """What stands for an answer left empty."""
        return None


class DayField(CheckedField):
    """A day in one text box, however it is written: 1990-1-2, 19900102, 1990.1.2, 1990年1月2日.

    With ``past`` it refuses a day that has not come yet.
    """

    def __init__(self, *, past: bool = False, **kwargs: Any) -> None:
        super().__init__(check=check_date, max_length=40, **kwargs)
        self.past = past
        self.widget.attrs.setdefault("placeholder", "2026-11-20")
        self.widget.attrs.setdefault("autocomplete", "off")
        self.widget.attrs.setdefault("class", "w-date")

    def prepare_value(self, value: Any) -> Any:
        return value.isoformat() if isinstance(value, date) else value

    def clean(self, value: Any) -> date | None:
        day = super().clean(value)
        if day and self.past and day > timezone.localdate():
            raise ValidationError(_("这一天还没有到，请核对。"))
        return day


class YesNoField(forms.TypedChoiceField):
    """Yes, no, or not known."""

    def __init__(self, **kwargs: Any) -> None:
        choices = [("", _("不详")), ("yes", _("是")), ("no", _("否"))]
        super().__init__(
            choices=choices, coerce=lambda value: value == "yes", empty_value=None, required=False, **kwargs
        )

    def prepare_value(self, value: Any) -> Any:
        return {True: "yes", False: "no", None: ""}.get(value, value) if not isinstance(value, str) else value
