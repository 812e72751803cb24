"""Where django-allauth asks the house: who may sign up (nobody), what is said, what is written down."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal.ratelimit import get_ip
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from accounts import lockout, second_factor
from accounts.domain import recovery, sessions
from accounts.models import User
from audit import trail
from core import crypto
from core.actors import SYSTEM

# Coming and going need no announcement.
QUIET = {"account/messages/logged_in.txt", "account/messages/logged_out.txt"}


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": _("这个账号已停用，请联系所在党组织"),
        "enter_current_password": _("当前密码不对，请重新输入"),
        "incorrect_code": _("验证码不对或已过期，请输入应用里现在显示的 6 位数字"),
        "incorrect_password": _("密码不对，请重新输入"),
        "invalid_login": _("用户名或密码不对，请检查后重新输入"),
        "username_password_mismatch": _("用户名或密码不对，请检查大小写和输入法后重新输入"),
        "too_many_login_attempts": _("输错次数过多，登录已暂停，请等 15 分钟再试，或联系技术管理员"),
        "rate_limited": _("操作太频繁，请稍等一分钟再试"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody opens an account alone: accounts come by invitation."""
        return False

    def add_message(
        self, request: HttpRequest, level: int, message_template: str | None = None, *args: Any, **kwargs: Any
    ) -> None:
        if message_template not in QUIET:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_login_stages(self) -> list[str]:
        """Whoever lost the second factor proves themselves by what two people vouched for, before anything else."""
        return [*super().get_login_stages(), "accounts.stages.RecoveryStage"]

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the try before it is made, so that many at once gain nothing."""
        if not lockout.try_password(credentials.get("username") or "", get_ip(request)):
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        user = super().authenticate(request, **credentials)
        if user is not None:
            lockout.password_was_right(credentials.get("username") or "", get_ip(request))
        return user

    @transaction.atomic
    def login(self, request: HttpRequest, user: Any) -> None:
        super().login(request, user)
        records = get_authentication_records(request, user)
        ways = [record.get("type", record["method"]) for record in records]
        if any(record["method"] == "mfa" for record in records):
            recovery.withdraw(user, by=user, on=timezone.localdate())
        trail.record("accounts.signed_in", user, by=user, at="", facts={"way": ways})

    @transaction.atomic
    def logout(self, request: HttpRequest) -> None:
        trail.record("accounts.signed_out", request.user, by=request.user, at="")
        super().logout(request)

    def reauthenticate(self, user: Any, password: str) -> bool:
        """Whether somebody signed in knows their password. Counted for the person, not for the name at the door."""
        if not lockout.try_again(user):
            raise ValidationError(_("输错次数过多，请等 15 分钟再试，或联系技术管理员"), code="too_many_login_attempts")
        if not user.check_password(password):
            record_failure(user, gettext("密码不对"))
            return False
        lockout.again_was_right(user)
        return True

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password at an account we know is written down there; a name we do not know concerns nobody."""
        username = User.normalize_username(credentials.get("username") or "")
        user = User.objects.filter(username=username).first()
        if user is not None:
            record_failure(user, gettext("密码不对"))

    @transaction.atomic
    def set_password(self, user: Any, password: str) -> None:
        super().set_password(user, password)
        trail.record("accounts.password_changed", user, by=user, at="")
        sessions.close_others(self.request, user)


class FactorAdapter(DefaultMFAAdapter):
    error_messages = DefaultMFAAdapter.error_messages | {
        "cannot_delete_authenticator": _("您担任的职务要求第二验证方式，请先添加另一种，再移除这一种"),
        "cannot_generate_recovery_codes": _("请先添加验证器应用或通行密钥，再生成恢复码"),
        "incorrect_code": AccountAdapter.error_messages["incorrect_code"],
    }

    def encrypt(self, text: str) -> str:
        return crypto.seal(text, table="mfa_authenticator", column="data", uid="secret")

    def decrypt(self, encrypted_text: str) -> str:
        return crypto.open_sealed(encrypted_text, table="mfa_authenticator", column="data", uid="secret")

    def get_totp_issuer(self) -> str:
        return settings.ZHIBU_SITE_SHORT_NAME

    def _get_site_name(self) -> str:
        return settings.ZHIBU_SITE_SHORT_NAME

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last real factor stays as long as the holder's office asks for one."""
        if not second_factor.required_for(authenticator.user):
            return True
        others = second_factor.of(authenticator.user).exclude(pk=authenticator.pk)
        return others.exists() or authenticator.type not in second_factor.REAL

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return gettext("通行密钥 %(number)s") % {"number": number}


def factor_name(kind: str) -> str:
    """What people call a kind of second factor."""
    names = {
        Authenticator.Type.TOTP: pgettext("second factor", "验证器应用"),
        Authenticator.Type.WEBAUTHN: pgettext("second factor", "通行密钥"),
        Authenticator.Type.RECOVERY_CODES: pgettext("second factor", "恢复码"),
    }
    return names[Authenticator.Type(kind)]


def record_failure(user: User, reason: str) -> None:
    """Somebody, not known to be ``user``, tried to sign in as ``user``."""
    trail.record("accounts.sign_in_failed", user, by=SYSTEM, at="", facts={"reason": reason})
