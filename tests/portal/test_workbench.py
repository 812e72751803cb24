"""The workbench shows what is to be done, to whoever is to do it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cells.models import Term
from core.actors import SYSTEM
from core.dated import since
from members.choices import Category
from portal import workbench
from tests.cast import TODAY, enlist

pytestmark = pytest.mark.django_db


def due(cell, on):
    Term.objects.filter(cell=cell).void(by=SYSTEM)
    Term.objects.create(cell=cell, number=2, due_on=on, valid=since(on - timedelta(days=1000)))


def subjects(user):
    return [task.subject for task in workbench.of(user, on=TODAY).tasks]


def test_a_term_that_ran_out_comes_first_and_says_since_when(party):
    due(party.yunshan, TODAY - timedelta(days=3))
    first = workbench.of(party.secretary, on=TODAY).tasks[0]
    assert (first.subject, first.status, first.words) == ("云杉科技党支部换届", "late", "逾期 3 天")


def test_a_term_is_announced_half_a_year_ahead_and_not_earlier(party):
    due(party.yunshan, TODAY + timedelta(days=183))
    assert "云杉科技党支部换届" in subjects(party.secretary)
    due(party.yunshan, TODAY + timedelta(days=184))
    assert "云杉科技党支部换届" not in subjects(party.secretary)


def test_nobody_is_asked_to_see_to_the_term_of_a_branch_elsewhere(party):
    due(party.yunshan, TODAY)
    assert "云杉科技党支部换届" not in subjects(party.other_secretary)
    assert "云杉科技党支部换届" in subjects(party.north_staff)


def test_a_probation_that_ends_within_two_months_is_for_those_who_keep_the_roster(party):
    enlist("何静", party.yunshan, category=Category.PROBATIONARY, joined_on=date(2025, 12, 8))
    assert "何静的预备期届满" in subjects(party.secretary)
    assert "何静的预备期届满" not in subjects(party.publicist)
    assert "何静的预备期届满" not in subjects(party.other_secretary)


def test_one_and_three_members_on_probation_cost_the_same_number_of_queries(party):
    counted = []
    for name in ("何静", "任可", "苏明"):
        enlist(name, party.yunshan, category=Category.PROBATIONARY, joined_on=date(2025, 12, 8))
        with CaptureQueriesContext(connection) as queries:
            workbench.of(party.secretary, on=TODAY)
        counted.append(len(queries))
    assert len(set(counted)) == 1


def test_a_member_without_an_office_finds_the_own_branch(client, party):
    client.force_login(party.plain_member)
    page = client.get("/home/", follow=True).content.decode()
    assert "云杉科技党支部" in page


def test_the_front_door_leads_in(client, party):
    assert 'href="/login/"' in client.get("/").content.decode()
    client.force_login(party.secretary)
    assert client.get("/").url == "/home/"
