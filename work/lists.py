"""One's own jobs as a list."""

from typing import Any

from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy

from core.lists.columns import Column, Kind
from core.lists.listing import Listing, Preset, register
from work.choices import JobState
from work.filters import JobCriteria
from work.models import Job


def _own(user: Any, _scope: Any) -> QuerySet:
    return Job.objects.owned_by(user)


def _piece(job: Job) -> str:
    """How far it is and what can be done about it: the piece that asks again by itself."""
    return render_to_string("work/_job.html", {"job": job})


JOBS = Listing(
    name="work.jobs",
    title=gettext_lazy("任务"),
    thing=gettext_lazy("任务"),
    noun=gettext_lazy("项任务"),
    url_name="work:tasks",
    reach=_own,
    criteria=JobCriteria,
    order="-begun",
    code=lambda job: job.code,
    link=Job.get_absolute_url,
    columns=(
        Column(
            key="title", label=gettext_lazy("任务"), value=lambda job: job.text, kind=Kind.WHO,
            link=Job.get_absolute_url,
        ),
        Column(key="code", label=gettext_lazy("编号"), value=lambda job: job.code, kind=Kind.CODE),
        Column(
            key="state", label=gettext_lazy("进展"), value=lambda job: job.get_state_display(), shown=_piece,
        ),
        Column(
            key="begun", label=gettext_lazy("开始"), value=lambda job: job.created_at, kind=Kind.MOMENT, sort=("pk",),
        ),
        Column(
            key="finished", label=gettext_lazy("结束"), value=lambda job: job.finished_at, kind=Kind.MOMENT,
            sort=("finished_at",), optional=True,
        ),
    ),
    presets=(
        Preset(words=JobState.RUNNING.label, name="state", value=JobState.RUNNING),
        Preset(words=JobState.DONE.label, name="state", value=JobState.DONE),
        Preset(words=JobState.FAILED.label, name="state", value=JobState.FAILED),
    ),
    may_leave=False,
    deeds=True,
)  # fmt: skip

register(JOBS)
