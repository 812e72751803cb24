"""What publishing asks."""

from django import forms
from django.utils.translation import gettext_lazy as _

from news.choices import AnnouncementKind
from news.models import Announcement


def _limit(name):
    return Announcement._meta.get_field(name).max_length


class TextsForm(forms.Form):
    """The words, in Chinese and, where somebody translated them, in English."""

    title = forms.CharField(label=_("标题"), max_length=_limit("title"))
    body = forms.CharField(
        label=_("正文"),
        max_length=_limit("body"),
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text=_("空一行另起一段。所有人都能看到：不写身份证号、手机号和个人情况。"),
    )
    title_en = forms.CharField(label=_("英文标题"), max_length=_limit("title_en"), required=False)
    body_en = forms.CharField(
        label=_("英文正文"), max_length=_limit("body_en"), widget=forms.Textarea(attrs={"rows": 8}), required=False
    )


class PublishForm(TextsForm):
    kind = forms.ChoiceField(label=_("栏目"), choices=AnnouncementKind, widget=forms.RadioSelect)

    field_order = ("kind",)


class CorrectForm(TextsForm):
    version = forms.IntegerField(widget=forms.HiddenInput)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("为什么撤下"), max_length=_limit("withdraw_reason"))
