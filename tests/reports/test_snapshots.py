"""Snapshots: frozen, drawn once, drawn again the same."""

import json
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, connections, transaction
from django.utils import timezone

from audit.models import Entry
from cells.choices import Cover
from cells.domain import tree
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal
from members.choices import EntryReason
from members.domain import standing
from members.models import Member, MemberFact, Membership
from notices.models import Notice
from reports import tasks
from reports.choices import PeriodKind
from reports.domain import snapshots
from reports.models import Snapshot
from tests.cast import LONG_AGO, TODAY, draw, enlist, register
from tests.database import owner_session
from work import jobs, outbox, schedules
from work.choices import JobState, OutboxState
from work.models import Job, Outbox

DAILY = next(one for one in schedules.all_schedules() if one.name == "reports.draw_daily")


@pytest.fixture
def drawn(party):
    register("云杉科技", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    return snapshots.draw(party.north, by=party.staff, on=TODAY)


def test_drawing_freezes_the_figures_with_what_they_are_of(party, drawn):
    assert (drawn.cell, drawn.on, drawn.period, drawn.period_kind) == (party.north, TODAY, "2026-11-20", "daily")
    assert drawn.figures["members"] == {"version": 1, "number": 5}
    assert drawn.figures["organisational_coverage"] == {
        "version": 1,
        "number": "100.0",
        "numerator": 1,
        "denominator": 1,
    }
    assert len(drawn.digest) == 64
    assert drawn.drawn_by == party.staff


def test_drawing_leaves_exactly_one_entry(party, drawn):
    entry = Entry.objects.get(action="reports.drawn")

    assert (entry.actor, entry.thing, entry.path) == (party.staff, drawn, party.north.path)
    assert entry.facts["digest"] == drawn.digest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reports_snapshot SET figures = '{}'",
        "DELETE FROM reports_snapshot",
        "TRUNCATE reports_snapshot",
    ],
)
def test_the_database_refuses_to_change_a_snapshot(drawn, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "statement",
    ["UPDATE reports_snapshot SET digest = ''", "DELETE FROM reports_snapshot", "TRUNCATE reports_snapshot"],
)
def test_the_database_refuses_its_owner_too(statement):
    session = owner_session()
    try:
        with pytest.raises(Exception, match="a snapshot is frozen"), session.cursor() as cursor:
            cursor.execute(statement)
    finally:
        session.close()


def test_a_period_is_drawn_once(party, drawn):
    enlist("新人", party.yunshan)

    assert snapshots.draw(party.north, by=SYSTEM, on=TODAY) == drawn
    asked = snapshots.draw(party.north, by=party.staff, on=TODAY, kind=PeriodKind.ASKED, period="RW-1")
    assert asked != drawn
    assert asked.figures["members"]["number"] == 6
    assert Entry.objects.filter(action="reports.drawn").count() == 2


def test_who_may_not_draw_is_refused(party):
    for person in (party.secretary, party.north_staff, party.auditor, party.advisor, party.stranger):
        with pytest.raises(PermissionDenied):
            snapshots.draw(party.north, by=person, on=TODAY)
    assert not Snapshot.objects.exists()


def test_a_day_that_has_not_come_is_refused(party):
    tomorrow = timezone.localdate() + timedelta(days=1)

    with pytest.raises(Refusal, match="不能晚于今天"):
        snapshots.draw(party.north, by=party.staff, on=tomorrow)
    with pytest.raises(Refusal, match="不能晚于今天"):
        snapshots.ask(party.north, by=party.staff, on=tomorrow)


def test_a_snapshot_of_a_day_before_the_records_keeps_that_it_knew_nothing(party):
    early = snapshots.draw(party.north, by=party.staff, on=LONG_AGO - timedelta(days=1))

    assert early.figures["members"] == {"version": 1, "number": None, "begins": "2024-01-08"}
    assert snapshots.verify(early).holds


# Proof.


def test_whatever_is_written_later_a_snapshot_can_be_drawn_again(party, drawn):
    standing.suspend(party.wang, reason="多次无故缺席", by=party.staff, on=date(2026, 3, 1))
    tree.move(party.yuanfan, superior=party.south, by=party.staff, on=TODAY)
    enlist("新人", party.yunshan)
    register("半亩方塘", party.north)

    verdict = snapshots.verify(Snapshot.objects.get())

    assert (verdict.intact, verdict.repeats, verdict.differing) == (True, True, ())


