"""Promised in the deed's transaction, carried out once after it."""

import threading
from datetime import timedelta
from io import StringIO

import pytest
from celery import Celery, current_app
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.utils import timezone

from core import context
from core.copying import copy
from notices.models import Notice
from work import broker, outbox
from work.choices import OutboxState
from work.models import Outbox

pytestmark = pytest.mark.django_db


def make_due(row):
    Outbox.objects.filter(pk=row.pk).update(run_after=timezone.now(), locked_until=None)


def test_a_promise_falls_with_its_deed(effect):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        outbox.post("tests.effect", {"id": 1})
        raise ZeroDivisionError

    assert not Outbox.objects.exists()


def test_an_effect_is_carried_out_once(effect):
    row = outbox.post("tests.effect", {"id": 1})

    assert outbox.perform(row.pk) is True
    assert outbox.perform(row.pk) is False
    assert effect == [{"id": 1}]
    row.refresh_from_db()
    assert (row.state, row.attempts) == (OutboxState.DONE, 1)


def test_an_effect_nobody_declared_cannot_be_promised():
    with pytest.raises(LookupError):
        outbox.post("tests.effect", {})


def test_two_effects_cannot_share_a_name(effect):
    with pytest.raises(LookupError):
        outbox.effect("tests.effect")(print)


def test_the_same_promise_is_made_once(effect):
    first = outbox.post("tests.effect", {"id": 1}, dedupe_key="once")
    assert outbox.post("tests.effect", {"id": 1}, dedupe_key="once") == first
    outbox.perform(first.pk)

    assert outbox.post("tests.effect", {"id": 1}, dedupe_key="once").state == OutboxState.DONE
    assert outbox.post("tests.effect", {"id": 2}) != outbox.post("tests.effect", {"id": 2})


def test_an_effect_put_off_waits_for_its_time(effect):
    row = outbox.post("tests.effect", {}, run_after=timezone.now() + timedelta(hours=1))

    assert outbox.perform(row.pk) is False
    assert outbox.sweep() == []
    make_due(row)
    assert outbox.sweep() == [row.pk]
    assert outbox.perform(row.pk) is True


def test_the_effect_knows_the_request_it_comes_from(monkeypatch):
    seen = []
    monkeypatch.setitem(
        outbox._effects, "tests.effect", lambda payload: seen.append((context.request_id(), context.job()))
    )
    with context.working_for(request="request-1"):
        row = outbox.post("tests.effect", {})
    outbox.perform(row.pk)

    assert seen == [("request-1", f"outbox:{row.pk}")]


def test_a_failed_effect_leaves_nothing_behind_and_waits_longer_each_time(party, monkeypatch):
    def half_done(payload):
        Notice.objects.create(to=party.staff, sentence="half")
        raise ConnectionError("no line")

    monkeypatch.setitem(outbox._effects, "tests.effect", half_done)
    row = outbox.post("tests.effect", {})
    waits = []
    for _attempt in range(3):
        assert outbox.perform(row.pk) is False
        row.refresh_from_db()
        waits.append(row.run_after - timezone.now())
        make_due(row)

    assert waits[0] < waits[1] < waits[2]
    assert (row.state, row.attempts, row.error) == (OutboxState.WAITING, 3, "ConnectionError: no line")
    assert not Notice.objects.exists()


def test_what_the_database_quotes_of_a_row_is_not_kept_with_the_effect(party, monkeypatch):
    def too_long(payload):
        copy("notices_notice", "sentence url", [("王涛的住址", "/" * 3000)])

    monkeypatch.setitem(outbox._effects, "tests.effect", too_long)
    row = outbox.post("tests.effect", {})
    assert outbox.perform(row.pk) is False
    row.refresh_from_db()
    assert row.error.startswith("DataError: value too long")
    assert "\n" not in row.error.strip()
    assert "///" not in row.error


