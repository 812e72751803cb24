"""Complaints and suggestions: open to everybody, kept as written, read by those who keep the tree."""

import pytest
from django.core.cache import cache

from audit.models import Entry
from notices.models import Notice
from portal.models import Feedback
from tests.suites import both_suites

pytestmark = pytest.mark.django_db
TEXT = "名册里有两个人的手机号对不上"


@pytest.fixture(autouse=True)
def _nobody_wrote_yet():
    cache.clear()


def test_somebody_who_has_not_signed_in_may_write(client, party):
    response = client.post("/feedback/", {"text": TEXT, "reply_to": "13900001111", "page": "/help/"})
    assert response.status_code == 302
    kept = Feedback.objects.get()
    assert (kept.text, kept.reply_to, kept.page, kept.sender) == (TEXT, "13900001111", "/help/", None)


def test_the_association_is_told_and_nobody_else(client, party):
    client.force_login(party.secretary)
    client.post("/feedback/", {"text": TEXT})
    assert set(Notice.objects.values_list("to", flat=True)) == {party.staff.pk}
    assert Feedback.objects.get().sender == party.secretary


def test_an_empty_text_comes_back_with_a_sentence_at_its_field(client, party):
    response = client.post("/feedback/", {"text": "", "reply_to": "13900001111"})
    assert response.status_code == 422
    assert "13900001111" in response.content.decode()
    assert not Feedback.objects.exists()


def test_the_trail_does_not_repeat_how_to_reach_the_sender(client, party):
    client.post("/feedback/", {"text": TEXT, "reply_to": "13900001111"})
    entry = Entry.objects.get(action="portal.feedback_sent")
    assert "13900001111" not in f"{entry.facts}{entry.thing_label}"


def test_the_sixth_message_within_an_hour_is_asked_to_wait_and_kept_on_the_page(client, party):
    for _time in range(5):
        assert client.post("/feedback/", {"text": TEXT}).status_code == 302
    response = client.post("/feedback/", {"text": TEXT})
    assert response.status_code == 429
    assert TEXT in response.content.decode()
    assert Feedback.objects.count() == 5


def test_behind_a_proxy_everybody_is_counted_by_their_own_address(client, party, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for place in range(6):
        # What the client wrote itself stands before what the proxy adds.
        forwarded = {"X-Forwarded-For": f"198.51.100.9, 203.0.113.{place}"}
        assert client.post("/feedback/", {"text": TEXT}, headers=forwarded).status_code == 302


def test_without_a_proxy_nobody_chooses_the_address_they_are_counted_by(client, party):
    answers = [
        client.post("/feedback/", {"text": TEXT}, headers={"X-Forwarded-For": f"203.0.113.{place}"})
        for place in range(6)
    ]
    assert answers[-1].status_code == 429


@both_suites
def test_those_who_keep_the_tree_read_what_was_written(client, party):
    client.post("/feedback/", {"text": TEXT})
    client.force_login(party.staff)
    assert TEXT in client.get("/feedback/received/").content.decode()


@pytest.mark.parametrize("who", ["secretary", "north_staff", "auditor", "plain_member"])
def test_nobody_else_reads_it(client, party, who):
    client.force_login(getattr(party, who))
    assert client.get("/feedback/received/").status_code == 403
