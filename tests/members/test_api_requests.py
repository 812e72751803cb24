"""What members ask for, and who answers, over REST: the deeds of the pages, and nobody about themselves."""

from base64 import b64encode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from cells.choices import Office
from members.choices import RequestState, RightState
from members.domain import requests, rights
from members.domain.disclosures import READ_BY_API
from members.models import ChangeRequest, Member, SubjectRequest
from tests.cast import TODAY, appoint, enlist, fictional_id_number, person
from tests.integrations.programs import drawn
from tests.members.paper import photo

pytestmark = pytest.mark.django_db
PAPER = b64encode(photo()).decode()
WORDS = "籍贯写错了，请改为青澜"


def ask(member, item="degree", new="工学硕士"):
    return requests.ask(member, item=item, new=new, evidence=photo(), by=member.user, on=TODAY)


def ask_right(member, kind="correction"):
    return rights.ask(member, kind=kind, words=WORDS, by=member.user, on=TODAY)


@pytest.fixture
def wang(party, program):
    return program(party.plain_member)


@pytest.fixture
def secretary(party, program):
    return program(party.secretary)


class TestAsking:
    def test_in_json_or_as_a_form_a_member_asks_and_takes_it_back(self, party, wang):
        asked = wang.post("change-requests/", {"item": "degree", "new": "工学硕士", "evidence": PAPER, "note": "漏填"})
        assert asked.status_code == 201, asked.content.decode()
        shown = asked.json()
        assert (shown["state"], shown["new"], shown["has_evidence"]) == ("waiting", "工学硕士", True)
        form = {"item": "school", "new": "青澜大学", "evidence": SimpleUploadedFile("证书.jpg", photo())}
        assert wang.client.post("/api/v1/change-requests/", form).status_code == 201
        taken_back = wang.post(f"change-requests/{shown['code']}/withdraw/")
        assert taken_back.json()["state"] == "withdrawn"
        assert wang.post(f"change-requests/{shown['code']}/withdraw/").status_code == 409

    @pytest.mark.parametrize(
        ("answers", "pointer"),
        [({"evidence": "no file"}, "/evidence"), ({"evidence": b64encode(b"MZ").decode()}, "/evidence"),
         ({"evidence": 5}, "/evidence"), ({"item": "mobile"}, "/item"), ({"new": ""}, "/new"),
         ({"item": "joined_on", "new": "2031-01-01"}, "/new"), ({"state": "granted"}, "/state")],
    )  # fmt: skip
    def test_what_is_wrong_is_said_where_it_is(self, wang, answers, pointer):
        refused = wang.post("change-requests/", {"item": "degree", "new": "工学硕士", "evidence": PAPER} | answers)
        assert refused.status_code == 400
        assert refused.json()["errors"][0]["pointer"] == pointer
        assert not ChangeRequest.objects.exists()

    def test_is_for_nobody_who_is_no_member_and_for_no_program(self, party, program):
        body = {"item": "degree", "new": "工学硕士", "evidence": PAPER}
        _token, shown = drawn(party.secretary, party.yunshan, "members:read", "members:write")
        for asker in (program(party.staff), program(party.stranger), program(authorization=f"Bearer {shown}")):
            assert asker.post("change-requests/", body).status_code == 403
            assert asker.post("subject-requests/", {"kind": "copy", "words": WORDS}).status_code == 403

    def test_twice_for_one_item_is_out_of_turn_as_on_the_page(self, party, wang):
        ask(party.wang)
        refused = wang.post("change-requests/", {"item": "degree", "new": "理学硕士", "evidence": PAPER})
        assert refused.status_code == 409
        assert "已有一份申请在等待核对" in refused.json()["detail"]


