"""Any order of deeds leaves the database in order: a small model of the rolls walks beside the real one."""

from datetime import date, timedelta

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from core.errors import Refusal
from members.choices import ExitReason, Standing
from members.domain import places, roster, standing
from members.models import Member, Membership
from portal.invariants import INVARIANTS
from tests import cast

START = date(2026, 1, 1)


class Rolls(RuleBasedStateMachine):
    """People enter, move, are suspended, come back, leave and die; days go by in between."""

    @initialize()
    def begin(self):
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.party = cast.draw()
        self.today, self.number, self.people = START, 500, {}

    def teardown(self):
        if hasattr(self, "undo"):
            transaction.set_rollback(True)
            self.undo.__exit__(None, None, None)

    @property
    def homes(self):
        return [self.party.yunshan, self.party.yuanfan, self.party.shiguang, self.party.first_group]

    @rule(days=st.integers(0, 40))
    def days_go_by(self, days):
        self.today += timedelta(days=days)

    @rule(home=st.integers(0, 3))
    def enrol(self, home):
        self.number += 1
        member = roster.enrol(
            self.homes[home], by=self.party.staff, on=self.today, name=f"张{self.number}",
            id_number=cast.fictional_id_number(date(1991, 2, 3), self.number), category="full",
            joined_on="2012-06-01", converted_on="2013-06-01",
        )  # fmt: skip
        self.people[member.pk] = (Standing.NORMAL, self.homes[home].pk)

    def attempt(self, pick, deed, after):
        """Do it to one of the people; what the house refuses changes nothing."""
        pk = sorted(self.people)[pick % len(self.people)]
        try:
            with transaction.atomic():
                deed(Member.objects.get(pk=pk))
        except Refusal:
            return
        self.people[pk] = after(self.people[pk])

    @precondition(lambda self: self.people)
    @rule(pick=st.integers(0, 99), home=st.integers(0, 3))
    def place(self, pick, home):
        cell = self.homes[home]
        self.attempt(
            pick,
            lambda member: places.place(member, cell=cell, reason="调整", by=self.party.staff, on=self.today),
            lambda known: (known[0], cell.pk),
        )

    @precondition(lambda self: self.people)
    @rule(pick=st.integers(0, 99))
    def suspend(self, pick):
        self.attempt(
            pick,
            lambda member: standing.suspend(member, reason="失去联系", by=self.party.staff, on=self.today),
            lambda known: (Standing.SUSPENDED, None),
        )

    @precondition(lambda self: self.people)
    @rule(pick=st.integers(0, 99), home=st.integers(0, 3))
    def restore(self, pick, home):
        cell = self.homes[home]
        self.attempt(
            pick,
            lambda member: standing.restore(member, cell=cell, reason="恢复", by=self.party.staff, on=self.today),
            lambda known: (Standing.NORMAL, cell.pk),
        )

    @precondition(lambda self: self.people)
    @rule(pick=st.integers(0, 99))
    def leave(self, pick):
        self.attempt(
            pick,
            lambda member: standing.leave(member, reason=ExitReason.WITHDREW, by=self.party.staff, on=self.today),
            lambda known: (Standing.LEFT, None),
        )

    @precondition(lambda self: self.people)
    @rule(pick=st.integers(0, 99))
    def die(self, pick):
        self.attempt(
            pick,
            lambda member: standing.record_death(member, by=self.party.staff, on=self.today),
            lambda known: (Standing.DECEASED, None),
        )

    @invariant()
    def the_model_and_the_rolls_agree(self):
        if not hasattr(self, "people"):
            return
        members = dict(Member.objects.filter(pk__in=self.people).values_list("pk", "standing"))
        now = dict(Membership.objects.current().filter(member__in=self.people).values_list("member", "cell"))
        assert {pk: (members[pk], now.get(pk)) for pk in members} == self.people

    @invariant()
    def everything_that_must_be_true_is(self):
        with connection.cursor() as cursor:
            for sentence, query in INVARIANTS.items():
                if "members_" in query:
                    cursor.execute(query)
                    assert cursor.fetchall() == [], sentence


@pytest.mark.django_db
@pytest.mark.parametrize(("stories", "deeds"), [(12, 18), pytest.param(400, 50, marks=pytest.mark.long)])
def test_any_order_of_deeds_leaves_the_rolls_in_order(stories, deeds):
    told = settings(
        max_examples=stories,
        stateful_step_count=deeds,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
    )
    run_state_machine_as_test(Rolls, settings=told)
