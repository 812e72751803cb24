"""What a program may do with a token: what its holder may do that day, within its scopes and its stretch, no more."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.domain import sessions
from audit import reading
from audit.models import Entry
from cells.authority import Narrowing, narrow, spans
from cells.choices import Office, Power
from cells.domain import accounts, appointments
from cells.models import Appointment, Assignment, Cell, Company
from core import context
from core.dated import since
from integrations import bearers
from integrations.domain import tokens
from integrations.models import Token
from members.models import Member
from members.rules import OWN_RECORD
from notices.models import Notice
from tests import cast
from tests.integrations.programs import drawn, program
from work import jobs
from work.models import Job
from work.progress import Progress

pytestmark = pytest.mark.django_db
CELLS = "/api/v1/cells/"
ME = "/api/v1/me/"


@pytest.fixture(autouse=True)
def _nobody_has_asked_too_often():
    cache.clear()


def codes(response):
    assert response.status_code == 200, response.content
    return {row["code"] for row in response.json()["results"]}


def body_of(response):
    """A refusal but for what differs from request to request."""
    headers = {name: value for name, value in response.headers.items() if not re.match("X-Request|RateLimit", name)}
    return response.status_code, response.content, headers


def test_a_token_says_who_it_is_and_how_far_it_carries(party):
    token, shown = drawn(party.north_staff, party.yunshan, "members:write")
    me = program(shown).get(ME).json()
    assert (me["code"], me["token"]) == (party.north_staff.code, token.code)
    assert me["scopes"] == ["members:read", "members:write"]
    assert me["reach"] == [
        {"cell": party.yunshan.code, "below": True, "powers": ["answer_requests", "keep_roster", "see_roster"]}
    ]


def test_the_holder_sees_at_least_what_each_of_their_tokens_sees(party):
    browser = Client()
    browser.force_login(party.staff)
    own = codes(browser.get(CELLS))
    whole = codes(program(drawn(party.staff, party.association, "cells:read")[1]).get(CELLS))
    part = codes(program(drawn(party.staff, party.north, "cells:read")[1]).get(CELLS))
    assert whole == own
    assert part == {party.north.code, party.yunshan.code, party.first_group.code, party.yuanfan.code}
    assert program(drawn(party.staff, party.north, "cells:read")[1]).get(f"{CELLS}?count=1").json()["count"] == 4


def test_what_lies_outside_its_stretch_does_not_exist_for_a_token(party):
    there = program(drawn(party.staff, party.north, "cells:read")[1])
    elsewhere = there.get(f"{CELLS}{party.south.code}/")
    nowhere = there.get(f"{CELLS}ZB-99999999/")
    assert elsewhere.status_code == nowhere.status_code == 404
    strip = str.maketrans("", "", "0123456789")
    assert elsewhere.content.decode().translate(strip) == nowhere.content.decode().translate(strip)


def test_beside_what_a_token_may_not_see_stands_that_it_was_withheld(party):
    """Its own cell's superior is out of its stretch, and named by nothing."""
    there = program(drawn(party.staff, party.north, "cells:read")[1])
    for path in (f"{CELLS}{party.north.code}/", f"{CELLS}{party.north.code}/?expand=parent"):
        shown = there.get(path).json()
        assert shown["parent"] is None
        assert "parent" in shown["meta"]["withheld"]
    browser = Client()
    browser.force_login(party.staff)
    assert browser.get(f"{CELLS}{party.north.code}/").json()["parent"]["code"] == party.association.code


def test_a_token_reads_beside_things_only_what_it_was_given_to_read(party):
    """The power to see companies is the power to see cells; the scope is not."""
    company = cast.register("云杉科技有限公司", party.north)
    companies = drawn(party.staff, party.association, "companies:read")[1]
    both = drawn(party.staff, party.association, "companies:read", "cells:read")[1]
    address = f"/api/v1/companies/{company.code}/?expand=keeper"
    shown = program(companies).get(address).json()
    assert (shown["keeper"], shown["meta"]["withheld"]) == (None, ["keeper"])
    assert program(both).get(address).json()["keeper"]["code"] == party.north.code


