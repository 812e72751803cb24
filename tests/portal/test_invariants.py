"""What must be true of the whole database, and that it is noticed when it is not."""

import io

import pytest
from django.core.management import call_command
from django.db import connection

from members.choices import OPENS_A_GAP
from members.models import Member, Membership
from portal.invariants import INVARIANTS


def broken():
    """The sentences that do not hold."""
    out = io.StringIO()
    try:
        call_command("verify_invariants", stdout=out)
    except SystemExit as stop:
        assert stop.code == 1
    return [line.partition(":")[0] for line in out.getvalue().splitlines()]


def test_the_cast_is_in_order_and_nothing_is_printed(party):
    assert broken() == []


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ("UPDATE members_member SET standing = 'left' WHERE name = '王涛'",
         "an active member belongs to exactly one cell, others to none"),
        ("UPDATE members_member SET education = '14' WHERE name = '王涛'", "a member is as the facts say"),
        ("UPDATE members_member SET converted_on = NULL WHERE name = '王涛'",
         "a full member was converted, a probationary one was not"),
        ("UPDATE members_member SET mobile_index = '' WHERE name = '王涛'", "a number is sealed and has its index"),
        ("UPDATE members_member SET address = 'x' WHERE name = '王涛'", "a number is sealed and has its index"),
        ("UPDATE members_membership SET voided_at = now()", "a record that stands has belonged somewhere"),
        ("UPDATE cells_cell SET name = name || 'x' WHERE kind = 'group'",
         "a standing cell is where its placement says"),
        ("UPDATE cells_cell SET voided_at = now(), dissolved_on = '2026-11-20' WHERE name LIKE '%云杉%'",
         "nothing stands of what was voided"),
        ("UPDATE cells_cell SET dissolved_on = '2026-01-01' WHERE name LIKE '%云杉%'",
         "a dissolved cell has no members"),
    ],
)  # fmt: skip
def test_a_broken_one_is_named(party, change, sentence):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        cursor.execute(change)
    assert sentence in broken()
    # What the deferred triggers would refuse at the end must not reach the end of the test.
    connection.needs_rollback = True


def test_every_query_runs_and_every_gap_has_its_list(party):
    with connection.cursor() as cursor:
        for query in INVARIANTS.values():
            cursor.execute(query)
            assert cursor.fetchall() == []
    assert all(reason in INVARIANTS["a gap between memberships has a reason"] for reason in OPENS_A_GAP)
    assert Member.objects.count() == Membership.objects.count()
