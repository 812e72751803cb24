"""What somebody invited is asked: which facts are wrong, what they agree to, how they will sign in."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import purposes
from accounts.forms import ActivateForm
from members.choices import DOUBTS


class NoticeForm(forms.Form):
    """A tick for each purpose that rests on consent, none of them set (PIPL Art 14); the version that was read."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, asked: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["version"] = purposes.CURRENT[purposes.NOTICE].version
        self.asked = asked
        for key in asked:
            text = purposes.CURRENT[key].text
            said = " ".join(said for _about, said in text.points[1:])
            self.fields[f"agree_{key}"] = forms.BooleanField(label=text.title, help_text=said, required=False)

    @property
    def agreed(self) -> list[str]:
        return [key for key in self.asked if self.cleaned_data.get(f"agree_{key}")]


class DoubtForm(forms.Form):
    doubts = forms.MultipleChoiceField(
        label=_("哪里不对"),
        choices=list(DOUBTS.items()),
        widget=forms.CheckboxSelectMultiple(attrs={"class": "tick"}),
        error_messages={"required": _("请选出哪一项不对。")},
    )


class SignInForm(ActivateForm):
    """A name and a password of one's own; the name is proposed."""

    def __init__(self, *args: Any, username: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["username"].initial = self.fields["username"].initial or username
        self.fields["username"].help_text = _("以后用它登录，可以改成别的")
