"""Background work as rows: effects promised, jobs under way, schedules kept, workers alive."""

from datetime import datetime, timedelta
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from core.codes import random_code
from work.choices import OPEN_STATES, JobState, OutboxState
from work.querysets import JobQuerySet, OutboxQuerySet

RESULT_DAYS = 7


def new_code() -> str:
    """A public code for a job; it cannot be guessed from another one."""
    return random_code("RW")


class Outbox(models.Model):
    """An effect promised inside a deed's transaction, to be carried out once after it.

    The payload carries ids only: whatever the effect needs it reads when it
    runs. Rows are written by :func:`work.outbox.post` and nowhere else.
    """

    kind = models.CharField(max_length=64)
    payload = models.JSONField(default=dict)
    dedupe_key = models.CharField(max_length=200, null=True, unique=True)
    state = models.CharField(max_length=10, choices=OutboxState, default=OutboxState.WAITING)
    run_after = models.DateTimeField(default=timezone.now)
    attempts = models.PositiveSmallIntegerField(default=0)
    locked_until = models.DateTimeField(null=True)
    error = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    posted_at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)

    objects: ClassVar[OutboxQuerySet] = OutboxQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["pk"]
        indexes = [
            models.Index(fields=["run_after"], condition=models.Q(state=OutboxState.WAITING), name="outbox_waiting"),
            models.Index(fields=["done_at"], condition=models.Q(state=OutboxState.DONE), name="outbox_done"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} #{self.pk}"


class Job(models.Model):
    """Work too long for a request, with its progress where its owner can watch it.

    A job runs in chunks of its own short transactions and keeps what it has
    reached in ``checkpoint``; should its worker die, another takes it up from
    there. State changes only through :mod:`work.jobs`.
    """

    code = models.CharField(_("编号"), max_length=12, unique=True, default=new_code, editable=False)
    kind = models.CharField(max_length=64)
    title = models.CharField(_("任务"), max_length=200)
    # What varies in the title, where it stands as ``%(name)s``.
    facts = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="jobs")
    scope_path = models.CharField(max_length=255, blank=True, db_collation="C")
    payload = models.JSONField(default=dict)
    key = models.CharField(max_length=200, null=True)
    request_id = models.CharField(max_length=64, blank=True)

    state = models.CharField(_("状态"), max_length=10, choices=JobState, default=JobState.QUEUED)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True)
    log = models.JSONField(default=list)
    checkpoint = models.JSONField(default=dict)
    cancel_asked = models.BooleanField(default=False)

    run_token = models.UUIDField(null=True)
    locked_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField(default=timezone.now)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    result_url = models.CharField(max_length=300, blank=True)
    result_name = models.CharField(max_length=200, blank=True)
    error = models.TextField(blank=True)

    objects: ClassVar[JobQuerySet] = JobQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = _("任务")
        verbose_name_plural = _("任务")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["owner", "-id"], name="job_of_owner"),
            models.Index(fields=["locked_until"], condition=models.Q(state__in=OPEN_STATES), name="job_open"),
        ]
        constraints = [
            models.UniqueConstraint(
                name="one_open_job_per_key", fields=["key"], condition=models.Q(state__in=OPEN_STATES)
            ),
        ]

    def __str__(self) -> str:
        return self.text

    def get_absolute_url(self) -> str:
        return reverse("work:job", args=[self.code])

    @property
    def text(self) -> str:
        """The title in the reader's language, with its facts in it."""
        facts = {name: words and gettext(words) for name, words in self.facts.items()}
        return gettext(self.title) % facts if facts else self.title

    def get_title_display(self) -> str:
        """What the title comes to, for whoever is told what is kept."""
        return self.text

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES

    @property
    def may_be_retried(self) -> bool:
        return self.state in (JobState.FAILED, JobState.CANCELLED)

    @property
    def percent(self) -> int | None:
        """How far it is, in whole per cent; None while the total is unknown."""
        return min(100, self.done * 100 // self.total) if self.total else None

    @property
    def remaining(self) -> timedelta | None:
        """How long it will still take at the pace so far; None before there is a pace."""
        if self.state != JobState.RUNNING or not (self.started_at and self.done and self.total > self.done):
            return None
        return (timezone.now() - self.started_at) / self.done * (self.total - self.done)

    @property
    def remaining_words(self) -> str:
        """The same as a reader wants it: in minutes, or as less than one."""
        if self.remaining is None:
            return ""
        minutes = round(self.remaining.total_seconds() / 60)
        if not minutes:
            return gettext("不到 1 分钟")
        return ngettext("约还需 %(n)d 分钟", "约还需 %(n)d 分钟", minutes) % {"n": minutes}

    @property
    def poll_after(self) -> int:
        """In how many seconds a page asks again: often at first, seldom for what takes long."""
        age = (timezone.now() - self.created_at).total_seconds()
        return next((seconds for limit, seconds in ((20, 2), (60, 3), (180, 5)) if age < limit), 10)

    @property
    def lines(self) -> list[tuple[datetime, str]]:
        """The log, as moments and words."""
        return [(datetime.fromisoformat(moment), words) for moment, words in self.log]

    @property
    def kept_until(self) -> datetime | None:
        """When the file it made goes."""
        return self.finished_at + timedelta(days=RESULT_DAYS) if self.finished_at and self.result_url else None

    @property
    def has_result(self) -> bool:
        return bool(self.kept_until and self.kept_until > timezone.now())


class ScheduledRun(models.Model):
    """That a schedule was set going for a period. The first to insert the row has the run."""

    job = models.CharField(max_length=64)
    period = models.CharField(max_length=32)
    claimed_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(name="one_run_per_period", fields=["job", "period"])]

    def __str__(self) -> str:
        return f"{self.job} {self.period}"


class Heartbeat(models.Model):
    """When a process last showed that it works, and which field keys it knew; ``/readyz`` asks for the workers."""

    name = models.CharField(max_length=200, primary_key=True)
    seen_at = models.DateTimeField()
    field_keys = models.CharField(max_length=500, blank=True)

    def __str__(self) -> str:
        return self.name
