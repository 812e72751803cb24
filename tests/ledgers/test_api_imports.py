"""An import over REST, step by step, with the deeds of the wizard."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from audit.models import Entry
from ledgers.choices import ImportState
from ledgers.models import Import
from members.models import Member
from tests.cast import TODAY
from tests.integrations.programs import drawn, program
from tests.ledgers.conftest import carried_out, roster, somebody
from work.models import Job

pytestmark = pytest.mark.django_db
API = "/api/v1/imports/"


@pytest.fixture
def secretary(client, party):
    client.force_login(party.secretary)
    return client


def begin(client, party, *rows, query="", cell="yunshan", headers=None, **more):
    file = SimpleUploadedFile("roster.xlsx", roster(*rows).data)
    told = {"cell": getattr(party, cell).code, "as_of": TODAY.isoformat(), "files": [file]} | more
    return client.post(f"{API}{query}", told, headers=headers)


def post(client, path, **data):
    return client.post(f"{API}{path}", data, content_type="application/json")


def test_a_ledger_is_sent_reviewed_tried_out_and_written(secretary, party):
    begun = begin(secretary, party, somebody(1), somebody(2))
    assert begun.status_code == 201
    one = begun.json()
    assert one["state"] == ImportState.REVIEWED
    assert one["counts"]["members"]["new"] == 2
    tried = post(secretary, f"{one['ref']}/trial/").json()
    assert tried["state"] == ImportState.DRY_RUN
    assert tried["trial"]["members"]["new"] == 2
    before = Member.objects.count()
    answer = post(secretary, f"{one['ref']}/commit/")
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{Job.objects.latest('pk').code}/"
    assert Member.objects.count() == before


def test_who_is_met_on_another_roster_is_noted_though_it_was_only_tried_out(secretary, party):
    theirs = somebody(1, 姓名=party.liu.name, 公民身份证号=str(party.liu.id_number))
    for _again in range(2):
        tried = begin(secretary, party, theirs, query="?dry_run=1")
        assert tried.json()["result"]["counts"]["members"]["error"] == 1
    assert not Import.objects.exists()
    entries = Entry.objects.filter(action="members.found_by_number")
    assert [(entry.actor, entry.thing_code) for entry in entries] == [(party.secretary, party.liu.code)]


def test_what_would_change_nothing_is_neither_tried_out_nor_written(secretary, party):
    carried_out(roster(somebody(1)), cell=party.yunshan)
    one = begin(secretary, party, somebody(1)).json()
    assert one["counts"]["members"]["same"] == 1
    answers = [post(secretary, f"{one['ref']}/{step}/") for step in ("trial", "commit")]
    assert [answer.status_code for answer in answers] == [400, 400]
    assert {answer.json()["errors"][0]["detail"] for answer in answers} == {
        "没有可以导入的行：都有误，或与现有记录一致。"
    }
    assert secretary.get(f"{API}{one['ref']}/").json()["state"] == ImportState.REVIEWED
    assert not Job.objects.exists()


def test_a_program_sends_its_ledger_under_a_key_once(party):
    _token, shown = drawn(party.secretary, party.yunshan, "ledgers:write", "members:write")
    ledgers = [roster(somebody(nth)).data for nth in (1, 1, 2)]
    ledgers[1] = ledgers[0]
    first, again, other = (
        begin(program(shown), party, files=[SimpleUploadedFile("roster.xlsx", data)], headers={"Idempotency-Key": "k"})
        for data in ledgers
    )
    assert (first.status_code, again.status_code, other.status_code) == (201, 201, 422), first.content
    assert first.json() == again.json() and first.json()["counts"]["members"]["new"] == 1
    assert Import.objects.count() == 1


def test_a_field_of_a_form_that_stands_twice_is_refused(secretary, party):
    refused = begin(secretary, party, somebody(1), as_of=["2026-01-01", TODAY.isoformat()])
    assert refused.status_code == 400
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [("/as_of", "twice")]


def test_a_file_in_a_form_that_is_too_large_is_told_so(secretary, party):
    refused = begin(secretary, party, somebody(1), note="x" * 3_000_000)
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large/")


def test_a_rehearsed_import_leaves_nothing(secretary, party):
    answer = begin(secretary, party, somebody(1), query="?dry_run=1")
    assert answer.status_code == 200
    assert answer.json()["result"]["counts"]["members"]["new"] == 1
    assert not Import.objects.exists()


def test_a_faulty_cell_is_found_and_mended(secretary, party):
    one = begin(secretary, party, somebody(1, 性别="无")).json()
    [row] = secretary.get(f"{API}{one['ref']}/rows/?outcome=error").json()["results"]
    [field] = row["errors"]
    mended = post(secretary, f"{one['ref']}/rows/edit/", kind="members", number=row["number"], field=field, text="男")
    assert mended.json()["counts"]["members"]["new"] == 1


def test_rows_are_masked_as_on_the_page(secretary, party):
    one = begin(secretary, party, somebody(1)).json()
    [row] = secretary.get(f"{API}{one['ref']}/rows/").json()["results"]
    assert "*" in row["cells"]["id_number"]


def test_a_program_sees_no_faulty_number_not_even_of_its_holders_file(secretary, party):
    number = "99999919910304001"
    one = begin(secretary, party, somebody(1, 公民身份证号=number)).json()
    path = f"{API}{one['ref']}/rows/"
    assert number in secretary.get(path).content.decode()
    _token, shown = drawn(party.secretary, party.yunshan, "ledgers:read")
    answer = program(shown).get(path)
    assert answer.status_code == 200 and answer.json()["results"]
    assert number not in answer.content.decode()


def test_an_import_elsewhere_does_not_exist(client, secretary, party):
    one = begin(secretary, party, somebody(1)).json()
    client.force_login(party.other_secretary)
    for path in (f"{one['ref']}/", f"{one['ref']}/rows/"):
        assert client.get(f"{API}{path}").status_code == 404
    assert post(client, f"{one['ref']}/trial/").status_code == 404
    assert client.get(f"{API}?count=1").json()["count"] == 0
    elsewhere, nowhere = (
        begin(client, party, somebody(1), cell="yunshan"),
        client.post(API, {"cell": "ZB-9999", "as_of": TODAY.isoformat(), "files": []}),
    )
    assert elsewhere.status_code == nowhere.status_code == 400


def test_what_is_no_ledger_is_refused_at_its_field(secretary, party):
    told = {"cell": party.yunshan.code, "as_of": TODAY.isoformat(), "files": [SimpleUploadedFile("x.xlsx", b"no")]}
    answer = secretary.post(API, told)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["pointer"] == "/files"


def test_files_are_sent_as_files(secretary, party):
    told = {"cell": party.yunshan.code, "as_of": TODAY.isoformat(), "files": ["a.xlsx"]}
    assert secretary.post(API, told, content_type="application/json").status_code == 400


@pytest.mark.parametrize("page", ["", "&offset=0", "&limit=1"])
def test_imports_are_listed_the_newest_first_or_last(secretary, party, page):
    refs = [begin(secretary, party, somebody(number)).json()["ref"] for number in (1, 2)]
    for ordering, expected in (("ref", refs[::-1]), ("-ref", refs)):
        shown = secretary.get(f"{API}?ordering={ordering}{page}").json()["results"]
        assert [one["ref"] for one in shown] == expected[: len(shown)]
