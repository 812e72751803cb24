"""Lists: pages that meet without gaps, a count only on request, and no parameter that is quietly ignored."""

import pytest

pytestmark = pytest.mark.django_db


def read(program, address):
    answer = program.get(address)
    assert answer.status_code == 200, answer.content.decode()
    return answer.json()


def codes(page):
    return [row["code"] for row in page["results"]]


def follow(program, address, way="next"):
    found, pages = [], 0
    while address:
        page = read(program, address.removeprefix("http://testserver/api/v1/"))
        found.append(codes(page))
        address, pages = page[way], pages + 1
        assert pages < 20
    return found


@pytest.mark.parametrize("asked", ["", "offset=0", "ordering=-due_on,code"])
def test_pages_follow_each_other_without_gaps(party, program, asked):
    staff = program(party.staff)
    pages = follow(staff, f"cells/?limit=2&{asked}")
    whole = codes(read(staff, f"cells/?{asked}"))
    assert [code for page in pages for code in page] == whole
    assert len(whole) == len(set(whole)) == 7


def test_pages_lead_back_as_well(party, program):
    staff = program(party.staff)
    first = read(staff, "cells/?limit=3")
    second = read(staff, first["next"].removeprefix("http://testserver/api/v1/"))
    assert codes(read(staff, second["previous"].removeprefix("http://testserver/api/v1/"))) == codes(first)


def test_rows_are_counted_only_for_who_asks_and_only_within_reach(party, program):
    assert read(program(party.staff), "cells/")["count"] is None
    assert read(program(party.staff), "cells/?count=1")["count"] == 7
    assert read(program(party.secretary), "cells/?count=1")["count"] == 2
    assert read(program(party.plain_member), "cells/?count=1") | {"meta": None} == {
        "count": 0, "next": None, "previous": None, "results": [], "meta": None,
    }  # fmt: skip


def test_a_long_list_is_counted_to_a_thousand(party, program, monkeypatch):
    monkeypatch.setattr("core.pagination.count_up_to.__defaults__", (3,))
    assert read(program(party.staff), "cells/?count=1")["count"] == "3+"


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("limit=²", "limit"),
        ("offset=10001", "offset"), ("offset=-1", "offset"), ("start=made-up", "start"), ("count=2", "count"),
        ("ordering=contact_phone", "ordering"), ("ordering=name,-name", "ordering"), ("fields=path", "fields"),
        ("expand=memberships", "expand"), ("brief=x", "brief"), ("format=xml", "format"), ("kind=castle", "kind"),
        ("offset=1&start=x", "offset"), ("limit=1&limit=3", "limit"), ("count=0&count=1", "count"),
        ("start=&start=", "start"), ("before=x&before=", "before"), ("brief=1&brief=0", "brief"),
        ("format=json&format=csv", "format"), ("format=json,csv", "format"), ("q=a&q=b", "q"),
        ("name__ic=云&name__ic=北", "name__ic"),
        ("founded_on__gte=2020-01-01&founded_on__gte=2021-01-01", "founded_on__gte"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_said_at_its_parameter(party, program, query, name):
    answer = program(party.staff).get(f"cells/?{query}")
    assert answer.status_code == 400
    assert [(fault["location"], fault["pointer"]) for fault in answer.json()["errors"]] == [("query", name)]


@pytest.mark.parametrize("query", ["kindd=branch", "parent__members__id_number=1", "kind__regex=x", "scope=ZB-0001"])
def test_an_unknown_parameter_is_refused_with_those_there_are(party, program, query):
    answer = program(party.staff).get(f"cells/?{query}").json()
    assert answer["type"] == "/problems/unknown-parameter/"
    assert query.split("=")[0] in answer["detail"] and "kind__n" in answer["detail"]


def test_a_cursor_of_another_order_is_not_taken_for_the_beginning(party, program):
    staff = program(party.staff)
    cursor = read(staff, "cells/?limit=2")["next"].split("start=")[1]
    assert staff.get(f"cells/?limit=2&ordering=-name&start={cursor}").status_code == 400


def test_only_what_is_asked_for_is_shown(party, program):
    staff = program(party.staff)
    address = f"cells/{party.yunshan.code}/"
    assert set(read(staff, f"{address}?brief=1")) == {"code", "name", "url", "meta"}
    assert set(read(staff, f"{address}?fields=name,kind")) == {"name", "kind", "meta"}
    whole = read(staff, f"{address}?fields=name&expand=parent")
    assert set(whole) == {"name", "parent", "meta"} and whole["parent"]["kind"] == "committee"
    assert set(read(staff, address)["parent"]) == {"code", "name", "url"}


def test_what_exists_elsewhere_looks_like_what_does_not_exist(party, program):
    """By address, by filter and by count: status, body and headers."""
    secretary = program(party.secretary)
    bait, nowhere = party.yuanfan.code, "ZB-" + "9" * len(party.yuanfan.code[3:])
    for address in ("cells/{}/", "cells/{}/?expand=parent", "cells/?parent={}&count=1", "cells/?code={}&count=1"):
        told = []
        for code in (bait, nowhere):
            answer = secretary.get(address.format(code))
            kept = {
                name: value
                for name, value in answer.headers.items()
                if name not in ("X-Request-ID", "RateLimit-Remaining", "RateLimit-Reset")
            }
            told.append((answer.status_code, answer.content.decode().replace(code, ""), kept))
        assert told[0] == told[1], address
