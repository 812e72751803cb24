"""Figures and snapshots over REST: the numbers of the pages, within the reader's reach."""

from datetime import timedelta

import pytest

from core.actors import SYSTEM
from reports.domain import snapshots
from reports.figures import FIGURES, Where, read
from tests.cast import TODAY
from work.models import Job

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture
def ask(client, party):
    def asked(who, path, **data):
        client.force_login(getattr(party, who))
        send = client.post if data else client.get
        return send(f"/api/v1/{path}", **({"data": data, "content_type": "application/json"} if data else {}))

    return asked


def test_every_figure_is_what_the_page_shows(ask, party):
    asked = ask("staff", f"figures/?under={party.north.code}&on={TODAY}").json()
    shown = {one["key"]: one["number"] for one in asked["results"]}
    page = {one.figure.key: one.number for one in read(Where(party.north), TODAY)}
    assert set(shown) == set(FIGURES)
    assert {key: None if number is None else str(number) for key, number in page.items()} == {
        key: None if number is None else str(number) for key, number in shown.items()
    }


def test_what_a_figure_counted_is_named_as_far_as_the_reader_sees_it(ask, party):
    answer = ask("secretary", "figures/members/rows/?count=1").json()
    assert party.wang.code in {row["code"] for row in answer["results"]}
    assert party.liu.code not in {row["code"] for row in answer["results"]}
    assert answer["count"] == len(answer["results"])


def test_a_place_out_of_reach_is_as_unknown_as_one_that_never_was(ask, party):
    beyond = ask("secretary", f"figures/?under={party.south.code}")
    unknown = ask("secretary", f"figures/?under={'ZB-9999'}")
    assert beyond.status_code == unknown.status_code == 400
    assert beyond.content.replace(party.south.code.encode(), b"ZB-9999") == unknown.content


@pytest.mark.parametrize("query", ["on=2099-01-01", "on=0000-01-01", "nope=1", "part=nothing", "park=&park=高新区"])
def test_a_question_that_cannot_be_read_is_refused(ask, query):
    assert ask("staff", f"figures/members/rows/?{query}").status_code == 400


def test_a_snapshot_is_read_proved_and_compared(ask, party):
    old = snapshots.draw(party.north, by=party.staff, on=YESTERDAY)
    new = snapshots.draw(party.north, by=party.staff, on=TODAY)
    shown = ask("staff", f"snapshots/{old.code}/").json()
    assert shown["figures"] == old.figures
    assert ask("staff", f"snapshots/{old.code}/proof/").json() == {"intact": True, "repeats": True, "differing": []}
    found = ask("staff", f"snapshots/compare/?of={new.code}&of={old.code}").json()
    assert (found["old"], found["new"]) == (old.code, new.code)
    assert {one["key"] for one in found["differences"]} == set(FIGURES)


def test_a_snapshot_elsewhere_does_not_exist(ask, party):
    elsewhere = snapshots.draw(party.south, by=SYSTEM, on=TODAY)
    for path in (f"snapshots/{elsewhere.code}/", f"snapshots/{elsewhere.code}/proof/"):
        assert ask("north_staff", path).status_code == 404
    assert ask("north_staff", f"snapshots/compare/?of={elsewhere.code}&of=KZ-XXXXXX").status_code == 404
    assert ask("north_staff", "snapshots/?count=1").json()["count"] == 0


def test_drawing_is_a_job_and_a_rehearsal_starts_none(ask, party):
    told = {"cell": party.north.code, "on": TODAY.isoformat()}
    assert ask("staff", "snapshots/?dry_run=1", **told).status_code == 200
    assert not Job.objects.exists()
    answer = ask("staff", "snapshots/", **told)
    assert answer.status_code == 202
    assert answer.headers["Location"] == f"/api/v1/jobs/{Job.objects.get().code}/"
    assert ask("secretary", "snapshots/", **told).status_code == 403
