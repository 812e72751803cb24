"""Long jobs: started in a deed's transaction, run in chunks, watched by their owner.

A job function is declared with :func:`job` in an app's ``tasks.py`` and gets a
:class:`work.progress.Progress`. It works in chunks of no more than five
seconds, each in a transaction of its own, calls ``progress.step`` between
them and saves ``progress.checkpoint`` with the chunk, so that another worker
can go on where a killed one stopped. It asks again what its owner may do
before it changes anything: rights may have ended since the job was started.
"""

import logging
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import context, rehearsal
from core.errors import OutOfTurn, Refusal
from work import acting, broker
from work.choices import JobState
from work.models import Job
from work.progress import LEASE, Cancelled, Lost, Progress

Work = Callable[[Progress], Any]

MOST_ATTEMPTS = 5
SOURCE_LANGUAGE = "zh-hans"
HINT_GRACE = timedelta(seconds=3)

logger = logging.getLogger("work.jobs")
_jobs: dict[str, Work] = {}
_dropped: dict[str, Callable[[Job], Any]] = {}


def job(kind: str, *, dropped: Callable[[Job], Any] | None = None) -> Callable[[Work], Work]:
    """Declare the function that does jobs of this kind.

    ``dropped`` clears away what an earlier run left of a job that ends while it queues, when nothing else would: it is
    called in the transaction that ends it.
    """

    def register(function: Work) -> Work:
        if _jobs.setdefault(kind, function) is not function:
            raise LookupError(f"two jobs are called {kind}")
        if dropped is not None:
            _dropped[kind] = dropped
        return function

    return register


def kinds() -> list[str]:
    """Every kind of job the house knows."""
    return sorted(_jobs)


def start(
    kind: str,
    *,
    by: Any,
    title: Any,
    facts: dict[str, Any] | None = None,
    payload: dict[str, Any] | None = None,
    key: str | None = None,
    at: str = "",
) -> Job:
    """Start a job in the caller's transaction; it begins once that has committed.

    ``title`` is a marked (lazily translated) sentence; what varies stands in
    it as ``%(name)s`` and comes in ``facts``, so that it is read in the
    reader's language. ``payload`` holds ids, never personal data; ``at`` is the path of the cell
    it is about. While a job with this ``key`` is open no second one starts:
    its owner gets the open one back, anybody else a refusal.
    """
    if kind not in _jobs:
        raise LookupError(f"no job is called {kind}")
    with translation.override(SOURCE_LANGUAGE):
        source = str(title)
        words = {name: str(value) for name, value in (facts or {}).items()}
    new = Job(
        kind=kind,
        title=source[:200],
        facts=words,
        owner_id=by.pk,
        payload=(payload or {}) | acting.kept(by) | ({"token": context.token()} if context.token() else {}),
        key=key,
        scope_path=at,
        request_id=context.request_id(),
        locked_until=timezone.now() + HINT_GRACE,
    )
    try:
        with transaction.atomic():
            new.save(force_insert=True)
    except IntegrityError:
        if key is None:
            raise
        return _already_open(key, by)
    rehearsal.note("job", title=new.text)
    _hint(new)
    return new


def cancel(job: Job, *, by: Any) -> Job:
    """Stop a job: at once while it queues, at its next step while it runs. Only its owner may.

    What its finished chunks did stays done.
    """
    with transaction.atomic():
        job = _own(job, by)
        if not job.is_open:
            raise OutOfTurn(_("这项任务已经结束，不能再取消"))
        job.cancel_asked = True
        if job.state == JobState.QUEUED:
            job.state, job.finished_at = JobState.CANCELLED, timezone.now()
            _clear_away(job)
        job.save(update_fields=["cancel_asked", "state", "finished_at"])
    return job


def retry(job: Job, *, by: Any) -> Job:
    """Set a failed or cancelled job going again, from its last checkpoint. Only its owner may.

    It stays confined as it was when it was started, whoever retries it.
    """
    with transaction.atomic():
        job = _own(job, by)
        if not job.may_be_retried:
            raise OutOfTurn(_("这项任务没有停下，不需要重试"))
        job.state, job.attempts, job.cancel_asked = JobState.QUEUED, 0, False
        job.error, job.finished_at, job.run_token = "", None, None
        job.locked_until = timezone.now() + HINT_GRACE
        try:
            with transaction.atomic():
                job.save()
        except IntegrityError:
            raise OutOfTurn(_("同样的任务正在进行，请等它完成")) from None
        _hint(job)
    return job


def take_back_result(job: Job) -> None:
    """What the job made is gone: its page offers it no longer. As part of the deed that removed it."""
    Job.objects.filter(pk=job.pk).update(result_url="", result_name="")


