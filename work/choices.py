"""The states background work goes through."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class OutboxState(models.TextChoices):
    WAITING = "waiting", _("等待")
    DONE = "done", _("已完成")
    DEAD = "dead", _("已停止重试")


class JobState(models.TextChoices):
    QUEUED = "queued", _("排队中")
    RUNNING = "running", _("进行中")
    DONE = "done", _("已完成")
    FAILED = "failed", _("未完成")
    CANCELLED = "cancelled", _("已取消")


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING)