class TestDeciding:
    def test_a_request_is_granted_or_sent_back(self, party, secretary):
        granted = secretary.post(f"change-requests/{ask(party.wang).code}/grant/")
        assert granted.status_code == 200, granted.content.decode()
        assert granted.json()["state"] == RequestState.GRANTED
        assert Member.objects.get(pk=party.wang.pk).degree == "工学硕士"
        path = f"change-requests/{ask(party.wang, 'school', '青澜大学').code}/"
        assert secretary.post(f"{path}refuse/", {}).json()["errors"][0]["pointer"] == "/reason"
        assert secretary.post(f"{path}refuse/", {"reason": "证明看不清"}).json()["reason"] == "证明看不清"
        assert secretary.post(f"{path}grant/").status_code == 409

    def test_nobody_decides_their_own(self, party, secretary):
        own = ask(party.li)
        refused = secretary.post(f"change-requests/{own.code}/grant/")
        assert refused.status_code == 409
        assert "不能核对自己提出的申请" in refused.json()["detail"]

    def test_several_of_one_item_are_granted_together_or_not_at_all(self, party, secretary):
        zhou = party.zhou
        zhou.user = person(zhou.name)
        zhou.save()
        several = [ask(party.wang), ask(zhou)]
        other = ask(party.wang, "school", "青澜大学")
        codes = [request.code for request in several]
        assert secretary.post("change-requests/grant-many/", {"requests": [*codes, other.code]}).status_code == 400
        done = secretary.post("change-requests/grant-many/", {"requests": codes})
        assert done.json()["results"] == [{"code": code, "state": "granted"} for code in codes]

    @pytest.mark.parametrize(("who", "status"), [("publicist", 404), ("other_secretary", 404), ("plain_member", 403)])
    def test_who_keeps_no_roster_there_does_not(self, party, program, who, status):
        path = f"change-requests/{ask(party.wang).code}/"
        for deed in ("grant", "refuse"):
            assert program(getattr(party, who)).post(f"{path}{deed}/", {}).status_code == status

    def test_what_is_asked_is_read_of_one_alone_and_the_reading_noted(self, party, secretary, wang):
        number = fictional_id_number(party.wang.birth_date, 803)
        request = ask(party.wang, "id_number", number)
        [listed] = secretary.get("change-requests/?state=waiting&item=id_number").json()["results"]
        assert not {"old", "new", "note"} & listed.keys()
        assert not Entry.objects.about(party.wang).did(READ_BY_API).exists()
        alone = secretary.get(f"change-requests/{request.code}/")
        assert alone.json()["new"] == f"999***********{number[-4:]}"
        assert number not in alone.content.decode()
        assert Entry.objects.about(party.wang).did(READ_BY_API).get().actor == party.secretary
        assert wang.get(f"change-requests/{request.code}/").json()["member"]["code"] == party.wang.code
        assert Entry.objects.about(party.wang).did(READ_BY_API).count() == 1

    def test_evidence_is_handed_out_to_be_saved_and_every_opening_stands_in_the_trail(self, party, program, secretary):
        path = f"change-requests/{ask(party.wang).code}/evidence/"
        file = secretary.get(path)
        assert file.headers["Content-Type"] == "image/jpeg"
        assert file.headers["Content-Disposition"].startswith("attachment")
        assert file.content.startswith(b"\xff\xd8\xff")
        assert Entry.objects.did("members.evidence_opened").count() == 1
        assert program(party.other_secretary).get(path).status_code == 404

    def test_a_list_costs_as_many_queries_for_three_as_for_one(self, party, secretary):
        costs = []
        for item, new in (("degree", "工学硕士"), ("school", "青澜大学"), ("major", "软件工程")):
            ask(party.wang, item, new)
            with CaptureQueriesContext(connection) as asked:
                secretary.get("change-requests/")
            costs.append(len(asked))
        assert costs[0] == costs[2]

    def test_a_rehearsal_leaves_the_request_waiting(self, party, secretary):
        request = ask(party.wang)
        tried = secretary.post(f"change-requests/{request.code}/grant/?dry_run=1").json()
        assert tried["result"]["state"] == "granted"
        assert {"trail", "notice"} <= {effect["kind"] for effect in tried["effects"]}
        assert ChangeRequest.objects.get().state == RequestState.WAITING
        assert Member.objects.get(pk=party.wang.pk).degree == ""


class TestRights:
    def test_are_asked_for_by_the_member_and_answered_by_others(self, party, program, wang):
        asked = wang.post("subject-requests/", {"kind": "correction", "words": WORDS})
        assert asked.status_code == 201, asked.content.decode()
        assert asked.json()["words"] == WORDS
        path = f"subject-requests/{asked.json()['code']}/"
        assert wang.post(f"{path}grant/", {"answer": "已改"}).status_code == 403
        north = program(party.north_staff)
        assert north.get(path).json()["words"] == WORDS
        answered = north.post(f"{path}grant/", {"answer": "已改为青澜"})
        assert (answered.json()["state"], answered.json()["answer"]) == (RightState.GRANTED, "已改为青澜")
        assert north.post(f"{path}refuse/", {"answer": "与档案一致"}).status_code == 409

    def test_a_granted_erasure_is_done(self, party, program, wang):
        request = ask_right(party.wang, "erasure")
        north = program(party.north_staff)
        short = north.post(f"subject-requests/{request.code}/refuse/", {"answer": "不行"})
        assert "至少 4 个字" in short.json()["errors"][0]["detail"]
        tried = north.post(f"subject-requests/{request.code}/grant/?dry_run=1", {})
        granted = north.post(f"subject-requests/{request.code}/grant/", {})
        assert tried.status_code == granted.status_code
        if granted.status_code == 200:
            assert Member.objects.get(pk=party.wang.pk).mobile == ""

    def test_are_not_there_for_who_answers_none(self, party, program):
        request = ask_right(party.wang)
        for who in ("secretary", "organiser", "auditor", "other_secretary", "stranger"):
            reader = program(getattr(party, who))
            assert reader.get("subject-requests/").json()["results"] == []
            assert reader.get(f"subject-requests/{request.code}/").status_code == 404

    def test_ones_own_is_answered_by_another(self, party, program):
        staff = appoint("蔡文", Office.COMMITTEE_STAFF, party.north)
        own = enlist("蔡文", party.yunshan, user=staff)
        request = ask_right(own)
        refused = program(staff).post(f"subject-requests/{request.code}/grant/", {})
        assert refused.status_code == 400
        assert "本人的申请由别人答复" in refused.json()["detail"]

    def test_a_list_withholds_the_words(self, party, program):
        ask_right(party.wang)
        listed = program(party.north_staff).get("subject-requests/?state=open")
        assert WORDS not in listed.content.decode()
        assert listed.json()["meta"]["withheld"] == ["answer", "words"]
        assert SubjectRequest.objects.count() == 1
