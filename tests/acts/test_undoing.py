"""Undoing one act: what was written is void, what was struck holds again, and who may not may not."""

from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from django.utils.translation import override

from accounts.models import User
from acts.domain import clearing, undoing
from acts.models import Act, Effect, Trace
from acts.registry import FINAL, MAY
from audit import reading, sentences
from audit.models import Entry
from cells.choices import CellKind, Cover, Office
from cells.domain import appointments, tree
from cells.domain.companies import correct, register, survey
from cells.domain.companies.contacts import add_contact, remove_contact
from cells.domain.terms import Beginning, begin_many
from cells.models import Appointment, Cell, Company, CompanyFact, Placement, Term
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal
from members.choices import Category, ExitReason
from members.domain import merges, places, reveals, roster, sign_ins, standing
from members.models import Member, MemberFact, Membership
from tests.cast import LONG_AGO, TODAY, enlist, fictional_id_number, found_by_mobile
from tests.cast import appoint as given_office
from tests.cast import register as registered

pytestmark = pytest.mark.django_db


def last_act():
    return Act.objects.latest("pk")


def undo(by, on=TODAY):
    return undoing.undo(last_act(), by=by, on=on)


def sound():
    """What ``verify_invariants`` has to say."""
    out = StringIO()
    call_command("verify_invariants", stdout=out)
    return out.getvalue()


def states(model, **of):
    """What stands of a dated thing, but for when it was written."""
    left_out = {"id", "recorded_at", "recorded_by_id", "voided_at", "voided_by_id", "void_reason"}
    rows = model._base_manager.filter(voided_at=None, **of).order_by("valid")
    return [{key: value for key, value in row.items() if key not in left_out} for row in rows.values()]


def record(thing):
    """Everything on its row but the count of changes."""
    row = type(thing)._base_manager.values().get(pk=thing.pk)
    return {key: value for key, value in row.items() if key != "version"} | {
        name: str(getattr(type(thing)._base_manager.get(pk=thing.pk), name))
        for name in ("id_number", "mobile", "address", "contact_phone", "phone")
        if name in row
    }


def places_and_facts(member):
    return states(Membership, member=member), states(MemberFact, member=member)