def test_an_employer_put_right_later_does_not_belie_a_snapshot(party):
    company = register("白石智能", party.north)
    people = [enlist(name, party.yuanfan, employer=company) for name in ("甲", "乙", "丙")]
    drawn = snapshots.draw(party.north, by=party.staff, on=TODAY)
    assert drawn.figures["should_build_gap"]["number"] == 1
    Member.objects.filter(pk=people[0].pk).update(employer=None)

    assert snapshots.verify(drawn).holds


def test_altered_figures_are_found_out(party, drawn):
    drawn.figures = drawn.figures | {"members": {"version": 1, "number": 50}}

    verdict = snapshots.verify(drawn)

    assert not verdict.intact
    assert not verdict.holds
    assert [figure.key for figure in verdict.differing] == ["members"]


def test_a_snapshot_of_older_definitions_is_not_compared(party, drawn):
    drawn.edition = 0
    drawn.digest = snapshots.digest_of(drawn, drawn.figures)

    assert snapshots.verify(drawn).repeats is None
    assert snapshots.verify(drawn).holds


def test_the_digest_does_not_depend_on_how_the_figures_were_stored(drawn):
    shuffled = json.loads(json.dumps(dict(reversed(drawn.figures.items()))))

    assert snapshots.digest_of(drawn, shuffled) == drawn.digest
    stored = Snapshot.objects.get(pk=drawn.pk)
    assert snapshots.digest_of(stored, stored.figures) == drawn.digest


@pytest.mark.django_db(transaction=True)
def test_what_is_being_written_during_the_drawing_is_known_from_the_next_one_on():
    """A deed under way has stamped its rows: were they counted as known, the proof would break at its commit."""
    party = draw()
    wrote, go = Barrier(2), Barrier(2)

    def enrol_slowly():
        try:
            with transaction.atomic():
                member = Member.objects.create(code="DY-SLOWLY", name="慢", category="full", standing="normal")
                MemberFact.objects.create(member=member, category="full", standing="normal", valid=(LONG_AGO, None))
                Membership.objects.create(
                    member=member, cell=party.yunshan, entry_reason=EntryReason.ENROLLED, valid=(LONG_AGO, None)
                )
                wrote.wait(10)
                go.wait(10)
        finally:
            connections.close_all()

    thread = Thread(target=enrol_slowly)
    thread.start()
    wrote.wait(10)
    drawn = snapshots.draw(party.north, by=party.staff, on=TODAY)
    go.wait(10)
    thread.join(10)

    assert drawn.figures["members"]["number"] == 5
    assert snapshots.verify(drawn).holds
    again = snapshots.draw(party.north, by=party.staff, on=TODAY, kind=PeriodKind.ASKED, period="RW-1")
    assert again.figures["members"]["number"] == 6


@pytest.mark.django_db(transaction=True)
def test_snapshots_drawn_while_others_write_can_all_be_drawn_again():
    party = draw()
    done = []

    def write(serial):
        try:
            for number in range(5):
                with transaction.atomic():
                    enlist(f"写{serial}{number}", party.yunshan)
            done.append(serial)
        finally:
            connections.close_all()

    threads = [Thread(target=write, args=(serial,)) for serial in range(3)]
    for thread in threads:
        thread.start()
    taken = [
        snapshots.draw(party.north, by=party.staff, on=TODAY, kind=PeriodKind.ASKED, period=f"RW-{serial}")
        for serial in range(8)
    ]
    for thread in threads:
        thread.join(20)

    assert sorted(done) == [0, 1, 2]
    assert [snapshots.verify(one).repeats for one in taken] == [True] * 8
    counted = [one.figures["members"]["number"] for one in taken]
    assert counted == sorted(counted)


# The clock.


def _perform_all():
    while waiting := list(Outbox.objects.filter(state=OutboxState.WAITING).values_list("pk", flat=True)):
        assert sum(outbox.perform(pk) for pk in waiting)


def test_every_night_each_committee_and_each_root_is_drawn_once(party):
    assert schedules.claim(DAILY, "2026-11-20")
    assert not schedules.claim(DAILY, "2026-11-20")
    _perform_all()

    drawn = Snapshot.objects.order_by("cell__path")
    assert [one.cell for one in drawn] == [party.association, party.north]
    assert {(one.period, one.drawn_by, one.period_kind) for one in drawn} == {("2026-11-20", None, "daily")}


