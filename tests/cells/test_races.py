"""Two people at once, each on a connection of their own: what must hold whoever is first."""

from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from cells.choices import CellKind, Office
from cells.domain import appointments, companies, tree
from cells.models import Appointment, Cell, Company
from core.errors import Refusal
from tests import cast
from tests.cast import TODAY

pytestmark = pytest.mark.django_db(transaction=True)
ROUNDS = [20, pytest.param(500, marks=pytest.mark.long)]


def at_once(*deeds):
    """Do the deeds at the same moment; returns what each came to: its answer or what it raised."""
    start, outcomes = Barrier(len(deeds)), {}

    def run(place, deed):
        try:
            start.wait()
            outcomes[place] = deed()
        except (Refusal, DatabaseError) as error:
            outcomes[place] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(deeds)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return [outcomes[place] for place in range(len(deeds))]


def assert_no_circle():
    for cell in Cell.objects.select_related("parent"):
        assert cell.path == f"{cell.parent.path if cell.parent else '/'}{cell.pk}/"


@pytest.mark.parametrize("rounds", ROUNDS)
def test_two_crossing_moves_never_make_a_circle(rounds, party):
    for number in range(rounds):
        one = cast.found(f"甲{number}党委", CellKind.COMMITTEE, party.association)
        other = cast.found(f"乙{number}党委", CellKind.COMMITTEE, party.association)

        outcomes = at_once(
            lambda one=one, other=other: tree.move(one, superior=other, by=party.staff, on=TODAY),
            lambda one=one, other=other: tree.move(other, superior=one, by=party.staff, on=TODAY),
        )

        assert {type(outcome) for outcome in outcomes} == {Cell, Refusal}
        assert_no_circle()


def test_the_database_refuses_the_circle_that_crosses_past_the_deeds(party):
    one = cast.found("甲党委", CellKind.COMMITTEE, party.association)
    other = cast.found("乙党委", CellKind.COMMITTEE, party.association)

    def graft(cell, superior):
        def write():
            with transaction.atomic():
                Cell.objects.filter(pk=cell.pk).update(parent=superior, path=f"{superior.path}{cell.pk}/")
            return cell

        return write

    outcomes = at_once(graft(one, other), graft(other, one))

    refused = [str(outcome) for outcome in outcomes if isinstance(outcome, DatabaseError)]
    assert len(refused) == 1
    assert "does not follow from its superior" in refused[0] or "deadlock" in refused[0]
    assert_no_circle()


def test_of_two_secretaries_named_at_once_one_is_refused(party):
    for number in range(5):
        cell = cast.found(f"空缺{number}支部", CellKind.BRANCH, party.north)
        people = [cast.person(name) for name in ("甲", "乙")]

        outcomes = at_once(
            *(
                lambda cell=cell, holder=holder: appointments.appoint(
                    cell, holder=holder, office=Office.SECRETARY, by=party.staff, on=TODAY
                )
                for holder in people
            )
        )

        assert {type(outcome) for outcome in outcomes} == {Appointment, Refusal}
        assert cell.appointments.in_force(TODAY).count() == 1


def test_of_two_duties_given_at_once_to_one_person_one_is_refused(party):
    for number in range(5):
        other = cast.found(f"协会{number}党委", CellKind.COMMITTEE)
        staff, holder = cast.appoint(f"协会{number}干事", Office.ASSOCIATION_STAFF, other), cast.person("何静")
        seats = ((party.association, Office.AUDITOR, party.staff), (other, Office.TECHNICAL_ADMINISTRATOR, staff))

        outcomes = at_once(
            *(
                lambda seat=seat, holder=holder: appointments.appoint(
                    seat[0], holder=holder, office=seat[1], by=seat[2], on=TODAY
                )
                for seat in seats
            )
        )

        assert {type(outcome) for outcome in outcomes} == {Appointment, Refusal}
        [refusal] = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
        assert (refusal.field, refusal.row) == ("holder", 0)
        assert "业务、技术、审计由不同的人担任" in str(refusal)


def test_of_two_files_opened_at_once_for_one_code_one_is_refused(party):
    outcomes = at_once(
        *(
            lambda name=name: companies.register(
                name, party.north, credit_code="91000000Y11N7JBW23", by=party.staff, on=TODAY
            )
            for name in ("甲公司", "乙公司")
        )
    )
    assert Company.objects.count() == 1
    assert sum(isinstance(outcome, Company) for outcome in outcomes) == 1


def test_nothing_is_founded_under_a_cell_while_it_is_dissolved(party):
    cell = cast.found("甲党委", CellKind.COMMITTEE, party.association)

    outcomes = at_once(
        lambda: tree.dissolve(cell, reason="撤销", by=party.staff, on=TODAY),
        lambda: tree.found("乙支部", CellKind.BRANCH, cell, by=party.staff, on=TODAY),
    )

    assert sum(isinstance(outcome, Refusal) for outcome in outcomes) == 1
    cell.refresh_from_db()
    assert (cell.dissolved_on is None) == cell.children.exists()