def test_a_placing_is_undone_with_the_office_it_ended(party):
    wang = party.wang
    given = given_office("王小", Office.GROUP_LEADER, party.first_group)
    Member.objects.filter(pk=wang.pk).update(user=given)
    before = (*places_and_facts(wang), states(Appointment, holder=given))
    places.place(wang, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
    assert states(Appointment, holder=given) != before[2]

    undo(party.staff)

    assert (*places_and_facts(wang), states(Appointment, holder=given)) == before
    assert sound() == ""
    told = Entry.objects.about(wang).latest("pk")
    assert reading.read(told).sentence == "撤销操作：由云杉科技党支部调整到远帆网络党支部"
    with override("en"):
        assert reading.read(told).sentence.startswith("Undo: Move from ")


def add(cell, name="林晓"):
    return roster.enrol(
        cell, name=name, id_number=fictional_id_number(date(1991, 3, 4), 7), gender="1", birth_date=date(1991, 3, 4),
        category=Category.FULL, joined_on=date(2015, 6, 1), converted_on=date(2016, 6, 1), by=SYSTEM, on=TODAY,
    )  # fmt: skip


class TestMembers:
    """Every deed and back: the record reads as it read, and the portal is sound."""

    DEEDS = {
        "correct": lambda p: roster.correct(
            p.wang, version=p.wang.version, by=p.staff, on=TODAY, name="王韬", mobile="13911112222", address="新路9号",
            education="14", remarks="备注",
        ),
        "place": lambda p: places.place(p.wang, cell=p.yuanfan, reason="工作调动", by=p.staff, on=TODAY),
        "suspend": lambda p: standing.suspend(p.wang, reason="长期失联", by=p.staff, on=TODAY),
        "leave": lambda p: standing.leave(p.wang, reason=ExitReason.TRANSFERRED_OUT, by=p.staff, on=TODAY),
        "die": lambda p: standing.record_death(p.wang, by=p.staff, on=TODAY),
        "void": lambda p: roster.void(p.wang, reason="录错了人", by=p.staff, on=TODAY),
        "unlink": lambda p: sign_ins.unlink(p.wang, by=p.staff, on=TODAY),
    }  # fmt: skip

    @pytest.mark.parametrize("deed", DEEDS)
    def test_there_and_back(self, party, deed):
        before = record(party.wang), places_and_facts(party.wang)
        self.DEEDS[deed](party)
        assert (record(party.wang), places_and_facts(party.wang)) != before

        undo(party.staff)

        assert (record(party.wang), places_and_facts(party.wang)) == before
        assert found_by_mobile("13800005678").get() == party.wang
        assert sound() == ""

    def test_a_suspension_and_a_restoring_one_after_the_other(self, party):
        before = places_and_facts(party.wang)
        standing.suspend(party.wang, reason="长期失联", by=party.staff, on=TODAY)
        suspended = last_act()
        standing.restore(party.wang, cell=party.yuanfan, reason="已联系上", by=party.staff, on=TODAY)

        with pytest.raises(OutOfTurn, match="又办理了“恢复党籍，编入远帆网络党支部”"):
            undoing.undo(suspended, by=party.staff, on=TODAY)
        undo(party.staff)
        undoing.undo(suspended, by=party.staff, on=TODAY)

        assert places_and_facts(party.wang) == before
        assert sound() == ""

    def test_an_enrolment_counts_nowhere_and_frees_the_number(self, party):
        there = Membership.objects.current().count()
        mistaken = add(party.yunshan)

        undo(party.staff)

        assert Membership.objects.current().count() == there
        assert not Member.objects.visible_to(party.staff).filter(pk=mistaken.pk).exists()
        assert not Member.objects.on_record().with_id_number(mistaken.id_number).exists()
        assert add(party.yuanfan).pk != mistaken.pk
        assert sound() == ""

    def test_a_conversion(self, party):
        before = record(party.sun), places_and_facts(party.sun)
        standing.convert(party.sun, by=party.staff, on=date(2027, 1, 16))

        undo(party.staff)

        assert (record(party.sun), places_and_facts(party.sun)) == before
        assert sound() == ""

    def test_a_merge(self, party):
        twin = enlist("王涛", party.yuanfan, mobile="13800005678", id_number=party.wang.id_number + "?")
        Member.objects.filter(pk=twin.pk).update(id_number_index="")
        twin.refresh_from_db()
        twin.id_number = ""
        twin.save()
        before = record(party.wang), places_and_facts(twin)
        merge = merges.merge(party.wang, absorbed=twin, reason="同一个人", by=party.staff, on=TODAY)

        undo(party.staff)

        merge.refresh_from_db()
        assert merge.undone_at is not None
        assert (record(party.wang), places_and_facts(twin)) == before
        assert sound() == ""

    def test_not_into_a_number_that_somebody_else_has_now(self, party):
        member = add(party.yunshan)
        roster.void(member, reason="录错了人", by=party.staff, on=TODAY)
        voided = last_act()
        add(party.yuanfan, name="方远")

        with pytest.raises(Refusal, match="与现有的记录相冲突"):
            undoing.undo(voided, by=party.staff, on=TODAY)


class TestCells:
    DEEDS = {
        "correct": lambda p: tree.correct(
            p.yunshan, version=p.yunshan.version, name="中共云杉软件有限公司支部委员会", contact_phone="13911112222",
            units_text="云杉科技有限公司", by=p.staff, on=TODAY,
        ),
        "rename": lambda p: tree.rename(p.yunshan, name="中共云杉软件有限公司支部委员会", by=p.staff, on=TODAY),
        "move": lambda p: tree.move(p.yunshan, superior=p.association, by=p.staff, on=TODAY),
        "merge": lambda p: tree.merge(p.yunshan, into=p.yuanfan, by=p.staff, on=TODAY),
        "begin a term": lambda p: begin_many(
            [Beginning(p.yunshan, 2, TODAY, date(2029, 11, 19))], by=p.staff, on=TODAY
        ),
    }  # fmt: skip

    @pytest.mark.parametrize("deed", DEEDS)
    def test_there_and_back(self, party, deed):
        registered("云杉科技有限公司", party.north, cover=Cover.OWN, cover_cell=party.yunshan)

        def all_of_it():
            models = (Placement, Term, Appointment, Membership, CompanyFact)
            order = [sorted(map(str, states(model))) for model in models]
            return record(party.yunshan), record(party.first_group), order

        before = all_of_it()
        self.DEEDS[deed](party)
        assert all_of_it() != before

        undo(party.staff)

        assert all_of_it() == before
        assert sound() == ""

    def test_a_cell_founded_by_mistake_is_not_there_and_frees_its_name(self, party):
        mistaken = tree.found("中共误设支部委员会", CellKind.BRANCH, party.north, by=party.staff, on=TODAY)
        founded = last_act()
        undoing.undo(founded, by=party.staff, on=TODAY)

        assert not Cell.objects.visible_to(party.staff).filter(pk=mistaken.pk).exists()
        assert not Placement.objects.as_of(TODAY).filter(cell=mistaken).exists()
        tree.found("中共误设支部委员会", CellKind.BRANCH, party.north, by=party.staff, on=TODAY)
        assert sound() == ""

    def test_not_one_in_which_somebody_is_by_now(self, party):
        cell = tree.found("中共新设支部委员会", CellKind.BRANCH, party.north, by=party.staff, on=TODAY)
        founded = last_act()
        places.place(party.wang, cell=cell, reason="工作调动", by=party.staff, on=TODAY)

        with pytest.raises(Refusal, match="还有党员的组织关系在这里"):
            undoing.undo(founded, by=party.staff, on=TODAY)

    def test_not_a_move_below_which_something_was_founded(self, party):
        tree.move(party.yunshan, superior=party.association, by=party.staff, on=TODAY)
        moved = last_act()
        tree.found("第二党小组", CellKind.GROUP, Cell.objects.get(pk=party.yunshan.pk), by=party.staff, on=TODAY)

        with pytest.raises(Refusal, match="又有第二党小组设在它之下"):
            undoing.undo(moved, by=party.staff, on=TODAY)
        assert sound() == ""


class TestCompanies:
    def test_the_file_its_survey_and_its_contacts(self, party):
        company = registered("远帆软件有限公司", party.north)
        contact = add_contact(company, name="徐一鸣", phone="13911112222", by=party.staff, on=TODAY)
        before = record(company), states(CompanyFact, company=company), record(contact)

        for deed in (
            lambda: correct(company, version=1, name="远帆软件股份公司", keeper=party.south, by=party.staff, on=TODAY),
            lambda: survey(
                Company.objects.get(pk=company.pk), version=Company.objects.get(pk=company.pk).version,
                surveyed_on=TODAY, staff=7, cover_cell=party.yuanfan, by=party.staff, on=TODAY,
            ),
            lambda: remove_contact(contact, by=party.staff, on=TODAY),
        ):  # fmt: skip
            deed()
            undo(party.staff)
            assert (record(company), states(CompanyFact, company=company), record(contact)) == before
        undoing.undo(Act.objects.standing().get(entry__action="cells.contact_added"), by=party.staff, on=TODAY)

        assert not company.contacts.filter(voided_at=None).exists()
        assert sound() == ""

    def test_one_registered_by_mistake_frees_its_credit_code(self, party):
        given = {"credit_code": "91370100MA0000001X", "by": party.staff, "on": TODAY}
        given["credit_code"] = ""
        mistaken = register("误登有限公司", party.north, **given)
        undo(party.staff)

        assert not Company.objects.visible_to(party.staff).filter(pk=mistaken.pk).exists()
        assert not CompanyFact.objects.standing().filter(company=mistaken).exists()
        register("误登有限公司", party.north, **given)
        assert sound() == ""


class TestOffices:
    def test_given_and_ended(self, party):
        holder = User.objects.open_dormant("徐一鸣")
        given = appointments.appoint(
            party.yunshan, holder=holder, office=Office.PUBLICITY_COMMISSIONER, by=party.staff, on=LONG_AGO
        )
        appointed, held = last_act(), states(Appointment, holder=holder)
        appointments.end(given, reason="工作调动", by=party.staff, on=TODAY)
        with pytest.raises(Refusal):
            undoing.undo(appointed, by=party.staff, on=TODAY)

        undo(party.staff)
        assert states(Appointment, holder=holder) == held

    def test_nobody_gets_back_an_office_beside_which_they_hold_none(self, party):
        holder = given_office("徐一鸣", Office.AUDITOR, party.association)
        appointments.end(holder.appointments.get(), reason="转岗", by=party.staff, on=TODAY)
        ended = last_act()
        office = Office.TECHNICAL_ADMINISTRATOR
        second = appointments.appoint(party.association, holder=holder, office=office, by=party.staff, on=TODAY)
        with pytest.raises(Refusal, match="不同的人"):
            undoing.undo(ended, by=party.staff, on=TODAY)

        appointments.end(second, reason="转岗", by=party.staff, on=TODAY)
        undoing.undo(ended, by=party.staff, on=TODAY)
        assert Appointment.objects.in_force(TODAY).get(holder=holder).office == Office.AUDITOR

    def test_nobody_undoes_what_was_done_about_themselves(self, party):
        mine = Appointment.objects.get(holder=party.staff)
        other = given_office("徐一鸣", Office.ASSOCIATION_STAFF, party.association)
        appointments.end(mine, reason="工作调动", by=other, on=TODAY)

        with pytest.raises(PermissionDenied):
            undo(party.staff, on=TODAY)


def test_what_was_done_to_several_is_told_of_each_in_its_own_words(party):
    places.place_many(
        [places.Placing(party.chen, party.yuanfan), places.Placing(party.liu, party.shiguang)],
        reason="工作调动",
        by=party.staff,
        on=TODAY,
    )
    undone = undo(party.staff)

    told = {member: Entry.objects.about(member).did("acts.undone").get() for member in (party.chen, party.liu)}
    assert {entry.thing_label: reading.read(entry).sentence for entry in told.values()} == {
        "单晓东": "撤销操作：由拾光传媒联合党支部调整到远帆网络党支部",
        "刘洋": "撤销操作：由远帆网络党支部调整到拾光传媒联合党支部",
    }
    assert undone.entry.thing == undone.undoes.entry.thing


class TestWhoAndHowLong:
    def test_nobody_who_may_not_do_it_at_both_ends(self, party):
        places.place(party.wang, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)

        for name in ("secretary", "other_secretary", "auditor", "plain_member"):
            with pytest.raises(PermissionDenied):
                undo(getattr(party, name))

    def test_to_the_end_of_the_thirtieth_day_in_shanghai(self, party):
        places.place(party.wang, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
        Act.objects.update(done_at=datetime(2026, 11, 20, 15, 59, tzinfo=UTC))  # 23:59 there

        with pytest.raises(OutOfTurn, match="2026-12-20 之后不能再撤销"):
            undo(party.staff, on=TODAY + timedelta(days=31))
        undo(party.staff, on=TODAY + timedelta(days=30))

    def test_once(self, party):
        places.place(party.wang, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
        placed = last_act()
        undone = undoing.undo(placed, by=party.staff, on=TODAY)

        with pytest.raises(OutOfTurn, match="已经撤销过了"):
            undoing.undo(placed, by=party.staff, on=TODAY)
        with pytest.raises(OutOfTurn, match="撤销不能再撤销"):
            undoing.undo(undone, by=party.staff, on=TODAY)

    def test_what_merely_reads_does_not_stand_in_the_way(self, party):
        places.place(party.wang, cell=party.yuanfan, reason="工作调动", by=party.staff, on=TODAY)
        placed = last_act()
        reveals.reveal(party.wang, item="mobile", purpose="电话联系", by=party.staff, on=TODAY)

        undoing.undo(placed, by=party.staff, on=TODAY)


def test_what_was_written_over_is_sealed_and_goes_after_thirty_days(party):
    roster.correct(party.wang, version=1, mobile="13911112222", address="新路9号", by=party.staff, on=TODAY)
    act = last_act()

    raw = str(list(Effect.objects.filter(act=act).values_list("changed", flat=True)))
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(changed, '') FROM acts_effect")
        raw += cursor.fetchone()[0]
    assert "13800005678" not in raw
    assert "address" not in raw
    assert not Trace.objects.exists()

    assert clearing.clear(on=timezone.localdate() + timedelta(days=30)) == 0
    assert clearing.clear(on=timezone.localdate() + timedelta(days=31)) == 1
    assert not Effect.objects.filter(act=act).exists()
    act.refresh_from_db()
    assert act.cleared_at is not None


def test_a_deed_that_is_refused_leaves_no_act(party):
    with pytest.raises(Refusal):
        standing.suspend(party.wang, reason="", by=party.staff, on=TODAY)

    assert not Act.objects.exists()
    assert not Trace.objects.exists()


def test_every_action_of_the_trail_can_be_undone_or_says_why_not():
    assert sentences.known_actions() == MAY.keys() | FINAL.keys()
    assert not MAY.keys() & FINAL.keys()
    assert all(str(reason) for reason in FINAL.values())