def test_a_night_drawn_late_is_of_its_own_day(party):
    enlist("新人", party.yunshan, on=date(2026, 11, 19))
    schedules.claim(DAILY, "2026-11-18")
    _perform_all()

    assert Snapshot.objects.get(cell=party.north).figures["members"]["number"] == 5


@pytest.mark.django_db(transaction=True)
def test_two_clocks_at_once_give_one_drawing():
    party = draw()
    at_once = Barrier(2)

    def tick():
        try:
            at_once.wait(10)
            schedules.claim(DAILY, "2026-11-20")
            for pk in list(Outbox.objects.values_list("pk", flat=True)):
                outbox.perform(pk)
        finally:
            connections.close_all()

    threads = [Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    _perform_all()

    assert Outbox.objects.filter(kind="reports.draw").count() == 2
    assert [one.cell.pk for one in Snapshot.objects.order_by("cell__path")] == [party.association.pk, party.north.pk]


@pytest.mark.django_db(transaction=True)
def test_two_workers_drawing_the_same_cell_give_one_snapshot():
    party = draw()
    at_once, found = Barrier(2), []

    def work():
        try:
            at_once.wait(10)
            found.append(snapshots.draw(party.north, by=SYSTEM, on=TODAY).pk)
        finally:
            connections.close_all()

    threads = [Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)

    assert len(found) == 2
    assert len(set(found)) == 1
    assert Entry.objects.filter(action="reports.drawn").count() == 1


def test_a_crash_between_the_promise_and_the_drawing_loses_nothing_and_doubles_nothing(party):
    schedules.claim(DAILY, "2026-11-20")
    outbox.perform(Outbox.objects.get(kind="reports.draw_daily").pk)
    promised = Outbox.objects.filter(kind="reports.draw").order_by("pk")
    with pytest.raises(RuntimeError, match="killed"), transaction.atomic():
        tasks.draw(promised[0].payload)
        raise RuntimeError("killed")
    assert not Snapshot.objects.exists()

    _perform_all()
    Outbox.objects.filter(kind="reports.draw").update(state=OutboxState.WAITING)  # given out again after its commit
    _perform_all()

    assert Snapshot.objects.count() == 2
    assert Entry.objects.filter(action="reports.drawn").count() == 2


# By hand, in the background.


def test_a_drawing_asked_for_goes_through_the_committees_with_progress(party):
    job = snapshots.ask(party.association, by=party.staff, on=TODAY)
    assert (job.state, job.scope_path) == (JobState.QUEUED, party.association.path)

    assert jobs.run(job.pk)

    job = Job.objects.get(pk=job.pk)
    taken = Snapshot.objects.order_by("cell__path")
    assert [one.cell for one in taken] == [party.association, party.north]
    assert {(one.period, one.period_kind, one.drawn_by) for one in taken} == {(job.code, "asked", party.staff)}
    assert (job.state, job.done, job.total) == (JobState.DONE, 2, 2)
    notice = Notice.objects.get(to=party.staff)
    assert (notice.url, notice.facts["on"]) == (taken[0].get_absolute_url(), "2026-11-20")


def test_a_drawing_taken_up_again_goes_on_where_it_stopped(party):
    job = snapshots.ask(party.association, by=party.staff, on=TODAY)
    before = snapshots.draw(party.association, by=party.staff, on=TODAY, kind=PeriodKind.ASKED, period=job.code)

    jobs.run(job.pk)

    assert Snapshot.objects.count() == 2
    assert Snapshot.objects.get(cell=party.association) == before


def test_the_same_drawing_is_not_set_going_twice(party):
    job = snapshots.ask(party.association, by=party.staff, on=TODAY)

    assert snapshots.ask(party.association, by=party.staff, on=TODAY) == job
    with pytest.raises(OutOfTurn):
        snapshots.ask(party.association, by=SYSTEM, on=TODAY)


def test_an_office_that_ended_meanwhile_draws_nothing(party):
    job = snapshots.ask(party.association, by=party.staff, on=TODAY)
    party.staff.appointments.all().void(by=SYSTEM, reason="离任")

    assert not jobs.run(job.pk)
    assert not Snapshot.objects.exists()
    assert Job.objects.get(pk=job.pk).state == JobState.FAILED
