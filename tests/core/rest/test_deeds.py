"""Writing: the version that was read, rehearsals that leave nothing, and what is said about a change."""

import pytest

from audit.models import Entry
from cells.domain import tree
from cells.models import Cell, Placement
from notices.models import Notice
from tests.cast import TODAY
from work.models import Outbox

pytestmark = pytest.mark.django_db

NAME = "中共云杉新名支部委员会"
BODY = {"name": NAME, "on": TODAY.isoformat()}


@pytest.fixture
def address(party):
    return f"cells/{party.yunshan.code}/"


def tag(program, address):
    return {"if-match": program.get(address).headers["ETag"]}


def counted():
    return [model.objects.count() for model in (Entry, Placement, Notice, Outbox)]


def test_what_has_versions_is_changed_only_by_who_says_which(party, program, address):
    staff = program(party.staff)
    asked = staff.post(f"{address}rename/", BODY)
    assert (asked.status_code, asked.json()["type"]) == (428, "/problems/version-required/")
    before = tag(staff, address)
    assert staff.post(f"{address}rename/", BODY, headers=before).status_code == 200
    late = staff.patch(address, {"contact_name": "何联"}, headers=before)
    assert (late.status_code, late.json()["type"]) == (412, "/problems/stale/")
    assert late.headers["ETag"] == staff.get(address).headers["ETag"]
    assert Cell.objects.get(pk=party.yunshan.pk).contact_name == ""


def test_a_weak_tag_and_a_broken_list_name_no_version(party, program, address):
    staff = program(party.staff)
    present = tag(staff, address)["if-match"]
    for broken in (f"W/{present}", "1", f"x{present}", f"{present} {present}", f'{present}, "'):
        assert staff.post(f"{address}rename/", BODY, headers={"if-match": broken}).status_code == 412, broken
    several = {"if-match": f'W/"0.x", "0.y",{present}'}
    assert staff.post(f"{address}rename/", BODY, headers=several).status_code == 200


def test_who_comes_between_reading_and_writing_is_noticed(party, program, address, monkeypatch):
    """The version is compared once more after the deed, which holds the row: the check before could be too early."""
    staff, present = program(party.staff), tree.rename

    def overtaken(cell, **answers):
        tree.correct(cell, version=cell.version, by=party.staff, on=TODAY, contact_name="何联")
        return present(cell, **answers)

    monkeypatch.setattr(tree, "rename", overtaken)
    assert staff.post(f"{address}rename/", BODY, headers=tag(staff, address)).status_code == 412
    assert Cell.objects.get(pk=party.yunshan.pk).name != NAME


def test_what_is_known_already_is_not_sent_again(party, program, address):
    staff = program(party.staff)
    known = staff.get(address).headers["ETag"]
    again = staff.get(address, headers={"if-none-match": known})
    assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", known)
    assert staff.get(f"{address}?brief=1", headers={"if-none-match": known}).status_code == 200


def test_a_rehearsal_tells_what_would_follow_and_leaves_nothing(
    party, program, address, django_capture_on_commit_callbacks
):
    staff = program(party.staff)
    headers, before = tag(staff, address), counted()
    with django_capture_on_commit_callbacks(execute=True) as fired:
        told = staff.post(f"{address}rename/?dry_run=1", BODY, headers=headers).json()
    assert told["dry_run"] is True and told["result"]["name"] == NAME
    assert {effect["kind"] for effect in told["effects"]} == {"trail", "notice"}
    assert [effect["action"] for effect in told["effects"] if effect["kind"] == "trail"] == ["cells.renamed"]
    assert (counted(), fired) == (before, [])
    assert tag(staff, address) == headers
    refused = staff.post(f"{address}rename/?dry_run=1", BODY | {"name": party.yuanfan.name}, headers=headers)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (400, "/name")


@pytest.mark.parametrize("query", ["dry_run=1&dry_run=0", "dry_run=0&dry_run=1", "dry_run=1&dry_run=1"])
def test_who_says_twice_whether_it_is_a_rehearsal_is_asked_which(party, program, address, query):
    staff, before = program(party.staff), counted()
    refused = staff.post(f"{address}rename/?{query}", BODY, headers=tag(staff, address))
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (400, "twice")
    assert counted() == before


def test_what_is_made_only_to_try_has_no_number(party, program):
    body = {"name": "中共新立有限公司支部委员会", "kind": "branch", "superior": party.north.code}
    told = program(party.staff).post("cells/?dry_run=1", body).json()
    assert told["result"]["name"] == body["name"]
    assert not {"code", "url"} & told["result"].keys()
    assert [one["code"] for one in told["effects"] if one.get("action") == "cells.founded"] == [""]


def test_what_is_said_about_a_change_stands_in_the_trail(party, program, address):
    staff = program(party.staff)
    body = BODY | {"change_note": "按上级批复，电话 13800001234"}
    assert staff.post(f"{address}rename/", body, headers=tag(staff, address)).status_code == 200
    assert Entry.objects.get(action="cells.renamed").facts["change_note"] == "按上级批复，电话 138****1234"


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({"on": TODAY.isoformat()}, "/name", "required"),
        (BODY | {"name": None}, "/name", "null"),
        (BODY | {"name": 5}, "/name", "invalid"),
        (BODY | {"name": "长" * 121}, "/name", "max_length"),
        (BODY | {"on": "2026-13-01"}, "/on", "invalid"),
        (BODY | {"on": 20261120}, "/on", "invalid"),
        (BODY | {"on": "9999-01-01"}, "/on", "invalid"),
        (BODY | {"kind": "committee"}, "/kind", "unknown"),
        (BODY | {"version": 7}, "/version", "unknown"),
    ],
)
def test_answers_are_typed_and_no_more_than_asked(party, program, address, body, pointer, code):
    staff = program(party.staff)
    answer = staff.post(f"{address}rename/", body, headers=tag(staff, address))
    assert answer.status_code == 400
    assert [(fault["pointer"], fault["code"]) for fault in answer.json()["errors"]] == [(pointer, code)]


def test_what_is_wrong_is_named_in_an_answer_of_bounded_length(party, program, address):
    staff = program(party.staff)
    names = ["x" * 1_000, *(f"y{nth}" for nth in range(500))]
    refused = staff.post(f"{address}rename/", BODY | dict.fromkeys(names, 1), headers=tag(staff, address))
    assert [fault["pointer"] for fault in refused.json()["errors"]] == [f"/{name[:100]}" for name in names[:10]]
    many = staff.post("members/enrol-many/", {"enrolments": [{"name": 5}] * 150})
    assert (many.status_code, len(many.json()["errors"])) == (400, 100)


def test_a_refusal_is_said_in_the_words_of_the_page(party, program, address):
    staff = program(party.staff)
    body = BODY | {"name": party.yunshan.name, "short_name": party.yunshan.short_name}
    told = staff.post(f"{address}rename/", body, headers=tag(staff, address)).json()
    page = staff.client.post(f"/cells/{party.yunshan.code}/name/", body)
    assert page.status_code == 422 and told["detail"] in page.content.decode()
    assert told["errors"] == [{"location": "body", "pointer": "/name", "code": "refused", "detail": told["detail"]}]
