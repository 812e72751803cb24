"""Long jobs: started once, watched by their owner, taken up again where they stopped."""

import threading
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy, override

from core import context
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal
from notices.models import Notice
from work import jobs
from work.choices import JobState
from work.models import Job
from work.progress import LEASE, Lost

pytestmark = pytest.mark.django_db


@pytest.fixture
def start(party):
    def begin(by=None, **given):
        return jobs.start("tests.job", by=by or party.staff, title="导出名册", **given)

    return begin


def now_of(job):
    return Job.objects.get(pk=job.pk)


def fall_silent(job):
    Job.objects.filter(pk=job.pk).update(locked_until=timezone.now() - timedelta(seconds=1))


def test_a_job_runs_to_its_end_and_keeps_its_result(start, declare):
    @declare
    def work(progress):
        progress.step(1, 2, "读取")
        progress.step(2, note="写出")
        progress.result(url="/files/1/", name="名册.xlsx")

    job = start(payload={"cell": 1})
    assert jobs.run(job.pk) is True
    job = now_of(job)
    assert (job.state, job.done, job.total, job.percent) == (JobState.DONE, 2, 2, 100)
    assert [words for _moment, words in job.lines] == ["读取", "写出"]
    assert (job.result_url, job.has_result) == ("/files/1/", True)
    assert jobs.run(job.pk) is False


def test_the_file_is_offered_for_seven_days(start, declare):
    declare(lambda progress: progress.result(url="/files/1/", name="名册.xlsx"))
    job = start()
    jobs.run(job.pk)
    Job.objects.update(finished_at=timezone.now() - timedelta(days=7, minutes=1))

    assert not now_of(job).has_result


def test_what_a_job_is_called_is_read_in_the_reader_s_language(party, declare):
    declare(lambda progress: None)
    with override("en"):
        job = jobs.start("tests.job", by=party.staff, title=gettext_lazy("导入 %(ref)s"), facts={"ref": "2026-0003"})
        assert str(now_of(job)) == "Import 2026-0003"
    with override("zh-hans"):
        assert str(now_of(job)) == "导入 2026-0003"


def test_a_job_nobody_declared_cannot_be_started(start):
    with pytest.raises(LookupError):
        start()


def test_a_job_falls_with_its_deed(start, declare):
    declare(print)
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        start()
        raise ZeroDivisionError

    assert not Job.objects.exists()


def test_the_same_job_cannot_be_started_twice(party, start, declare):
    declare(lambda progress: None)
    job = start(key="roster:1")

    assert start(key="roster:1") == job
    with pytest.raises(OutOfTurn, match="赵卫东"):
        start(by=party.secretary, key="roster:1")
    jobs.run(job.pk)
    assert start(key="roster:1") != job


def test_a_job_of_the_clock_belongs_to_nobody(party, start, declare):
    declare(lambda progress: None)
    job = start(by=SYSTEM, key="daily")

    assert job.owner is None
    with pytest.raises(OutOfTurn, match="系统"):
        start(key="daily")
    with pytest.raises(PermissionDenied):
        jobs.cancel(job, by=party.staff)
    with pytest.raises(PermissionDenied):
        jobs.cancel(job, by=SYSTEM)


def test_a_refusal_ends_the_job_with_its_sentence(start, declare):
    @declare
    def work(progress):
        raise Refusal("名册里没有人，没有可导出的内容")

    job = start()
    assert jobs.run(job.pk) is False
    assert (now_of(job).state, now_of(job).error) == (JobState.FAILED, "名册里没有人，没有可导出的内容")


def test_a_job_whose_owner_lost_the_right_does_not_go_on(start, declare):
    @declare
    def work(progress):
        raise PermissionDenied

    job = start()
    jobs.run(job.pk)
    assert "不再有权" in now_of(job).error


def test_an_unforeseen_error_is_logged_and_told_without_its_details(start, declare, caplog):
    declare(lambda progress: 1 / 0)
    job = start()
    jobs.run(job.pk)

    assert now_of(job).state == JobState.FAILED
    assert "ZeroDivisionError" not in now_of(job).error
    assert "ZeroDivisionError" in caplog.text


def test_a_database_that_went_away_puts_the_job_back(start, declare):
    answers = iter([OperationalError("gone"), None])

    @declare
    def work(progress):
        if error := next(answers):
            raise error

    job = start()
    assert jobs.run(job.pk) is False
    assert now_of(job).state == JobState.QUEUED
    assert jobs.run(job.pk) is True


def test_a_job_is_cancelled_at_its_next_step(party, start, declare):
    @declare
    def work(progress):
        progress.step(1, 3)
        jobs.cancel(progress.job, by=party.staff)
        progress.step(2, 3)
        raise AssertionError("went on after it was cancelled")

    job = start()
    jobs.run(job.pk)
    assert (now_of(job).state, now_of(job).done) == (JobState.CANCELLED, 2)


def test_a_queued_job_is_cancelled_at_once_and_never_runs(party, start, declare):
    ran = []
    declare(ran.append)
    job = jobs.cancel(start(), by=party.staff)

    assert job.state == JobState.CANCELLED
    assert jobs.run(job.pk) is False
    assert ran == []
    with pytest.raises(OutOfTurn):
        jobs.cancel(job, by=party.staff)


