"""What people tell the association about the portal itself."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto import EncryptedField
from portal.choices import UpkeepKind


class Feedback(models.Model):
    """投诉建议. Kept as written; how to reach the sender is sealed."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    text = models.TextField(_("内容"), max_length=2000)
    reply_to = EncryptedField(_("联系方式"), blank=True)
    page = models.CharField(_("所在页面"), max_length=300, blank=True)
    sender = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    sent_at = models.DateTimeField(_("时间"), default=timezone.now)

    class Meta:
        verbose_name = _("投诉建议")
        verbose_name_plural = _("投诉建议")
        ordering = ["-pk"]

    def __str__(self):
        return self.text[:40]


class FieldKey(models.Model):
    """密钥. A key by which something here is sealed, with a proof to know it again by; never the key itself.

    A portal whose ring lacks one of them, or holds another under its name, does not start.
    """

    name = models.CharField(max_length=64, unique=True)
    proof = models.TextField()
    noted_at = models.DateTimeField(default=timezone.now)
    retired_at = models.DateTimeField(null=True)
    dropped_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["noted_at"]
        constraints = [
            models.CheckConstraint(
                name="a_key_is_dropped_after_it_was_retired",
                condition=models.Q(dropped_at=None) | models.Q(retired_at__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name


class Upkeep(models.Model):
    """运维记录. A back-up, a restore drill, a test mail, a clearing: when, whether it went well, what was counted.

    ``facts`` holds counts and places; no person is named in it.
    """

    kind = models.CharField(_("事项"), max_length=16, choices=UpkeepKind)
    at = models.DateTimeField(_("时间"), default=timezone.now)
    went_well = models.BooleanField(_("是否成功"))
    facts = models.JSONField(default=dict)

    class Meta:
        verbose_name = _("运维记录")
        verbose_name_plural = _("运维记录")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["kind", "-at"], name="upkeep_latest")]

    def __str__(self):
        return self.get_kind_display()