def test_a_scope_that_was_not_given_is_refused_though_the_holder_may(party):
    there = program(drawn(party.staff, party.association, "members:read")[1])
    assert there.get(CELLS).status_code == 403
    reader = program(drawn(party.staff, party.association, "cells:read")[1])
    founding = {"name": "中共新支部委员会", "kind": "branch", "superior": party.north.code}
    refused = reader.post(CELLS, founding, content_type="application/json")
    assert refused.status_code == 403
    assert Cell.objects.filter(name=founding["name"]).count() == 0


def test_a_program_gives_nobody_an_office_that_carries_more_than_it_does(party):
    def appointed(office, *scopes):
        there = program(drawn(party.staff, party.association, *scopes)[1])
        holder = party.other_secretary.code
        asked = {"cell": party.association.code, "holder": holder, "office": office, "on": "2026-11-20"}
        return there.post("/api/v1/appointments/", asked, content_type="application/json").status_code

    for office in (Office.ASSOCIATION_STAFF, Office.TECHNICAL_ADMINISTRATOR, Office.AUDITOR):
        assert appointed(office, "appointments:write") == 403
    assert not party.association.appointments.filter(holder=party.other_secretary).exists()
    assert appointed(Office.TECHNICAL_ADMINISTRATOR, *tokens.Scope) == 403
    assert appointed(Office.AUDITOR, "appointments:write", "members:read", "reports:read", "audit:read") == 201


@pytest.mark.parametrize("spoil", ["secret", "code", "shape", "ended", "expired", "foreign", "closed", "empty"])
def test_whatever_is_wrong_with_a_token_is_answered_alike(party, spoil):
    plain = body_of(program("pbt_LP-222222." + "a" * 43).get(CELLS))
    assert plain[0] == 401
    token, shown = drawn(party.staff, party.association, "cells:read", networks="198.51.100.0/24")
    address = "198.51.100.7"
    assert program(shown, address).get(CELLS).status_code == 200
    if spoil == "secret":
        shown = shown[:-1] + ("A" if shown[-1] != "A" else "B")
    elif spoil == "code":
        shown = shown.replace(token.code, "LP-333333")
    elif spoil in ("shape", "empty"):
        shown = "nonsense" if spoil == "shape" else ""
    elif spoil == "ended":
        tokens.end(token, by=party.staff, on=timezone.localdate())
    elif spoil == "expired":
        on = timezone.localdate() - timedelta(days=2)
        Token.objects.filter(pk=token.pk).update(drawn_on=on, expires_on=on)
    elif spoil == "foreign":
        address = "203.0.113.7"
    elif spoil == "closed":
        get_user_model().objects.filter(pk=party.staff.pk).update(is_active=False)
    assert body_of(program(shown, address).get(CELLS)) == plain


def test_a_forged_address_opens_nothing(party):
    _token, shown = drawn(party.staff, party.association, "cells:read", networks="198.51.100.0/24")
    for header in ("X-Forwarded-For", "X-Real-IP", "Forwarded", "CF-Connecting-IP"):
        assert program(shown).get(CELLS, headers={header: "198.51.100.7"}).status_code == 401
    told = Notice.objects.filter(to=party.staff, sentence__contains="不允许的地址")
    assert told.count() == Entry.objects.filter(action="integrations.token_refused").count() == 1


