"""What the database refuses of the tree, whoever asks."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from cells.choices import CellKind
from cells.models import Cell, Placement, Term
from core.dated import since
from tests import cast
from tests.cast import LONG_AGO, TODAY

pytestmark = pytest.mark.django_db


def refuses(name, write):
    with pytest.raises(DatabaseError, match=name), transaction.atomic():
        write()
        connection.check_constraints()


def test_one_path_for_two_cells(party):
    refuses(
        "a_path_belongs_to_one_cell", lambda: Cell.objects.filter(pk=party.yuanfan.pk).update(path=party.yunshan.path)
    )


def test_a_cell_as_its_own_superior(party):
    refuses("a_cell_is_not_its_own_parent", lambda: Cell.objects.filter(pk=party.north.pk).update(parent=party.north))


def test_a_path_that_does_not_follow_from_the_superior(party):
    refuses("does not follow", lambda: Cell.objects.filter(pk=party.north.pk).update(parent=party.yunshan))
    refuses("does not follow", lambda: Cell.objects.filter(pk=party.north.pk).update(path=f"/{party.north.pk}/"))


def test_inferiors_left_behind_by_a_path_that_moved(party):
    def write():
        Cell.objects.filter(pk=party.north.pk).update(parent=party.south, path=f"{party.south.path}{party.north.pk}/")

    refuses("does not follow", write)


def test_one_name_twice_under_one_superior(party):
    refuses(
        "a_name_stands_once_under_one_superior", lambda: cast.found(party.yunshan.name, CellKind.BRANCH, party.north)
    )


def test_one_name_twice_at_the_top(party):
    refuses("a_name_stands_once_under_one_superior", lambda: cast.found(party.association.name, CellKind.COMMITTEE))


def test_a_dissolved_cell_holds_no_name(party):
    Cell.objects.filter(pk=party.yuanfan.pk).update(dissolved_on=TODAY)
    cast.found(party.yuanfan.name, CellKind.BRANCH, party.north)


def test_a_cell_dissolved_before_it_was_founded(party):
    refuses(
        "a_cell_is_dissolved_after_it_was_founded",
        lambda: Cell.objects.filter(pk=party.yuanfan.pk).update(dissolved_on=date(2001, 1, 1)),
    )


def test_two_placements_on_one_day(party):
    refuses(
        "placement_one_at_a_time",
        lambda: Placement.objects.create(
            cell=party.yuanfan, kind=CellKind.BRANCH, name="甲", path=party.yuanfan.path, valid=since(TODAY)
        ),
    )


@pytest.mark.parametrize("model", [Placement, Term])
def test_the_past_rewritten_or_forgotten(party, model):
    rows = model.objects.filter(cell=party.yuanfan)
    refuses(r"keeps its history|permission denied", lambda: rows.update(valid=since(LONG_AGO, TODAY)))
    refuses(r"keeps its history|permission denied", rows.delete)


@pytest.mark.parametrize("table", ["cells_placement", "cells_term", "cells_companyfact", "cells_appointment"])
def test_the_application_has_no_right_to_rewrite_or_forget(db, table):
    def may(right):
        with connection.cursor() as cursor:
            cursor.execute("SELECT has_table_privilege(%s, %s)", [table, right])
            return cursor.fetchone()[0]

    assert [right for right in ("UPDATE", "DELETE", "TRUNCATE") if may(right)] == []
    assert may("INSERT")
