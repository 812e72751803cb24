"""Uploads and staged rows go when their time is over; what was found stays."""

from datetime import timedelta

import pytest
from django.utils import timezone

from ledgers.choices import ImportState
from ledgers.models import Import, StagedRow, Upload
from ledgers.tasks import clear
from tests.ledgers.conftest import carried_out, roster, somebody, staged

pytestmark = pytest.mark.django_db


def expire(the_import):
    Import.objects.filter(pk=the_import.pk).update(expires_at=timezone.now() - timedelta(minutes=1))


def test_a_finished_import_keeps_its_page_when_its_files_go(client, party):
    done = carried_out(roster(somebody(1), somebody(2, 民族="火星族")), cell=party.yunshan, by=party.secretary)
    client.force_login(party.secretary)
    assert "火星族" in client.get(done.get_absolute_url()).content.decode()
    expire(done)
    clear({})

    assert not Upload.objects.exists() and not StagedRow.objects.exists()
    page = client.get(done.get_absolute_url()).content.decode()
    assert "火星族" not in page and "没有导入的 1 行" in page and "按期清除" in page
    assert client.get(f"{done.get_absolute_url()}problems/members.xlsx").status_code == 404


def test_an_import_nobody_took_up_again_is_given_up(party):
    left = staged(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    fresh = staged(roster(somebody(2)), cell=party.yunshan, by=party.secretary)
    expire(left)
    clear({})
    left.refresh_from_db()
    fresh.refresh_from_db()
    assert (left.state, fresh.state) == (ImportState.ABANDONED, ImportState.REVIEWED)
    assert StagedRow.objects.count() == 1


def test_files_of_a_finished_import_are_kept_a_week_and_of_an_open_one_a_month(party):
    done = carried_out(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    left = staged(roster(somebody(2)), cell=party.yunshan, by=party.secretary)
    assert (done.expires_at - done.finished_at).days == 7
    assert (left.expires_at - left.created_at).days in (29, 30)


def test_an_import_that_is_writing_is_let_finish(party):
    busy = staged(roster(somebody(1)), cell=party.yunshan, by=party.secretary)
    Import.objects.filter(pk=busy.pk).update(state=ImportState.COMMITTING)
    expire(busy)
    clear({})
    assert StagedRow.objects.exists()
