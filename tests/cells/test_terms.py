"""届次: begun, told again, refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from audit.models import Entry
from cells.choices import CellKind
from cells.domain import terms
from cells.domain.terms import Beginning
from cells.models import Term
from core.dated import since
from core.errors import OutOfTurn, Refusal
from tests import cast
from tests.cast import LONG_AGO, TODAY

pytestmark = pytest.mark.django_db
ELECTED, DUE = date(2026, 11, 1), date(2029, 10, 31)


def begin(party, cell="yunshan", *, who="north_staff", number=2, from_on=ELECTED, due_on=DUE):
    cell = getattr(party, cell)
    return terms.begin(cell, number=number, from_on=from_on, due_on=due_on, by=getattr(party, who), on=TODAY)


def test_a_term_lasts_until_the_next_begins(party):
    begin(party)
    numbers = [Term.objects.as_of(day).get(cell=party.yunshan).number for day in (LONG_AGO, ELECTED)]
    assert numbers == [1, 2]
    assert Term.objects.as_of(ELECTED - timedelta(days=1)).get(cell=party.yunshan).number == 1


def test_it_leaves_one_entry(party):
    begin(party)
    [entry] = Entry.objects.about(party.yunshan)
    assert (entry.action, entry.facts["due"]) == ("cells.term_begun", DUE.isoformat())


def test_the_same_term_told_again_changes_nothing(party):
    begin(party)
    again = begin(party)
    assert (again.number, Term.objects.filter(cell=party.yunshan).count()) == (2, 3)
    assert Entry.objects.about(party.yunshan).count() == 1


@pytest.mark.parametrize(
    ("answers", "field"),
    [({"due_on": ELECTED}, "due_on"), ({"from_on": TODAY + timedelta(days=1)}, "from_on")],
)
def test_what_cannot_be_is_refused(party, answers, field):
    with pytest.raises(Refusal) as caught:
        begin(party, **answers)
    assert caught.value.field == field


def test_a_refusal_in_a_list_names_the_row(party):
    good, bad = Beginning(party.yunshan, 2, ELECTED, DUE), Beginning(party.yuanfan, 2, ELECTED, ELECTED)
    with pytest.raises(Refusal) as caught:
        terms.begin_many([good, bad], by=party.staff, on=TODAY)
    assert caught.value.row == 1


def test_a_dissolved_cell_begins_no_term(party):
    party.yuanfan.dissolved_on = TODAY
    party.yuanfan.save()
    with pytest.raises(OutOfTurn):
        begin(party, "yuanfan")


@pytest.mark.parametrize("who", ["secretary", "deputy", "auditor", "stranger"])
def test_only_who_keeps_the_cell_may(party, who):
    with pytest.raises(PermissionDenied):
        begin(party, who=who)


def test_thirty_take_as_many_queries_as_three(party, queries_of):
    cells = [cast.found(f"{number}支部", CellKind.BRANCH, party.north) for number in range(31)]

    def some(of):
        return [Beginning(cell, 1, ELECTED, DUE) for cell in of]

    terms.begin_many(some(cells[30:]), by=party.staff, on=TODAY)
    three = queries_of(terms.begin_many, some(cells[:3]), by=party.staff, on=TODAY)
    assert queries_of(terms.begin_many, some(cells[3:30]), by=party.staff, on=TODAY) == three <= 16


def test_the_database_refuses_a_term_that_ends_before_it_begins(party):
    with pytest.raises(IntegrityError, match="a_term_ends_after_it_begins"), transaction.atomic():
        Term.objects.create(cell=party.first_group, due_on=ELECTED, valid=since(ELECTED))


def test_the_database_refuses_two_terms_at_once(party):
    with pytest.raises(IntegrityError, match="term_one_at_a_time"), transaction.atomic():
        Term.objects.create(cell=party.yunshan, due_on=DUE, valid=since(ELECTED))
