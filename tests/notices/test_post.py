"""Telling a person something, in their language, and their page of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
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


def test_the_list_holds_ones_own_alone_and_asks_as_much_for_many_as_for_one(as_secretary, party):
    post.tell(party.staff, "别人的", by=SYSTEM)

    def listed(**asked):
        with CaptureQueriesContext(connection) as queries:
            answer = as_secretary.get(reverse("notices:notices"), asked)
        return [notice.text for notice in answer.context["table"].page.rows], len(queries)

    post.mark_read(post.tell(party.secretary, "甲", by=SYSTEM), by=party.secretary)
    listed()
    first, one = listed()
    post.tell(party.secretary, "乙", url="/tasks/", by=SYSTEM)
    post.tell(party.secretary, "丙", by=SYSTEM)
    assert (first, listed()) == (["甲"], (["丙", "乙", "甲"], one))
    assert listed(unread="1") == (["丙", "乙"], one)
    assert listed(unread="0", sort="when")[0] == ["甲"]
    for number in range(60):
        post.tell(party.secretary, f"第 {number} 条", by=SYSTEM)
    found, many = listed()
    assert (len(found), many) == (50, one + 1)  # how many there are, where they do not all stand on the page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def test_the_button_of_a_row_belongs_to_a_form_with_a_token(as_secretary, party, headers):
    notice = post.tell(party.secretary, "甲", by=SYSTEM)
    page = as_secretary.get(reverse("notices:notices"), headers=headers).content.decode()
    assert f'form="notices-deeds" formaction="{reverse("notices:notice-open", args=[notice.pk])}"' in page
    assert '<form id="notices-deeds" method="post"><input type="hidden" name="csrfmiddlewaretoken"' in page


def test_an_empty_page_says_so(as_secretary):
    assert "没有新的通知" in as_secretary.get(reverse("notices:notices")).content.decode()
