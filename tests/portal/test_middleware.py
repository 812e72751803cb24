import json
import logging

import pytest
from django.db import ProgrammingError

from core import context
from portal.logs import JsonLines

pytestmark = pytest.mark.urls("tests.portal.faulty_urls")


@pytest.mark.django_db(transaction=True)
def test_a_constraint_that_speaks_at_commit_is_answered_with_409(client):
    answer = client.post("/overtaken/")
    assert answer.status_code == 409
    assert "刚才有人先改动了这里" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_htmx_gets_the_refusal_above_the_form_and_keeps_what_was_typed(client):
    answer = client.post("/overtaken/", headers={"HX-Request": "true"})
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#main"
    assert answer["HX-Reswap"].startswith("afterbegin")
    assert "<html" not in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_program_gets_a_problem_document(client):
    answer = client.post("/overtaken/", headers={"Accept": "application/json"})
    assert answer["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == 409


@pytest.mark.django_db(transaction=True)
def test_a_lost_database_is_answered_with_503_and_when_to_come_back(client):
    answer = client.get("/cut-off/")
    assert answer.status_code == 503
    assert answer["Retry-After"] == "10"
    assert "您填写的内容没有保存" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_a_mistake_of_ours_is_not_taken_for_somebody_elses(client):
    with pytest.raises(ProgrammingError):
        client.get("/broken/")


@pytest.mark.django_db
def test_an_address_that_only_takes_a_button_says_so_and_leads_back(client, party):
    client.force_login(party.staff)
    answer = client.get("/imports/2026-0042/trial/")
    assert answer.status_code == 405
    assert answer["Allow"] == "POST"
    assert answer["X-Frame-Options"] == "DENY"
    page = answer.content.decode()
    assert "这个地址只接收提交的内容" in page
    assert 'href="/imports/2026-0042/"' in page

    party.staff.language = "en"
    party.staff.save()
    assert 'lang="en"' in client.get("/imports/2026-0042/trial/").content.decode()


@pytest.mark.django_db
def test_a_program_is_told_of_the_wrong_method_in_a_problem_document(client, party):
    client.force_login(party.staff)
    answer = client.get("/imports/2026-0042/trial/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer["Allow"], answer.json()["status"]) == (405, "POST", 405)


@pytest.mark.django_db
def test_every_answer_carries_the_policy_even_where_there_is_no_page(client):
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    policy = answer["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "Strict-Transport-Security" not in answer


@pytest.mark.django_db(transaction=True)
def test_a_request_is_logged_by_route_and_never_by_what_was_asked(client, caplog):
    with caplog.at_level(logging.INFO, logger="portal.requests"):
        client.get("/cut-off/?q=王涛", headers={"X-Request-ID": "0123456789abcdef"})
    (record,) = [record for record in caplog.records if record.name == "portal.requests" and record.levelname == "INFO"]
    line = json.loads(JsonLines().format(record))
    assert line["route"] == "cut-off"
    assert line["status"] == 503
    assert "王涛" not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_fault_is_logged_by_route_and_without_the_token_in_its_address(client, caplog):
    client.raise_request_exception = False
    with caplog.at_level(logging.ERROR, logger="django.request"):
        assert client.get("/broken/a-token-that-opens/?next=王涛").status_code == 500
    (record,) = [record for record in caplog.records if record.name == "django.request"]
    line = JsonLines().format(record)
    assert "a-token-that-opens" not in line
    assert "broken-token" in json.loads(line)["message"]


GIVEN = "0123456789abcdef"


def logged(client, caplog, given):
    """The name of the answer to a request that came with the name ``given``, and the line written about it."""
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="portal.requests"):
        name = client.get("/overtaken/", headers={"X-Request-ID": given})["X-Request-ID"]
    (record,) = [record for record in caplog.records if record.name == "portal.requests" and record.levelname == "INFO"]
    return name, json.loads(JsonLines().format(record))


@pytest.mark.django_db(transaction=True)
def test_nobody_chooses_the_name_their_request_is_written_down_under(client, caplog, settings):
    for proxies in (0, 1):
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        names = {logged(client, caplog, GIVEN)[0] for _time in range(2)}
        assert len(names) == 2
        assert GIVEN not in names


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("proxies", "given", "kept"), [(1, GIVEN, True), (0, GIVEN, False), (1, "a b", False), (1, "x" * 65, False)]
)
def test_the_name_a_trusted_proxy_gave_stands_in_the_log_beside_ours(client, caplog, settings, proxies, given, kept):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    assert (logged(client, caplog, given)[1].get("proxy_request") == given) is kept


def test_a_line_says_what_set_the_work_going():
    record = logging.LogRecord("work", logging.INFO, __file__, 1, "%s rows", (3,), None)
    with context.working_for(request="0123456789abcdef", job="17"):
        line = json.loads(JsonLines().format(record))
    assert line["message"] == "3 rows"
    assert line["request"] == "0123456789abcdef"
    assert line["job"] == "17"


def test_an_error_is_logged_without_the_values_in_it():
    try:
        raise ValueError("110101199001011234")
    except ValueError as error:
        raised = (type(error), error, error.__traceback__)
    line = JsonLines().format(logging.LogRecord("portal", logging.ERROR, __file__, 1, "failed", (), raised))
    assert "110101199001011234" not in line
    assert json.loads(line)["error"] == "ValueError"
    assert "test_middleware.py" in json.loads(line)["where"][-1]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/", "/members/", "/nowhere/", "/accounts/login/", "/feedback/", "/api/docs/"])
def test_an_address_with_more_than_can_be_read_is_refused_with_a_sentence(client, party, path):
    for person in (None, party.staff):
        if person:
            client.force_login(person)
        answer = client.get(f"{path}?" + "x=1&" * 1_100)
        assert answer.status_code == 400
        assert "地址里的参数太多" in answer.content.decode()
