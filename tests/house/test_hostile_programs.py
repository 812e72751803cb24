"""Whatever stands in the place of a body or of any answer in it, at every address that writes: refused, unchanged."""

import json

import pytest
from django.apps import apps
from django.db import connection, transaction

from tests.house.conftest import LONG, Undo
from tests.house.described import asked, resolved, writes

MIB = "x" * 2**20
UNREADABLE = {
    "NUL": b'{"change_note": "\\u0000"}',
    "half a surrogate": b'{"change_note": "\\ud800"}',
    "another half": b'{"\\udfff": 1}',
    "a key twice": b'{"change_note": "a", "change_note": "b"}',
    "1e400": b'{"change_note": 1e400}',
    "NaN": b'{"change_note": NaN}',
    "5,000 digits": b'{"change_note": ' + b"9" * 5_000 + b"}",
    "10,000 levels": b'{"change_note": ' + b"[" * 10_000 + b"]" * 10_000 + b"}",
    "half of it": b'{"change_note": ',
    "a list": b"[]",
    "a text": b'"text"',
    "no UTF-8": b'{"change_note": "\xff\xfe"}',
    "a name nobody asked for": b'{"is_superuser": true}',
}
OTHER_KINDS = ("text/plain", "application/x-www-form-urlencoded", "application/xml")
VALUES = {
    "null": None, "boolean": True, "number": 7.5, "string": "张\u202e", "array": [[]], "object": {"a": 1},
}  # fmt: skip
NO_DAYS = ("0000-00-00", "0000-01-01", "9999-99-99")
# What a refused request must leave as it was.
KEPT = ("audit_entry", "acts_act", "notices_notice", "work_job", "work_outbox", "integrations_delivery")


@pytest.fixture(scope="module")
def every_write(house):
    return list(writes(house))


@pytest.fixture(scope="module")
def sent(house):
    """Sends a body to one of the writes; the answers are refusals, and nothing has changed after all of them."""

    def send_all(write, bodies):
        client, before, wrong = house.clients[write.who], state(), []
        try:
            with transaction.atomic():
                for told, (body, kind) in bodies.items():
                    answer = client.generic(write.method.upper(), write.address, body, kind, headers={"if-match": "*"})
                    if not is_refusal(answer):
                        wrong.append(
                            f"{write}, {told}: {answer.status_code} {answer.content[:300].decode(errors='replace')}"
                        )
                if (after := state()) != before:
                    wrong.append(f"{write}: {before} became {after}")
                raise Undo
        except Undo:
            return wrong

    return send_all


def is_refusal(answer):
    return (
        400 <= answer.status_code < 500
        and answer.headers["Content-Type"] == "application/problem+json"
        and bool(answer.json()["detail"])
    )


def state():
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in KEPT))
        return dict(zip(KEPT, cursor.fetchone(), strict=True))


def plain(body):
    return json.dumps(body), "application/json"


def some_of(bodies, turn, one_in):
    """Each of them goes to some of the writes and each write is sent some, by turns; in the long run all."""
    return bodies if LONG else {told: bodies[told] for n, told in enumerate(bodies, turn) if n % one_in == 0}


def test_what_cannot_be_read_is_refused_everywhere(every_write, sent):
    wrong, bodies = [], {told: (body, "application/json") for told, body in UNREADABLE.items()}
    bodies |= {kind: ('{"change_note": "x"}', kind) for kind in OTHER_KINDS}
    bodies["2 MB"] = plain({"change_note": MIB + MIB})
    for turn, write in enumerate(every_write):
        wrong += sent(write, some_of(bodies, turn, 5))
    assert not wrong, "\n".join(wrong)


def test_no_header_makes_another_method_of_it(house, every_write):
    wrong = []
    for write in every_write:
        before = state()
        for more in ({"x-http-method-override": write.method.upper()}, {"x-method-override": write.method.upper()}):
            answer = house.clients[write.who].get(f"{write.address}?_method={write.method.upper()}", headers=more)
            if not is_refusal(answer) or state() != before:
                wrong.append(f"{write}: {answer.status_code}")
    assert not wrong, "\n".join(wrong)


def test_a_value_of_another_type_is_refused_in_every_field(every_write, sent):
    wrong = []
    for turn, write in enumerate(every_write):
        body, bodies = dict(write.body), {}
        for name, schema in asked(write.operation).items():
            for kind in sorted(VALUES.keys() - kinds(schema)):
                bodies[f"{name} as {kind}"] = plain(body | {name: VALUES[kind]})
        wrong += sent(write, some_of(bodies, turn, 4))
    assert not wrong, "\n".join(wrong)


def test_a_text_of_a_megabyte_and_a_day_outside_of_the_calendar_are_refused_in_every_field(every_write, sent):
    wrong = []
    for turn, write in enumerate(every_write):
        body, bodies = dict(write.body), {}
        for name, schema in asked(write.operation).items():
            if "string" in kinds(schema):
                bodies[f"{name} of 1 MB"] = plain(body | {name: MIB})
            if schema.get("format") == "date":
                bodies |= {f"{name} {day}": plain(body | {name: day}) for day in NO_DAYS}
        wrong += sent(write, some_of(bodies, turn, 3))
    assert not wrong, "\n".join(wrong)


def test_no_write_takes_a_column_that_it_does_not_ask_for(house, every_write, every_fault):
    """Each of every table of the portal: who may change a thing may not set its owner, its state or its version."""
    columns = {field.name for model in apps.get_models() for field in model._meta.fields}
    wrong = []
    for write in every_write:
        besides, before = columns - asked(write.operation).keys(), state()
        text, kind = plain(write.body | dict.fromkeys(besides, 1))
        answer = house.clients[write.who].generic(
            write.method.upper(), write.address, text, kind, headers={"if-match": "*"}
        )
        refused = {fault["pointer"][1:] for fault in answer.json().get("errors", ()) if fault["code"] == "unknown"}
        if answer.status_code != 400 or besides - refused or state() != before:
            wrong.append(f"{write}: {answer.status_code}, taken {sorted(besides - refused)[:10]}")
    assert 200 < len(columns) < every_fault
    assert not wrong, "\n".join(wrong)


def kinds(schema):
    """The JSON types a field is described to take; an integer is a number."""
    schema = resolved(schema)
    found = {kind for part in ("anyOf", "oneOf", "allOf") for one in schema.get(part, ()) for kind in kinds(one)}
    told = schema.get("type", [] if found else list(VALUES))
    found |= {told} if isinstance(told, str) else set(told)
    return {"number" if kind == "integer" else kind for kind in found}
