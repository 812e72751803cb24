"""Who may appoint whom to what, and what ends when."""

from datetime import date, timedelta
from functools import partial
from itertools import permutations
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateRange

from accounts.models import User
from acts.domain import undoing
from acts.models import Act
from audit.models import Entry
from cells.authority import Narrowing, Span, narrow
from cells.choices import GRANTS, OFFICES_AT_THE_TOP, CellKind, Office, Power
from cells.domain import appointments, tree
from cells.domain.appointments import Naming
from cells.models import Appointment, Cell
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal
from tests import cast
from tests.cast import LONG_AGO, TODAY

pytestmark = pytest.mark.django_db
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.fixture
def somebody():
    return cast.person("何静")


@pytest.fixture
def elsewhere():
    """A second root, and who appoints in it."""
    cell = cast.found("另一个协会党委", CellKind.COMMITTEE)
    return SimpleNamespace(cell=cell, staff=cast.appoint("另一处工作人员", Office.ASSOCIATION_STAFF, cell))


def refused(deed, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        deed(*args, **kwargs)
    return caught.value


class TestAppoint:
    def test_an_office_is_held_from_its_day_and_carries_its_powers(self, party, somebody):
        held = appointments.appoint(party.shiguang, holder=somebody, office=Office.SECRETARY, by=party.staff, on=TODAY)
        assert (held.starts_on, held.ends_on, held.appointed_by) == (TODAY, None, party.staff)
        assert Appointment.objects.in_force(TODAY).filter(holder=somebody).exists()
        assert not Appointment.objects.in_force(YESTERDAY).filter(holder=somebody).exists()

    def test_it_leaves_one_entry_and_tells_the_holder(self, party, somebody):
        held = appointments.appoint(party.shiguang, holder=somebody, office=Office.ADVISOR, by=party.staff, on=TODAY)
        [entry] = Entry.objects.about(held)
        assert (entry.action, entry.actor, entry.path) == ("cells.appointed", party.staff, party.shiguang.path)
        assert entry.facts["holder"] == "何静"
        assert somebody.notices.get().text == f"您自 {TODAY} 起在{party.shiguang}任党建工作指导员。"

    def test_a_dormant_account_may_hold_an_office_and_is_not_written_to(self, party):
        held = appointments.appoint_named(
            party.shiguang, holder=None, name="孙 悦", office=Office.SECRETARY, by=party.staff, on=TODAY
        )
        assert (held.holder.name, held.holder.is_dormant) == ("孙悦", True)
        assert not held.holder.notices.exists()

    def test_no_account_is_opened_by_who_may_not_appoint(self, party):
        with pytest.raises(PermissionDenied):
            appointments.appoint_named(
                party.shiguang, holder=None, name="孙悦", office=Office.SECRETARY, by=party.secretary, on=TODAY
            )
        assert not User.objects.filter(name="孙悦").exists()

    def test_a_second_secretary_is_refused_by_name(self, party, somebody):
        refusal = refused(
            appointments.appoint, party.yunshan, holder=somebody, office=Office.SECRETARY, by=party.staff, on=TODAY
        )
        assert refusal.field == "office"
        assert "李敏" in refusal.message

    def test_the_next_secretary_may_begin_the_day_the_last_ends(self, party, somebody):
        last = party.yunshan.appointments.in_force(TODAY).get(office=Office.SECRETARY)
        appointments.end(last, reason="换届", by=party.staff, on=TOMORROW)
        appointments.appoint(party.yunshan, holder=somebody, office=Office.SECRETARY, by=party.staff, on=TOMORROW)
        assert party.yunshan.appointments.in_force(TOMORROW).get(office=Office.SECRETARY).holder == somebody

    def test_one_who_begins_before_a_later_one_is_refused_unless_they_end_in_time(self, party, somebody):
        later = cast.person("孙悦")
        appointments.appoint(party.shiguang, holder=later, office=Office.SECRETARY, by=party.staff, on=TOMORROW)
        refused(
            appointments.appoint, party.shiguang, holder=somebody, office=Office.SECRETARY, by=party.staff, on=TODAY
        )
        appointments.appoint(
            party.shiguang, holder=somebody, office=Office.SECRETARY, until=TOMORROW, by=party.staff, on=TODAY
        )

    def test_what_the_person_holds_already_is_refused(self, party):
        refusal = refused(
            appointments.appoint,
            party.yunshan,
            holder=party.organiser,
            office=Office.ORGANISATION_COMMISSIONER,
            by=party.staff,
            on=TODAY,
        )
        assert refusal.field == "holder"

    def test_nobody_appoints_themselves(self, party):
        refusal = refused(
            appointments.appoint, party.north, holder=party.staff, office=Office.ADVISOR, by=party.staff, on=TODAY
        )
        assert refusal.field == "holder"

    def test_a_closed_account_an_end_before_the_beginning_and_a_dissolved_cell_are_refused(self, party, somebody):
        def appoint(cell=party.shiguang, **more):
            return refused(
                appointments.appoint, cell, holder=somebody, office=Office.ADVISOR, by=party.staff, on=TODAY, **more
            )

        assert appoint(until=TODAY).field == "until"
        Cell.objects.filter(pk=party.yuanfan.pk).update(dissolved_on=TODAY)
        assert isinstance(appoint(party.yuanfan), OutOfTurn)
        somebody.is_active = False
        assert appoint().field == "holder"

    @pytest.mark.parametrize(
        ("cell", "office"),
        [
            ("yunshan", Office.GROUP_LEADER),
            ("first_group", Office.SECRETARY),
            ("yunshan", Office.COMMITTEE_STAFF),
            ("north", Office.ASSOCIATION_STAFF),
            ("north", Office.TECHNICAL_ADMINISTRATOR),
            ("south", Office.AUDITOR),
        ],
    )
    def test_an_office_stands_only_where_it_belongs(self, party, somebody, cell, office):
        refusal = refused(
            appointments.appoint, getattr(party, cell), holder=somebody, office=office, by=party.staff, on=TODAY
        )
        assert refusal.field == "office"

    def test_the_offices_of_the_whole_association_are_filled_at_the_top(self, party, somebody):
        appointments.appoint(party.association, holder=somebody, office=Office.AUDITOR, by=party.staff, on=TODAY)

    @pytest.mark.parametrize(("held", "wanted"), list(permutations(OFFICES_AT_THE_TOP, 2)))
    def test_nobody_holds_two_offices_of_the_whole_association_at_a_time(self, party, somebody, held, wanted):
        appoint = partial(appointments.appoint, party.association, holder=somebody, by=party.staff)
        appoint(office=held, until=TOMORROW, on=TODAY)
        refusal = refused(appoint, office=wanted, on=TODAY)
        assert refusal.field == "holder" and str(Office(held).label) in refusal.message
        appoint(office=wanted, on=TOMORROW)
        appoint(office=Office.ADVISOR, on=TODAY)

    def test_nor_in_two_trees(self, party, somebody, elsewhere):
        appointments.appoint(party.association, holder=somebody, office=Office.AUDITOR, by=party.staff, on=TODAY)
        appoint = partial(appointments.appoint, elsewhere.cell, holder=somebody, by=elsewhere.staff, on=TODAY)
        refusal = refused(appoint, office=Office.TECHNICAL_ADMINISTRATOR)
        assert refusal.field == "holder" and str(Office.AUDITOR.label) in refusal.message
        appoint(office=Office.AUDITOR)

    def test_nor_by_undoing_in_another_tree_what_ended_one(self, party, somebody, elsewhere):
        for office in (Office.AUDITOR, Office.TECHNICAL_ADMINISTRATOR):
            cast.appoint("替补", office, elsewhere.cell)
        seat = appointments.appoint(
            elsewhere.cell, holder=somebody, office=Office.AUDITOR, by=elsewhere.staff, on=YESTERDAY
        )
        appointments.end(seat, reason="换人", by=elsewhere.staff, on=TODAY)
        ended = Act.objects.latest("pk")
        appointments.appoint(
            party.association, holder=somebody, office=Office.TECHNICAL_ADMINISTRATOR, by=party.staff, on=TODAY
        )
        told = refused(undoing.undo, ended, by=elsewhere.staff, on=TODAY).message
        assert str(Office.TECHNICAL_ADMINISTRATOR.label) in told

    def test_nor_are_two_given_to_one_person_at_once(self, party, somebody):
        namings = [Naming(party.association, somebody, office) for office in (Office.ADVISOR, *OFFICES_AT_THE_TOP[:2])]
        assert refused(appointments.appoint_many, namings, by=party.staff, on=TODAY).row == 2
        assert not Appointment.objects.filter(holder=somebody).exists()

    @pytest.mark.parametrize("office", [Office.PUBLICITY_COMMISSIONER, Office.DISCIPLINE_COMMISSIONER])
    def test_a_secretary_fills_the_commissioners_of_the_own_branch(self, party, somebody, office):
        appointments.appoint(party.yunshan, holder=somebody, office=office, by=party.secretary, on=TODAY)

    def test_a_secretary_fills_the_leaders_of_the_own_groups(self, party, somebody):
        appointments.appoint(
            party.first_group, holder=somebody, office=Office.GROUP_LEADER, by=party.secretary, on=TODAY
        )

    @pytest.mark.parametrize(
        ("who", "cell", "office"),
        [
            ("secretary", "yunshan", Office.DEPUTY_SECRETARY),
            ("secretary", "yunshan", Office.ADVISOR),
            ("secretary", "yuanfan", Office.PUBLICITY_COMMISSIONER),
            ("deputy", "yunshan", Office.PUBLICITY_COMMISSIONER),
            ("organiser", "yunshan", Office.PUBLICITY_COMMISSIONER),
            ("north_staff", "shiguang", Office.SECRETARY),
            ("north_staff", "association", Office.ADVISOR),
            ("advisor", "shiguang", Office.SECRETARY),
            ("auditor", "shiguang", Office.SECRETARY),
            ("technician", "shiguang", Office.SECRETARY),
            ("former_secretary", "shiguang", Office.PUBLICITY_COMMISSIONER),
            ("stranger", "shiguang", Office.SECRETARY),
        ],
    )
    def test_everything_else_is_filled_from_above(self, party, somebody, who, cell, office):
        with pytest.raises(PermissionDenied):
            appointments.appoint(getattr(party, cell), holder=somebody, office=office, by=getattr(party, who), on=TODAY)

    def test_a_deputy_fills_commissioners_while_the_seat_is_empty(self, party, somebody):
        appointments.appoint(
            party.shiguang,
            holder=somebody,
            office=Office.ORGANISATION_COMMISSIONER,
            by=party.deputy_alone,
            on=TODAY,
        )

    def test_a_refusal_in_a_list_names_the_row(self, party, somebody):
        namings = [
            Naming(party.shiguang, somebody, Office.SECRETARY),
            Naming(party.shiguang, cast.person("孙悦"), Office.SECRETARY),
        ]
        assert refused(appointments.appoint_many, namings, by=party.staff, on=TODAY).row == 1

    def test_thirty_take_as_many_queries_as_three(self, party, queries_of):
        def some(count):
            cells = [cast.found(f"支部{count}-{number}", CellKind.BRANCH, party.north) for number in range(count)]
            return [Naming(cell, User.objects.open_dormant("孙悦"), Office.SECRETARY) for cell in cells]

        appointments.appoint_many(some(1), by=party.staff, on=TODAY)
        three = queries_of(appointments.appoint_many, some(3), by=party.staff, on=TODAY)
        assert queries_of(appointments.appoint_many, some(30), by=party.staff, on=TODAY) == three <= 17


class TestByAProgram:
    def confined(self, party, *powers):
        acting = User.objects.get(pk=party.staff.pk)
        narrow(acting, Narrowing(frozenset({Power.APPOINT, *powers}), Span(party.association.path, below=True)))
        return acting

    @pytest.mark.parametrize("office", [Office.ASSOCIATION_STAFF, Office.TECHNICAL_ADMINISTRATOR, Office.AUDITOR])
    def test_an_office_that_carries_more_than_the_program_is_not_filled(self, party, somebody, office):
        by = self.confined(party, Power.SEE_CELLS)
        with pytest.raises(PermissionDenied, match="用途"):
            appointments.appoint(party.association, holder=somebody, office=office, by=by, on=TODAY)
        with pytest.raises(PermissionDenied):
            appointments.appoint_named(party.association, holder=None, name="孙悦", office=office, by=by, on=TODAY)
        assert not User.objects.filter(name="孙悦").exists()
        assert office not in appointments.offices_fillable(party.association, by)

    def test_one_that_carries_no_more_is(self, party, somebody):
        by = self.confined(party, *GRANTS[Office.AUDITOR])
        assert appointments.offices_fillable(party.association, by) == [
            Office.AUDITOR,
            Office.PUBLICITY_COMMISSIONER,
            Office.DISCIPLINE_COMMISSIONER,
        ]
        appointments.appoint(party.association, holder=somebody, office=Office.AUDITOR, by=by, on=TODAY)

    def test_a_deputy_carries_what_a_secretary_does(self, party):
        by = self.confined(party, *GRANTS[Office.ORGANISATION_COMMISSIONER])
        assert Office.ORGANISATION_COMMISSIONER in appointments.offices_fillable(party.yunshan, by)
        assert Office.DEPUTY_SECRETARY not in appointments.offices_fillable(party.yunshan, by)
        by = self.confined(party, *Power)
        assert Office.DEPUTY_SECRETARY in appointments.offices_fillable(party.yunshan, by)

    def test_nor_is_it_taken_from_anybody(self, party):
        offices = Appointment.objects.filter(holder=party.auditor)
        by = self.confined(party, Power.SEE_CELLS)
        with pytest.raises(PermissionDenied, match="用途"):
            appointments.end(offices.get(), reason="调整", by=by, on=TODAY)
        assert appointments.beyond(offices, by=by, on=TODAY) == [offices.get()]
        by = self.confined(party, *GRANTS[Office.AUDITOR])
        assert appointments.beyond(offices, by=by, on=TODAY) == []


class TestEnd:
    def test_an_ended_office_loses_its_powers_at_once(self, party):
        held = party.yunshan.appointments.in_force(TODAY).get(holder=party.secretary)
        appointments.end(held, reason="换届", by=party.staff, on=date.today())
        assert not Cell.objects.visible_to(User.objects.get(pk=party.secretary.pk)).exists()

    def test_it_stays_as_it_was_until_that_day(self, party):
        held = party.yunshan.appointments.in_force(TODAY).get(holder=party.secretary)
        ended = appointments.end(held, reason="换届", by=party.staff, on=TODAY)
        assert (ended.starts_on, ended.ends_on, ended.end_reason) == (LONG_AGO, TODAY, "换届")
        assert Appointment.objects.in_force(YESTERDAY).filter(holder=party.secretary).exists()
        assert not Appointment.objects.in_force(TODAY).filter(holder=party.secretary).exists()

    def test_one_that_had_not_begun_was_never_held(self, party, somebody):
        held = appointments.appoint(party.shiguang, holder=somebody, office=Office.ADVISOR, by=party.staff, on=TODAY)
        voided = appointments.end(held, reason="登记有误", by=party.staff, on=TODAY)
        assert not Appointment.objects.standing().filter(holder=somebody).exists()
        assert Entry.objects.about(voided).first().action == "cells.appointment_voided"

    def test_it_leaves_one_entry_and_tells_the_holder(self, party):
        held = party.yunshan.appointments.in_force(TODAY).get(holder=party.secretary)
        ended = appointments.end(held, reason="换届", by=party.staff, on=TODAY)
        [entry] = Entry.objects.about(ended)
        assert (entry.action, entry.facts["reason"]) == ("cells.appointment_ended", "换届")
        assert party.secretary.notices.get().text == f"您自 {TODAY} 起不再在{party.yunshan}任书记。"

    def test_it_ends_once(self, party):
        held = party.yunshan.appointments.in_force(TODAY).get(holder=party.secretary)
        ended = appointments.end(held, reason="换届", by=party.staff, on=TODAY)
        for again in (held, ended):
            with pytest.raises(OutOfTurn):
                appointments.end(again, reason="换届", by=party.staff, on=TOMORROW)

    def test_an_office_with_a_last_day_may_end_before_it(self, party, somebody):
        held = appointments.appoint(
            party.shiguang, holder=somebody, office=Office.ADVISOR, until=date(2027, 1, 1), by=party.staff, on=TODAY
        )
        assert appointments.end(held, reason="调离", by=party.staff, on=TOMORROW).ends_on == TOMORROW

    def test_a_reason_is_asked_for(self, party):
        held = party.yunshan.appointments.in_force(TODAY).get(holder=party.secretary)
        assert refused(appointments.end, held, reason=" ", by=party.staff, on=TODAY).field == "reason"

    def test_nobody_ends_the_office_that_gives_them_the_power_to(self, party):
        held = party.association.appointments.in_force(TODAY).get(holder=party.staff)
        with pytest.raises(Refusal):
            appointments.end(held, reason="换届", by=party.staff, on=TODAY)

    def test_a_secretary_ends_commissioners_but_not_the_deputy(self, party):
        organiser = party.yunshan.appointments.in_force(TODAY).get(holder=party.organiser)
        appointments.end(organiser, reason="调整", by=party.secretary, on=TODAY)
        deputy = party.yunshan.appointments.in_force(TODAY).get(holder=party.deputy)
        with pytest.raises(PermissionDenied):
            appointments.end(deputy, reason="调整", by=party.secretary, on=TODAY)

    def test_end_all_ends_what_is_held_in_one_cell_or_everywhere(self, party, somebody):
        for cell in (party.shiguang, party.yuanfan):
            appointments.appoint(cell, holder=somebody, office=Office.ADVISOR, by=party.staff, on=YESTERDAY)
        assert len(appointments.end_all(somebody, cell=party.shiguang, by=SYSTEM, on=TODAY)) == 1
        assert Appointment.objects.in_force(TODAY).get(holder=somebody).cell == party.yuanfan
        appointments.end_all(somebody, cell=None, by=SYSTEM, on=TODAY)
        assert not Appointment.objects.in_force(TODAY).filter(holder=somebody).exists()


class TestTheDatabase:
    def write(self, party, **columns):
        values = {"office": Office.ADVISOR, "cell": party.yunshan, "valid": DateRange(LONG_AGO, None)} | columns
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            Appointment.objects.create(**values)
        return str(caught.value)

    def test_refuses_a_second_secretary(self, party, somebody):
        assert "one_secretary_at_a_time" in self.write(party, holder=somebody, office=Office.SECRETARY)

    def test_refuses_two_duties_of_the_whole_association(self, party, elsewhere):
        told = self.write(party, cell=elsewhere.cell, holder=party.auditor, office=Office.TECHNICAL_ADMINISTRATOR)
        assert "business_system_and_audit_are_held_apart" in told

    def test_keeps_two_duties_of_which_one_is_over(self, party, elsewhere):
        over = DateRange(LONG_AGO, YESTERDAY)
        Appointment.objects.create(
            cell=elsewhere.cell, holder=party.auditor, office=Office.TECHNICAL_ADMINISTRATOR, valid=over
        )

    def test_refuses_one_office_held_twice(self, party):
        assert "appointment_one_at_a_time" in self.write(
            party, holder=party.organiser, office=Office.ORGANISATION_COMMISSIONER
        )

    def test_refuses_who_appoints_themselves(self, party):
        assert "nobody_appoints_themselves" in self.write(party, holder=party.staff, appointed_by=party.staff)

    def test_refuses_who_records_their_own_office(self, party):
        assert "nobody_records_their_own_office" in self.write(party, holder=party.staff, recorded_by=party.staff)

    def test_refuses_a_span_without_a_first_day(self, party, somebody):
        assert "appointment_has_a_first_day" in self.write(party, holder=somebody, valid=DateRange(None, TODAY))

    @pytest.mark.parametrize("change", ["office", "cell"])
    def test_refuses_to_rewrite_what_was_held(self, party, change):
        values = {"office": {"office": Office.ADVISOR}, "cell": {"cell": party.north}}[change]
        with pytest.raises(DatabaseError, match=r"keeps its history|permission denied"), transaction.atomic():
            Appointment.objects.filter(holder=party.organiser).update(**values)

    def test_refuses_to_forget_what_was_held(self, party):
        with pytest.raises(DatabaseError, match=r"keeps its history|permission denied"), transaction.atomic():
            Appointment.objects.filter(holder=party.organiser).delete()


def test_what_may_be_filled_follows_from_kind_place_and_person(party):
    assert Office.SECRETARY in appointments.offices_fillable(party.yunshan, party.north_staff)
    assert appointments.offices_fillable(party.first_group, party.secretary) == [Office.GROUP_LEADER]
    assert appointments.offices_fillable(party.yunshan, party.secretary) == [
        Office.ORGANISATION_COMMISSIONER,
        Office.PUBLICITY_COMMISSIONER,
        Office.DISCIPLINE_COMMISSIONER,
    ]
    assert appointments.offices_fillable(party.yunshan, party.auditor) == []
    assert Office.AUDITOR in appointments.offices_in(party.association)


def test_nobody_holds_an_office_before_anything_is_known_of_the_cell(party, somebody):
    appoint = partial(appointments.appoint, party.shiguang, holder=somebody, office=Office.ADVISOR, by=party.staff)
    refusal = refused(appoint, on=date(1900, 1, 1))
    assert (refusal.field, refusal.row) == ("on", 0)
    assert LONG_AGO.isoformat() in refusal.message
    assert refused(appoint, on=LONG_AGO - timedelta(days=1)).field == "on"
    assert appoint(on=LONG_AGO)


def test_a_cell_renamed_since_is_known_from_its_first_day(party, somebody):
    tree.rename(party.shiguang, name="中共拾光文化联合支部委员会", by=party.staff, on=YESTERDAY)
    assert appointments.appoint(
        party.shiguang, holder=somebody, office=Office.ADVISOR, by=party.staff, on=LONG_AGO, until=TODAY
    )


def test_what_is_beyond_somebody_is_what_others_fill_and_what_is_their_own(party):
    def beyond(who, *, on=TODAY):
        people = [party.secretary, party.deputy, party.organiser, party.leader]
        offices = Appointment.objects.filter(holder__in=people)
        return {row.holder.username for row in appointments.beyond(offices, by=getattr(party, who), on=on)}

    assert beyond("north_staff") == beyond("staff") == set()
    assert beyond("secretary") == {"secretary", "deputy"}
    assert beyond("deputy") == beyond("publicist") == {"secretary", "deputy", "organiser", "leader"}


def test_an_office_still_to_begin_is_beyond_somebody_as_one_held_is(party, somebody):
    appointments.appoint(party.north, holder=somebody, office=Office.ADVISOR, by=party.staff, on=TOMORROW)
    assert appointments.beyond(Appointment.objects.filter(holder=somebody), by=party.secretary, on=TODAY)
    assert not appointments.beyond(Appointment.objects.filter(holder=somebody), by=SYSTEM, on=TODAY)
