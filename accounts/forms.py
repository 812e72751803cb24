"""The settings, and django-allauth's own forms in the house's words."""

from collections.abc import Iterable
from typing import Any

from allauth.account import forms as account
from allauth.account.adapter import get_adapter
from allauth.mfa.base import forms as mfa
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm, SignupWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from accounts import lockout, purposes
from accounts.choices import Density, Language, TextSize, Theme
from accounts.domain import consents
from accounts.models import Consent
from core.fields import Segments

# What allauth calls the refusal of a door that is shut for a while.
SHUT = "too_many_login_attempts"
DIGITS = {"inputmode": "numeric", "autocomplete": "one-time-code", "class": "number w-date", "maxlength": 12}


class DisplayForm(forms.Form):
    """How pages look; each answer alone is an answer, so that a toggle in the masthead needs to send but one."""

    text_size = forms.ChoiceField(label=_("字号"), choices=TextSize, widget=Segments, required=False)
    density = forms.ChoiceField(label=_("表格密度"), choices=Density, widget=Segments, required=False)
    theme = forms.ChoiceField(label=_("主题"), choices=Theme, widget=Segments, required=False)
    language = forms.ChoiceField(label=_("语言"), choices=Language, widget=Segments, required=False)
    shortcuts = forms.ChoiceField(
        label=_("快捷键"), choices=[("on", _("使用")), ("off", _("不用"))], widget=Segments, required=False
    )

    def chosen(self) -> dict[str, Any]:
        """What was answered, and only that."""
        answers = {name: value for name, value in self.cleaned_data.items() if name in self.data}
        if "shortcuts" in answers:
            answers["shortcuts"] = answers["shortcuts"] == "on"
        return answers


class ProfileForm(forms.Form):
    """The answers :func:`accounts.domain.people.correct_profile` needs."""

    name = forms.CharField(
        label=_("姓名"),
        max_length=50,
        widget=forms.TextInput(attrs={"autocomplete": "name", "class": "w-name"}),
        error_messages={"required": _("请填写姓名")},
    )
    email = forms.EmailField(
        label=_("邮箱"),
        required=False,
        help_text=_("用来接收提醒"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "w-name"}),
        error_messages={"invalid": _("邮箱应写成 名字@域名 的样子，例如 limin@example.cn")},
    )

    def __init__(self, *args: Any, user: Any, name_stays: str, said: Iterable[Consent], **kwargs: Any) -> None:
        kwargs["initial"] = {"name": user.name, "email": user.email}
        super().__init__(*args, **kwargs)
        if name_stays:
            self.fields["name"].disabled = True
            self.fields["name"].help_text = name_stays
        if not consents.stands(user, purposes.MAIL, said):
            self.fields["agreed"] = forms.BooleanField(
                label=purposes.CURRENT[purposes.MAIL].text.title,
                required=False,
                help_text=_("只用来提醒账号的事，随时可以撤回。不填邮箱就不用勾选。"),
            )


