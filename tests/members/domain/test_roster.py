"""Taking people onto rosters, and putting right what is recorded of them."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit.models import Entry
from cells.choices import CellKind
from core.checked import Checked
from core.errors import Refusal, Stale
from members.checks import check_answers
from members.choices import Category, EntryReason, Gender, Standing
from members.domain import roster
from members.domain.roster import Correction, Enrolment
from members.models import Member, MemberFact, Membership
from tests.cast import TODAY, fictional_id_number, found, found_by_mobile
from tests.suites import both_suites

NUMBER = fictional_id_number(date(1993, 9, 30), 26)
ANSWERS = {
    "name": "尉迟明",
    "id_number": NUMBER,
    "category": Category.FULL,
    "joined_on": date(2014, 6, 20),
    "converted_on": date(2015, 6, 20),
    "mobile": "13600002907",
    "address": "示例市示例区示例路 1 号",
}


def enrol(party, by=None, cell=None, **changed):
    return roster.enrol(cell or party.yunshan, by=by or party.secretary, on=TODAY, **(ANSWERS | changed))


@both_suites
def test_enrolling_puts_somebody_on_the_roster_from_the_day(party):
    member = Member.objects.get(pk=enrol(party).pk)

    assert (member.gender, member.birth_date) == (Gender.FEMALE, date(1993, 9, 30))
    assert member.place.cell == party.yunshan
    assert (member.place.starts_on, member.place.ends_on) == (TODAY, None)
    assert member.place.entry_reason == EntryReason.ENROLLED
    assert MemberFact.objects.as_of(TODAY).get(member=member).category == Category.FULL
    assert "yuchiming" in member.name_search


@both_suites
def test_numbers_are_sealed_and_found_only_whole(party):
    enrol(party)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id_number, mobile, address FROM members_member WHERE name = %s", ["尉迟明"])
        stored = cursor.fetchone()
    assert all(value.startswith("v1|") for value in stored)
    assert not any(part in value for part in (NUMBER, "13600002907", "示例路") for value in stored)


def test_enrolling_leaves_one_entry_without_numbers(party):
    member = enrol(party)
    entry = Entry.objects.about(member).get()
    assert (entry.action, entry.actor, entry.path) == ("members.enrolled", party.secretary, party.yunshan.path)
    assert NUMBER not in str(entry.facts)
    assert "13600002907" not in str(entry.facts)


@pytest.mark.parametrize("who", ["other_secretary", "publicist", "leader", "auditor", "technician", "plain_member"])
def test_who_does_not_keep_the_roster_enrols_nobody(party, who):
    with pytest.raises(PermissionDenied):
        enrol(party, by=getattr(party, who))
    assert not Member.objects.filter(name="尉迟明").exists()


def test_one_cell_out_of_reach_refuses_the_whole_lot(party):
    others = fictional_id_number(date(1991, 1, 1), 1)
    asked = [Enrolment(party.yunshan, **ANSWERS), Enrolment(party.yuanfan, **(ANSWERS | {"id_number": others}))]
    with pytest.raises(PermissionDenied):
        roster.enrol_many(asked, by=party.secretary, on=TODAY)
    assert not Member.objects.filter(name="尉迟明").exists()


def test_a_refusal_names_the_row_and_the_item(party):
    asked = [Enrolment(party.yunshan, **ANSWERS), Enrolment(party.yunshan, **(ANSWERS | {"id_number": "1"}))]
    with pytest.raises(Refusal) as refusal:
        roster.enrol_many(asked, by=party.secretary, on=TODAY)
    assert (refusal.value.row, refusal.value.field) == (1, "id_number")


@both_suites
def test_the_same_person_twice_in_one_lot_is_refused(party):
    with pytest.raises(Refusal) as refusal:
        roster.enrol_many([Enrolment(party.yunshan, **ANSWERS)] * 2, by=party.secretary, on=TODAY)
    assert (refusal.value.row, refusal.value.field) == (1, "id_number")


def test_somebody_on_another_roster_is_named_only_to_those_who_may_see_it(party):
    enrol(party, by=party.other_secretary, cell=party.yuanfan)

    with pytest.raises(Refusal) as told:
        enrol(party, by=party.staff)
    assert "远帆" in told.value.message

    with pytest.raises(Refusal) as untold:
        enrol(party, by=party.secretary)
    assert untold.value.field == "id_number"
    assert not any(word in untold.value.message for word in ("远帆", "尉迟明", "北屏"))


def test_a_committee_and_a_dissolved_branch_take_no_members(party):
    with pytest.raises(Refusal) as refusal:
        enrol(party, by=party.staff, cell=party.north)
    assert refusal.value.field == "cell"
    gone = found("已撤销支部", CellKind.BRANCH, party.north)
    gone.dissolved_on = TODAY
    gone.save()
    with pytest.raises(Refusal):
        enrol(party, by=party.staff, cell=gone)


@pytest.mark.parametrize(
    ("answers", "on"),
    [
        ({**ANSWERS, "name": "别名"}, TODAY),
        ({**ANSWERS, "id_number": fictional_id_number(date(1992, 3, 4), 27)}, TODAY),
        (ANSWERS, TODAY + timedelta(days=1)),
    ],
    ids=["another name", "another number", "another day"],
)
def test_what_was_checked_of_other_answers_is_not_taken(party, answers, on):
    checked = check_answers(answers, on=on)
    checked.cells["post"] = Checked("022")
    enrolment = Enrolment(party.yunshan, checked=checked, **ANSWERS)
    [member] = roster.enrol_many([enrolment], by=party.secretary, on=TODAY)
    assert (member.name, member.id_number, member.post) == (ANSWERS["name"], NUMBER, "")


def test_what_was_checked_of_these_answers_is_not_checked_again(party, monkeypatch):
    checked = check_answers(ANSWERS, on=TODAY)
    monkeypatch.setattr(roster, "check_answers", None)
    enrolment = Enrolment(party.yunshan, checked=checked, **ANSWERS)
    [member] = roster.enrol_many([enrolment], by=party.secretary, on=TODAY)
    assert (member.name, member.standing, member.mobile) == ("尉迟明", Standing.NORMAL, "13600002907")


def test_somebody_suspended_is_recorded_without_a_present_membership(party):
    member = enrol(party, standing=Standing.SUSPENDED)
    assert member.place.ends_on == TODAY
    assert not Membership.objects.current().filter(member=member).exists()


def test_many_take_as_many_queries_as_few(party):
    def queries(size, start):
        lot = [
            Enrolment(party.yunshan, **(ANSWERS | {"id_number": fictional_id_number(date(1980, 1, start + i), i)}))
            for i in range(size)
        ]
        with CaptureQueriesContext(connection) as asked:
            roster.enrol_many(lot, by=party.staff, on=TODAY)
        return len(asked)

    queries(1, 1)
    assert queries(9, 3) == queries(1, 2)


def test_many_are_corrected_with_as_many_queries_as_one(party):
    def queries(*members):
        with CaptureQueriesContext(connection) as asked:
            roster.correct_many(
                [Correction(member, {"education": "硕士", "landline": "0431-1"}) for member in members],
                by=party.staff,
                on=TODAY,
            )
        return len(asked)

    one = queries(party.chen)
    assert queries(party.sun, party.wang, party.zhou) == one


def test_correcting_changes_what_was_asked_and_nothing_else(party):
    changed = roster.correct(party.wang, version=1, by=party.secretary, on=TODAY, landline="0431-1", education="硕士")

    assert (changed.landline, changed.education, changed.name, changed.version) == ("0431-1", "14", "王涛", 2)
    assert MemberFact.objects.as_of(TODAY - timedelta(days=1)).get(member=changed).education == "21"
    assert MemberFact.objects.as_of(TODAY).get(member=changed).education == "14"
    entry = Entry.objects.about(changed).get()
    assert entry.facts["changes"] == {"landline": ["", "***"], "education": ["21", "14"]}


def test_numbers_and_addresses_stand_masked_in_the_trail(party):
    roster.correct(party.wang, version=1, by=party.secretary, on=TODAY, mobile="13811110000", address="示例路 2 号")
    changes = Entry.objects.about(party.wang).get().facts["changes"]
    assert changes == {"mobile": ["138****5678", "138****0000"], "address": ["", "***"]}


def test_of_remarks_the_trail_keeps_only_that_they_changed(party):
    roster.correct(party.wang, version=party.wang.version, by=party.secretary, on=TODAY, remarks="家属电话另记")
    assert Entry.objects.about(party.wang).get().facts["changes"] == {"remarks": ["", "***"]}


def test_a_corrected_mobile_is_found_and_the_old_one_is_not(party):
    roster.correct(party.wang, version=1, by=party.secretary, on=TODAY, mobile="13811110000")
    assert found_by_mobile("0000").get() == party.wang
    assert not found_by_mobile("5678").exists()


def test_the_same_answers_again_are_no_change(party):
    same = {"name": "王涛", "mobile": "+86 13800005678", "education": "大学本科毕业", "joined_on": "2012-06-01"}
    assert roster.correct(party.wang, version=1, by=party.secretary, on=TODAY, **same).version == 1
    assert not Entry.objects.about(party.wang).exists()


def test_a_stale_version_is_refused(party):
    roster.correct(party.wang, version=1, by=party.secretary, on=TODAY, landline="1")
    with pytest.raises(Stale):
        roster.correct(party.wang, version=1, by=party.secretary, on=TODAY, landline="2")


def test_an_id_number_of_somebody_else_is_refused(party):
    with pytest.raises(Refusal) as refusal:
        roster.correct(party.wang, version=1, by=party.secretary, on=TODAY, id_number=party.zhou.id_number, gender="")
    assert refusal.value.field == "id_number"


def test_correcting_with_a_day_before_a_later_change_leaves_today_as_it_is(party):
    roster.correct(party.wang, version=1, by=party.staff, on=TODAY, education="14")
    earlier = TODAY - timedelta(days=30)
    again = roster.correct_many([Correction(party.wang, {"education": "31"})], by=party.staff, on=earlier)[0]

    assert again.education == "14"
    assert MemberFact.objects.as_of(earlier).get(member=again).education == "31"


def test_who_does_not_keep_the_roster_corrects_nobody(party):
    for who in (party.other_secretary, party.publicist, party.auditor, party.plain_member):
        with pytest.raises(PermissionDenied):
            roster.correct(party.wang, version=1, by=who, on=TODAY, landline="1")
