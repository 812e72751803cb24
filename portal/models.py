"""What people tell the association about the portal itself."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.crypto import EncryptedField


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
