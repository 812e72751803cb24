"""What is published is public at once, kept when withdrawn, and never personal."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from core.errors import OutOfTurn, Refusal, Stale
from news.choices import AnnouncementKind
from news.domain import publishing
from news.models import Announcement
from tests.cast import TODAY, fictional_id_number

pytestmark = pytest.mark.django_db

NEWS = "/announcements/"


def published(party, title="关于召开述职评议会的通知", **more):
    words = {"kind": AnnouncementKind.NOTICE, "title": title, "body": "各党支部：\n\n请按时参加。"} | more
    return publishing.publish(party.association, by=party.staff, on=TODAY, **words)


def test_what_staff_publish_is_read_by_everybody(party, client):
    announcement = published(party)
    assert announcement.code == f"GG-{announcement.pk:04}"
    page = client.get(announcement.get_absolute_url()).content.decode()
    assert "关于召开述职评议会的通知" in page
    assert "<p>请按时参加。</p>" in page
    assert Entry.objects.get(action="news.published").path == party.association.path


@pytest.mark.parametrize("who", ["secretary", "north_staff", "auditor", "technician", "plain_member"])
def test_nobody_else_publishes(party, who):
    with pytest.raises(PermissionDenied):
        publishing.publish(
            party.association, kind="notice", title="通知", body="正文", by=getattr(party, who), on=TODAY
        )
    assert not Announcement.objects.exists()


@pytest.mark.parametrize("field", ["title", "body", "title_en", "body_en"])
def test_a_personal_number_is_refused_wherever_it_stands(party, field):
    number = fictional_id_number(TODAY.replace(year=1990), 7)
    english = {"title_en": "Notice", "body_en": "Please come."}
    with pytest.raises(Refusal) as refused:
        published(party, **english | {field: f"请联系 {number}"})
    assert refused.value.field == field


def test_half_a_translation_is_refused_at_the_half_that_is_missing(party):
    with pytest.raises(Refusal) as refused:
        published(party, title_en="Notice")
    assert refused.value.field == "body_en"


def test_readers_of_english_get_the_translation_or_the_chinese_marked_as_such(party, client):
    published(party, title_en="Notice of a meeting", body_en="Please come.")
    published(party, title="第四期培训班报名")
    page = client.get(NEWS, headers={"accept-language": "en"}).content.decode()
    assert "Notice of a meeting" in page
    assert "关于召开述职评议会的通知" not in page
    assert '<li lang="zh-Hans"><time datetime="2026-11-20">2026-11-20</time>' in page


def test_there_is_one_text_about_ourselves(party):
    published(party, kind=AnnouncementKind.ABOUT)
    with pytest.raises(Refusal) as refused:
        published(party, kind=AnnouncementKind.ABOUT)
    assert refused.value.field == "kind"


def test_a_correction_keeps_the_day_and_says_that_it_was_corrected(party, client):
    announcement = published(party)
    publishing.correct(
        announcement, version=1, title="关于改期的通知", body="改在下周。", by=party.staff, on=TODAY.replace(month=12)
    )
    page = client.get(announcement.get_absolute_url()).content.decode()
    assert "关于改期的通知" in page
    assert 'datetime="2026-11-20"' in page
    assert Announcement.objects.get().corrected_at


def test_a_correction_of_what_somebody_else_corrected_is_stale(party):
    announcement = published(party)
    with pytest.raises(Stale):
        publishing.correct(announcement, version=9, title="改", body="改", by=party.staff, on=TODAY)


def test_an_unchanged_correction_leaves_no_trace(party):
    announcement = published(party)
    same = {name: getattr(announcement, name) for name in publishing.TEXTS}
    publishing.correct(announcement, version=1, by=party.staff, on=TODAY, **same)
    assert not Entry.objects.filter(action="news.corrected").exists()
    assert Announcement.objects.get().version == 1


def test_what_was_withdrawn_is_gone_for_the_public_and_kept_for_staff(party, client):
    announcement = published(party)
    publishing.withdraw(announcement, reason="日期写错", by=party.staff, on=TODAY)
    assert client.get(announcement.get_absolute_url()).status_code == 404
    assert announcement.title not in client.get("/front/").content.decode()
    assert announcement.title not in client.get(NEWS).content.decode()
    client.force_login(party.staff)
    assert "日期写错" in client.get(announcement.get_absolute_url()).content.decode()
    with pytest.raises(OutOfTurn):
        publishing.withdraw(announcement, reason="再撤一次", by=party.staff, on=TODAY)


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"withdraw_reason": "无名"}, "what_was_withdrawn_says_who_and_why"),
        ({"title_en": "Half"}, "an_english_title_goes_with_an_english_text"),
    ],
)
def test_the_database_holds_it_too(party, change, name):
    announcement = published(party)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        Announcement.objects.filter(pk=announcement.pk).update(**change)


# Through the pages.


def test_a_notice_is_written_corrected_and_withdrawn_on_pages(party, client):
    client.force_login(party.staff)
    words = {"kind": "notice", "title": "系统维护公告", "body": "周日 1 时至 3 时。", "title_en": "", "body_en": ""}
    answer = client.post(f"{NEWS}new/", words, follow=True)
    announcement = Announcement.objects.get()
    assert answer.redirect_chain == [(announcement.get_absolute_url(), 302)]
    edit = f"{announcement.get_absolute_url()}edit/"
    assert client.post(edit, words | {"title": "维护改期", "version": 1}).status_code == 302
    stale = client.post(edit, words | {"title": "再改", "version": 1})
    assert stale.status_code == 412
    assert 'value="再改"' in stale.content.decode()
    assert 'name="version" value="2"' in stale.content.decode()
    assert client.post(f"{announcement.get_absolute_url()}withdrawal/", {"reason": "已结束"}).status_code == 302
    assert Announcement.objects.get().withdraw_reason == "已结束"


def test_a_refused_notice_comes_back_with_its_words(party, client):
    client.force_login(party.staff)
    words = {"kind": "notice", "title": "联系电话", "body": "请打 13900001111", "title_en": "", "body_en": ""}
    page = client.post(f"{NEWS}new/", words)
    assert page.status_code == 422
    assert "固定电话" in page.content.decode()
    assert "请打 13900001111" in page.content.decode()


def test_script_in_a_text_is_shown_as_text(party, client):
    announcement = published(party, body="<script>alert(1)</script>\n\n[x](javascript:1)")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in client.get(announcement.get_absolute_url()).content.decode()


@pytest.mark.parametrize("path", [NEWS, "/front/", f"{NEWS}kept/"])
def test_one_and_three_rows_ask_the_same_number_of_queries(party, client, path, django_assert_num_queries):
    client.force_login(party.staff)
    published(party)
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for number in range(2):
        published(party, title=f"第 {number} 号通知")
    with django_assert_num_queries(len(one)):
        client.get(path)
