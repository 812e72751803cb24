"""What lets a program act for somebody."""

import ipaddress
from datetime import date, timedelta
from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext_lazy as _

from cells.authority import Narrowing, Span
from cells.models import Cell
from core.codes import random_code
from integrations.choices import CARRIES, LONGEST_DAYS, MOST_NETWORKS, Scope, TokenState
from integrations.querysets import TokenQuerySet

HASH = "^[0-9a-f]{64}$"


def new_code() -> str:
    return random_code("LP")


class Token(models.Model):
    """令牌. Lets a program act for its holder: by some of their powers, over one cell and what is below it.

    It reads ``pbt_<code>.<secret>`` and is shown once; kept is a keyed hash of the secret. What the holder may do is
    asked anew at every request, so it never carries further than their offices do that day.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=new_code, editable=False)
    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="tokens", verbose_name=_("持有人")
    )
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="+", verbose_name=_("党组织范围"))
    name = models.CharField(_("名称"), max_length=60)
    scopes = ArrayField(models.CharField(max_length=32), verbose_name=_("用途"))
    networks = ArrayField(
        models.CharField(max_length=43), default=list, blank=True, size=MOST_NETWORKS, verbose_name=_("允许的地址")
    )
    secret_hash = models.CharField(max_length=64, editable=False)
    # The holder's sign-in when the secret was drawn: a new password or second factor ends what was let in before.
    session_round = models.PositiveIntegerField(editable=False)
    drawn_on = models.DateField(_("生成日期"))
    expires_on = models.DateField(_("有效期至"))
    last_used_at = models.DateTimeField(_("最近使用"), null=True, editable=False)
    ended_at = models.DateTimeField(_("结束时间"), null=True, editable=False)
    ended_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+")

    objects: ClassVar[TokenQuerySet] = TokenQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("令牌")
        verbose_name_plural = _("令牌")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="a_token_lasts_a_year_at_most",
                condition=Q(expires_on__gte=F("drawn_on"))
                & Q(expires_on__lte=F("drawn_on") + timedelta(days=LONGEST_DAYS)),
            ),
            models.CheckConstraint(name="a_token_is_good_for_something", condition=Q(scopes__len__gt=0)),
            models.CheckConstraint(name="a_token_keeps_a_hash_alone", condition=Q(secret_hash__regex=HASH)),
            models.CheckConstraint(
                name="an_ended_token_says_who_ended_it",
                condition=Q(ended_at=None, ended_by=None) | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("integrations:token", args=[self.code])

    @staticmethod
    def hashed(code: str, secret: str) -> str:
        return salted_hmac("integrations.token", f"{code}:{secret}", algorithm="sha256").hexdigest()

    def is_opened_by(self, secret: str) -> bool:
        """Is this the secret that was shown? Takes as long for a wrong one as for the right one."""
        return constant_time_compare(self.secret_hash, self.hashed(self.code, secret))

    def state(self, on: date | None = None) -> TokenState:
        """How it stands on ``on``, with its holder loaded."""
        if self.ended_at is not None:
            return TokenState.ENDED
        if self.expires_on < (on or timezone.localdate()):
            return TokenState.EXPIRED
        stands = self.holder.is_active and self.holder.session_round == self.session_round
        return TokenState.LIVE if stands else TokenState.LAPSED

    @property
    def is_live(self) -> bool:
        return self.state() == TokenState.LIVE

    def welcomes(self, address: str) -> bool:
        """May a program knock with it from ``address``? From anywhere, where no network is named."""
        if not self.networks:
            return True
        try:
            knocking = ipaddress.ip_address(address)
        except ValueError:
            return False
        # What comes over IPv6 from an IPv4 address is that address.
        knocking = getattr(knocking, "ipv4_mapped", None) or knocking
        return any(knocking in ipaddress.ip_network(network) for network in self.networks)

    @property
    def key(self) -> str:
        """Under which name its requests are counted."""
        return f"token:{self.code}"

    def carries(self, scope: str) -> bool:
        """Is it good for ``scope``, such as ``members:read``?"""
        return scope in self.scopes

    @property
    def narrowing(self) -> Narrowing:
        """What it leaves of its holder's offices, with its cell loaded."""
        powers = frozenset(str(power) for scope in self.scopes for power in CARRIES[scope])
        return Narrowing(powers, Span(self.cell.path, below=True), frozenset(self.scopes))

    def scope_labels(self) -> list[str]:
        return [str(Scope(scope).label) for scope in Scope.values if scope in self.scopes]