def test_an_effect_that_keeps_failing_is_given_up_until_somebody_revives_it(monkeypatch, caplog):
    monkeypatch.setitem(outbox._effects, "tests.effect", lambda payload: 1 / 0)
    row = outbox.post("tests.effect", {})
    for _attempt in range(outbox.MOST_ATTEMPTS):
        make_due(row)
        outbox.perform(row.pk)
    row.refresh_from_db()
    assert (row.state, row.attempts) == (OutboxState.DEAD, outbox.MOST_ATTEMPTS)
    assert "given up" in caplog.text
    make_due(row)
    assert outbox.sweep() == []

    printed = StringIO()
    call_command("outbox", stdout=printed)
    assert "ZeroDivisionError" in printed.getvalue()
    monkeypatch.setitem(outbox._effects, "tests.effect", lambda payload: None)
    call_command("outbox", revive=[row.pk], stdout=printed)
    assert outbox.perform(row.pk) is True
    with pytest.raises(CommandError):
        call_command("outbox", revive=[row.pk])


def test_an_effect_that_kills_its_worker_is_given_up_too(effect):
    row = outbox.post("tests.effect", {})
    for _attempt in range(outbox.MOST_ATTEMPTS):
        # The worker takes it, counts the attempt and is never heard of again.
        assert outbox._claim(row.pk) is not None

    assert outbox.perform(row.pk) is False
    row.refresh_from_db()
    assert row.state == OutboxState.DEAD
    assert effect == []


def test_the_sweeper_leaves_what_was_just_given_out(effect):
    row = outbox.post("tests.effect", {})
    assert outbox.sweep() == []  # the hint is on its way
    make_due(row)
    assert outbox.sweep() == [row.pk]
    assert outbox.sweep() == []
    Outbox.objects.update(locked_until=timezone.now() - timedelta(seconds=1))
    assert outbox.sweep() == [row.pk]


def test_a_deed_is_done_also_while_the_broker_is_away(effect, django_capture_on_commit_callbacks, monkeypatch, caplog):
    """Nobody listens at that address. One hint waits for it, those after it do not."""
    monkeypatch.setattr(broker, "_away_until", 0.0)
    ours = current_app._get_current_object()
    away = Celery("away", broker="redis://127.0.0.1:1/0", set_as_current=False)
    away.conf.broker_transport_options = ours.conf.broker_transport_options
    away.set_current()
    try:
        with django_capture_on_commit_callbacks(execute=True):
            rows = {outbox.post("tests.effect", {"id": number}) for number in range(20)}
        assert broker.hint("work.tasks.perform", 1) is False
    finally:
        ours.set_current()

    assert set(Outbox.objects.all()) == rows
    assert caplog.text.count("no hint sent") == 1


def test_how_long_the_oldest_effect_has_been_waiting(effect):
    now = timezone.now()
    assert outbox.oldest_waiting(now) == timedelta(0)
    row = outbox.post("tests.effect", {}, run_after=now - timedelta(seconds=90))
    assert outbox.oldest_waiting(now) == timedelta(seconds=90)
    outbox.perform(row.pk)
    assert outbox.oldest_waiting(now) == timedelta(0)


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_and_sweepers_each_row_gets_one(party, monkeypatch):
    """Four at once, over the same twenty rows."""
    monkeypatch.setitem(
        outbox._effects,
        "tests.effect",
        lambda payload: Notice.objects.create(to=party.staff, sentence=str(payload["id"])),
    )
    rows = [outbox.post("tests.effect", {"id": number}, run_after=timezone.now()) for number in range(20)]
    swept, barrier, crashed = [], threading.Barrier(4), []

    def work():
        try:
            barrier.wait()
            swept.extend(outbox.sweep(limit=5))
            for row in rows:
                outbox.perform(row.pk)
        except Exception as error:
            crashed.append(error)
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _worker in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert crashed == []
    assert len(swept) == len(set(swept))
    assert sorted(Notice.objects.values_list("sentence", flat=True)) == sorted(str(number) for number in range(20))
