"""The questions the portal itself asks."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FeedbackForm(forms.Form):
    """The answers :func:`portal.feedback.send` needs."""

    text = forms.CharField(
        label=_("要反映的情况"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("请不要写身份证号等个人信息。"),
    )
    reply_to = forms.CharField(
        label=_("联系方式"), max_length=100, required=False, help_text=_("需要答复时填写，加密保存。")
    )
    page = forms.CharField(required=False, max_length=300, widget=forms.HiddenInput)
