"""The worker's doors, and the house's own cleaning."""

from datetime import timedelta
from typing import Any

from celery import shared_task
from django.utils import timezone

from work import broker, heartbeat, jobs, outbox, schedules
from work.choices import OPEN_STATES, OutboxState
from work.models import Heartbeat, Job, Outbox, ScheduledRun

JOB_LIMIT = 1800
OUTBOX_KEPT = timedelta(days=30)
JOBS_KEPT = timedelta(days=90)
RUNS_KEPT = timedelta(days=800)


@shared_task(name="work.tasks.sweep")
def sweep() -> int:
    """Every two seconds: give out what is due and nobody is working on."""
    heartbeat.beat(heartbeat.this_process(heartbeat.WORKER))
    effects, waiting_jobs = outbox.sweep(), jobs.sweep()
    # The first hint that fails says that the broker is away; the rows are given out again when their lease is over.
    for task, found in (("work.tasks.perform", effects), ("work.tasks.run_job", waiting_jobs)):
        for pk in found:
            if not broker.hint(task, pk):
                return 0
    return len(effects) + len(waiting_jobs)


@shared_task(name="work.tasks.perform")
def perform(outbox_id: int) -> bool:
    """Carry out one effect of the outbox."""
    return outbox.perform(outbox_id)


@shared_task(name="work.tasks.run_job", soft_time_limit=JOB_LIMIT, time_limit=JOB_LIMIT + 60)
def run_job(job_id: int) -> bool:
    """Do one long job."""
    return jobs.run(job_id)


@shared_task(name="work.tasks.poke_schedules")
def poke_schedules() -> int:
    """Every half minute, and at the start: post what has come due."""
    return len(schedules.poke(timezone.now()))


@schedules.schedule("work.forget", every="day", at="03:10", catch_up=1)
def forget(payload: dict[str, Any]) -> None:
    """Clear rows of finished work that nobody asks for any more. Dead effects stay until a person has seen them."""
    now = timezone.now()
    Outbox.objects.filter(state=OutboxState.DONE, done_at__lt=now - OUTBOX_KEPT).delete()
    Job.objects.exclude(state__in=OPEN_STATES).filter(finished_at__lt=now - JOBS_KEPT).delete()
    ScheduledRun.objects.filter(claimed_at__lt=now - RUNS_KEPT).delete()
    Heartbeat.objects.filter(seen_at__lt=now - heartbeat.FORGOTTEN_AFTER).delete()
