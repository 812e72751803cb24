"""Saying that somebody who lost the second factor is who they say, or that it cannot be told."""

from django import forms
from django.utils.translation import gettext_lazy as _


class ConfirmForm(forms.Form):
    """The answers :func:`cells.domain.recoveries.confirm` needs."""

    checked = forms.CharField(
        label=_("怎样核实的"),
        max_length=200,
        help_text=_("例如：在支部当面见到本人，核对了身份证"),
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": _("请写明怎样核实的")},
    )
    met = forms.BooleanField(label=_("我当面见过本人"), required=False)


class RefuseForm(forms.Form):
    """The answer :func:`cells.domain.recoveries.refuse` needs."""

    reason = forms.CharField(
        label=_("不予确认的原因"),
        max_length=200,
        widget=forms.TextInput(),
        error_messages={"required": _("请填写不予确认的原因")},
    )
