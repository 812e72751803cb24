"""An office that ended, or an account that was closed, opens nothing any more: pages, files, links, queued jobs."""

from itertools import islice

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from accounts.domain import sessions
from cells.choices import Office
from cells.domain import accounts, appointments
from cells.models import Appointment
from ledgers.choices import Kind
from ledgers.domain import imports
from ledgers.models import Export
from notices.models import Notice
from tests import cast
from tests.cast import LONG_AGO
from tests.ledgers.conftest import carried_out, roster, somebody, staged
from work import jobs
from work.choices import JobState
from work.models import Job

# What a job must not touch once its owner may not; its own state and the import's may say that it was refused.
BUSINESS = ("cells", "members", "activities", "reports", "notices")


def end(person, *, by):
    """End every office of somebody today, as any superior may."""
    for office in Appointment.objects.in_force(timezone.localdate()).filter(holder=person):
        appointments.end(office, reason="调离", by=by, on=timezone.localdate())


def close(person, *, by):
    accounts.close(person, reason="调离", by=by, on=timezone.localdate())


def sign_out(person, *, by):
    sessions.close_all(person)


def contents():
    """All that stands in the tables of the business, as one line a table."""
    tables = sorted(
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.app_label in BUSINESS
    )
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t")
            found[table] = cursor.fetchone()[0]
    return found


def reviewed(party):
    the_import = staged(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    return party.secretary, {"import": the_import.pk}


def confirmed(party):
    the_import = staged(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    imports.confirm(the_import, by=party.secretary)
    return party.secretary, {"import": the_import.pk}


def done(party):
    the_import = carried_out(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    return party.secretary, {"import": the_import.pk}


def to_be_drawn(party):
    party.people["north_staff"] = cast.appoint("另一位", Office.ASSOCIATION_STAFF, party.association)
    return party.staff, {"cell": party.north.pk, "on": LONG_AGO.isoformat()}


def to_be_exported(party):
    how = {"listing": "members.roster", "columns": ["name"], "format": "csv", "tells_of": "members.Member"}
    return party.secretary, {"export": Export.objects.create(by=party.secretary, scope=party.yunshan, **how).pk}


# How a job of each kind comes to be queued: whose it is, and what it is about. A new kind takes a line here.
QUEUED = {
    "ledgers.review": reviewed,
    "ledgers.review_again": reviewed,
    "ledgers.trial": reviewed,
    "ledgers.commit": confirmed,
    "ledgers.undo_trial": done,
    "ledgers.undo": done,
    "ledgers.export": to_be_exported,
    "reports.draw": to_be_drawn,
}
KINDS = [kind for kind in jobs.kinds() if not kind.startswith("tests.")]


@pytest.mark.parametrize(
    ("kind", "ending"), [*((kind, end) for kind in KINDS), ("ledgers.commit", close), ("reports.draw", close)]
)
def test_a_queued_job_does_nothing_once_its_owner_may_not(party, kind, ending):
    assert kind in QUEUED, f"say in QUEUED how a job of {kind} comes to be queued"
    owner, payload = QUEUED[kind](party)
    job = jobs.start(kind, by=owner, title="排队的任务", payload=payload)
    ending(owner, by=party.north_staff if ending is end else party.technician)
    before = contents()
    assert not jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, contents()) == (JobState.FAILED, before)


class TestTheNextRequest:
    def signed_in(self, client, person):
        client.force_login(person)
        return client

    def test_of_whoever_lost_the_office_finds_nothing(self, client, party):
        self.signed_in(client, party.secretary)
        pages = [
            reverse("cells:cell", args=[party.yunshan.code]),
            reverse("members:roster", args=[party.yunshan.code]),
            reverse("members:member", args=[party.wang.code]),
        ]
        assert {client.get(page).status_code for page in pages} == {200}
        end(party.secretary, by=party.north_staff)
        assert {client.get(page).status_code for page in pages} == {404}
        assert client.get(reverse("audit:trail")).status_code == 403

    def test_for_a_file_made_before_finds_none(self, client, party):
        review = staged(roster(somebody(1), somebody(2, 民族="火星族")), cell=party.yunshan, by=party.secretary)
        problems = reverse("ledgers:problems", args=[review.ref, Kind.MEMBERS])
        filled = reverse("ledgers:template-filled")
        self.signed_in(client, party.secretary)
        assert client.get(problems).status_code == 200
        end(party.secretary, by=party.north_staff)
        assert client.get(problems).status_code == 404
        answers = {"kind": Kind.MEMBERS, "purpose": "年底核对"}
        assert client.post(filled, answers).status_code in (403, 404)

    @pytest.mark.parametrize("ending", [end, sign_out])
    def test_for_the_rest_of_a_list_gets_no_further_rows(self, client, party, ending):
        for n in range(60):
            cast.enlist(f"党员{n}", party.yunshan)
        self.signed_in(client, party.secretary)
        stream = client.get(reverse("reports:figure-csv", args=["members"])).streaming_content
        before = list(islice(stream, 2))
        ending(party.secretary, by=party.north_staff)
        assert "党员" in before[-1].decode()
        assert [line.decode().strip() for line in stream] == ["下载途中权限已变，以下内容没有导出。"]

    def test_by_the_link_of_a_result_or_a_notice_leads_nowhere(self, client, party):
        page = reverse("cells:cell", args=[party.yunshan.code])
        notice = Notice.objects.create(to=party.secretary, sentence="请看", url=page)
        job = Job.objects.create(
            kind="ledgers.review", title="核对", owner=party.secretary, state=JobState.DONE, result_url=page
        )
        self.signed_in(client, party.secretary)
        end(party.secretary, by=party.north_staff)
        way = client.post(reverse("notices:notice-open", args=[notice.pk])).url
        assert client.get(way).status_code == 404
        assert client.get(job.get_absolute_url()).status_code == 200
        assert client.get(job.result_url).status_code == 404

    def test_of_a_closed_account_is_led_to_the_sign_in(self, client, party):
        job = Job.objects.create(kind="ledgers.review", title="核对", owner=party.secretary, state=JobState.DONE)
        self.signed_in(client, party.secretary)
        close(party.secretary, by=party.technician)
        assert client.get(job.get_absolute_url()).url.startswith(reverse("account_login"))