class ActivateForm(forms.Form):
    """The answers :func:`accounts.domain.people.activate` needs."""

    username = forms.CharField(
        label=_("用户名"),
        min_length=2,
        max_length=64,
        help_text=_("字母、数字或汉字，不分大小写。可以用姓名拼音"),
        widget=forms.TextInput(attrs={"autocomplete": "username"}),
        error_messages={"required": _("请填写用户名"), "min_length": _("用户名至少 2 个字符")},
    )
    password = forms.CharField(
        label=_("密码"),
        strip=False,
        max_length=128,
        help_text=_("至少 10 个字符，不要只用数字。可以用几个词连成一句"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请填写密码")},
    )
    again = forms.CharField(
        label=_("再输一遍密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        error_messages={"required": _("请把密码再输一遍")},
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not user.is_dormant:
            self.fields["username"].disabled = True
            self.fields["username"].initial = user.username

    def clean(self) -> dict[str, Any]:
        answers = super().clean() or {}
        if "again" in answers and answers.pop("again") != answers.get("password"):
            self.add_error("again", _("两遍密码不一样，请重新输入"))
        return answers


class InOurWords:
    """Gives the fields of a borrowed form our labels and hints, and takes placeholders off: a label is above."""

    words: dict[str, Any] = {}
    hints: dict[str, Any] = {}
    required: dict[str, Any] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():  # type: ignore[attr-defined]
            field.label = self.words.get(name, field.label)
            field.help_text = self.hints.get(name, "")
            field.widget.attrs.pop("placeholder", None)
            if name in self.required:
                field.error_messages["required"] = self.required[name]


class SignInForm(InOurWords, account.LoginForm):
    words = {"login": _("用户名"), "password": _("密码")}
    required = {"login": _("请填写用户名"), "password": _("请填写密码")}


class ReauthenticateForm(InOurWords, account.ReauthenticateForm):
    words = {"password": _("密码")}
    required = {"password": _("请填写密码")}


class ChangePasswordForm(InOurWords, account.ChangePasswordForm):
    words = {"oldpassword": _("当前密码"), "password1": _("新密码"), "password2": _("再输一遍新密码")}
    hints = {"password1": _("至少 10 个字符，不要只用数字。可以用几个词连成一句")}
    required = {
        "oldpassword": _("请填写当前密码"),
        "password1": _("请填写新密码"),
        "password2": _("请把新密码再输一遍"),
    }

    def clean_oldpassword(self) -> str:
        password: str = self.cleaned_data["oldpassword"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("enter_current_password")
        return password


class SetPasswordForm(InOurWords, account.SetPasswordForm):
    words = {"password1": _("密码"), "password2": _("再输一遍密码")}
    hints = ChangePasswordForm.hints
    required = {"password1": _("请填写密码"), "password2": _("请把密码再输一遍")}


class _CodeForm(InOurWords):
    words = {"code": _("验证码")}
    hints = {"code": _("验证器应用里现在显示的 6 位数字，或一个恢复码。可以粘贴")}
    required = {"code": _("请填写验证码")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs.update(DIGITS)  # type: ignore[attr-defined]


class _CountedCodeForm(_CodeForm):
    """Counts every code before it is looked at."""

    def clean_code(self) -> str:
        person = self.user  # type: ignore[attr-defined]
        if not lockout.try_code(person):
            raise get_adapter().validation_error(SHUT)
        code: str = super().clean_code()  # type: ignore[misc]
        lockout.code_was_right(person)
        return code


class FactorForm(_CountedCodeForm, mfa.AuthenticateForm):
    pass


class FactorAgainForm(_CountedCodeForm, mfa.ReauthenticateForm):
    pass


class ProofForm(forms.Form):
    """The answer :func:`accounts.domain.recovery.come_back` needs."""

    proof = forms.CharField(
        label=_("一次性口令"),
        max_length=32,
        help_text=_("确认人当面或打电话告诉您的 10 个字符，不分大小写"),
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "class": "w-name"}),
        error_messages={"required": _("请填写一次性口令")},
    )

    def __init__(self, *args: Any, person: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_proof(self) -> str:
        if not lockout.try_code(self.person):
            raise get_adapter().validation_error(SHUT)
        proof: str = self.cleaned_data["proof"]
        return proof


class ActivateAppForm(_CodeForm, ActivateTOTPForm):
    hints = {"code": _("扫码后，应用里显示的 6 位数字")}


class FromABrowser:
    """Takes what claims to be a new passkey: anybody may send anything, and what cannot be read is no passkey."""

    def clean(self) -> dict[str, Any]:
        try:
            return super().clean()  # type: ignore[misc]
        except (AttributeError, LookupError, TypeError, ValueError) as error:
            raise forms.ValidationError(_("没有读到通行密钥，请再试一次")) from error


class AddPasskeyForm(FromABrowser, InOurWords, AddWebAuthnForm):
    words = {"name": _("名称"), "passwordless": _("可以代替密码登录")}
    hints = {
        "name": _("方便您自己辨认，例如“办公室电脑”"),
        "passwordless": _("登录时只用这把通行密钥，不再输入密码；要求指纹、面容或 PIN"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].widget.attrs["class"] = "w-name"


class FirstPasskeyForm(FromABrowser, SignupWebAuthnForm):
    """The passkey with which an account is opened."""


class NamePasskeyForm(InOurWords, EditWebAuthnForm):
    words = {"name": _("名称")}
    required = {"name": _("请填写名称")}
