"""An import is undone: it counts nowhere, what was changed since stays, and the same files do the same again."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import CommandError, call_command
from django.utils import timezone

from acts.models import Act
from audit.models import Entry
from cells.choices import Office
from cells.domain import appointments
from cells.domain.companies import survey
from cells.models import Appointment, Cell, Company
from core.errors import OutOfTurn, Refusal
from ledgers.choices import ImportState
from ledgers.domain import undoing
from ledgers.models import Import
from members.domain import places, roster
from members.models import Member, MemberFact, Membership
from reports.figures import Where, read
from tests.cast import LONG_AGO, TODAY, found_by_mobile
from tests.ledgers.conftest import Quiet, carried_out, scene, somebody
from tests.ledgers.conftest import roster as roster_of
from work import jobs

pytestmark = pytest.mark.django_db


def undone(the_import, by, *, on=TODAY):
    """The import, undone."""
    undoing.confirm(the_import, by=by, on=on)
    return undoing.carry_out(the_import, by=by, on=on, progress=Quiet())


def tried(the_import, by, *, on=TODAY):
    return undoing.try_out(the_import, by=by, on=on, progress=Quiet()).undo_trial


def sound():
    """What ``verify_invariants`` has to say."""
    out = StringIO()
    call_command("verify_invariants", stdout=out)
    return out.getvalue()


def figures(cell, on=TODAY):
    return {key: str(reading) for key, reading in read(Where(cell), on).readings.items()}


def standing(model):
    return model._base_manager.filter(voided_at=None).count()


def everything():
    return {model: standing(model) for model in (Cell, Company, Member, MemberFact, Membership, Appointment)}


def member_named(name):
    return Member.objects.get(name=name, voided_at=None)


def test_803_members_are_undone_and_done_again_with_the_same_totals(party):
    before, counted, past = everything(), figures(party.association), figures(party.association, LONG_AGO)
    first = carried_out(*scene("changchun"), cell=party.association, by=party.staff)
    done, written = figures(party.association), everything()

    assert tried(first, party.staff)["stay"] == 0
    assert everything() == written
    gone = undone(first, party.staff)

    assert (gone.state, gone.undone["kept"]) == (ImportState.UNDONE, [])
    assert gone.undone["restored"] == {}
    assert gone.undone["voided"] == {
        "members.member": 803, "cells.company": 105, "cells.cell": 50, "cells.appointment": 49,
    }  # fmt: skip
    assert everything() == before
    assert (figures(party.association), figures(party.association, LONG_AGO)) == (counted, past)
    assert sound() == ""
    assert Membership.objects.current().under(party.association).count() == before[Membership]
    assert Cell.objects.visible_to(party.staff).count() == before[Cell]

    again = carried_out(*scene("changchun"), cell=party.association, by=party.staff)

    assert again.result == first.result
    assert again.result["done"]["members"] == {"new": 803, "update": 0}
    assert (figures(party.association), everything()) == (done, written)
    assert sound() == ""


def three(party):
    """Three people of one branch, imported by its secretary."""
    people = (somebody(1, 姓名="林晓"), somebody(2, 姓名="方远"), somebody(3, 姓名="何蕾"))
    return carried_out(roster_of(*people), cell=party.yunshan, by=party.secretary)


class TestWhatChangedSinceStays:
    def test_a_member_corrected_by_hand(self, party):
        the_import = three(party)
        lin = member_named("林晓")
        roster.correct(lin, version=lin.version, school="青澜大学", by=party.secretary, on=TODAY)

        found = tried(the_import, party.secretary)
        gone = undone(the_import, party.secretary)

        (kept,) = gone.undone["kept"]
        assert found["kept"] == gone.undone["kept"]
        assert (kept["thing"], kept["row"], kept["why"]) == ("members.member", lin.pk, "更正资料")
        assert Entry.objects.get(pk=kept["entry"]).action == "members.corrected"
        lin.refresh_from_db()
        assert (lin.voided_at, lin.school, lin.cell) == (None, "青澜大学", party.yunshan)
        assert gone.undone["voided"] == {"members.member": 2}
        assert sound() == ""

    def test_a_member_placed_elsewhere_but_not_one_merely_looked_at(self, party):
        the_import = three(party)
        places.place(member_named("方远"), cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)

        gone = undone(the_import, party.staff)

        assert [kept["why"] for kept in gone.undone["kept"]] == ["由云杉科技党支部调整到远帆网络党支部"]
        assert member_named("方远").cell == party.yuanfan
        assert sound() == ""

    def test_a_cell_with_members_of_others_its_superiors_and_a_company_surveyed_since(self, party):
        the_import = carried_out(*scene("changchun"), cell=party.association, by=party.staff)
        committee = Cell.objects.get(name="中共示例市互联网业联合会委员会")
        branch = committee.children.filter(kind="branch").first()
        places.place(party.wang, cell=branch, reason="工作调动", by=party.staff, on=TODAY)
        company = Company.objects.filter(cover_cell=None, keeper=committee).first()
        survey(company, version=company.version, surveyed_on=TODAY, staff=7, by=party.staff, on=TODAY)

        gone = undone(the_import, party.staff)

        assert {(kept["thing"], kept["row"]) for kept in gone.undone["kept"]} == {
            ("cells.company", company.pk),
            ("cells.cell", branch.pk),
            ("cells.cell", committee.pk),
        }
        assert set(Cell.objects.under(committee).filter(voided_at=None)) == {committee, branch}
        assert sound() == ""

    def test_an_office_given_to_somebody_imported(self, party):
        the_import = three(party)
        lin = member_named("林晓")
        appointments.appoint_named(
            party.yunshan, holder=None, name="林晓", office=Office.PUBLICITY_COMMISSIONER, by=party.staff, on=TODAY
        )
        lin.refresh_from_db()
        assert lin.user is not None

        gone = undone(the_import, party.staff)

        assert [kept["row"] for kept in gone.undone["kept"]] == [lin.pk]
        assert member_named("林晓").user == lin.user

    def test_values_it_changed_go_back_where_nobody_changed_them_again(self, party):
        number = party.wang.id_number
        row = {
            "姓名": "王涛",
            "公民身份证号": number,
            "手机号": "13911112222",
            "性别": "男" if int(number[16]) % 2 else "女",
            "出生日期": "1990-01-01",
            "家庭住址": "青澜市新路9号",
        }
        the_import = carried_out(roster_of(somebody(1) | row), cell=party.yunshan, by=party.secretary)
        wang = Member.objects.get(pk=party.wang.pk)
        assert (wang.mobile, wang.address) == ("13911112222", "青澜市新路9号")
        roster.correct(wang, version=wang.version, address="青澜市第三条路2号", by=party.secretary, on=TODAY)

        gone = undone(the_import, party.secretary)

        wang = Member.objects.get(pk=wang.pk)
        assert (wang.mobile, wang.address) == ("13800005678", "青澜市第三条路2号")
        assert found_by_mobile("13800005678").get() == wang
        assert [(kept["row"], kept["columns"]) for kept in gone.undone["kept"]] == [(wang.pk, ["address"])]
        assert gone.undone["restored"] == {"members.member": 1}
        assert sound() == ""


class TestWhoAndHowLong:
    def test_to_the_end_of_the_seventh_day_in_shanghai(self, party):
        the_import = three(party)
        late = timezone.make_aware(datetime(2026, 11, 20, 23, 59))
        Import.objects.filter(pk=the_import.pk).update(finished_at=late)

        assert tried(the_import, party.secretary, on=TODAY + timedelta(days=7))["stay"] == 0
        with pytest.raises(Refusal, match="2026-11-27 已到期"):
            undoing.confirm(the_import, by=party.secretary, on=TODAY + timedelta(days=8))

    def test_twice(self, party):
        the_import = undone(three(party), party.secretary)

        with pytest.raises(OutOfTurn, match="已经撤销过了"):
            undoing.confirm(the_import, by=party.secretary, on=TODAY)

    def test_nothing_was_written(self, party):
        three(party)
        again = three(party)

        with pytest.raises(OutOfTurn, match="没有写入任何内容"):
            undoing.confirm(again, by=party.secretary, on=TODAY)

    @pytest.mark.parametrize("name", ["other_secretary", "publicist", "auditor"])
    def test_by_nobody_who_may_not_import_there(self, party, name):
        the_import = three(party)

        with pytest.raises(PermissionDenied):
            undoing.confirm(the_import, by=getattr(party, name), on=TODAY)


def test_cut_off_between_two_steps_it_goes_on_where_it_was(party):
    before = everything()
    the_import = carried_out(*scene("changchun"), cell=party.association, by=party.staff)

    class Cut(Exception):
        pass

    class Cutting(Quiet):
        def save(self):
            if standing(Member) < before[Member] + 500:
                raise Cut

    undoing.confirm(the_import, by=party.staff, on=TODAY)
    with pytest.raises(Cut):
        undoing.carry_out(the_import, by=party.staff, on=TODAY, progress=Cutting())
    the_import.refresh_from_db()
    assert the_import.state == ImportState.UNDOING
    assert the_import.has_stopped
    half = standing(Member)
    assert before[Member] < half
    assert sound() == ""

    gone = undone(the_import, party.staff)

    assert (gone.state, gone.undone["voided"]["members.member"], gone.undone["stay"]) == (ImportState.UNDONE, 803, 0)
    assert everything() == before
    assert sound() == ""


def test_rights_lost_on_the_way_stop_it(party):
    the_import = three(party)
    undoing.confirm(the_import, by=party.secretary, on=TODAY)
    Appointment.objects.filter(holder=party.secretary).update(voided_at=timezone.now())
    party.secretary.held_offices = None

    with pytest.raises(PermissionDenied):
        undoing.carry_out(the_import, by=party.secretary, on=TODAY, progress=Quiet())
    assert member_named("林晓").voided_at is None


class TestPages:
    def test_tried_out_confirmed_and_done_by_the_worker(self, client, party):
        the_import = three(party)
        lin = member_named("林晓")
        roster.correct(lin, version=lin.version, school="青澜大学", by=party.staff, on=TODAY)
        client.force_login(party.secretary)
        here = the_import.get_absolute_url()
        assert f"{the_import.undo_until} 以前可以整体撤销" in client.get(here).content.decode()

        assert client.post(f"{here}undo/trial/").url == here
        page = client.get(here).content.decode()
        assert "保留的 1 项" in page
        assert lin.get_absolute_url() in page
        assert "更正资料" in page
        assert member_named("方远").voided_at is None
        assert "撤销本次导入…" in client.get(f"{here}?show=result").content.decode()

        assert client.post(f"{here}undo/").url == here
        assert "正在撤销" in client.get(here).content.decode()
        the_import.refresh_from_db()
        assert jobs.run(the_import.job_id)
        page = client.get(here).content.decode()
        assert "已撤销" in page
        assert "林晓" in page
        assert not Member.objects.filter(name="方远", voided_at=None).exists()

    def test_who_stays_out_of_reach_is_not_named(self, client, party):
        the_import = three(party)
        places.place(member_named("方远"), cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
        undone(the_import, party.staff)
        client.force_login(party.secretary)

        page = client.get(the_import.get_absolute_url()).content.decode()

        assert "不在您的范围内" in page
        assert "方远" not in page

    def test_after_seven_days_there_is_a_sentence_instead_of_the_button(self, client, party):
        the_import = three(party)
        Import.objects.filter(pk=the_import.pk).update(finished_at=timezone.now() - timedelta(days=9))
        client.force_login(party.secretary)
        here = the_import.get_absolute_url()

        page = client.get(here).content.decode()
        assert "整体撤销到" in page
        assert "undo/" not in page
        answer = client.post(f"{here}undo/", follow=True)
        assert "已到期" in answer.content.decode()
        assert member_named("林晓")


def test_the_command_tries_and_undoes(party):
    the_import = three(party)

    out = StringIO()
    call_command("undo_import", the_import.ref, "--dry-run", stdout=out, stderr=StringIO())
    assert "members.member: 3 voided, 0 put back" in out.getvalue()
    assert member_named("林晓")
    call_command("undo_import", the_import.ref, stdout=out, stderr=StringIO())
    assert f"import {the_import.ref} undone" in out.getvalue()
    assert not Member.objects.filter(name="林晓", voided_at=None).exists()
    for ref, words in ((the_import.ref, "已经撤销过了"), ("2026-9999", "No import"), ("nonsense", "No import")):
        with pytest.raises(CommandError, match=words):
            call_command("undo_import", ref, stdout=out, stderr=StringIO())


def test_every_record_says_that_and_why_it_was_voided(party):
    undone(three(party), party.secretary)

    lin = Member.objects.get(name="林晓")
    told = Entry.objects.about(lin).latest("pk")
    assert (told.action, told.path, told.actor) == ("ledgers.row_voided", party.yunshan.path, party.secretary)
    assert (lin.voided_by, lin.void_reason) == (party.secretary, f"撤销导入 {Import.objects.get().ref}")
    assert not Act.objects.filter(part_of="").exists()
