"""A list on its way out: what was asked for, and for some days the file, sealed, in pieces."""

import uuid
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cells.models import Cell
from core.codes import random_code
from core.crypto import EncryptedField, open_bytes, seal_bytes
from ledgers.choices import PURPOSE_LIMIT, FileFormat
from ledgers.querysets import ExportQuerySet
from work.models import RESULT_DAYS, Job


def new_code() -> str:
    """A public code for an export; it cannot be guessed from another one."""
    return random_code("DC")


def in_a_week() -> Any:
    return timezone.now() + timedelta(days=RESULT_DAYS)


class Export(models.Model):
    """A list somebody takes out of the house. State changes only through ``ledgers.domain.exports``.

    ``listing``, ``scope``, ``query`` and ``columns`` say which rows and what of them, ``tells_of`` the model of what
    they are about; ``whole`` that numbers stand in it unmasked, ``purpose`` what for. ``narrowing`` is what a program
    was confined to when it asked. ``finished_at`` is set once the file is whole; one that was handed over at once is
    kept nowhere and has no pieces.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    code = models.CharField(_("编号"), max_length=12, unique=True, default=new_code, editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="exports")
    listing = models.CharField(max_length=64)
    scope = models.ForeignKey(Cell, models.PROTECT, null=True, related_name="exports")
    query = EncryptedField(blank=True)
    columns = models.JSONField(default=list)
    tells_of = models.CharField(max_length=64)
    format = models.CharField(_("格式"), max_length=4, choices=FileFormat)
    whole = models.BooleanField(default=False)
    purpose = models.CharField(_("用途"), max_length=PURPOSE_LIMIT, blank=True)
    narrowing = models.JSONField(null=True)
    kept = models.BooleanField(default=True)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    rows = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    asked_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(default=in_a_week)
    cleared_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        verbose_name = _("导出")
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(name="whole_numbers_leave_for_a_purpose", condition=Q(whole=False) | ~Q(purpose="")),
        ]
        indexes = [
            models.Index(name="export_of", fields=["by", "-id"]),
            models.Index(name="export_to_clear", fields=["expires_at"], condition=Q(cleared_at__isnull=True)),
        ]

    def __str__(self):
        return self.code

    @property
    def asked(self) -> QueryDict:
        """What was asked of the list, as its page reads it from an address."""
        return QueryDict(self.query)

    @property
    def is_ready(self) -> bool:
        """Whether there is a file to be had."""
        return bool(self.kept and self.finished_at and self.cleared_at is None and self.expires_at > timezone.now())


class Piece(models.Model):
    """Some rows of an export as they were read, or a part of the file bound from them; sealed either way.

    ``about`` are the keys of what the rows are about, asked for again before the file is handed over; ``after`` is
    where the next rows begin.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    export = models.ForeignKey(Export, models.CASCADE, related_name="pieces")
    bound = models.BooleanField(default=False)
    number = models.PositiveIntegerField()
    content = models.BinaryField()
    about = ArrayField(models.BigIntegerField(), default=list)
    after = models.TextField(blank=True)

    class Meta:
        ordering = ["export", "bound", "number"]
        constraints = [
            models.UniqueConstraint(name="a_piece_has_its_place", fields=["export", "bound", "number"]),
        ]

    def __str__(self):
        return f"{self.export} {self.number}"

    def put(self, data: bytes) -> None:
        """Hold ``data``, sealed for this row."""
        self.content = seal_bytes(data, table=self._meta.db_table, column="content", uid=self.uid)

    def data(self) -> bytes:
        """What was put in."""
        return open_bytes(bytes(self.content), table=self._meta.db_table, column="content", uid=self.uid)
