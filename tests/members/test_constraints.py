"""What the database itself refuses, whoever asks."""

import threading
from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from core.dated import since
from core.errors import Refusal
from members.choices import EntryReason, ExitReason, Standing
from members.domain import places, roster, standing
from members.models import Member, MemberFact, Membership
from tests import cast
from tests.cast import LONG_AGO, TODAY


def refused(sentence):
    return pytest.raises(IntegrityError, match=sentence)


def add(member, cell, on, until=None, reason=""):
    return Membership.objects.create(
        member=member, cell=cell, valid=since(on, until), entry_reason=EntryReason.ENROLLED, exit_reason=reason
    )


def test_memberships_of_one_member_do_not_overlap(party):
    with refused("membership_one_at_a_time"), transaction.atomic():
        add(party.wang, party.yuanfan, TODAY, TODAY + timedelta(days=1), ExitReason.PLACED)
        connection.check_constraints()


def test_an_active_member_without_a_cell_is_refused(party):
    with refused("exactly one cell"), transaction.atomic():
        Membership.objects.filter(member=party.wang).void(by=party.staff)
        connection.check_constraints()


def test_somebody_who_left_keeps_no_cell(party):
    with refused("only an active member"), transaction.atomic():
        Member.objects.filter(pk=party.wang.pk).update(standing=Standing.LEFT)
        connection.check_constraints()


@pytest.mark.parametrize(("reason", "allowed"), [(ExitReason.PLACED, False), (ExitReason.SUSPENDED, True)])
def test_a_gap_needs_a_reason_that_opens_one(party, reason, allowed):
    def leave_a_gap():
        with transaction.atomic():
            Membership.objects.filter(member=party.wang).void(by=party.staff)
            add(party.wang, party.yunshan, LONG_AGO, TODAY, reason)
            add(party.wang, party.yunshan, TODAY + timedelta(days=3))
            connection.check_constraints()

    if allowed:
        leave_a_gap()
    else:
        with refused("a gap between memberships"):
            leave_a_gap()


def test_a_membership_has_days_and_an_end_has_a_reason(party):
    for valid, reason in ((since(TODAY, TODAY), "left"), (since(TODAY, TODAY + timedelta(days=1)), "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Membership.objects.create(
                member=party.wang,
                cell=party.yunshan,
                valid=valid,
                entry_reason=EntryReason.ENROLLED,
                exit_reason=reason,
            )


def test_history_is_neither_changed_nor_removed(party):
    for rows in (Membership.objects.filter(member=party.wang), MemberFact.objects.filter(member=party.wang)):
        for change in (
            lambda rows=rows: rows.update(valid=since(TODAY)),
            lambda rows=rows: rows._raw_delete(rows.db),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                change()


def test_one_id_number_belongs_to_one_member_that_stands(party):
    with refused("an_id_number_belongs_to_one_member"), transaction.atomic():
        Member.objects.filter(pk=party.wang.pk).update(id_number_index=party.sun.id_number_index)


def race(*deeds):
    """Set the deeds going at one moment, each on a connection of its own; what came of them."""
    start, outcomes = threading.Barrier(len(deeds)), []

    def run(deed):
        try:
            start.wait(timeout=10)
            deed()
            outcomes.append("done")
        except (Refusal, IntegrityError) as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
class TestRaces:
    @pytest.fixture
    def party(self, transactional_db):
        return cast.draw()

    def test_of_many_moves_at_once_the_member_ends_up_in_one_cell(self, party):
        cells = [party.yuanfan, party.shiguang, party.first_group] * 2
        race(
            *(
                lambda cell=cell: places.place(party.wang, cell=cell, reason="同时办理", by=party.staff, on=TODAY)
                for cell in cells
            )
        )
        assert Membership.objects.current().filter(member=party.wang).count() == 1

    def test_one_person_enrolled_twice_at_once_is_enrolled_once(self, party):
        answers = {
            "name": "尉迟明", "id_number": cast.fictional_id_number(LONG_AGO.replace(year=1990), 7),
            "category": "full", "joined_on": "2012-01-01", "converted_on": "2013-01-01",
        }  # fmt: skip
        outcomes = race(
            *(
                lambda cell=cell: roster.enrol(cell, by=party.staff, on=TODAY, **answers)
                for cell in (party.yunshan, party.yuanfan, party.shiguang)
            )
        )
        assert outcomes.count("done") == 1
        assert Member.objects.filter(name="尉迟明").count() == 1

    def test_placed_and_suspended_at_once_leaves_no_half_state(self, party):
        race(
            lambda: places.place(party.wang, cell=party.yuanfan, reason="同时办理", by=party.staff, on=TODAY),
            lambda: standing.suspend(party.wang, reason="同时办理", by=party.staff, on=TODAY),
            lambda: standing.leave(party.wang, reason=ExitReason.WITHDREW, by=party.staff, on=TODAY),
        )
        member = Member.objects.get(pk=party.wang.pk)
        assert Membership.objects.current().filter(member=member).count() == (member.standing == Standing.NORMAL)

    def test_two_transactions_that_each_look_right_cannot_both_leave_the_member_without_a_cell(self, party):
        """Write skew: each reads before the other has written. The trigger's lock makes the second see the first."""

        def swap(cell):
            with transaction.atomic():
                old = Membership.objects.standing().get(member=party.wang)
                old_pk = old.pk
                Membership.objects.filter(pk=old_pk).void(by=party.staff)
                add(party.wang, cell, LONG_AGO)

        outcomes = race(lambda: swap(party.yuanfan), lambda: swap(party.shiguang))
        assert "done" in outcomes
        assert Membership.objects.current().filter(member=party.wang).count() == 1
