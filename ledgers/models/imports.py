"""An import on its way: what was uploaded, what each row would do, where it stands."""

import json
import uuid
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cells.models import Cell
from core.crypto import EncryptedField, open_bytes, seal_bytes
from ledgers.choices import UNDER_REVIEW, UNDO_DAYS, WRITING, ImportState, Kind, Outcome, Severity
from ledgers.columns import LEDGERS, OURS, Ledger, plain
from ledgers.querysets import ImportQuerySet, StagedRowQuerySet
from work.models import Job


class Import(models.Model):
    """One import, from the first file to its result. State changes only through ``ledgers.domain.imports``.

    It acts for ``cell``: organisations without a superior go under it. Without a cell (the command's own run on an
    empty portal) they become roots. Counts stay when the uploads have been cleared.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    year = models.PositiveSmallIntegerField()
    number = models.PositiveIntegerField()
    cell = models.ForeignKey(Cell, models.PROTECT, null=True, blank=True, related_name="imports")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="imports")
    as_of = models.DateField(_("台账截止日期"))
    state = models.CharField(_("状态"), max_length=12, choices=ImportState, default=ImportState.UPLOADED)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+")
    counts = models.JSONField(default=dict)
    trial = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    # What undoing it would come to, and came to: counts, and what stays with the reason. Keys only, never a name.
    undo_trial = models.JSONField(default=dict)
    undone = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    cleared_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)
    undone_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(name="an_import_has_its_own_number", fields=["year", "number"]),
        ]
        indexes = [
            models.Index(name="import_to_clear", fields=["expires_at"], condition=Q(cleared_at__isnull=True)),
        ]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        return reverse("ledgers:import", args=[self.ref])

    @property
    def ref(self) -> str:
        return f"{self.year}-{self.number:04}"

    @property
    def is_under_review(self) -> bool:
        return self.state in UNDER_REVIEW

    @property
    def is_busy(self) -> bool:
        """Whether a job of its is waiting or running."""
        return self.job is not None and self.job.is_open

    @property
    def has_stopped(self) -> bool:
        """Whether it was being written or undone and is not any more: somebody has to set it going again."""
        return self.state == ImportState.FAILED or (self.state in WRITING and not self.is_busy)

    @property
    def undo_until(self) -> date | None:
        """The last day on which it can be undone; None before it is done."""
        if self.state != ImportState.DONE or self.finished_at is None:
            return None
        return timezone.localdate(self.finished_at) + timedelta(days=UNDO_DAYS)

    @property
    def as_act(self) -> str:
        """By what the acts it consists of are known."""
        return f"import {self.ref}"

    @property
    def is_over(self) -> bool:
        return self.state in (ImportState.DONE, ImportState.ABANDONED, ImportState.UNDONE)

    @property
    def may_change(self) -> bool:
        """Whether files and rows can still be changed."""
        return self.state in (ImportState.UPLOADED, ImportState.MAPPED, *UNDER_REVIEW)

    def total(self, outcome: str, kind: str = "") -> int:
        """Rows of this outcome, over all ledgers or in one."""
        return sum(counts.get(outcome, 0) for name, counts in self.counts.items() if not kind or name == kind)

    @property
    def importable(self) -> int:
        return self.total(Outcome.NEW) + self.total(Outcome.UPDATE)

    @property
    def wrong(self) -> int:
        return self.total(Outcome.ERROR)


class Upload(models.Model):
    """One file of an import, sealed as it came. ``mapping`` says which field each column feeds."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    the_import = models.ForeignKey(Import, models.CASCADE, related_name="uploads")
    kind = models.CharField(max_length=16, choices=Kind)
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    sheet = models.CharField(max_length=64, blank=True)
    header_row = models.PositiveIntegerField()
    headings = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    preset = models.CharField(max_length=32, blank=True)
    rows = models.PositiveIntegerField(default=0)
    uploaded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="a_ledger_comes_in_one_file", fields=["the_import", "kind"]),
        ]

    def __str__(self):
        return self.file_name

    @property
    def ledger(self) -> Ledger:
        return LEDGERS[self.kind]

    def put(self, data: bytes) -> None:
        """Keep the file, sealed for this row."""
        self.content = seal_bytes(data, table=self._meta.db_table, column="content", uid=self.uid)

    def data(self) -> bytes:
        """The file as it came."""
        return open_bytes(bytes(self.content), table=self._meta.db_table, column="content", uid=self.uid)

    @property
    def unknown(self) -> list[str]:
        """Headings that feed nothing."""
        pairs = zip(self.headings, self.mapping, strict=False)
        return [heading for heading, name in pairs if heading and not name and plain(heading) not in OURS]

    @property
    def missing(self) -> list[str]:
        """Compulsory columns that no heading feeds."""
        return [column.label for column in self.ledger.required if column.field not in self.mapping]


class StagedRow(models.Model):
    """One row of an upload and what importing it would do. Everything written in it is sealed.

    ``cells`` is what stands in the file (or what a reviewer wrote instead), ``finding`` what the review made of it:
    remarks on cells and old → new values. ``match`` is a blind index of whom the row is about, to find rows that are
    about the same.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    upload = models.ForeignKey(Upload, models.CASCADE, related_name="staged")
    number = models.PositiveIntegerField()
    cells = EncryptedField()
    finding = EncryptedField(blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome)
    noted = models.BooleanField(default=False)
    match = models.CharField(max_length=64, blank=True)
    target_id = models.BigIntegerField(null=True)
    edited = models.BooleanField(default=False)

    objects = StagedRowQuerySet.as_manager()

    class Meta:
        ordering = ["upload", "number"]
        constraints = [models.UniqueConstraint(name="a_row_is_staged_once", fields=["upload", "number"])]
        indexes = [
            models.Index(name="staged_by_outcome", fields=["upload", "outcome", "number"]),
            models.Index(name="staged_by_match", fields=["upload", "match"], condition=~Q(match="")),
        ]

    def __str__(self):
        return f"{self.upload} {self.number}"

    @property
    def written(self) -> dict[str, Any]:
        """``{"cells": {field: text}, "kinds": {field: kind}}``."""
        return json.loads(self.cells)

    @property
    def found(self) -> dict[str, Any]:
        """``{"remarks": [[field, severity, sentence]], "changes": {field: [old, new]}, "values": {field: shown}}``."""
        return json.loads(self.finding) if self.finding else {"remarks": [], "changes": {}, "shown": {}}

    @property
    def errors(self) -> list[str]:
        """The fields with something wrong."""
        return [name for name, severity, _sentence in self.found["remarks"] if severity == Severity.ERROR]
