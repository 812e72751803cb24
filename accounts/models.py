"""People who may sign in, and how they like their pages shown."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.choices import Density, Language, RecoveryState, TextSize, Theme
from core.codes import fresh_codes, random_code


def new_code() -> str:
    """A public code that says nothing about when or for whom the account was opened."""
    return random_code("U")


class UserManager(BaseUserManager["User"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> "User":
        """Open an account that can sign in at once. Only set-up and tests do this; people are invited."""
        user = self.model(username=self.model.normalize_username(username), **fields)
        user.set_password(password)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def open_dormant(self, name: str, **fields: Any) -> "User":
        """Open an account for someone named in a record; it sleeps until its holder takes up an invitation."""
        return self.open_many_dormant([name], **fields)[0]

    def open_many_dormant(self, names: Sequence[str], **fields: Any) -> list["User"]:
        """Open an account for each of several people; the same few statements for one as for five hundred."""
        codes = fresh_codes(self, "U", len(names))
        users = [
            self.model(code=code, name=name, username=None, **fields) for code, name in zip(codes, names, strict=True)
        ]
        for user in users:
            user.set_unusable_password()
            user.clean_fields(exclude=["password"])
            user.clean()
        return self.bulk_create(users)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(username=self.model.normalize_username(username or ""))


class User(AbstractBaseUser, PermissionsMixin):
    """A person with an account.

    What the person may do follows from the offices they hold, never from
    the flags and groups that Django brings along.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=new_code, editable=False)
    username = models.CharField(
        _("用户名"),
        max_length=64,
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("这个用户名已有人使用，请换一个")},
    )
    name = models.CharField(_("姓名"), max_length=50)
    email = models.EmailField(_("邮箱"), blank=True)
    is_active = models.BooleanField(_("可以登录"), default=True)
    date_joined = models.DateTimeField(_("开户时间"), default=timezone.now, editable=False)

    language = models.CharField(_("语言"), max_length=10, choices=Language, default=Language.BROWSER, blank=True)
    theme = models.CharField(_("主题"), max_length=10, choices=Theme, default=Theme.SYSTEM)
    # Empty until the person chooses: then as suits the office (``accounts.display.READS_LARGE``).
    text_size = models.CharField(_("字号"), max_length=10, choices=TextSize, default="", blank=True)
    density = models.CharField(_("密度"), max_length=10, choices=Density, default=Density.STANDARD)
    shortcuts = models.BooleanField(_("使用快捷键"), default=True)
    # By the name of a list: columns, density and size of a page, where they are not as the list declares them.
    lists = models.JSONField(default=dict, blank=True, editable=False)

    # Part of what every session is checked against: one more, and all that are open are over.
    session_round = models.PositiveIntegerField(default=0, editable=False)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(name="user_name_is_absent_rather_than_empty", condition=~models.Q(username="")),
            models.CheckConstraint(name="user_has_a_name", condition=~models.Q(name="")),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        self.username = self.normalize_username(self.username or "") or None
        self.email = self.email.strip()

    @classmethod
    def normalize_username(cls, username: str) -> str:
        """Usernames are compared without regard to case or width: 'ＬiMin' is 'limin'."""
        return super().normalize_username(username).strip().lower()

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        salt = "accounts.models.User.get_session_auth_hash"
        stands = f"{self.password}:{self.session_round}"
        return salted_hmac(salt, stands, secret=secret, algorithm="sha256").hexdigest()

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    def prefer(self, **choices: Any) -> None:
        """Show pages this way from now on. A matter of taste, so the trail does not hear of it."""
        for name, choice in choices.items():
            setattr(self, name, choice)
        self.full_clean(exclude=["password"])
        self.save(update_fields=list(choices))

    @property
    def is_staff(self) -> bool:
        """Nobody: the portal's own rules give no power to flags."""
        return False

    @property
    def is_dormant(self) -> bool:
        """Known by name, but has not yet taken up an invitation."""
        return self.username is None


class Tries(models.Model):
    """How often something was tried wrong, and until when that counts. The key tells nobody's name."""

    key = models.CharField(max_length=64, primary_key=True)
    count = models.PositiveSmallIntegerField(default=0)
    until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["until"], name="tries_until")]

    def __str__(self) -> str:
        return self.key[:12]


def new_case_code() -> str:
    return random_code("CZ")


class RecoveryCase(models.Model):
    """重设第二验证方式: somebody who lost theirs, and the two people who said that it is really them."""

    code = models.CharField(_("编号"), max_length=12, unique=True, default=new_case_code, editable=False)
    person = models.ForeignKey(User, models.PROTECT, related_name="recovery_cases")
    state = models.CharField(max_length=12, choices=RecoveryState, default=RecoveryState.ASKED)
    asked_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField()
    first_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    first_at = models.DateTimeField(null=True)
    first_checked = models.CharField(max_length=200, blank=True)
    first_met = models.BooleanField(default=False)
    second_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    second_at = models.DateTimeField(null=True)
    second_checked = models.CharField(max_length=200, blank=True)
    second_met = models.BooleanField(default=False)
    refused_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    refuse_reason = models.CharField(max_length=200, blank=True)
    # What the person shows at the next sign-in, as a keyed hash; told once to whoever confirmed second.
    proof = models.CharField(max_length=64, blank=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=["asked", "confirmed"]),
                name="one_open_recovery_a_person",
            ),
            models.CheckConstraint(
                name="two_different_people_confirm",
                condition=models.Q(second_by__isnull=True)
                | (models.Q(first_by__isnull=False) & ~models.Q(first_by=models.F("second_by"))),
            ),
            models.CheckConstraint(
                name="nobody_confirms_their_own_recovery",
                condition=(models.Q(first_by__isnull=True) | ~models.Q(first_by=models.F("person")))
                & (models.Q(second_by__isnull=True) | ~models.Q(second_by=models.F("person"))),
            ),
            models.CheckConstraint(
                name="a_confirmed_recovery_was_seen_in_person",
                condition=~models.Q(state__in=["confirmed", "used"])
                | models.Q(second_by__isnull=False) & (models.Q(first_met=True) | models.Q(second_met=True)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.code}"

    @property
    def is_over(self) -> bool:
        """Its time has passed, whatever state it was left in."""
        return self.expires_at <= timezone.now()

    @property
    def may_be_used(self) -> bool:
        """Is there a proof out that still opens the way in?"""
        return self.state == RecoveryState.CONFIRMED and bool(self.proof) and not self.is_over


class Consent(models.Model):
    """One answer of a person to one version of one text: read, agreed to, or withdrawn. Answers are only added.

    ``given`` is true for agreeing, and for having read what needs no consent.
    """

    user = models.ForeignKey(User, models.PROTECT, related_name="consents", verbose_name=_("本人"))
    purpose = models.CharField(_("用途"), max_length=24)
    version = models.PositiveSmallIntegerField(_("版本"))
    given = models.BooleanField(pgettext_lazy("consent", "同意"))
    recorded_at = models.DateTimeField(_("时间"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("同意记录")
        verbose_name_plural = _("同意记录")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="a_consent_says_to_what", condition=~models.Q(purpose="")),
            models.CheckConstraint(name="a_consent_says_to_which_version", condition=models.Q(version__gte=1)),
        ]
        indexes = [models.Index(fields=["user", "purpose", "-id"], name="consent_of")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.version}"
