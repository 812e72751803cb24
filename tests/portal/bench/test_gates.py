"""What speed hangs on and no clock is needed for: bytes, plans, rows read, queries asked, indexes kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cells.authority import remember
from cells.domain import tree
from cells.models import Cell
from members.models import Membership
from portal.bench import world
from portal.bench.asking import Reader
from portal.bench.floors import SIZE, Floor, without_cursors
from portal.bench.plans import MEMBERS, MOST_INDEXES, indexes_on, plans_of
from portal.bench.suites.pages import AS_HTMX, LIST, PAGE, far_in, pages_read
from portal.bench.suites.search import searches
from tests.cast import TODAY

PEOPLE = 1_500
MOST_QUERIES = 6


@pytest.fixture
def here(db):
    world.build(PEOPLE)


@pytest.fixture
def no_scans(here):
    """So few people are read from end to end even where an index would do: what counts is that there is one."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")


def queries_of(reader, address, **headers):
    reader.get(address, **headers)
    with CaptureQueriesContext(connection) as asked:
        assert reader.get(address, **headers).status_code == 200
    return len(asked)


def test_the_portal_and_the_floor_say_the_same(here):
    wide, floor = Reader("world-wide"), Floor(Cell.objects.get(parent=None).path, connection.connection)
    assert without_cursors(wide.get(LIST).content) == floor.page()
    far = far_in(10)
    assert without_cursors(wide.get(f"{LIST}?start={far.cursor}").content) == floor.page(far.values)


def test_no_search_reads_everybody(no_scans):
    reader = Reader("world-wide")
    remember(reader.user)
    for kind, look in searches(Membership.objects.current().visible_to(reader.user)).items():
        assert look(), kind
        assert not any(plan.reads_all_members for plan in plans_of(look)), kind


def test_what_a_page_reads_is_counted_wherever_one_is(here):
    """How much that may be is asked of a large world by ``bench``: so few people are quicker read whole."""
    for who, plans in pages_read():
        assert plans and min(plan.rows_read for plan in plans) >= SIZE, who


def test_a_list_asks_as_much_for_fifty_rows_as_for_five(here):
    wide = Reader("world-wide")
    assert queries_of(wide, f"{LIST}?limit=5") == queries_of(wide, f"{LIST}?limit=50") <= MOST_QUERIES
    fragment = [queries_of(wide, f"{PAGE}?size={size}", **AS_HTMX) for size in (20, 50)]
    assert fragment[0] == fragment[1] <= MOST_QUERIES


def test_three_scopes_are_read_with_as_many_queries_as_one(here):
    one, three = Reader("world-middle"), Reader("world-three")
    for address, headers in ((LIST, {}), (PAGE, AS_HTMX)):
        assert queries_of(one, address, **headers) == queries_of(three, address, **headers)


def test_members_have_few_indexes(db):
    assert len(indexes_on(MEMBERS)) <= MOST_INDEXES


def test_moving_a_part_of_the_tree_touches_no_member(party):
    def written():
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
                " WHERE relname LIKE 'members\\_%'"
            )
            return cursor.fetchone()[0]

    before = written()
    tree.move(party.yunshan, superior=party.south, by=party.staff, on=TODAY)
    assert written() == before
    assert party.first_group.path != Cell.objects.get(pk=party.first_group.pk).path


def test_counting_everybody_once_comes_to_what_counting_each_cell_does(here):
    each = {cell.path: {"full": cell.full, "probationary": cell.probationary} for cell in Cell.objects.with_members()}
    assert Cell.objects.count_members(each) == each
    some = list(each)[5:9]
    assert Cell.objects.count_members(some) == {path: each[path] for path in some}
