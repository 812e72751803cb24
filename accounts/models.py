"""People who may sign in, and how they like their pages shown."""

import secrets
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.choices import Density, Language, TextSize, Theme

# Digits and capitals that nobody mistakes for one another when read aloud.
CODE_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_code() -> str:
    """A public code that says nothing about when or for whom the account was opened."""
    return "U-" + "".join(secrets.choice(CODE_ALPHABET) for _place in range(6))


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
        user = self.model(name=name, username=None, **fields)
        user.set_unusable_password()
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

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
    text_size = models.CharField(_("字号"), max_length=10, choices=TextSize, default=TextSize.STANDARD)
    density = models.CharField(_("密度"), max_length=10, choices=Density, default=Density.STANDARD)
    shortcuts = models.BooleanField(_("使用快捷键"), default=True)

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
