"""A correction on its way through the pages: asked on a phone, decided on the page, on the card, by htmx."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from audit.models import Entry
from core.uploading import MIB
from members.choices import RequestState
from members.domain import requests, roster
from members.domain.disclosures import OPENED
from members.models import ChangeRequest, Member
from tests.cast import TODAY, enlist, fictional_id_number, person
from tests.members.paper import pdf, photo

pytestmark = pytest.mark.django_db
NEW = reverse("members:request-new")
HTMX = {"HX-Request": "true"}


def file(data=None, name="证件.jpg"):
    return SimpleUploadedFile(name, photo() if data is None else data)


def ask(member, item="education", new="14", by=None):
    return requests.ask(member, item=item, new=new, evidence=photo(), by=by or member.user, on=TODAY)


def at(request, part):
    return reverse(f"members:request-{part}", args=[request.code])


@pytest.fixture
def secretary(client, party):
    client.force_login(party.secretary)
    return client


@pytest.fixture
def member(client, party):
    client.force_login(party.plain_member)
    return client


@pytest.mark.parametrize("part", ["decide", "refuse"])
def test_reading_a_request_is_an_opening_of_the_record(secretary, party, part):
    secretary.get(at(ask(party.wang), part))
    assert Entry.objects.about(party.wang).did(OPENED).get().actor == party.secretary


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_a_member_asks_and_finds_the_request(member, party, headers):
    answers = {"item": "name", "new": "王滔", "note": "写错了", "evidence": file()}
    response = member.post(NEW, answers, headers=headers)
    request = ChangeRequest.objects.get()
    assert request.get_absolute_url() == (response.headers.get("HX-Redirect") or response.url)
    page = member.get(request.get_absolute_url()).content.decode()
    assert "王滔" in page and "写错了" in page and "李敏" in page
    assert "更正" in member.get(reverse("members:requests")).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"evidence": b"<svg/>"}, "应为 JPG、PNG 图片或 PDF"),
        ({"evidence": b""}, "这个文件是空的"),
        ({"evidence": None}, "请附上证明材料"),
        ({"new": "王涛"}, "与现在登记的相同"),
        ({"new": ""}, "请填写应改为什么"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(member, headers, answers, sentence):
    given = {"item": "name", "new": "王滔", "note": "录入时写错", "evidence": photo()} | answers
    data = given.pop("evidence")
    if data is not None:
        given["evidence"] = file(data)
    response = member.post(NEW, given, headers=headers)
    assert response.status_code == 422
    page = response.content.decode()
    field = "new" if "new" in answers else "evidence"
    assert re.search(rf'id="id_{field}_error">[^<]*{sentence}', page)
    assert "录入时写错" in page
    assert ("王滔" in page) == ("new" not in answers)


def test_a_file_over_the_limit_is_said_at_its_field(member):
    response = member.post(NEW, {"item": "name", "new": "王滔", "evidence": file(b"\0" * (10 * MIB + 1))})
    assert "不能超过 10 MB" in response.content.decode()


def test_a_file_too_large_to_be_taken_in_is_said_at_its_field_too(member):
    response = member.post(NEW, {"item": "name", "new": "王滔", "evidence": file(b"\0" * (20 * MIB + 1))})
    assert response.status_code == 422
    assert "不能超过 10 MB" in response.content.decode()


def test_without_an_item_it_is_chosen_first(member, party):
    ask(party.wang)
    page = member.get(NEW).content.decode()
    assert "?item=name" in page
    assert "?item=education" not in page
    assert "已申请，待核对" in page


def test_a_number_is_masked_on_every_page(client, party):
    number = fictional_id_number(party.wang.birth_date, 811)
    request = ask(party.wang, "id_number", number)
    client.force_login(party.plain_member)
    pages = [client.get(address) for address in (f"{NEW}?item=name", request.get_absolute_url())]
    client.force_login(party.secretary)
    pages += [client.get(address) for address in (at(request, "decide"), "/inbox/", party.wang.get_absolute_url())]
    assert all(page.status_code == 200 for page in pages)
    html = "".join(page.content.decode() for page in pages)
    assert number not in html and party.wang.id_number not in html
    assert f"999***********{number[-4:]}" in html


def test_whose_number_it_is_that_was_asked_for_is_noted_once_a_day_when_it_cannot_be_granted(secretary, party):
    request = ask(party.wang, "id_number", party.chen.id_number)
    assert secretary.post(at(request, "grant")).status_code == 422
    secretary.post(reverse("members:requests-grant"), {"code": [request.code], "next": "/inbox/"})
    found = Entry.objects.filter(action="members.found_by_number")
    assert [(entry.actor, entry.thing_code) for entry in found] == [(party.secretary, party.chen.code)]


def test_somebody_elses_name_is_no_way_in(member, party):
    assert member.get(ask(party.li).get_absolute_url()).status_code == 404


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_granted_on_the_page_it_goes_on_to_where_one_was(secretary, party, headers):
    request = ask(party.wang)
    response = secretary.post(at(request, "grant"), {"next": "/inbox/?tab=todo"}, headers=headers)
    assert (response.headers.get("HX-Redirect") or response.url) == "/inbox/?tab=todo"
    assert Member.objects.get(pk=party.wang.pk).education == "14"


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_sent_back_with_a_reason_the_member_reads_it(client, party, headers):
    request = ask(party.wang)
    client.force_login(party.secretary)
    assert client.get(at(request, "refuse"), headers=headers).status_code == 200
    client.post(at(request, "refuse"), {"reason": "照片看不清"}, headers=headers)
    client.force_login(party.plain_member)
    assert "照片看不清" in client.get(request.get_absolute_url()).content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_sent_back_without_a_reason_is_asked_again(secretary, party, headers):
    request = ask(party.wang)
    response = secretary.post(at(request, "refuse"), {"reason": ""}, headers=headers)
    assert response.status_code == 422
    assert "请写明退回的理由" in response.content.decode()


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_ones_own_request_is_refused_with_a_sentence(secretary, party, headers):
    request = ask(party.li)
    response = secretary.post(at(request, "grant"), headers=headers)
    assert response.status_code == 422
    assert "不能核对自己提出的申请" in response.content.decode()
    page = secretary.get(at(request, "decide")).content.decode()
    assert at(request, "grant") not in page


def test_what_changed_meanwhile_is_shown_beside_the_request(secretary, party):
    request = ask(party.wang)
    roster.correct(party.wang, version=party.wang.version, by=party.organiser, on=TODAY, education="31")
    response = secretary.post(at(request, "grant"))
    assert response.status_code == 412
    assert "在申请之后已改为" in response.content.decode()


def test_decided_by_somebody_else_a_moment_ago(secretary, party):
    request = ask(party.wang)
    requests.grant(request, by=party.organiser, on=TODAY)
    response = secretary.post(at(request, "grant"))
    assert response.status_code == 422
    assert "已经有人办过" in response.content.decode()


def test_the_card_offers_the_decision_to_who_may_take_it(client, party):
    request = ask(party.wang)
    seen = {}
    for who in ("secretary", "publicist", "plain_member"):
        client.force_login(getattr(party, who))
        seen[who] = at(request, "grant") in client.get(party.wang.get_absolute_url()).content.decode()
    assert seen == {"secretary": True, "publicist": False, "plain_member": False}


def test_withdrawn_it_is_gone_from_the_card(client, party):
    request = ask(party.wang)
    client.force_login(party.plain_member)
    client.post(at(request, "withdraw"))
    request.refresh_from_db()
    assert request.state == RequestState.WITHDRAWN
    client.force_login(party.secretary)
    assert at(request, "grant") not in client.get(party.wang.get_absolute_url()).content.decode()


def test_nobody_is_led_out_of_the_house(secretary, party):
    response = secretary.post(at(ask(party.wang), "grant"), {"next": "//evil.example/"})
    assert response.url == party.wang.get_absolute_url()


@pytest.mark.parametrize(("data", "kind", "name"), [(None, "image/jpeg", "jpg"), (pdf(), "application/pdf", "pdf")])
def test_evidence_is_handed_out_to_be_saved_and_can_do_nothing(secretary, party, data, kind, name):
    asked = {"item": "name", "new": "王滔", "evidence": photo() if data is None else data}
    request = requests.ask(party.wang, by=party.plain_member, on=TODAY, **asked)
    response = secretary.get(at(request, "evidence"))
    assert response.headers["Content-Type"] == kind
    assert response.headers["Content-Disposition"] == f'attachment; filename="{request.code}.{name}"'
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]


def test_cleared_evidence_is_not_there(secretary, party):
    request = ask(party.wang)
    request.evidence.delete()
    assert secretary.get(at(request, "evidence")).status_code == 404
    assert "已按期清除" in secretary.get(at(request, "decide")).content.decode()


def test_several_are_granted_together(secretary, party):
    zhou = enlist("组员", party.first_group, user=person("组员"))
    codes = [ask(member).code for member in (party.wang, zhou)]
    secretary.post(reverse("members:requests-grant"), {"code": codes, "next": "/inbox/?tab=todo"})
    assert set(ChangeRequest.objects.values_list("state", flat=True)) == {RequestState.GRANTED}


def test_one_out_of_reach_stops_them_all(secretary, party):
    codes = [ask(member).code for member in (party.wang, party.liu)]
    assert secretary.post(reverse("members:requests-grant"), {"code": codes}).status_code == 404
    assert set(ChangeRequest.objects.values_list("state", flat=True)) == {RequestState.WAITING}


@pytest.mark.parametrize("code", ["\x00a", "没有", "9" * 300])
def test_what_is_no_code_grants_nothing(secretary, party, code):
    assert secretary.post(reverse("members:requests-grant"), {"code": [ask(party.wang).code, code]}).status_code == 404
    assert set(ChangeRequest.objects.values_list("state", flat=True)) == {RequestState.WAITING}


def test_one_and_three_requests_of_ones_own_cost_the_same(member, party):
    counted = []
    for item, new in (("name", "王滔"), ("education", "14"), ("degree", "硕士")):
        ask(party.wang, item, new)
        with CaptureQueriesContext(connection) as queries:
            member.get(reverse("members:requests"))
        counted.append(len(queries))
    assert len(set(counted)) == 1


@pytest.mark.parametrize("headers", [{}, HTMX], ids=["page", "htmx"])
def test_where_one_waits_already_the_way_leads_there_and_no_second_form_is_offered(member, party, headers):
    waiting = ask(party.wang, "name", "王滔")
    found = member.get(NEW, {"item": "name"}, headers=headers)
    sent = member.post(NEW, {"item": "name", "new": "王韬", "note": "", "evidence": file()}, headers=headers)
    assert (found.status_code, sent.status_code) == (200, 422)
    for page in (found.content.decode(), sent.content.decode()):
        assert f'href="{waiting.get_absolute_url()}">打开那份申请' in page
        assert 'name="new"' not in page
    assert headers or "<title>需修改：" in sent.content.decode()
    assert 'name="new"' in member.get(NEW, {"item": "education"}, headers=headers).content.decode()
