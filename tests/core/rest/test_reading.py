"""What programs send is read in one way or not at all."""

import pytest

from core.rest.problems import Problem
from core.rest.reading import DEEPEST, MOST_VALUES, read_object

pytestmark = pytest.mark.django_db

BAD = [
    (b"[" * 10_000, "", "too_deep"),
    (b'{"a":' * (DEEPEST + 1) + b"1" + b"}" * (DEEPEST + 1), "", "too_deep"),
    (b'{"a": [' + b"0," * MOST_VALUES + b"0]}", "", "too_many"),
    (b'{"a": [' + b"[]," * MOST_VALUES + b"0]}", "", "too_many"),
    (b"{" + b",".join(b'"%d": 0' % nth for nth in range(MOST_VALUES + 2)) + b"}", "", "too_many"),
    (b'{"a": 1, "b": {"c": 1, "c": 2}}', "/b/c", "twice"),
    (b'{"a/b~": "\\u0000"}', "/a~1b~0", "unkeepable"),
    (b'{"a": ["\\ud83d"]}', "/a/0", "unkeepable"),
    (b'{"a": NaN}', "/a", "not_finite"),
    (b'{"a": -Infinity}', "/a", "not_finite"),
    (b'{"a": 1e400}', "/a", "not_finite"),
    (b'{"a": ' + b"9" * 5_000 + b"}", "/a", "not_finite"),
    (b'{"a": 9223372036854775808}', "/a", "too_large"),
    (b"[1]", "", "not_an_object"),
    (b"null", "", "not_an_object"),
    (b'{"a": "\xff"}', "", "utf8"),
    (b"{'a': 1}", "", "json"),
    (b'{"a": 1} {}', "", "json"),
]


@pytest.mark.parametrize(("body", "pointer", "code"), BAD, ids=[code for _body, _pointer, code in BAD])
def test_a_body_that_cannot_be_kept_as_it_is_meant_is_refused_with_its_place(body, pointer, code):
    with pytest.raises(Problem) as refused:
        read_object(body)
    [fault] = refused.value.faults
    assert (refused.value.slug, fault.location, fault.pointer, fault.code) == ("unreadable", "body", pointer, code)
    assert fault.detail


def test_brackets_in_texts_are_no_depth():
    assert read_object(b'{"a": "' + b"[" * 5_000 + b'\\"{"}')["a"].startswith("[[")


def test_commas_in_texts_are_no_values():
    assert len(read_object(b'{"a": "' + b"," * (MOST_VALUES + 2) + b'"}')["a"]) > MOST_VALUES


def test_nothing_sent_is_an_empty_object():
    assert read_object(b"  ") == {}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"x" * (2 * 1024 * 1024 + 1), "application/json", 413),
        (b'{"name": "x"}', "text/plain", 415),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"[" * 10_000, "application/json", 400),
    ],
)
def test_a_body_of_another_kind_or_size_changes_nothing(party, program, body, kind, status):
    answer = program(party.staff).client.post("/api/v1/cells/", body, content_type=kind)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json")


def test_a_body_whose_length_is_not_told_is_not_taken_for_none(party, program):
    staff = program(party.staff)
    refused = staff.post(f"cells/{party.yunshan.code}/dissolve/", {"on": "x"}, headers={"transfer-encoding": "chunked"})
    assert (refused.status_code, refused.json()["type"]) == (411, "/problems/length-required/")


@pytest.mark.parametrize("query", ["q=%00", "q=%ED%A0%80", "q=%FF", "q=" + "x" * 10_000, "x&" * 1_100])
def test_an_address_is_read_as_strictly(party, program, query):
    answer = program(party.staff).get(f"cells/?{query}")
    assert (answer.status_code, answer.headers["Content-Type"]) == (400, "application/problem+json")


def test_a_method_is_what_it_is(party, program):
    staff = program(party.staff)
    address = f"cells/{party.yunshan.code}/"
    for more in ({"headers": {"x-http-method-override": "DELETE"}}, {"query_params": {"_method": "DELETE"}}):
        assert staff.post(address, {"_method": "DELETE"}, **more).status_code == 405