def test_a_retried_job_goes_on_from_its_checkpoint(party, start, declare):
    did, troubles = [], [Refusal("暂时不行")]

    @declare
    def work(progress):
        for chunk in range(progress.checkpoint.get("next", 0), 4):
            if chunk == 2 and troubles:
                raise troubles.pop()
            did.append(chunk)
            progress.checkpoint["next"] = chunk + 1
            progress.save()
            progress.step(chunk + 1, 4)

    job = start(key="roster:1")
    jobs.run(job.pk)
    jobs.retry(now_of(job), by=party.staff)
    assert jobs.run(job.pk) is True
    assert did == [0, 1, 2, 3]
    with pytest.raises(OutOfTurn):
        jobs.retry(now_of(job), by=party.staff)


def test_a_job_is_not_retried_beside_another_with_its_key(party, start, declare):
    declare(lambda progress: 1 / 0)
    first = start(key="roster:1")
    jobs.run(first.pk)
    start(key="roster:1")

    with pytest.raises(OutOfTurn):
        jobs.retry(now_of(first), by=party.staff)


def test_nobody_but_its_owner_touches_a_job(party, start, declare):
    declare(print)
    job = start()

    for deed in (jobs.cancel, jobs.retry):
        with pytest.raises(PermissionDenied):
            deed(job, by=party.secretary)


def test_a_job_whose_worker_fell_silent_is_given_to_another_and_the_first_stops(start, declare):
    first_run = []

    @declare
    def work(progress):
        if not first_run:
            first_run.append(progress)
            fall_silent(progress.job)
            assert jobs.sweep() == [progress.job.pk]
            assert jobs.run(progress.job.pk) is True
            with pytest.raises(Lost):
                progress.save()
            progress.step(1, 1)
            raise AssertionError("went on beside the worker that took over")

    job = start()
    assert jobs.run(job.pk) is False
    assert (now_of(job).state, now_of(job).attempts) == (JobState.DONE, 2)


def test_a_running_job_is_not_taken_twice(start, declare):
    @declare
    def work(progress):
        assert jobs.run(progress.job.pk) is False
        assert jobs.sweep() == []

    assert jobs.run(start().pk) is True


def test_a_job_that_kills_its_workers_is_given_up(start, declare):
    declare(lambda progress: None)
    job = start()
    for _attempt in range(jobs.MOST_ATTEMPTS):
        assert jobs._claim(job.pk) is not None
        fall_silent(job)
        jobs.sweep()

    assert jobs.run(job.pk) is False
    assert now_of(job).state == JobState.FAILED
    assert "多次中断" in now_of(job).error


def test_the_ring_shows_the_work_last_set_going(party, start, declare):
    declare(lambda progress: None)
    assert jobs.running_for(party.staff) is None
    start()
    last = start()

    assert jobs.running_for(party.staff) == last
    assert jobs.running_for(party.secretary) is None
    assert jobs.running_for(SYSTEM) is None


def test_a_job_knows_the_request_it_comes_from(start, declare):
    seen = []
    declare(lambda progress: seen.append((context.request_id(), context.job())))
    with context.working_for(request="request-1"):
        job = start()
    jobs.run(job.pk)

    assert seen == [("request-1", job.code)]


def test_the_time_left_follows_from_the_pace_so_far(start, declare):
    declare(print)
    job = start()
    job.state, job.started_at = JobState.RUNNING, timezone.now() - timedelta(minutes=2)
    assert job.remaining_words == ""
    job.done, job.total = 40, 100
    assert job.remaining_words == "约还需 3 分钟"
    job.done = 95
    assert job.remaining_words == "不到 1 分钟"


@pytest.mark.django_db(transaction=True)
def test_progress_is_seen_while_the_job_holds_a_transaction_and_falls_not_with_it(party, start, declare):
    """A job that commits everything at its end still shows how far it is, and hears that it is to stop."""
    seen = []

    def look():
        seen.append(Job.objects.values_list("done", "total", "note").get())
        connection.close()

    def from_elsewhere(work, *arguments):
        thread = threading.Thread(target=work, args=arguments)
        thread.start()
        thread.join()

    def cancel(job):
        jobs.cancel(job, by=party.staff)
        connection.close()

    @declare
    def work(progress):
        with transaction.atomic():
            Notice.objects.create(to=party.staff, sentence="never committed")
            progress.step(3, 10, "写入")
            from_elsewhere(look)
            progress.checkpoint["next"] = 4
            progress.save()
            progress.step(4, 10)  # the row is held by the checkpoint just saved; nothing waits for itself
            transaction.set_rollback(False)
        with transaction.atomic():
            Notice.objects.create(to=party.staff, sentence="rolled back")
            from_elsewhere(cancel, progress.job)
            progress.step(5, 10)

    job = start()
    assert jobs.run(job.pk) is False
    assert seen == [(3, 10, "写入")]
    assert now_of(job).state == JobState.CANCELLED
    assert list(Notice.objects.values_list("sentence", flat=True)) == ["never committed"]


@pytest.mark.django_db(transaction=True)
def test_each_step_renews_the_lease(start, declare):
    leases = []

    @declare
    def work(progress):
        fall_silent(progress.job)
        progress.step(1, 2)
        leases.append(now_of(progress.job).locked_until - timezone.now())

    assert jobs.run(start().pk) is True
    assert LEASE - timedelta(seconds=2) < leases[0] <= LEASE