def run(job_id: int) -> bool:
    """Do a job, if it is due and nobody else is at it. True when it ran to its end.

    A refusal or an error of its own ends it with a sentence for its owner;
    when the database or the worker goes away it is taken up again.
    """
    progress = _claim(job_id)
    if progress is None:
        return False
    job = progress.job
    try:
        set_going = {"request": job.request_id or None, "token": job.payload.get("token", "")}
        with context.working_for(job=job.code, **set_going), _in_the_language_of(job.owner):
            _jobs[job.kind](progress)
            progress.finish(JobState.DONE)
    except Lost:
        logger.warning("job %s was taken up by another worker", job.code)
        return False
    except Cancelled:
        progress.finish(JobState.CANCELLED)
        return False
    except (Refusal, PermissionDenied) as refusal:
        progress.finish(JobState.FAILED, error=_sentence(refusal, job.owner))
        return False
    except (OperationalError, InterfaceError, SoftTimeLimitExceeded) as gone:
        logger.warning("job %s is put back: %s", job.code, type(gone).__name__)
        progress.put_back()
        return False
    except Exception:
        logger.exception("job %s failed", job.code)
        with _in_the_language_of(job.owner):
            sentence = _("出现意外情况，已记入日志。可以重试；若再次停下，请把任务编号告诉管理员")
        progress.finish(JobState.FAILED, error=sentence)
        return False
    finally:
        progress.close()
    return True


def sweep(limit: int = 20) -> list[int]:
    """The jobs to give to workers now: queued ones, and those whose worker fell silent."""
    now = timezone.now()
    with transaction.atomic():
        due = Job.objects.due(now).select_for_update(skip_locked=True).order_by("pk")
        given_out = list(due.values_list("pk", flat=True)[:limit])
        # A run that is still alive finds its token gone and stops at its next step.
        Job.objects.filter(pk__in=given_out).update(state=JobState.QUEUED, run_token=None, locked_until=now + LEASE)
    return given_out


def running_for(user: Any) -> Job | None:
    """The work this person last set going, while it goes: what the ring in the page's head shows."""
    latest: Job | None = Job.objects.owned_by(user).open().first()
    return latest


def _already_open(key: str, by: Any) -> Job:
    standing: Job | None = Job.objects.open().filter(key=key).first()
    if standing is None:
        raise OutOfTurn(_("同样的任务刚刚结束，请再试一次"))
    if standing.owner_id != by.pk:
        raise OutOfTurn(
            _("同样的任务已由 %(who)s 开始，请等它完成") % {"who": standing.owner.name if standing.owner else _("系统")}
        )
    return standing


def _own(job: Job, by: Any) -> Job:
    locked: Job | None = Job.objects.owned_by(by).select_for_update().filter(pk=job.pk).first()
    if locked is None:
        raise PermissionDenied
    return locked


def _clear_away(job: Job) -> None:
    if job.kind in _dropped:
        _dropped[job.kind](job)


def _hint(job: Job) -> None:
    transaction.on_commit(lambda: broker.hint("work.tasks.run_job", job.pk), robust=True)


def _claim(job_id: int) -> Progress | None:
    """Take the job for this run; count the attempt before it begins."""
    now = timezone.now()
    with transaction.atomic():
        job: Job | None = Job.objects.open().select_for_update(skip_locked=True, of=("self",)).filter(pk=job_id).first()
        if job is None or (job.state == JobState.RUNNING and job.locked_until and job.locked_until > now):
            return None
        if job.attempts >= MOST_ATTEMPTS:
            job.state, job.finished_at = JobState.FAILED, now
            job.error = _("多次中断，没有做完。可以重试；若再次停下，请把任务编号告诉管理员")
            logger.critical("job %s is given up after %s attempts", job.code, job.attempts)
            _clear_away(job)
            job.save(update_fields=["state", "finished_at", "error"])
            return None
        job.state, job.run_token = JobState.RUNNING, uuid.uuid4()
        job.started_at = job.started_at or now
        job.locked_until, job.attempts = now + LEASE, job.attempts + 1
        job.save(update_fields=["state", "run_token", "started_at", "locked_until", "attempts"])
    return Progress(job)


def _sentence(refusal: Exception, owner: Any) -> str:
    with _in_the_language_of(owner):
        if isinstance(refusal, Refusal):
            return str(refusal.message)
        return _("您已不再有权做这件事，任务没有继续")


def _in_the_language_of(owner: Any) -> Any:
    """What a job leaves behind is read by its owner."""
    return translation.override(getattr(owner, "language", "") or settings.LANGUAGE_CODE)
