"""A job as programs read it."""

from django.urls import is_valid_path
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from core.rest.shapes import ROOT, Shape
from work.models import Job


class JobShape(Shape):
    """How far a job is, what came of it, and what stopped it."""

    base = "jobs"
    brief = ("code", "title", "state", "url")
    title = serializers.CharField(label=_("任务"), source="text", read_only=True)
    percent = serializers.IntegerField(label=_("百分比"), allow_null=True, read_only=True)
    remaining_seconds = serializers.SerializerMethodField(label=_("约还需秒数"))
    result_url = serializers.SerializerMethodField(label=_("结果"))

    class Meta:
        model = Job
        fields = (
            "code", "url", "title", "kind", "state", "done", "total", "percent", "remaining_seconds", "note", "error",
            "result_url", "result_name", "created_at", "started_at", "finished_at",
        )  # fmt: skip

    def get_remaining_seconds(self, job: Job) -> int | None:
        """By the pace so far; None before there is one."""
        return None if job.remaining is None else round(job.remaining.total_seconds())

    def get_result_url(self, job: Job) -> str | None:
        """Where a program fetches it: the address under ``/api/v1/`` where there is one beside the page's."""
        if not job.has_result:
            return None
        beside = f"{ROOT.rstrip('/')}{job.result_url.rstrip('/')}/"
        return beside if is_valid_path(beside) else job.result_url


class LineShape(serializers.Serializer):
    """One line of a log."""

    at = serializers.DateTimeField()
    words = serializers.CharField()


class LogShape(serializers.Serializer):
    """What a job wrote, the oldest first."""

    lines = LineShape(many=True)
