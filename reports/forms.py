"""What the pages of figures ask."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.dates import parse_day
from core.errors import Refusal


class DayField(forms.CharField):
    """A day that has come, as people write it; empty for today."""

    widget = forms.DateInput(attrs={"type": "date"})

    def clean(self, value):
        text = super().clean(value)
        today = timezone.localdate()
        if not text:
            return today
        try:
            day = parse_day(text).day
        except Refusal as refusal:
            raise forms.ValidationError(str(refusal)) from None
        if day > today:
            raise forms.ValidationError(_("截至日期不能晚于今天，请改为今天或更早的日期。"))
        return day


class WhereForm(forms.Form):
    """Of which day, district and park; the scope stands beside it in the address."""

    on = DayField(label=_("截至"), required=False, max_length=30)
    district = forms.CharField(label=_("县市区"), required=False, max_length=40)
    park = forms.CharField(label=_("园区"), required=False, max_length=60)


class DrawForm(forms.Form):
    """The answers :func:`reports.domain.snapshots.ask` needs."""

    on = DayField(label=_("截至"), required=False, max_length=30)
