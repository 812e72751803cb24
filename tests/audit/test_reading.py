"""An entry in words, on the page of the trail and beside a thing."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from audit import reading, sentences, trail, views
from audit.models import Entry
from core.actors import SYSTEM

pytestmark = pytest.mark.django_db


@pytest.fixture
def show(party, client):
    """The page of the trail as somebody meets it who reads all of it."""
    client.force_login(party.staff, "cells.signed_in.ByPassword")
    return lambda query="": client.get(f"/audit/{query}")


@pytest.fixture
def words(monkeypatch):
    monkeypatch.setitem(sentences._sentences, "tests.corrected", "更正资料，依据%(reason)s")


def test_a_reason_out_of_a_list_is_read_in_the_readers_language(party, words):
    facts = {"reason": "开除党籍", "purpose": "随便写的"}
    entry = trail.record("tests.corrected", party.wang, by=party.secretary, at="", facts=facts)
    with translation.override("en"):
        read = reading.read(entry)
        assert read.sentence == "更正资料，依据Expelled"
        assert [words for _label, words in read.facts] == ["随便写的"]


def test_an_entry_reads_as_a_sentence_with_old_and_new(party, words):
    entry = trail.record(
        "tests.corrected",
        party.wang,
        by=party.secretary,
        at="",
        facts={
            "reason": "档案",
            "purpose": "核对",
            "changes": {"name": ["王滔", "王涛"], "gender": [None, party.wang.gender]},
        },
    )
    read = reading.read(entry)

    assert read.sentence == "更正资料，依据档案"
    assert read.actor == "李敏"
    assert [(change.old, change.new) for change in read.changes] == [
        ("王滔", "王涛"),
        ("—", party.wang.get_gender_display()),
    ]
    assert read.changes[0].label == "姓名"
    assert read.facts == [("用途", "核对")]  # the reason stands in the sentence already


def test_a_fact_that_is_missing_from_a_sentence_reads_as_a_dash(party, words):
    read = reading.read(trail.record("tests.corrected", party.wang, by=SYSTEM, at="", facts={"fields": ["甲", True]}))

    assert read.sentence == "更正资料，依据—"
    assert read.actor == "系统"
    assert read.facts == [("项目", "甲、是")]


def test_somebody_who_had_not_signed_in_is_not_taken_for_the_system(party, words):
    assert reading.read(trail.record("tests.corrected", party.wang, by=AnonymousUser(), at="")).actor == "未登录者"


def test_the_page_shows_sentence_person_thing_and_change(party, words, show):
    trail.record(
        "tests.corrected", party.wang, by=party.secretary, at="", facts={"changes": {"name": ["王滔", "王涛"]}}
    )
    page = show().content.decode()

    for expected in ("更正资料", "李敏", "王涛", party.wang.code, "<del>王滔</del>", "<ins>王涛</ins>"):
        assert expected in page


def test_the_page_narrows_by_words_and_days(party, words, show):
    trail.record("tests.corrected", party.wang, by=party.secretary, at="")
    trail.record("tests.corrected", party.sun, by=party.staff, at="")

    assert "孙悦" not in show("?q=王涛").content.decode()
    assert "王涛" not in show("?q=赵卫东").content.decode()
    assert "没有符合条件的记录" in show("?last=2020-01-01").content.decode()
    assert "孙悦" in show("?action=tests.corrected").content.decode()


def test_days_in_the_wrong_order_are_told_and_narrow_nothing_else(party, show):
    answer = show("?first=2026-11-20&last=2026-11-01")

    assert answer.status_code == 422
    assert "把两个日期对调" in answer.content.decode()


@pytest.mark.parametrize(
    "query", ["?before=x", "?before=99999999999999999999", "?first=2026-02-30", f"?q={'长' * 5000}"]
)
def test_an_odd_address_is_answered(party, show, query):
    assert show(query).status_code in (200, 422)


def test_older_entries_are_one_page_away(party, words, show):
    written = [
        trail.record("tests.corrected", party.wang, by=party.staff, at="", facts={"note": f"第{n}条"})
        for n in range(55)
    ]

    first = show()
    assert "第5条" in first.content.decode() and written[5] in first.context["table"].page.rows
    second = show(first.context["table"].page.next).content.decode()
    assert "第4条" in second
    assert "第5条" not in second
    assert 'rel="next"' not in second


def test_the_page_asks_as_often_for_one_entry_as_for_many(party, words, show):
    def queries():
        with CaptureQueriesContext(connection) as asked:
            show("?action=tests.corrected")
        return len(asked)

    trail.record("tests.corrected", party.wang, by=party.staff, at="")
    queries()
    one = queries()
    for number in range(6):
        trail.record("tests.corrected", party.sun, by=party.secretary, at="", facts={"note": number})
    assert queries() == one


def test_a_timeline_shows_the_latest_entries_of_a_thing(party, words):
    trail.record("tests.corrected", party.wang, by=party.staff, at="", facts={"note": "先"})
    trail.record("tests.corrected", party.wang, by=party.staff, at="", facts={"note": "后"})

    assert [read.facts for read in views.timeline(Entry.objects.about(party.wang), limit=1)] == [[("说明", "后")]]


def test_the_trail_is_asked_up_to_the_first_and_the_last_day_there_is(party):
    trail.record("members.revealed", party.wang, by=party.secretary, at=party.yunshan.path, facts={})
    assert Entry.objects.between(date.min, date.max).count() == 1
    assert Entry.objects.between(date.max, date.max - timedelta(days=1)).count() == 0
