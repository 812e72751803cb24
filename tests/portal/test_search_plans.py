"""What the database does for a search: it looks names up. How long that takes is measured by the bench, not here."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from cells.models import Cell, Company
from core.names import name_filter, readings, whole_name_filter
from members.models import Member
from portal.bench import world
from portal.bench.plans import MEMBERS, plan_of
from portal.search.kinds import find

TERMS = {Member: "member_by_search_terms", Cell: "cell_by_search_terms", Company: "company_by_search_terms"}
SEARCHED = {MEMBERS, "cells_cell", "cells_company"}


@pytest.fixture
def crowd(db):
    """A world in which nothing is read from end to end where an index could be asked."""
    world.build(1_000, seed=1)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
    return Member.objects.order_by("pk")


def read_whole(text, who):
    """Tables that one search reads from end to end."""
    user = User.objects.get(username=who)
    with CaptureQueriesContext(connection) as asked:
        list(find(text, user))
    plans = [plan_of(query["sql"]) for query in asked if any(table in query["sql"] for table in SEARCHED)]
    scans = [node for plan in plans for node in plan.nodes if node["Node Type"] == "Seq Scan"]
    return {scan["Relation Name"] for scan in scans} & SEARCHED


@pytest.mark.parametrize("kind", TERMS)
def test_names_are_looked_up_in_the_index_of_their_terms(crowd, kind):
    name = kind.objects.order_by("pk").last().name
    for text in (name, name[-2:], readings(name).initials, "z"):
        for asked in (name_filter(text), whole_name_filter(text)):
            plan = plan_of(*kind.objects.filter(asked).order_by().query.sql_with_params())
            assert TERMS[kind] in [node.get("Index Name") for node in plan.nodes], text


def test_no_search_reads_a_table_from_end_to_end(crowd):
    somebody = crowd[0]
    read = readings(somebody.name)
    for text in (somebody.name, read.initials, read.pinyin.replace(" ", ""), "z", somebody.code, "5678"):
        assert read_whole(text, "world-wide") == set(), text
        assert read_whole(text, "world-middle") == set(), text
