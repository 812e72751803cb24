"""How a running job says how far it is, hears that it is to stop, and keeps its place."""

import json
from datetime import timedelta
from typing import Any

from django.db import connections
from django.utils import timezone

from work import acting
from work.choices import JobState
from work.models import Job

LEASE = timedelta(seconds=20)
LOG_LINES = 200
ALIAS = "default"

_WRITE = """
    UPDATE work_job SET done = %s, total = %s, note = %s, log = %s::jsonb, locked_until = %s
     WHERE id IN (SELECT id FROM work_job WHERE id = %s AND run_token = %s AND state = 'running'
                     FOR UPDATE SKIP LOCKED)
 RETURNING cancel_asked
"""
_ASK = "SELECT cancel_asked FROM work_job WHERE id = %s AND run_token = %s AND state = 'running'"


class Cancelled(Exception):
    """The owner asked for the job to stop."""


class Lost(Exception):
    """The job was silent for so long that another worker has taken it up."""


class Progress:
    """Handed to a job function: the job, its payload and its checkpoint.

    ``step`` is seen by everyone at once, also from inside a transaction of
    the job's: it then writes through a connection of its own. ``save`` writes
    the checkpoint through the job's connection, so that it commits with the chunk.
    """

    def __init__(self, job: Job) -> None:
        self.job = job
        self.payload: dict[str, Any] = job.payload
        self.checkpoint: dict[str, Any] = dict(job.checkpoint)
        # A job run inside somebody's transaction cannot be seen from outside it.
        self._alone = not connections[ALIAS].in_atomic_block
        self._aside: Any = None

    @property
    def owner(self) -> Any:
        """The person who asked for the job, as they stand now, and confined as they were when they asked."""
        if self.job.owner is not None:
            acting.resume(self.job.owner, self.payload)
        return self.job.owner

    def step(self, done: int, total: int | None = None, note: str = "") -> None:
        """Say how far the job is. Raises when it was cancelled or taken over; let that pass through."""
        job = self.job
        job.done = done
        job.total = job.total if total is None else total
        job.note = note[:200] or job.note
        self._write(note)

    def say(self, line: str) -> None:
        """Add a line to the job's log without moving on."""
        self._write(line)

    def save(self) -> None:
        """Keep the checkpoint, together with whatever the running transaction changes."""
        if not Job.objects.held_by(self.job.run_token).filter(pk=self.job.pk).update(checkpoint=self.checkpoint):
            raise Lost

    def result(self, *, url: str, name: str) -> None:
        """Say where what the job made is to be had. Whoever serves it asks again for the right to it."""
        self.job.result_url, self.job.result_name = url, name

    def finish(self, state: JobState, *, error: str = "") -> None:
        """End the run. Only :mod:`work.jobs` calls this."""
        job = self.job
        job.state, job.error, job.finished_at = state, error[:2000], timezone.now()
        if state == JobState.DONE and job.total:
            job.done = job.total
        Job.objects.held_by(job.run_token).filter(pk=job.pk).update(
            state=job.state,
            error=job.error,
            done=job.done,
            finished_at=job.finished_at,
            locked_until=None,
            result_url=job.result_url,
            result_name=job.result_name,
        )

    def put_back(self) -> None:
        """Leave the job for another worker to take up."""
        if self._alone:
            # The connection that failed is of no use for this.
            connections[ALIAS].close_if_unusable_or_obsolete()
        Job.objects.held_by(self.job.run_token).filter(pk=self.job.pk).update(
            state=JobState.QUEUED, run_token=None, locked_until=timezone.now() + timedelta(seconds=5)
        )

    def close(self) -> None:
        if self._aside is not None:
            self._aside.close()
            self._aside = None

    def _write(self, line: str) -> None:
        job = self.job
        stamp = timezone.now()
        if line:
            job.log = [*job.log, [stamp.isoformat(timespec="seconds"), line[:200]]][-LOG_LINES:]
        mine = [job.pk, str(job.run_token)]
        with self._connection().cursor() as cursor:
            cursor.execute(_WRITE, [job.done, job.total, job.note, json.dumps(job.log), stamp + LEASE, *mine])
            answer = cursor.fetchone()
            if answer is None:
                # The row is locked by the job's own checkpoint, or no longer the job's.
                cursor.execute(_ASK, mine)
                answer = cursor.fetchone()
        if answer is None:
            raise Lost
        if answer[0]:
            raise Cancelled

    def _connection(self) -> Any:
        """The job's own connection between its transactions, another one inside them."""
        own = connections[ALIAS]
        if not (self._alone and own.in_atomic_block):
            return own
        if self._aside is None:
            self._aside = connections.create_connection(ALIAS)
        return self._aside
