"""Each period has one run, whatever the clocks do."""

import threading
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.utils import timezone

from work import heartbeat, outbox, schedules, tasks
from work.models import Heartbeat, Job, Outbox, ScheduledRun
from work.schedules import Schedule

pytestmark = pytest.mark.django_db

HERE = ZoneInfo("Asia/Shanghai")


def at(*moment):
    return datetime(*moment, tzinfo=HERE)


@pytest.fixture
def only(monkeypatch, effect):
    """The house has one schedule, for the length of a test."""

    def declare(every="day", at="02:00", catch_up=31):
        one = Schedule("tests.effect", every, time.fromisoformat(at), catch_up)
        monkeypatch.setattr(schedules, "_schedules", {"tests.effect": one})
        return one

    return declare


def periods(now):
    return [period for _name, period in schedules.poke(now)]


def test_a_period_runs_once_and_not_before_its_time(only, effect):
    only()
    assert periods(at(2026, 11, 20, 1, 59)) == ["2026-11-19"]
    assert periods(at(2026, 11, 20, 2, 0)) == ["2026-11-20"]
    assert periods(at(2026, 11, 20, 2, 1)) == []
    row = Outbox.objects.get(dedupe_key="tests.effect:2026-11-20")
    outbox.perform(row.pk)
    assert effect == [{"period": "2026-11-20"}]


def test_missed_periods_are_caught_up_in_their_order(only):
    only()
    periods(at(2026, 11, 16, 12))

    assert periods(at(2026, 11, 20, 12)) == ["2026-11-17", "2026-11-18", "2026-11-19", "2026-11-20"]


def test_a_schedule_that_makes_up_for_all_at_once_runs_once(only):
    only(catch_up=1)
    periods(at(2026, 11, 16, 12))

    assert periods(at(2026, 11, 20, 12)) == ["2026-11-20"]
    assert periods(at(2026, 11, 20, 13)) == []


def test_a_period_is_counted_by_the_clock_on_the_wall(only):
    only(at="00:00")

    assert periods(datetime(2026, 12, 31, 15, 59, tzinfo=UTC)) == ["2026-12-31"]
    assert periods(datetime(2026, 12, 31, 16, 0, tzinfo=UTC)) == ["2027-01-01"]


def test_hours_and_months_are_periods_too(only):
    only(every="hour", at="00:30")
    assert periods(at(2026, 11, 20, 9, 29)) == ["2026-11-20T08"]
    assert periods(at(2026, 11, 20, 11, 30)) == ["2026-11-20T09", "2026-11-20T10", "2026-11-20T11"]
    ScheduledRun.objects.all().delete()
    only(every="month")
    assert periods(at(2026, 12, 31, 12)) == ["2026-12"]
    assert periods(at(2027, 2, 1, 2)) == ["2027-01", "2027-02"]


def test_a_schedule_is_declared_once_and_in_known_words(only):
    only()
    with pytest.raises(LookupError):
        schedules.schedule("tests.effect", every="day", at="03:00")
    with pytest.raises(LookupError):
        schedules.schedule("tests.other", every="week")


@pytest.mark.django_db(transaction=True)
def test_two_clocks_are_harmless(only):
    only()
    barrier, claimed = threading.Barrier(4), []

    def poke():
        barrier.wait()
        claimed.extend(periods(at(2026, 11, 20, 12)))
        connection.close()

    clocks = [threading.Thread(target=poke) for _clock in range(4)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()

    assert claimed == ["2026-11-20"]
    assert Outbox.objects.count() == ScheduledRun.objects.count() == 1


def test_every_schedule_of_the_house_has_its_effect():
    assert {one.name for one in schedules.all_schedules()} <= set(outbox.kinds())
    assert {"work.forget", "audit.write_down_head"} <= {one.name for one in schedules.all_schedules()}


def test_finished_work_is_forgotten_after_its_time_and_unfinished_work_is_not(party, effect, declare):
    declare(print)
    long_ago = timezone.now() - timedelta(days=1000)
    done, dead, waiting = (outbox.post("tests.effect", {}) for _row in range(3))
    Outbox.objects.filter(pk=done.pk).update(state="done", done_at=long_ago)
    Outbox.objects.filter(pk=dead.pk).update(state="dead", posted_at=long_ago)
    Job.objects.create(kind="tests.job", title="old", owner=party.staff, state="done", finished_at=long_ago)
    queued = Job.objects.create(kind="tests.job", title="new", owner=party.staff)
    ScheduledRun.objects.create(job="tests.effect", period="2020-01-01", claimed_at=long_ago)
    Heartbeat.objects.create(name="gone", seen_at=long_ago)
    tasks.forget({"period": "2026-11-20"})

    assert set(Outbox.objects.all()) == {dead, waiting}
    assert list(Job.objects.all()) == [queued]
    assert not ScheduledRun.objects.exists()
    assert not Heartbeat.objects.exists()


def test_a_sweep_is_a_sign_of_life(effect):
    now = timezone.now()
    assert heartbeat.age(now) is None
    tasks.sweep()
    tasks.sweep()
    assert heartbeat.age(timezone.now()) < timedelta(seconds=5)
    assert Heartbeat.objects.count() == 1
