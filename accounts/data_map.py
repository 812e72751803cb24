"""What accounts hold about people."""

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.utils.translation import gettext_lazy as _

from accounts.models import Consent, RecoveryCase, User
from core.data_map import (
    AS_TRAIL,
    BLANKED,
    BY_SCHEDULE,
    CONSENT,
    DUTY,
    LOGS,
    ONLY_MACHINE,
    ONLY_SELF,
    ORDINARY,
    REMOVED,
    SENSITIVE,
    TRAIL_READERS,
    UNTIL_ERASED,
    WHILE_ACCOUNT,
    Subject,
    declare,
    impersonal,
    in_office,
)


def _own(person: Subject):
    return User.objects.filter(pk=person.user)


ACCOUNT = {"kind": ORDINARY, "ground": DUTY, "rows": _own}
declare(
    "accounts.User",
    "code name is_active date_joined last_login",
    purpose=_("认出登录的是谁，操作记录里写得出经办人"),
    retention=WHILE_ACCOUNT,
    readers=TRAIL_READERS,
    **ACCOUNT,
)
declare(
    "accounts.User",
    "username",
    purpose=_("登录"),
    retention=UNTIL_ERASED,
    readers=ONLY_SELF,
    erasure=BLANKED,
    **ACCOUNT,
)
declare(
    "accounts.User",
    "email",
    kind=ORDINARY,
    purpose=_("用邮件通知本人"),
    ground=CONSENT,
    retention=UNTIL_ERASED,
    readers=ONLY_SELF,
    rows=_own,
    erasure=BLANKED,
)
declare(
    "accounts.User",
    "language theme text_size density shortcuts lists",
    purpose=_("按本人的习惯显示页面"),
    retention=WHILE_ACCOUNT,
    readers=ONLY_SELF,
    **ACCOUNT,
)
declare(
    "accounts.User",
    "password session_round",
    kind=SENSITIVE,
    purpose=_("核对登录的人"),
    ground=DUTY,
    retention=WHILE_ACCOUNT,
    readers=ONLY_MACHINE,
    rows=_own,
    withheld=True,
)
impersonal("accounts.User", "id is_superuser groups user_permissions")
impersonal("accounts.Tries", "key count until")
declare(
    "accounts.RecoveryCase",
    "code person state asked_at expires_at first_checked first_met first_at second_checked second_met second_at"
    " refuse_reason closed_at",
    kind=ORDINARY,
    purpose=_("丢失第二验证方式时，由两个人确认是本人"),
    ground=DUTY,
    retention=AS_TRAIL,
    readers=TRAIL_READERS,
    rows=lambda person: RecoveryCase.objects.filter(person=person.user),
)
in_office("accounts.RecoveryCase", "first_by second_by refused_by")
impersonal("accounts.RecoveryCase", "id proof")
declare(
    "accounts.Consent",
    "user purpose version given recorded_at",
    kind=ORDINARY,
    purpose=_("证明本人读过、同意过或撤回过什么"),
    ground=LOGS,
    retention=AS_TRAIL,
    readers=ONLY_SELF,
    rows=lambda person: Consent.objects.filter(user=person.user),
)
impersonal("accounts.Consent", "id")
declare(
    "usersessions.UserSession",
    "user created_at ip last_seen_at user_agent",
    kind=ORDINARY,
    purpose=_("让本人看到在哪些设备上登录，并能退出"),
    ground=LOGS,
    retention=BY_SCHEDULE,
    readers=ONLY_SELF,
    rows=lambda person: UserSession.objects.filter(user=person.user),
    erasure=REMOVED,
)
impersonal("usersessions.UserSession", "id session_key data")
declare(
    "mfa.Authenticator",
    "user type created_at last_used_at",
    kind=ORDINARY,
    purpose=_("第二验证方式"),
    ground=DUTY,
    retention=WHILE_ACCOUNT,
    readers=ONLY_SELF,
    rows=lambda person: Authenticator.objects.filter(user=person.user),
    erasure=REMOVED,
)
declare(
    "mfa.Authenticator",
    "data",
    kind=SENSITIVE,
    purpose=_("第二验证方式"),
    ground=DUTY,
    retention=WHILE_ACCOUNT,
    readers=ONLY_MACHINE,
    withheld=True,
)
impersonal("mfa.Authenticator", "id")
declare(
    "account.EmailAddress",
    "user email verified primary",
    kind=ORDINARY,
    purpose=_("用邮件通知本人"),
    ground=CONSENT,
    retention=UNTIL_ERASED,
    readers=ONLY_SELF,
    rows=lambda person: EmailAddress.objects.filter(user=person.user),
    erasure=REMOVED,
)
impersonal("account.EmailAddress", "id")
impersonal("account.EmailConfirmation", "id email_address created sent key")
# Only what the sign-in keeps between two pages; ended with the account.
impersonal("sessions.Session", "session_key session_data expire_date")
