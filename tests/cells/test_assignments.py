"""Advisors and the companies they look after: assigning, ending, what an assignment reaches and what it does not."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from cells import rules
from cells.authority import Narrowing, Span, narrow
from cells.choices import GRANTS, Cover, Office, Power
from cells.domain import appointments, assignments, companies, invitations, reveals
from cells.models import Appointment, Assignment, Cell, Company
from core.dated import since
from core.errors import OutOfTurn, Refusal
from notices.models import Notice
from tests import cast
from tests.cast import LONG_AGO

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def baita(party):
    """A company of north, out of the reach of the advisor of south; covered by nobody."""
    return cast.register("白塔信息有限公司", party.north, staff=80, members_known=2, park="软件园")


def assign(company, party, today, *, advisor=None, by=None, assigned_on=None):
    return assignments.assign(
        company,
        advisor=advisor or party.advisor,
        assigned_on=assigned_on or today,
        by=by or party.staff,
        on=today,
    )


def end(assignment, party, today, *, by=None, reason="轮换", ended_on=None):
    return assignments.end(assignment, reason=reason, ended_on=ended_on or today, by=by or party.staff, on=today)


def sees(user, company):
    return Company.objects.visible_to(user).filter(pk=company.pk).exists()


class TestAssigning:
    def test_the_advisor_reaches_that_company_and_nothing_around_it(self, party, baita, today):
        beside = cast.register("邻家", party.north)
        assert not sees(party.advisor, baita)
        assign(baita, party, today)
        assert sees(party.advisor, baita)
        assert not sees(party.advisor, beside)
        assert set(Cell.objects.visible_to(party.advisor)) == {party.south, party.shiguang}
        assert not rules.SEE_FIGURES.allows(party.advisor, party.north)
        assert set(rules.SEE_COMPANY_ASSIGNED.holders(baita)) == {party.advisor}

    def test_the_file_names_the_advisor_from_that_day_so_that_it_counts_as_work_coverage(self, party, baita, today):
        day = today - timedelta(days=30)
        assign(baita, party, today, assigned_on=day)
        named = {fact.starts_on: fact.advisor for fact in baita.facts.standing()}
        assert named == {LONG_AGO: "", day: "顾远帆"}

    def test_a_name_that_a_survey_found_stays(self, party, today):
        company = cast.register("白石智能", party.north, advisor="另有其人")
        assign(company, party, today)
        assert {fact.advisor for fact in company.facts.standing()} == {"另有其人"}

    def test_a_survey_form_opened_before_does_not_write_over_it(self, party, baita, today):
        version = baita.version
        assign(baita, party, today)
        assert Company.objects.get(pk=baita.pk).version == version + 1

    def test_the_trail_says_so_and_the_advisor_is_told(self, party, baita, today):
        assign(baita, party, today)
        entry = Entry.objects.about(baita).get()
        assert (entry.action, entry.path, entry.facts["advisor"]) == ("cells.assigned", party.north.path, "顾远帆")
        notice = Notice.objects.to(party.advisor).get()
        assert notice.url == baita.get_absolute_url()

    def test_nobody_assigns_who_does_not_appoint_where_the_file_is_kept(self, party, baita, today):
        for by in (party.secretary, party.organiser, party.auditor, party.technician, party.other_secretary):
            with pytest.raises(PermissionDenied):
                assign(baita, party, today, by=by)
        assert not Assignment.objects.exists()

    def test_a_program_assigns_nobody_who_may_then_do_more_than_it_may(self, party, baita, today):
        def acting(*powers):
            person = User.objects.get(pk=party.staff.pk)
            powers = frozenset({Power.APPOINT, Power.KEEP_COMPANIES, *powers})
            narrow(person, Narrowing(powers, Span(party.association.path, below=True)))
            return person

        with pytest.raises(PermissionDenied):
            assign(baita, party, today, by=acting(Power.SEE_CELLS))
        assert not sees(party.advisor, baita)
        assign(baita, party, today, by=acting(*GRANTS[Office.ADVISOR]))
        assert sees(party.advisor, baita)

    def test_not_oneself(self, party, baita, today):
        Appointment.objects.create(holder=party.staff, office=Office.ADVISOR, cell=party.south, valid=since(LONG_AGO))
        with pytest.raises(Refusal) as refused:
            assign(baita, party, today, advisor=party.staff)
        assert refused.value.field == "advisor"

    def test_not_who_is_no_advisor_on_that_day_nor_whose_account_is_closed(self, party, baita, today):
        with pytest.raises(Refusal, match="不是党建工作指导员"):
            assign(baita, party, today, advisor=party.secretary)
        User.objects.filter(pk=party.advisor.pk).update(is_active=False)
        with pytest.raises(Refusal, match="已停用"):
            assign(baita, party, today, advisor=User.objects.get(pk=party.advisor.pk))

    def test_not_twice_and_not_ahead(self, party, baita, today):
        assign(baita, party, today)
        with pytest.raises(Refusal, match="已经联系"):
            assign(baita, party, today)
        with pytest.raises(Refusal) as refused:
            assign(baita, party, today, assigned_on=today + timedelta(days=1))
        assert refused.value.field == "assigned_on"

    def test_the_database_takes_no_double_and_nobody_s_own(self, party, baita, today):
        assign(baita, party, today)
        held = {"advisor": party.advisor, "company": baita, "valid": since(today)}
        with pytest.raises(IntegrityError, match="assignment_one_at_a_time"), transaction.atomic():
            Assignment.objects.create(**held)
        for column in ("assigned_by", "recorded_by"):
            with pytest.raises(IntegrityError, match="nobody_"), transaction.atomic():
                Assignment.objects.create(**held | {"valid": since(LONG_AGO, today), column: party.advisor})


class TestEnding:
    def test_the_company_is_out_of_reach_at_once_and_the_file_names_nobody(self, party, baita, today):
        held = assign(baita, party, today, assigned_on=today - timedelta(days=30))
        ended = end(held, party, today)
        assert (ended.ends_on, ended.end_reason) == (today, "轮换")
        assert not sees(party.advisor, baita)
        assert baita.facts.current().get().advisor == ""

    def test_the_file_then_names_who_looks_after_it_still(self, party, baita, today):
        held = assign(baita, party, today, assigned_on=today - timedelta(days=30))
        other = cast.appoint("另一位", Office.ADVISOR, party.north)
        assign(baita, party, today, advisor=other, assigned_on=today - timedelta(days=10))
        end(held, party, today)
        assert baita.facts.current().get().advisor == "另一位"

    def test_one_that_had_not_begun_before_is_voided(self, party, baita, today):
        held = assign(baita, party, today)
        end(held, party, today, reason="选错了人")
        assert Assignment.objects.get().voided_at
        assert Entry.objects.did("cells.assignment_voided").exists()

    def test_neither_without_a_reason_nor_twice_nor_by_others_nor_ahead(self, party, baita, today):
        held = assign(baita, party, today, assigned_on=today - timedelta(days=3))
        with pytest.raises(Refusal) as refused:
            end(held, party, today, reason=" ")
        assert refused.value.field == "reason"
        with pytest.raises(Refusal) as refused:
            end(held, party, today, ended_on=today + timedelta(days=1))
        assert refused.value.field == "ended_on"
        with pytest.raises(PermissionDenied):
            end(held, party, today, by=party.secretary)
        end(held, party, today)
        with pytest.raises(OutOfTurn):
            end(held, party, today)

    def test_with_the_office_of_an_advisor_the_companies_go_too(self, party, baita, today):
        assign(baita, party, today, assigned_on=today - timedelta(days=30))
        office = party.advisor.appointments.get()
        appointments.end(office, reason="离任", by=party.staff, on=today)
        assert not sees(party.advisor, baita)
        assert not Assignment.objects.current().exists()
        assert baita.facts.current().get().advisor == ""

    def test_with_one_office_of_two_they_stay(self, party, baita, today):
        Appointment.objects.create(
            holder=party.advisor, office=Office.ADVISOR, cell=party.yuanfan, valid=since(LONG_AGO)
        )
        assign(baita, party, today, assigned_on=today - timedelta(days=30))
        appointments.end(party.advisor.appointments.get(cell=party.south), reason="调整", by=party.staff, on=today)
        assert sees(party.advisor, baita)

    def test_an_office_that_runs_out_by_itself_reaches_nothing_any_more(self, party, baita, today):
        gone = cast.appoint("期满", Office.ADVISOR, party.south, until=today)
        Assignment.objects.create(advisor=gone, company=baita, valid=since(LONG_AGO))
        assert not sees(gone, baita)
        assert not rules.VISIT_COMPANY.anywhere(gone)


class TestCalling:
    @pytest.fixture
    def contact(self, party, baita, today):
        return companies.add_contact(baita, name="唐若水", phone="13900004471", by=party.staff, on=today)

    def test_the_advisor_of_a_company_sees_a_number_whole_and_leaves_a_trace(self, party, baita, contact, today):
        with pytest.raises(PermissionDenied):
            reveals.reveal_contact(contact, purpose="走访前联系", by=party.advisor, on=today)
        assign(baita, party, today)
        shown = reveals.reveal_contact(contact, purpose="走访前联系", by=party.advisor, on=today)
        assert shown == "13900004471"
        assert Entry.objects.did("cells.phone_revealed").get().actor_id == party.advisor.pk

    def test_a_company_within_the_office_but_not_assigned_shows_masks(self, party, today):
        near = cast.register("鹿鸣传媒", party.south)
        contact = companies.add_contact(near, name="何联", phone="13900004471", by=party.staff, on=today)
        assert sees(party.advisor, near)
        with pytest.raises(PermissionDenied):
            reveals.reveal_contact(contact, purpose="走访前联系", by=party.advisor, on=today)

    def test_of_the_very_cell_of_the_office_and_not_of_those_below(self, party, today):
        for cell in (party.south, party.shiguang):
            cell.contact_phone = "13900004471"
            cell.save()
        assert reveals.reveal_cell_phone(party.south, purpose="走访前联系", by=party.advisor, on=today)
        with pytest.raises(PermissionDenied):
            reveals.reveal_cell_phone(party.shiguang, purpose="走访前联系", by=party.advisor, on=today)


def test_whoever_could_not_assign_all_of_it_does_not_hand_out_the_account(party, baita, today):
    """Signing in as the advisor would reach the company."""
    advisor = User.objects.open_dormant("新指导员")
    row = Appointment.objects.create(holder=advisor, office=Office.ADVISOR, cell=party.yuanfan, valid=since(LONG_AGO))
    elsewhere = cast.register("鹿鸣传媒", party.south)
    assert invitations.invite(row, by=party.north_staff, on=today)
    assign(elsewhere, party, today, advisor=advisor)
    with pytest.raises(PermissionDenied):
        invitations.invite(row, by=party.north_staff, on=today)
    assert invitations.invite(row, by=party.staff, on=today)


class TestPages:
    @pytest.fixture
    def as_(self, client, party):
        def signed_in(who):
            client.force_login(getattr(party, who))
            return client

        return signed_in

    def test_from_the_company_s_page_to_an_assignment_and_back(self, as_, party, baita, today):
        staff = as_("staff")
        page = baita.get_absolute_url()
        assert f"{page}advisors/" in staff.get(page).content.decode()
        answers = {"advisor": party.advisor.pk, "assigned_on": (today - timedelta(days=2)).isoformat()}
        assert staff.post(f"{page}advisors/", answers).url == page
        told = staff.get(page).content.decode()
        assert "指派党建工作指导员" in told
        held = Assignment.objects.get()
        assert staff.post(f"{page}advisors/{held.pk}/", {"reason": "", "ended_on": today}).status_code == 422
        assert staff.post(f"{page}advisors/{held.pk}/", {"reason": "轮换", "ended_on": today}).url == page
        assert "指导员不再联系" in staff.get(page).content.decode()

    def test_from_the_advisor_s_page(self, as_, party, baita, today):
        staff, page = as_("staff"), f"/advisors/{party.advisor.code}/"
        wrong = staff.post(page, {"company": "查无此企业", "assigned_on": today})
        assert (wrong.status_code, "没有找到" in wrong.content.decode()) == (422, True)
        assert staff.post(page, {"company": f"{baita.code} {baita}", "assigned_on": today}).status_code == 302
        again = staff.post(page, {"company": baita.code, "assigned_on": today})
        assert (again.status_code, "已经联系" in again.content.decode()) == (422, True)
        assert baita.name in staff.get(page).content.decode()

    def test_who_keeps_one_committee_names_no_advisor_of_another(self, as_, party, baita, today):
        answer = as_("north_staff").post(
            f"{baita.get_absolute_url()}advisors/", {"advisor": party.advisor.pk, "assigned_on": today}
        )
        assert answer.status_code == 422
        assert "顾远帆" not in answer.content.decode()

    def test_visits_show_what_is_assigned_with_somebody_to_call(self, as_, party, baita, today):
        companies.add_contact(baita, name="唐若水", phone="13900004471", by=party.staff, on=today)
        cast.register("邻家", party.north)
        assign(baita, party, today)
        page = as_("advisor").get("/visits/").content.decode()
        assert "白塔信息有限公司" in page
        assert "南浦党总支" in page
        assert "邻家" not in page
        assert "13900004471" not in page
        assert 'data-type="large"' in page

    def test_two_taps_from_the_list_to_a_call(self, as_, party, baita, today):
        contact = companies.add_contact(baita, name="唐若水", phone="13900004471", by=party.staff, on=today)
        assign(baita, party, today)
        advisor = as_("advisor")
        page = advisor.get("/visits/").content.decode()
        address = f"{baita.get_absolute_url()}contacts/{contact.pk}/phone/"
        assert f'action="{address}"' in page
        assert 'name="purpose" value="走访前电话联系"' in page
        shown = advisor.post(address, {"purpose": "走访前电话联系"})
        assert 'href="tel:13900004471"' in shown.content.decode()
        assert shown["Cache-Control"] == "no-store"

    def test_the_last_survey_is_the_last_survey_and_not_the_assignment(self, as_, party, baita, today):
        assign(baita, party, today)
        card = as_("advisor").get("/visits/").context["companies"][0]
        assert card["surveyed"].starts_on == LONG_AGO

    def test_the_company_in_large_type_says_five_things_and_on_paper_everything(self, as_, party, baita, today):
        companies.add_contact(baita, name="唐若水", phone="13900004471", by=party.staff, on=today)
        assign(baita, party, today)
        advisor = as_("advisor")
        large = advisor.get(f"{baita.get_absolute_url()}?view=large").content.decode()
        for words in ("在哪里", "多少人", "党组织", "找谁", "上次摸排", "139****4471"):
            assert words in large
        paper = advisor.get(f"{baita.get_absolute_url()}?view=print").content.decode()
        assert 'data-view="print"' in paper
        assert "13900004471" not in large + paper

    def test_one_and_three_companies_cost_the_same_number_of_queries(self, as_, party, today):
        counted = []
        for name in ("甲", "乙", "丙"):
            company = cast.register(name, party.north, cover=Cover.OWN, cover_cell=party.yuanfan)
            companies.add_contact(company, name="何联", phone="13900004471", by=party.staff, on=today)
            Assignment.objects.create(advisor=party.advisor, company=company, valid=since(LONG_AGO))
            advisor = as_("advisor")
            with CaptureQueriesContext(connection) as queries:
                assert len(advisor.get("/visits/").context["companies"]) == len(counted) + 1
            counted.append(len(queries))
        assert counted[0] == counted[2]


def test_an_advisor_reads_large_type_until_choosing_otherwise(client, party):
    client.force_login(party.advisor)
    assert 'data-type="large"' in client.get("/home/").content.decode()
    client.post("/settings/display/", {"text_size": "standard"})
    assert 'data-type="standard"' in client.get("/home/").content.decode()
    client.force_login(party.secretary)
    assert 'data-type="standard"' in client.get("/home/").content.decode()