def test_behind_our_own_proxy_the_address_it_names_counts(party, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    _token, shown = drawn(party.staff, party.association, "cells:read", networks="198.51.100.0/24")
    there = program(shown, "127.0.0.1")
    assert there.get(CELLS, headers={"X-Forwarded-For": "203.0.113.7, 198.51.100.7"}).status_code == 200
    assert there.get(CELLS, headers={"X-Forwarded-For": "198.51.100.7, 203.0.113.7"}).status_code == 401


def test_too_many_wrong_tokens_from_one_address_are_told_to_wait_and_right_ones_go_on(party):
    _token, shown = drawn(party.staff, party.association, "cells:read")
    found = [program("nonsense").get(CELLS).status_code for _ in range(bearers.WRONG.most + 1)]
    assert found == [401] * bearers.WRONG.most + [429]
    assert program("nonsense").get(CELLS).headers["Retry-After"] == "900"
    assert program(shown).get(CELLS).status_code == 200
    assert program("nonsense", "203.0.113.8").get(CELLS).status_code == 401


def _changes_password(party):
    browser = Client()
    browser.force_login(party.secretary)
    sent = {"oldpassword": "password", "password1": "云杉树下的那张长椅 2031", "password2": "云杉树下的那张长椅 2031"}
    assert browser.post("/password/change/", sent).status_code == 302


ENDS = {
    "a new password": (_changes_password, 401),
    "everything signed out": (lambda party: sessions.close_all(party.secretary), 401),
    "a closed account": (
        lambda party: accounts.close(party.secretary, reason="离职", by=party.technician, on=timezone.localdate()),
        401,
    ),
    "the end of the office": (
        lambda party: appointments.end(
            Appointment.objects.get(holder=party.secretary),
            reason="换届",
            by=party.north_staff,
            on=timezone.localdate(),
        ),
        200,
    ),
}


@pytest.mark.parametrize("way", ENDS)
def test_what_ends_the_holders_standing_ends_what_the_token_carries_with_the_next_request(party, way):
    ending, answered = ENDS[way]
    there = program(drawn(party.secretary, party.yunshan, "cells:read")[1])
    assert codes(there.get(CELLS)) == {party.yunshan.code, party.first_group.code}
    ending(party)
    after = there.get(CELLS)
    assert after.status_code == answered
    assert party.yunshan.code not in after.content.decode()


def test_a_token_is_no_way_around_the_second_factor(party, settings):
    there = program(drawn(party.secretary, party.yunshan, "cells:read")[1])
    assert there.get(CELLS).status_code == 200
    settings.ZHIBU_SECOND_FACTOR = True
    assert there.get(CELLS).status_code == 401


def test_a_token_opens_no_page(party):
    there = program(drawn(party.staff, party.association, *tokens.Scope)[1])
    for path in ("/home/", "/cells/", "/settings/tokens/", "/me/"):
        answer = there.get(path)
        assert answer.status_code == 302 and answer.url.startswith("/login/"), path
    assert "sessionid" not in there.cookies


def test_a_token_beside_a_session_is_what_counts(party):
    both = program(drawn(party.staff, party.yunshan, "cells:read")[1])
    both.force_login(party.staff)
    assert codes(both.get(CELLS)) == {party.yunshan.code, party.first_group.code}
    wrong = program("nonsense")
    wrong.force_login(party.staff)
    assert wrong.get(CELLS).status_code == 401


def test_the_last_use_is_noted_at_most_once_a_minute(party):
    token, shown = drawn(party.staff, party.association, "cells:read")
    noted = []
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for seconds in (0, 59, 2):
            clock.shift(seconds)
            assert program(shown).get(CELLS).status_code == 200
            noted.append(Token.objects.get(pk=token.pk).last_used_at)
    assert noted[0] == noted[1] < noted[2]


def test_nothing_is_ones_own_to_a_program(party):
    """Who keeps a roster and stands on it as well reaches the own record as a person alone."""
    own = Member.objects.get(user=party.secretary)
    assert OWN_RECORD.allows(party.secretary, own)
    narrow(party.secretary, drawn(party.secretary, party.first_group)[0].narrowing)
    assert not OWN_RECORD.allows(party.secretary, own)
    assert list(Member.objects.readable_by(party.secretary)) == [party.zhou]


def test_an_advisors_companies_are_within_the_stretch_and_the_scopes_as_well(party):
    near = cast.register("近处有限公司", party.south)
    far = cast.register("远处有限公司", party.north)
    for company in (near, far):
        Assignment.objects.create(
            advisor=party.advisor, company=company, valid=since(cast.LONG_AGO), assigned_by=party.staff
        )
    assert {near, far} <= set(Company.objects.visible_to(party.advisor))
    token, _shown = drawn(party.advisor, party.south, "companies:read")
    narrow(party.advisor, token.narrowing)
    assert far not in Company.objects.visible_to(party.advisor)
    assert near in Company.objects.visible_to(party.advisor)
    narrow(party.advisor, Narrowing(frozenset(), token.narrowing.stretch))
    assert not Company.objects.visible_to(party.advisor).exists()


def test_narrowing_never_widens(party):
    """Whatever office, whatever stretch: each power over each stretch was the holder's before."""
    for office in Office:
        holder = cast.appoint("甲", office, party.south)
        before = {power: spans(holder, power) for power in Power}
        for cell in (party.association, party.south, party.shiguang, party.north):
            narrowed = type(holder).objects.get(pk=holder.pk)
            narrow(narrowed, Token(cell=cell, scopes=list(tokens.Scope)).narrowing)
            for power in Power:
                for span in spans(narrowed, power):
                    assert any(span.meet(wider) == span for wider in before[power]), (office, cell, power)


def test_what_a_program_did_says_by_which_token(party):
    token, shown = drawn(party.staff, party.association, "cells:read", "cells:write")
    there = program(shown)
    version = there.get(f"{CELLS}{party.yunshan.code}/").headers["ETag"]
    how = {"content_type": "application/json", "headers": {"If-Match": version}}
    assert there.patch(f"{CELLS}{party.yunshan.code}/", {"contact_name": "何联"}, **how).status_code == 200
    entry = Entry.objects.get(action="cells.corrected")
    assert (entry.actor, entry.facts["token"]) == (party.staff, token.code)
    assert ("令牌", token.code) in reading.read(entry).facts
    with context.working_for(token=token.code):
        left = jobs.start("reports.draw", by=party.staff, title="快照", payload={"cell": party.north.pk})
    appointments.appoint(
        party.shiguang, holder=cast.person("何静"), office=Office.ADVISOR, by=party.staff, on=cast.TODAY
    )
    assert "token" not in Entry.objects.latest("pk").facts
    assert left.payload["token"] == token.code


def test_a_job_that_a_program_starts_is_confined_as_the_program_was(party):
    token, _shown = drawn(party.staff, party.north, "reports:write")
    acting = type(party.staff).objects.get(pk=party.staff.pk)
    narrow(acting, token.narrowing)
    own, confined = (
        jobs.start("reports.draw", by=who, title="快照", payload={"cell": party.south.pk})
        for who in (party.staff, acting)
    )
    assert [span.path for span in spans(Progress(own).owner, Power.DRAW_SNAPSHOTS)] == [party.association.path]
    later = Progress(Job.objects.get(pk=confined.pk)).owner
    assert [span.path for span in spans(later, Power.DRAW_SNAPSHOTS)] == [party.north.path]
    assert spans(later, Power.SEE_ROSTER) == []


def test_a_token_sees_stops_and_retries_the_jobs_begun_within_it_and_no_others(party):
    near, secret = drawn(party.staff, party.north, "ledgers:write", "reports:write")
    wider, _shown = drawn(party.staff, party.association, "ledgers:write", "reports:write")
    more, _shown = drawn(party.staff, party.north, "ledgers:write", "reports:write", "members:write")
    below, _shown = drawn(party.staff, party.yunshan, "reports:write")

    def begun(token):
        acting = type(party.staff).objects.get(pk=party.staff.pk)
        if token is not None:
            narrow(acting, token.narrowing)
        return jobs.start("reports.draw", by=acting, title="快照", payload={"cell": party.north.pk})

    own = [begun(token) for token in (near, below)]
    others = [begun(token) for token in (None, wider, more)]
    there = program(secret)

    def done(job, way):
        return there.post(f"/api/v1/jobs/{job.code}/{way}/", {}, content_type="application/json").status_code

    assert codes(there.get("/api/v1/jobs/")) == {job.code for job in own}
    for job in others:
        assert done(job, "cancel") == done(job, "retry") == 404
        narrowed = type(party.staff).objects.get(pk=party.staff.pk)
        narrow(narrowed, near.narrowing)
        with pytest.raises(PermissionDenied):
            jobs.cancel(job, by=narrowed)
    kept = own[0].payload
    assert done(own[0], "cancel") == done(own[0], "retry") == 200
    assert Job.objects.get(pk=own[0].pk).payload == kept
    assert Job.objects.owned_by(party.staff).count() == 5


def test_three_rows_cost_a_token_as_many_queries_as_one(party):
    there = program(drawn(party.staff, party.association, "cells:read")[1])
    there.get(CELLS)
    counts = []
    for size in (1, 3):
        with CaptureQueriesContext(connection) as asked:
            there.get(f"{CELLS}?limit={size}")
        counts.append(len(asked))
    assert counts[0] == counts[1]
