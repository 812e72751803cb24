import datetime as dt
from base64 import urlsafe_b64decode
from decimal import Decimal

import pytest
from django.db import connection
from django.db.models.functions import Length
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from core.dated import since
from core.pagination import count_up_to, page, page_of

ORDERS = [
    ["tenant"],
    ["-tenant"],
    ["rent", "tenant"],
    ["-rent", "tenant"],
    ["-recorded_at", "-pk"],
    ["recorded_by__code"],
    ["-recorded_by__code", "-rent"],
    ["length", "-tenant"],
]


@pytest.fixture
def lodgers(tenancies):
    people = [User.objects.create(code=f"DY-{letter * 6}", name=letter) for letter in "BC"] + [None]
    for n in range(23):
        tenancies.objects.create(
            flat=n,
            tenant="abcdefg"[n % 7] * (n % 3 + 1),
            rent=None if n % 5 == 0 else Decimal(n % 4) + Decimal("0.25"),
            recorded_by=people[n % 3],
            recorded_at=dt.datetime(2026, 1, 1 + n % 6, tzinfo=dt.UTC),
            valid=since(dt.date(2026, 1, 1)),
        )
    return tenancies.objects.annotate(length=Length("tenant"))


@pytest.mark.parametrize("size", [1, 4, 22, 23, 50])
@pytest.mark.parametrize("order", ORDERS, ids=",".join)
def test_pages_forward_and_back_show_every_row_once(lodgers, order, size):
    forward, cursors = [], []
    shown = page(lodgers, order=order, size=size)
    assert shown.previous is None
    while True:
        forward.append([row.pk for row in shown.rows])
        cursors.append(shown)
        if shown.next is None:
            break
        shown = page(lodgers, order=order, after=shown.next, size=size)
    every = [pk for pks in forward for pk in pks]
    assert len(every) == len(set(every)) == 23
    assert all(len(pks) == size for pks in forward[:-1])

    backward = [forward[-1]]
    while shown.previous:
        shown = page(lodgers, order=order, before=shown.previous, size=size)
        backward.insert(0, [row.pk for row in shown.rows])
    assert [pk for pks in backward for pk in pks] == every
    assert shown.next is None or len(forward) > 1


def test_rows_without_a_value_come_last_in_either_direction(lodgers):
    for order in (["rent"], ["-rent"]):
        rents = [row.rent for row in page(lodgers, order=order).rows]
        assert rents[-5:] == [None] * 5
        assert sorted(rents[:-5], reverse=order == ["-rent"]) == rents[:-5]


def test_rows_that_come_between_pages_are_neither_skipped_nor_shown_twice(lodgers, tenancies):
    first = page(lodgers, order=["flat"], size=5)
    tenancies.objects.create(flat=-1, tenant="z", valid=since(dt.date(2026, 1, 1)))
    assert [row.flat for row in page(lodgers, order=["flat"], after=first.next, size=5).rows] == [5, 6, 7, 8, 9]


@pytest.mark.parametrize("cursor", ["", "rubbish", "W10:1abc:xyz"])
def test_a_cursor_that_is_not_ours_leads_to_the_first_page(lodgers, cursor):
    assert [row.flat for row in page(lodgers, order=["flat"], after=cursor, size=3).rows] == [0, 1, 2]
    assert [row.flat for row in page(lodgers, order=["flat"], before=cursor, size=3).rows] == [0, 1, 2]


def test_a_cursor_of_another_order_leads_to_the_first_page(lodgers):
    cursor = page(lodgers, order=["-flat"], size=3).next
    assert [row.flat for row in page(lodgers, order=["flat"], after=cursor, size=3).rows] == [0, 1, 2]


def test_a_cursor_does_not_tell_what_it_sorts_by(lodgers):
    cursor = page(lodgers, order=["tenant"], size=5).next
    last = page(lodgers, order=["tenant"], size=5).rows[-1].tenant
    opened = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    assert f'"{last}"'.encode() not in opened
    assert cursor != page(lodgers, order=["tenant"], size=5).next


def test_a_page_costs_one_query(lodgers, django_assert_num_queries):
    first = page(lodgers, order=["recorded_by__code"], size=5)
    with django_assert_num_queries(1):
        page(lodgers, order=["recorded_by__code"], after=first.next, size=5)


def test_an_index_is_entered_at_the_cursor(lodgers):
    cursor = page(lodgers, order=["tenant"], size=5).next
    with CaptureQueriesContext(connection) as queries:
        page(lodgers, order=["tenant"], after=cursor, size=5)
        page(lodgers, order=["-tenant"], after=page(lodgers, order=["-tenant"], size=5).next, size=5)
    assert '"tenant" >= ' in queries[0]["sql"]
    assert '"tenant" <= ' in queries[2]["sql"]


def test_addresses_keep_what_else_the_reader_chose(lodgers):
    request = RequestFactory().get("/members/", {"scope": "ZB-0231", "size": "20", "q": "张"})
    first = page_of(request, lodgers, order=["flat"])
    assert len(first.rows) == 20
    assert first.previous is None
    assert first.next.startswith("?scope=ZB-0231&size=20&q=%E5%BC%A0&after=")
    second = page_of(RequestFactory().get(f"/members/{first.next}"), lodgers, order=["flat"])
    assert [row.flat for row in second.rows] == [20, 21, 22]
    assert "after=" not in second.previous
    assert "before=" in second.previous
    odd = RequestFactory().get("/members/", {"size": "99999"})
    assert len(page_of(odd, lodgers, order=["flat"], size=3).rows) == 3


def test_counting_stops_at_the_cap(lodgers):
    assert str(count_up_to(lodgers)) == "23"
    assert str(count_up_to(lodgers, cap=23)) == "23"
    assert str(count_up_to(lodgers, cap=10)) == "10+"
