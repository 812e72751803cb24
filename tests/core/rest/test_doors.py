"""Who is let in, how often, and that whatever refuses on the way is a problem document."""

import pytest
from django.test import Client

from core.rest.kinds import KINDS

pytestmark = pytest.mark.django_db


def problem(answer, status, slug):
    told = answer.json()
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert (answer.status_code, told["status"], told["type"]) == (status, status, f"/problems/{slug}/")
    assert told["title"] and told["detail"] and isinstance(told["errors"], list)
    return told


def test_who_is_unknown_is_told_how_to_come_in(party, program):
    answer = program().get("cells/")
    problem(answer, 401, "not-signed-in")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    problem(program().post("cells/", {"name": "x"}), 401, "not-signed-in")


def test_a_session_writes_only_with_the_token_of_its_own_pages(party):
    forged = Client(enforce_csrf_checks=True)
    forged.force_login(party.staff)
    problem(forged.post("/api/v1/cells/", {}, content_type="application/json"), 403, "not-allowed")


@pytest.mark.parametrize("method", ["get", "post", "delete"])
@pytest.mark.parametrize("path", ["nothing/", "cells", "cells/ZB-0001", "cells/%00/"])
def test_an_address_that_is_none_says_so(party, program, method, path):
    problem(getattr(program(party.staff), method)(path), 404, "not-found")


def test_what_a_resource_does_not_do_says_what_it_does(party, program):
    answer = program(party.staff).delete(f"cells/{party.yunshan.code}/")
    problem(answer, 405, "method-not-allowed")
    assert "PATCH" in answer.headers["Allow"]
    problem(program(party.staff).client.options("/api/v1/cells/"), 405, "method-not-allowed")


def test_who_looks_through_an_office_changes_nothing(party, program):
    staff = program(party.staff)
    staff.client.post(f"/cells/{party.yunshan.code}/preview/", {"office": "secretary"})
    problem(staff.post("cells/", {"name": "x"}), 403, "not-allowed")
    assert staff.get(f"cells/{party.shiguang.code}/").status_code == 404


def test_an_office_holder_without_a_second_factor_is_told_to_set_one_up(party, program, settings):
    settings.ZHIBU_SECOND_FACTOR = True
    problem(program(party.staff).get("cells/"), 403, "second-factor")


def test_so_many_requests_a_minute_and_no_more(party, program, settings):
    settings.ZHIBU_REST_PER_MINUTE = 3
    auditor = program(party.auditor)
    answers = [auditor.get("cells/") for _ in range(8)]
    # A minute may end in between, and then the count begins anew: three before, three after.
    refused = [answer for answer in answers if answer.status_code == 429]
    assert 2 <= len(refused) <= 5
    problem(refused[0], 429, "too-many")
    assert 0 < int(refused[0].headers["Retry-After"]) <= 60
    assert (answers[0].headers["RateLimit-Limit"], refused[0].headers["RateLimit-Remaining"]) == ("3", "0")
    assert program(party.staff).get("cells/").status_code == 200


def test_a_program_reads_the_language_it_asks_for(party, program):
    party.staff.language = "zh-hans"
    party.staff.save()
    spoken = program(party.staff, **{"accept-language": "en"}).get("nothing/")
    assert spoken.headers["Content-Language"] == "en"


def test_a_program_is_kept_nothing_for_and_given_no_cookies(party, program):
    answer = program(party.staff).get("cells/")
    assert (answer.headers["Cache-Control"], list(answer.cookies)) == ("no-store", [])


@pytest.mark.parametrize("slug", KINDS)
def test_every_kind_of_problem_has_its_page(client, slug):
    for language in ("zh-hans", "en"):
        page = client.get(f"/problems/{slug}/", headers={"accept-language": language})
        assert page.status_code == 200
    assert client.get("/problems/").content.decode().count(f"/problems/{slug}/") == 1
