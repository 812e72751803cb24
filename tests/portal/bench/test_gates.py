"""What speed hangs on and no clock is needed for: bytes, plans, rows read, queries asked, indexes kept."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import purposes
from accounts.domain import consents
from audit import trail
from cells.authority import remember
from cells.choices import CellKind, Cover, Office
from cells.domain import tree
from cells.models import Cell, Company, SavedFilter
from core.lists.listing import listings
from members.choices import Category
from members.lists import ROSTER
from members.models import Member, Membership
from portal.bench import world
from portal.bench.asking import Reader
from portal.bench.floors import SIZE, Floor, without_cursors
from portal.bench.plans import MEMBERS, MOST_INDEXES, indexes_on, plans_of
from portal.bench.suites.pages import AS_HTMX, LIST, PAGE, far_in, pages_read
from portal.bench.suites.search import searches
from tests.cast import TODAY, appoint, enlist, found, register

PEOPLE = 1_500
MOST_QUERIES = 6
CALL = {"version": purposes.CURRENT[purposes.CALL].version, "given": True}


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


@pytest.mark.parametrize("who", ["world-wide", "world-three", "world-large"])
def test_a_whole_page_asks_as_much_for_fifty_rows_as_for_twenty(here, who):
    reader = Reader(who)
    for address in (PAGE, reverse("cells:cells"), reverse("cells:companies")):
        few, many = (queries_of(reader, f"{address}?size={size}") for size in (20, 50))
        # What stands on one page is not counted besides.
        assert many <= few <= MOST_QUERIES, address


OWN = ("me", "profile", "privacy", "seen", "visible", "rights", "requests", "request-new")
SETTINGS = ("accounts:settings", "accounts:devices")
FIGURES = ("reports:overview", "reports:figures")


def pages_of(party):
    """Every list and card, the workbench and the inbox, one's own room, the settings, and figures.

    Coverage and the list behind a figure are left out: they ask more than the rest (docs/performance.md).
    """
    cards = [member.get_absolute_url() for member in (party.wang, party.li, Member.objects.get(name="新党员10"))]
    pages = {*cards, *(f"{card}?view=print" for card in cards)}
    pages |= {reverse("portal:home"), reverse("portal:inbox"), *(listing.address() for listing in listings())}
    pages |= {*(reverse(f"members:{name}") for name in OWN), *map(reverse, SETTINGS + FIGURES)}
    pages |= {party.yunshan.get_absolute_url(), Company.objects.order_by("pk")[0].get_absolute_url()}
    return sorted(pages - {reverse("reports:coverage")})


def asked_for_each(who, pages):
    """How much each page asks that opens to ``who``."""
    reader, found = Reader(who), {}
    for page in pages:
        reader.get(page)
        with CaptureQueriesContext(connection) as asked:
            if reader.get(page).status_code == 200:
                found[page] = len(asked)
    return found


def fill(party, times):
    """More of all that pages show: members, cells, companies, offices, filters in view."""
    for number in range(times):
        enlist(f"新党员{times}{number}", party.yunshan, category=Category.PROBATIONARY, joined_on=date(2025, 12, 8))
        found(f"新支部{times}{number}", CellKind.BRANCH, party.north)
        register(f"新企业{times}{number}", party.yunshan, cover=Cover.OWN, cover_cell=party.yunshan)
        appoint(f"新委员{number}", Office.PUBLICITY_COMMISSIONER, party.yunshan)
        for member in (party.wang, party.li):
            trail.record("members.exported", member, by=party.north_staff, at=member.cell.path, facts={"file": "名册"})
        for who in (party.secretary, party.staff, party.auditor):
            words = {"listing": ROSTER.name, "query": f"category=full&scope={party.yunshan.code}"}
            SavedFilter.objects.create(
                owner=who, code=f"SX-{who.pk}{number}{times}", name=f"正式{times}{number}", pinned=True, **words
            )


@pytest.mark.parametrize("who", ["secretary", "staff", "auditor", "technician", "advisor", "leader", "plain_member"])
def test_every_page_asks_little_and_not_more_where_there_is_more(party, who):
    """The frame around it, who asks and what they hold included."""
    # The longest way: members are told the number of their secretary, who agreed to be called.
    consents.answer(party.secretary, purpose=purposes.CALL, **CALL, by=party.secretary, on=TODAY)
    fill(party, 1)
    pages = pages_of(party)
    few = asked_for_each(who, pages)
    fill(party, 4)
    assert asked_for_each(who, pages) == few
    assert few and {page: number for page, number in few.items() if number > MOST_QUERIES} == {}


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
