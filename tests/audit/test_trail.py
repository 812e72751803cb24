"""What is written down, and that it stands or falls with the deed."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from audit import trail
from audit.models import Entry
from core import context
from core.actors import SYSTEM

pytestmark = pytest.mark.django_db


def test_an_entry_keeps_who_did_what_to_which_thing_and_where(party):
    with context.working_for(request="request-1", job="RW-1"):
        entry = trail.record(
            "cells.renamed", party.yunshan, by=party.staff, at=party.yunshan.path, facts={"on": date(2026, 11, 20)}
        )

    entry.refresh_from_db()
    assert (entry.actor, entry.actor_name) == (party.staff, "赵卫东")
    assert entry.thing == party.yunshan
    assert (entry.thing_code, entry.thing_label) == (party.yunshan.code, str(party.yunshan))
    assert entry.path == party.yunshan.path
    assert entry.facts == {"on": "2026-11-20"}
    assert (entry.request_id, entry.job) == ("request-1", "RW-1")


def test_what_the_clock_does_has_no_person(party):
    entry = trail.record("cells.renamed", party.yunshan, by=SYSTEM, at="")

    assert entry.actor is None
    assert Entry.objects.by(SYSTEM).get() == entry


def test_an_entry_falls_with_its_deed(party):
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        trail.record("cells.renamed", party.yunshan, by=party.staff, at=party.yunshan.path)
        raise ZeroDivisionError

    assert not Entry.objects.exists()


def test_many_entries_take_two_statements_however_many_they_are(party, django_assert_num_queries):
    members = list(party.members.values())
    trail.record("members.enrolled", members[0], by=party.staff, at="")
    with django_assert_num_queries(2):
        trail.record_many(
            "members.enrolled",
            members,
            by=party.staff,
            at=lambda member: f"/{member.pk}/",
            facts=lambda member: {"name": member.name},
        )

    written = Entry.objects.about(party.wang).get(path=f"/{party.wang.pk}/")
    assert written.facts == {"name": "王涛"}
    assert trail.record_many("members.enrolled", [], by=party.staff, at="") == []


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("证件号 999999199001010010 已核", "证件号 999***********0010 已核"),
        ("99999919900101001X", "999***********001X"),
        ("电话13500009171", "电话135****9171"),
        ("电话 139 7771 2345，+86 139-7771-2345", "电话 139****2345，+86 139****2345"),
        ("核对 999999 19870707 771X", "核对 999***********771X"),
        ({"deep": ["13500009171"]}, {"deep": ["135****9171"]}),
        ("91220101MA0Y3B7X2K", "91220101MA0Y3B7X2K"),
        ("112233445566778899", "112233445566778899"),
        (Decimal("59.0"), "59.0"),
        ("a\x00b", "ab"),
    ],
)
def test_personal_numbers_never_reach_the_trail(party, given, kept):
    entry = trail.record("members.corrected", party.wang, by=party.staff, at="", facts={"note": given})

    assert Entry.objects.get(pk=entry.pk).facts == {"note": kept}


def test_entries_are_found_by_thing_place_person_and_day(party):
    here = trail.record("cells.renamed", party.yunshan, by=party.staff, at=party.yunshan.path)
    below = trail.record("cells.renamed", party.first_group, by=party.secretary, at=party.first_group.path)
    beside = trail.record("cells.renamed", party.yuanfan, by=party.staff, at=party.yuanfan.path)
    today = here.recorded_at.astimezone().date()

    assert set(Entry.objects.about(party.yunshan)) == {here}
    assert set(Entry.objects.under(party.yunshan.path)) == {here, below}
    assert set(Entry.objects.under(party.association.path)) == {here, below, beside}
    assert set(Entry.objects.by(party.secretary)) == {below}
    assert set(Entry.objects.did("cells.renamed").between(today, today)) == {here, below, beside}
    assert not Entry.objects.between(None, date(2020, 1, 1)).exists()
    assert not Entry.objects.between(date(2999, 1, 1)).exists()
