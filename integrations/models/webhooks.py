"""Where changes are sent by themselves, and what became of each that was."""

import uuid
from datetime import timedelta
from typing import Any, ClassVar
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cells.authority import Narrowing, Span
from cells.choices import Power
from cells.models import Cell
from core.codes import random_code
from core.crypto import EncryptedField
from integrations.choices import DeliveryState, StopReason, WebhookState
from integrations.querysets import DeliveryQuerySet, WebhookQuerySet


def new_webhook_code() -> str:
    return random_code("TS")


class Webhook(models.Model):
    """事件推送. Changes of some types, in one cell and below it, are sent to an address as they happen.

    Only what its owner may hear of when it is sent goes out. ``sequence`` and ``step`` say up to where the trail has
    been read for it; what is to go out stands in ``Delivery``. The secret it signs with is shown once and kept sealed,
    an earlier one for as long as both are to hold.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("编号"), max_length=12, unique=True, default=new_webhook_code, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("负责人"))
    cell = models.ForeignKey(Cell, models.PROTECT, related_name="+", verbose_name=_("党组织范围"))
    name = models.CharField(_("名称"), max_length=60)
    address = models.CharField(_("接收地址"), max_length=500)
    types = ArrayField(models.CharField(max_length=64), verbose_name=_("事件"))
    # What a program that set it up may do for its owner; none where the owner did so in person.
    powers = ArrayField(models.CharField(max_length=32), null=True, editable=False)
    secret = EncryptedField(editable=False)
    former_secret = EncryptedField(blank=True, editable=False)
    former_until = models.DateTimeField(null=True, editable=False)
    state = models.CharField(_("状态"), max_length=8, choices=WebhookState, default=WebhookState.ACTIVE, editable=False)
    stopped_for = models.CharField(_("停用原因"), max_length=8, choices=StopReason, blank=True, editable=False)
    sequence = models.BigIntegerField(editable=False)
    step = models.PositiveIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    opened_at = models.DateTimeField(_("建立时间"), default=timezone.now, editable=False)

    objects: ClassVar[WebhookQuerySet] = WebhookQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("事件推送")
        verbose_name_plural = _("事件推送")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="a_webhook_sends_something", condition=Q(types__len__gt=0)),
            models.CheckConstraint(
                name="a_stopped_webhook_says_why",
                condition=Q(state=WebhookState.STOPPED) & ~Q(stopped_for="")
                | ~Q(state=WebhookState.STOPPED) & Q(stopped_for=""),
            ),
        ]
        indexes = [
            models.Index(name="webhook_active", fields=["sequence"], condition=Q(state=WebhookState.ACTIVE)),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("integrations:webhook", args=[self.code])

    @property
    def host(self) -> str:
        """Where it sends to, without what may stand behind the host as a password."""
        return urlsplit(self.address).netloc

    def address_for(self, user: Any) -> str:
        """The address as ``user`` is shown it: whole its owner, anybody else the host."""
        return self.address if self.owner_id == user.pk else self.host

    @property
    def is_active(self) -> bool:
        return self.state == WebhookState.ACTIVE

    @property
    def narrowing(self) -> Narrowing:
        """What of its owner's reach it carries."""
        powers = frozenset(Power) if self.powers is None else frozenset(self.powers)
        return Narrowing(powers, Span(self.cell.path, below=True))

    def secrets(self, now: Any) -> list[str]:
        """What it signs with: the present secret, then the former one while that still holds."""
        holds = self.former_until is not None and now < self.former_until
        return [str(self.secret), *([str(self.former_secret)] if holds else [])]


class Delivery(models.Model):
    """推送记录. One message to one webhook: what it says, when it goes out, and what came back each time.

    ``uid`` is the message's own id, the same at every attempt, so that whoever receives it twice knows. The row is
    written in the transaction that reads the trail for the webhook, and holds no more than the thing's code.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    webhook = models.ForeignKey(Webhook, models.PROTECT, related_name="deliveries", db_index=False)
    # Its mark in the feed; a test message has none.
    sequence = models.BigIntegerField(null=True)
    step = models.PositiveIntegerField(default=0)
    type = models.CharField(_("事件"), max_length=64)
    resource = models.CharField(max_length=32, blank=True)
    code = models.CharField(_("编号"), max_length=32, blank=True)
    # Where a thing was that is gone from there; empty for one its reader sees.
    place = models.CharField(max_length=255, blank=True, db_collation="C")
    at = models.DateTimeField(_("发生时间"))
    state = models.CharField(_("状态"), max_length=8, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(_("次数"), default=0)
    due_at = models.DateTimeField(_("下次发送"), default=timezone.now)
    locked_until = models.DateTimeField(null=True)
    # What came of each attempt: {"at", "status", "ms", "answer"}.
    log = models.JSONField(default=list)
    made_at = models.DateTimeField(default=timezone.now)
    settled_at = models.DateTimeField(null=True)

    # Whether its reader may hear of what it tells (``feed.still_heard``): asked for many at once.
    is_heard = False
    objects: ClassVar[DeliveryQuerySet] = DeliveryQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("推送记录")
        verbose_name_plural = _("推送记录")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="a_change_is_sent_to_a_webhook_once", fields=["webhook", "sequence", "step"]),
        ]
        indexes = [
            models.Index(name="delivery_of", fields=["webhook", "-id"]),
            models.Index(name="delivery_settled", fields=["settled_at"], condition=Q(settled_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.code}"

    @property
    def message_id(self) -> str:
        return f"msg_{self.uid.hex}"

    @property
    def is_open(self) -> bool:
        """Is its reader shown of which thing it tells, and what was answered? A test tells of none."""
        return self.is_heard or not self.resource

    @property
    def shown_log(self) -> list[dict[str, Any]]:
        """What came of each attempt, as its reader is shown it: a receiver may answer with what it was told."""
        return self.log if self.is_open else [attempt | {"answer": ""} for attempt in self.log]

    @property
    def last(self) -> dict[str, Any]:
        """What came of the latest attempt, as its reader is shown it."""
        return self.shown_log[-1] if self.log else {}

    @property
    def kept_until(self) -> Any:
        return self.settled_at + timedelta(days=30) if self.settled_at else None
