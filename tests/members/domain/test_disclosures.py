"""Who was shown somebody's record is noted: once a day for opening it, each time for what leaves the house."""

from datetime import timedelta

from audit.models import Entry
from audit.seals import seal_entries
from ledgers.choices import Kind
from ledgers.domain import downloads
from members.domain import disclosures
from members.domain.disclosures import EXPORTED, OPENED, READ_BY_API
from reports.domain import exports
from reports.figures import Where
from tests.cast import TODAY


def opened(member):
    return [entry.actor for entry in Entry.objects.about(member).did(OPENED).order_by("pk")]


def test_an_opening_is_noted_once_a_day_for_each_reader(party):
    for by in (party.secretary, party.auditor, party.secretary):
        disclosures.note_opening(party.wang, by=by, on=TODAY)
    assert opened(party.wang) == [party.secretary, party.auditor]

    disclosures.note_opening(party.wang, by=party.secretary, on=TODAY + timedelta(days=1))
    disclosures.note_opening(party.sun, by=party.secretary, on=TODAY)
    assert opened(party.wang) == [party.secretary, party.auditor, party.secretary]
    assert opened(party.sun) == [party.secretary]


def test_noting_an_opening_is_one_statement(party, django_assert_num_queries):
    place, again = party.wang.place, party.wang.place.cell.path
    assert place.cell.path == again
    disclosures.note_opening(party.wang, by=party.auditor, on=TODAY)
    with django_assert_num_queries(1):
        disclosures.note_opening(party.wang, by=party.auditor, on=TODAY)


def test_ones_own_opening_is_not_noted(party):
    disclosures.note_opening(party.wang, by=party.plain_member, on=TODAY)
    assert opened(party.wang) == []


def test_reading_by_api_is_noted_beside_opening(party):
    disclosures.note_opening(party.wang, by=party.secretary, on=TODAY)
    disclosures.note_opening(party.wang, by=party.secretary, on=TODAY, way=READ_BY_API)
    assert Entry.objects.about(party.wang).did(OPENED, READ_BY_API).count() == 2


def test_what_is_noted_once_a_day_is_sealed_like_the_rest(party):
    disclosures.note_opening(party.wang, by=party.secretary, on=TODAY)
    disclosures.note_opening(party.wang, by=party.secretary, on=TODAY)
    seal_entries()
    assert Entry.objects.about(party.wang).get().seal


def test_everybody_in_the_list_behind_a_figure_is_told_when_it_is_taken_out(party):
    exports.take_list("probationary", Where(party.yunshan), by=party.staff, on=TODAY)
    entry = Entry.objects.did(EXPORTED).get()
    assert (entry.thing_label, entry.facts["file"]) == ("孙悦", "预备党员")


def test_everybody_in_an_exported_roster_is_told(party):
    downloads.recorded(kind=Kind.MEMBERS, cell=party.yunshan, purpose="年底核对", by=party.secretary, on=TODAY)
    entries = Entry.objects.did(EXPORTED)
    assert {entry.thing_label for entry in entries} == {"李敏", "王涛", "孙悦", "周子墨"}
    assert {entry.facts["purpose"] for entry in entries} == {"年底核对"}
    assert entries.get(thing_id=party.zhou.pk).path == party.first_group.path
