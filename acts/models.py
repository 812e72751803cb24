"""What was done at a stroke and what it wrote, kept as long as it can be undone."""

import json
import uuid
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from acts.querysets import ActQuerySet
from audit.models import Entry
from core.crypto import EncryptedField


class Act(models.Model):
    """操作: one reversible deed with all that followed from it. ``entry`` is what the trail tells of it.

    Written by ``acts.recording`` inside the deed's own transaction. An act that undoes another says which, and cannot
    be undone itself.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="told_act")
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    path = models.CharField(max_length=255, blank=True, db_collation="C")
    things = models.PositiveIntegerField(default=1)
    done_at = models.DateTimeField(_("时间"))
    request_id = models.CharField(max_length=64, blank=True)
    # What it is one step of; such an act is undone with the whole, never by itself.
    part_of = models.CharField(max_length=64, blank=True)
    undoes = models.OneToOneField("self", models.PROTECT, null=True, related_name="undone_in")
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    cleared_at = models.DateTimeField(null=True)

    objects = ActQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(name="act_by", fields=["actor", "-id"]),
            models.Index(name="act_under", fields=["path", "-id"]),
            models.Index(name="act_of_request", fields=["request_id"], condition=~models.Q(request_id="")),
            models.Index(name="act_part_of", fields=["part_of", "-id"], condition=~models.Q(part_of="")),
            models.Index(name="act_to_clear", fields=["done_at"], condition=models.Q(cleared_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return str(self.entry)


class Told(models.Model):
    """Which act an entry of the trail belongs to."""

    act = models.ForeignKey(Act, models.PROTECT, related_name="told")
    entry = models.OneToOneField(Entry, models.PROTECT, related_name="told")

    def __str__(self) -> str:
        return f"{self.act_id} {self.entry_id}"


class Effect(models.Model):
    """What an act wrote in one table: rows made, facts struck, and columns changed from what to what.

    The old and new values are sealed; they go when the act can no longer be undone.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    act = models.ForeignKey(Act, models.CASCADE, related_name="effects")
    table = models.CharField(max_length=64)
    made = ArrayField(models.BigIntegerField(), default=list)
    struck = ArrayField(models.BigIntegerField(), default=list)
    changed = EncryptedField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(name="an_act_tells_of_a_table_once", fields=["act", "table"])]

    def __str__(self) -> str:
        return f"{self.act_id} {self.table}"

    @property
    def model(self) -> Any:
        return apps.get_model(self.table)

    @property
    def changes(self) -> dict[int, dict[str, list[Any]]]:
        """``{row: {column: [old, new]}}``, as JSON has it."""
        return {int(key): change for key, change in json.loads(self.changed or "{}").items()}


class Trace(models.Model):
    """What the triggers saw of the act under way; empty again before its transaction ends."""

    act = models.UUIDField(db_index=True)
    table = models.CharField(max_length=64)
    row = models.BigIntegerField()
    change = models.JSONField(null=True)

    def __str__(self) -> str:
        return f"{self.table} {self.row}"
