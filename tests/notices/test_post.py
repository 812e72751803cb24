"""Telling a person something, in their language, and their page of it."""

import pytest
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from cells.choices import Office
from core.actors import SYSTEM
from notices.domain import post
from notices.models import Notice

pytestmark = pytest.mark.django_db

APPOINTED = _("您已任%(office)s")


@pytest.fixture
def as_secretary(client, party, settings):
    settings.ZHIBU_SECOND_FACTOR = False
    client.force_login(party.secretary)
    return client


def test_a_notice_carries_its_sentence_facts_and_page(party):
    with translation.override("en"):
        notice = post.tell(party.secretary, APPOINTED, url="/cells/ZB-0001/", by=party.staff, facts={"office": "书记"})

    assert notice.sentence == "您已任%(office)s"
    assert (notice.to, notice.sender, notice.text, notice.url) == (
        party.secretary,
        party.staff,
        "您已任书记",
        "/cells/ZB-0001/",
    )


def test_each_reader_gets_the_office_in_their_own_language(party):
    with translation.override("en"):
        notice = post.tell(party.secretary, APPOINTED, by=party.staff, facts={"office": Office.SECRETARY.label})
        assert notice.text == "您已任Secretary"
    assert notice.text == "您已任书记"


def test_a_sentence_without_facts_may_contain_a_percent_sign(party):
    assert post.tell(party.secretary, "覆盖率为 59.0%", by=SYSTEM).text == "覆盖率为 59.0%"


def test_nobody_is_told_what_they_did_themselves(party):
    assert post.tell(party.secretary, APPOINTED, by=party.secretary) is None
    assert not Notice.objects.exists()


@pytest.mark.parametrize("url", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_a_notice_leads_nowhere_else(party, url):
    with pytest.raises(ValueError, match="a page of the portal"):
        post.tell(party.secretary, APPOINTED, url=url, by=SYSTEM)


def test_opening_a_notice_marks_it_and_goes_to_its_page(as_secretary, party):
    notice = post.tell(party.secretary, "请核对名册", url="/tasks/", by=party.staff)
    page = as_secretary.get(reverse("notices:notices")).content.decode()
    assert "请核对名册" in page
    answer = as_secretary.post(reverse("notices:notice-open", args=[notice.pk]))

    assert (answer.status_code, answer.headers["Location"]) == (302, "/tasks/")
    notice.refresh_from_db()
    first = notice.read_at
    as_secretary.post(reverse("notices:notice-open", args=[notice.pk]))
    notice.refresh_from_db()
    assert notice.is_read
    assert notice.read_at == first


def test_all_notices_are_marked_at_once_and_only_ones_own(as_secretary, party):
    post.tell(party.secretary, "甲", by=SYSTEM)
    post.tell(party.secretary, "乙", by=SYSTEM)
    theirs = post.tell(party.staff, "丙", by=SYSTEM)
    as_secretary.post(reverse("notices:notices-read"))

    assert list(Notice.objects.unread()) == [theirs]


def test_another_persons_notice_does_not_exist(as_secretary, party):
    theirs = post.tell(party.staff, "丙", by=SYSTEM)

    assert as_secretary.post(reverse("notices:notice-open", args=[theirs.pk])).status_code == 404
    assert "丙" not in as_secretary.get(reverse("notices:notices")).content.decode()
    theirs.refresh_from_db()
    assert not theirs.is_read


def test_looking_changes_nothing(as_secretary, party):
    notice = post.tell(party.secretary, "甲", by=SYSTEM)
    as_secretary.get(reverse("notices:notices"))

    assert as_secretary.get(reverse("notices:notice-open", args=[notice.pk])).status_code == 405
    assert Notice.objects.unread().get() == notice


def test_an_empty_page_says_so(as_secretary):
    assert "没有新的通知" in as_secretary.get(reverse("notices:notices")).content.decode()
