"""What was answered, for whoever asks the same once more."""

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone

from core.crypto import EncryptedField
from integrations.querysets import KeptAnswerQuerySet


class KeptAnswer(models.Model):
    """The answer to a request that says by a key which one it is. Written in the transaction of what it answers.

    ``request`` is a keyed hash of who asked, how, where and under which key; ``asked`` one of what was asked. The
    answer itself may show people, so it is sealed, and goes with ``expires_at``.
    """

    uid = models.UUIDField(default=uuid.uuid4, editable=False)
    holder = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False)
    request = models.CharField(max_length=64, editable=False)
    asked = models.CharField(max_length=64, editable=False)
    status = models.PositiveSmallIntegerField(editable=False)
    # Headers, body and messages as JSON; empty where the answer was too large to keep.
    answer = EncryptedField(blank=True, editable=False)
    kept_at = models.DateTimeField(default=timezone.now, editable=False)
    expires_at = models.DateTimeField(editable=False)

    objects: ClassVar[KeptAnswerQuerySet] = KeptAnswerQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        constraints = [models.UniqueConstraint(name="one_answer_to_a_request", fields=["request"])]
        indexes = [models.Index(name="kept_answer_until", fields=["expires_at"])]

    def __str__(self) -> str:
        return self.request[:12]
