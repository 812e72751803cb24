"""任务: what takes long, watched by whoever set it going."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from core.rest.deeds import deed, look
from core.rest.resource import Resource
from work import jobs
from work import serializers as told
from work.filters import JobCriteria
from work.models import Job
from work.querysets import JobQuerySet


class Jobs(Resource):
    """Jobs. Each person's own."""

    model = Job
    base = "jobs"
    scope = "ledgers"
    shape = told.JobShape
    criteria = JobCriteria
    orders = {"created_at": "-pk"}

    def reach(self) -> JobQuerySet:
        return Job.objects.owned_by(self.by)

    @deed(_("取消任务"))
    def cancel(self, job: Job) -> Job:
        return jobs.cancel(job, by=self.by)

    @deed(_("重试任务"))
    def retry(self, job: Job) -> Job:
        return jobs.retry(job, by=self.by)

    @look(_("任务的经过"), shape=told.LogShape)
    def log(self, job: Job) -> dict[str, Any]:
        return {"lines": [{"at": moment, "words": words} for moment, words in job.lines]}
