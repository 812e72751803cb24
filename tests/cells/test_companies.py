"""一企一档: registering, setting right, surveying, and whom to call."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, IntegrityError, transaction

from audit.models import Entry
from cells.choices import CellKind, Cover
from cells.domain import companies, reveals
from cells.domain.companies import CompanyCorrection, Registration, Survey
from cells.domain.cover import cover_by
from cells.models import Cell, Company, CompanyFact
from core.dated import since
from core.errors import OutOfTurn, Refusal, Stale
from tests import cast
from tests.cast import LONG_AGO, TODAY

pytestmark = pytest.mark.django_db
CODE, OTHER_CODE = "91000000Y11N7JBW23", "91000000JWLEQYQ9YT"
YESTERDAY, TOMORROW = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


def refused(deed, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        deed(*args, **kwargs)
    return caught.value


def fact_of(company, day=TODAY):
    return CompanyFact.objects.as_of(day).get(company=company)


class TestRegister:
    def test_a_company_is_on_file_with_what_was_found(self, party):
        company = companies.register(
            "白石智能科技有限公司",
            party.north,
            credit_code=CODE.lower(),
            district="高新区",
            park="软件园",
            surveyed_on=YESTERDAY,
            staff=312,
            output=Decimal("481455000.00"),
            members_known=9,
            cover_cell=party.yunshan,
            by=party.north_staff,
            on=TODAY,
        )
        assert company.code == f"QY-{company.pk:04}"
        assert company.credit_code == CODE
        fact = fact_of(company, YESTERDAY)
        assert (fact.staff, fact.cover, fact.cover_cell, fact.keeper) == (312, Cover.OWN, party.yunshan, party.north)
        assert not CompanyFact.objects.as_of(YESTERDAY - timedelta(days=1)).filter(company=company).exists()

    def test_it_leaves_one_entry_at_its_keeper(self, party):
        company = companies.register("白石", party.north, by=party.north_staff, on=TODAY)
        [entry] = Entry.objects.about(company)
        assert (entry.action, entry.actor, entry.path) == (
            "cells.company_registered",
            party.north_staff,
            party.north.path,
        )

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "长" * 121}, "name"),
            ({"credit_code": "91000000Y11N7JBW24"}, "credit_code"),
            ({"credit_code": "9100"}, "credit_code"),
            ({"surveyed_on": TOMORROW}, "surveyed_on"),
            ({"name": "老企业"}, "name"),
            ({"credit_code": OTHER_CODE}, "credit_code"),
            ({"name": "甲企业"}, "name"),
        ],
    )
    def test_a_refusal_names_the_row_and_the_answer(self, party, change, field):
        cast.register("老企业", party.south, credit_code=OTHER_CODE)
        bad = Registration(**{"name": "乙企业", "keeper": party.north} | change)

        refusal = refused(companies.register_many, [Registration("甲企业", party.north), bad], by=party.staff, on=TODAY)

        assert (refusal.row, refusal.field) == (1, field)
        assert Company.objects.count() == 1

    def test_who_is_on_file_elsewhere_is_named_with_its_keeper(self, party):
        cast.register("老企业", party.south, credit_code=CODE)
        refusal = refused(companies.register, "新企业", party.north, credit_code=CODE, by=party.staff, on=TODAY)
        assert "老企业" in refusal.message
        assert "南浦党总支" in refusal.message

    def test_two_companies_of_one_name_may_have_two_codes(self, party):
        cast.register("同名企业", party.south, credit_code=CODE)
        companies.register("同名企业", party.north, credit_code=OTHER_CODE, by=party.staff, on=TODAY)

    def test_a_group_and_a_dissolved_cell_cover_nothing(self, party):
        def register(cell):
            return refused(companies.register, "甲", party.north, cover_cell=cell, by=party.staff, on=TODAY).field

        assert register(party.first_group) == "cover_cell"
        Cell.objects.filter(pk=party.yuanfan.pk).update(dissolved_on=TODAY)
        assert register(party.yuanfan) == "cover_cell"
        assert refused(companies.register, "甲", party.yuanfan, by=party.staff, on=TODAY).field == "keeper"

    @pytest.mark.parametrize("who", ["secretary", "organiser", "advisor", "auditor", "technician", "stranger"])
    def test_whoever_keeps_no_companies_there_may_not(self, party, who):
        with pytest.raises(PermissionDenied):
            companies.register("甲", party.yunshan, by=getattr(party, who), on=TODAY)

    def test_a_covering_cell_out_of_sight_may_not_be_named(self, party):
        with pytest.raises(PermissionDenied):
            companies.register("甲", party.north, cover_cell=party.shiguang, by=party.north_staff, on=TODAY)

    def test_thirty_take_as_many_queries_as_three(self, party, queries_of):
        def some(count, prefix):
            return [
                Registration(f"{prefix}{number}公司", party.north, cover_cell=party.yunshan) for number in range(count)
            ]

        companies.register_many(some(2, "先"), by=party.staff, on=TODAY)
        three = queries_of(companies.register_many, some(3, "甲"), by=party.staff, on=TODAY)
        assert queries_of(companies.register_many, some(30, "乙"), by=party.staff, on=TODAY) == three <= 18


class TestCover:
    @pytest.mark.parametrize(
        ("kind", "cover"),
        [
            (CellKind.COMMITTEE, Cover.OWN),
            (CellKind.GENERAL_BRANCH, Cover.OWN),
            (CellKind.BRANCH, Cover.OWN),
            (CellKind.JOINT_BRANCH, Cover.JOINT),
            (CellKind.MIGRANT_BRANCH, Cover.OWN),
            (CellKind.TEMPORARY_BRANCH, Cover.NONE),
            (CellKind.FUNCTIONAL_BRANCH, Cover.NONE),
        ],
    )
    def test_follows_from_the_kind_of_the_covering_cell(self, kind, cover):
        assert cover_by(Cell(kind=kind)) == cover

    def test_without_a_covering_cell_there_is_none(self):
        assert cover_by(None) == Cover.NONE

    def test_a_functional_branch_is_named_without_covering(self, party):
        branch = cast.found("抗疫功能型党支部", CellKind.FUNCTIONAL_BRANCH, party.north)
        company = companies.register("甲", party.north, cover_cell=branch, by=party.staff, on=TODAY)
        assert (fact_of(company).cover, company.cover_cell) == (Cover.NONE, branch)

    def test_the_database_refuses_cover_without_a_cell(self, party):
        company = cast.register("甲", party.north, on=TODAY)
        with pytest.raises(IntegrityError, match="a_covered_company_names_the_cell"), transaction.atomic():
            CompanyFact.objects.create(
                company=company, keeper=party.north, cover=Cover.OWN, valid=since(LONG_AGO, TODAY)
            )

    def test_the_database_refuses_one_code_twice(self, party):
        cast.register("甲", party.north, credit_code=CODE)
        with pytest.raises(IntegrityError, match="a_credit_code_belongs_to_one_company"), transaction.atomic():
            cast.register("乙", party.north, credit_code=CODE)


class TestCorrect:
    def test_what_differs_is_kept_and_told(self, party):
        company = cast.register("白石智能", party.north)
        company = companies.correct(company, name="白石智能科技", park="软件园", version=1, by=party.staff, on=TODAY)
        assert (company.name, company.version) == ("白石智能科技", 2)
        assert "bszn" in " ".join(company.name_search)
        changes = Entry.objects.about(company).first().facts["changes"]
        assert changes == {"name": ["白石智能", "白石智能科技"], "park": ["", "软件园"]}

    def test_what_says_so_already_leaves_no_trace(self, party):
        company = cast.register("白石智能", party.north)
        companies.correct_many([CompanyCorrection(company, {"name": "白石 智能"})], by=party.staff, on=TODAY)
        assert not Entry.objects.about(company).exists()

    def test_a_new_keeper_keeps_it_from_that_day(self, party):
        company = cast.register("白石智能", party.north)
        companies.correct(company, keeper=party.south, version=1, by=party.staff, on=TODAY)
        assert [fact_of(company, day).keeper for day in (YESTERDAY, TODAY)] == [party.north, party.south]
        assert not Company.objects.visible_to(party.north_staff).exists()

    def test_a_file_is_handed_over_only_by_who_keeps_both_ends(self, party):
        company = cast.register("白石智能", party.north)
        with pytest.raises(PermissionDenied):
            companies.correct(company, keeper=party.south, version=1, by=party.north_staff, on=TODAY)

    def test_a_stale_answer_is_told_apart(self, party):
        company = cast.register("白石智能", party.north)
        companies.correct(company, park="软件园", version=1, by=party.staff, on=TODAY)
        with pytest.raises(Stale):
            companies.correct(company, park="电商园", version=1, by=party.staff, on=TODAY)

    def test_a_wrong_code_and_one_on_file_are_refused(self, party):
        company = cast.register("白石智能", party.north)
        cast.register("老企业", party.south, credit_code=CODE)
        for code in ("123", CODE):
            refusal = refused(companies.correct, company, credit_code=code, version=1, by=party.staff, on=TODAY)
            assert refusal.field == "credit_code"

    def test_thirty_take_as_many_queries_as_three(self, party, queries_of):
        files = [cast.register(f"{number}公司", party.north) for number in range(31)]

        def said(some, park):
            return [CompanyCorrection(one, {"park": park, "keeper": party.yunshan}) for one in some]

        companies.correct_many(said(files[30:], "先"), by=party.staff, on=TODAY)
        three = queries_of(companies.correct_many, said(files[:3], "甲"), by=party.staff, on=TODAY)
        assert queries_of(companies.correct_many, said(files[3:30], "乙"), by=party.staff, on=TODAY) == three <= 26


class TestSurvey:
    def test_what_was_found_holds_until_the_next_survey(self, party):
        company = cast.register("白石智能", party.north, staff=60)
        companies.survey(company, surveyed_on=YESTERDAY, staff=312, by=party.staff, on=TODAY)
        days = (LONG_AGO, YESTERDAY - timedelta(days=1), YESTERDAY, TODAY)
        assert [fact_of(company, day).staff for day in days] == [60, 60, 312, 312]

    def test_what_it_leaves_out_stays(self, party):
        company = cast.register("白石智能", party.north, advisor="顾远帆")
        companies.survey(company, surveyed_on=TODAY, staff=312, by=party.staff, on=TODAY)
        assert fact_of(company).advisor == "顾远帆"

    def test_cover_and_the_covering_cell_follow(self, party):
        company = cast.register("白石智能", party.north)
        company = companies.survey(company, surveyed_on=TODAY, cover_cell=party.shiguang, by=party.staff, on=TODAY)
        assert (fact_of(company).cover, company.cover_cell) == (Cover.JOINT, party.shiguang)
        company = companies.survey(company, surveyed_on=TODAY, cover_cell=None, by=party.staff, on=TODAY)
        company.refresh_from_db()
        assert (fact_of(company).cover, company.cover_cell) == (Cover.NONE, None)

    def test_one_from_before_a_later_one_does_not_touch_what_holds_now(self, party):
        company = cast.register("白石智能", party.north, staff=60, on=YESTERDAY)
        companies.survey(company, surveyed_on=LONG_AGO, staff=12, cover_cell=party.yunshan, by=party.staff, on=TODAY)
        company.refresh_from_db()
        assert [fact_of(company, day).staff for day in (LONG_AGO, TODAY)] == [12, 60]
        assert company.cover_cell is None
        assert fact_of(company, LONG_AGO).keeper == party.north

    def test_what_was_known_at_a_moment_stays_answerable(self, party):
        company = cast.register("白石智能", party.north, staff=60)
        then = CompanyFact.objects.get(company=company).recorded_at
        companies.survey(company, surveyed_on=LONG_AGO, staff=12, by=party.staff, on=TODAY)
        assert CompanyFact.objects.as_of(LONG_AGO, known_at=then).get(company=company).staff == 60
        assert fact_of(company, LONG_AGO).staff == 12

    def test_what_says_so_already_leaves_no_trace(self, party):
        company = cast.register("白石智能", party.north, staff=60)
        companies.survey(company, surveyed_on=TODAY, staff=60, by=party.staff, on=TODAY)
        assert not Entry.objects.about(company).exists()
        assert CompanyFact.objects.filter(company=company).count() == 1

    def test_old_and_new_are_in_the_trail_in_words(self, party):
        company = cast.register("白石智能", party.north, staff=60)
        companies.survey(company, surveyed_on=TODAY, staff=80, cover_cell=party.yunshan, by=party.staff, on=TODAY)
        changes = Entry.objects.about(company).first().facts["changes"]
        assert changes["staff"] == [60, 80]
        assert changes["cover"] == ["未覆盖", "单独组建"]
        assert changes["cover_cell"] == [None, "云杉科技党支部"]

    def test_a_day_to_come_and_a_stale_answer_are_refused(self, party):
        company = cast.register("白石智能", party.north)
        assert refused(companies.survey, company, surveyed_on=TOMORROW, by=party.staff, on=TODAY).field == "surveyed_on"
        with pytest.raises(Stale):
            companies.survey(company, surveyed_on=TODAY, staff=1, version=7, by=party.staff, on=TODAY)

    def test_a_covering_cell_already_named_may_stay_out_of_sight(self, party):
        company = cast.register("白石智能", party.north, cover=Cover.JOINT, cover_cell=party.shiguang)
        companies.survey(
            company, surveyed_on=TODAY, staff=80, cover_cell=party.shiguang, by=party.north_staff, on=TODAY
        )
        other = cast.register("另一家", party.north)
        with pytest.raises(PermissionDenied):
            companies.survey(other, surveyed_on=TODAY, cover_cell=party.shiguang, by=party.north_staff, on=TODAY)

    def test_thirty_take_as_many_queries_as_three(self, party, queries_of):
        files = [cast.register(f"{number}公司", party.north) for number in range(31)]

        def found(some):
            return [Survey(one, TODAY, {"staff": 99, "cover_cell": party.yunshan}) for one in some]

        companies.survey_many(found(files[30:]), by=party.staff, on=TODAY)
        three = queries_of(companies.survey_many, found(files[:3]), by=party.staff, on=TODAY)
        assert queries_of(companies.survey_many, found(files[3:30]), by=party.staff, on=TODAY) == three <= 24

    def test_the_past_is_not_rewritten(self, party):
        company = cast.register("白石智能", party.north)
        with pytest.raises(DatabaseError, match=r"keeps its history|permission denied"), transaction.atomic():
            CompanyFact.objects.filter(company=company).update(staff=1)


class TestContacts:
    @pytest.fixture
    def company(self, party):
        return cast.register("白石智能", party.north)

    def test_a_number_is_sealed_and_stays_out_of_the_trail(self, party, company):
        contact = companies.add_contact(
            company, name="唐若水", post="人力资源部", phone="13900004471", by=party.north_staff, on=TODAY
        )
        contact.refresh_from_db()
        assert str(contact.phone) == "13900004471"
        assert "13900004471" not in str(Entry.objects.about(company).first().facts)

    def test_setting_right_without_a_number_keeps_it(self, party, company):
        contact = companies.add_contact(company, name="唐若水", phone="13900004471", by=party.staff, on=TODAY)
        contact = companies.correct_contact(contact, name="唐 若水", post="行政部", by=party.staff, on=TODAY)
        contact.refresh_from_db()
        assert (contact.name, contact.post, str(contact.phone)) == ("唐若水", "行政部", "13900004471")
        assert Entry.objects.about(company).first().facts["fields"] == ["post"]

    def test_a_removed_one_stays_as_a_voided_row(self, party, company):
        contact = companies.add_contact(company, name="唐若水", by=party.staff, on=TODAY)
        contact = companies.remove_contact(contact, by=party.staff, on=TODAY)
        assert contact.voided_at
        for again in (companies.remove_contact, companies.correct_contact):
            with pytest.raises(OutOfTurn):
                again(
                    contact, by=party.staff, on=TODAY, **({"name": "甲"} if again is companies.correct_contact else {})
                )

    def test_no_name_is_refused(self, party, company):
        assert refused(companies.add_contact, company, name=" ", by=party.staff, on=TODAY).field == "name"

    def test_whoever_does_not_keep_the_file_may_not(self, party, company):
        with pytest.raises(PermissionDenied):
            companies.add_contact(company, name="甲", by=party.secretary, on=TODAY)

    def test_a_number_is_shown_whole_for_a_purpose_that_stays_in_the_trail(self, party, company):
        contact = companies.add_contact(company, name="唐若水", phone="13900004471", by=party.staff, on=TODAY)
        assert reveals.reveal_contact(contact, purpose="通知座谈会", by=party.north_staff, on=TODAY) == "13900004471"
        entry = Entry.objects.about(company).first()
        assert (entry.action, entry.facts["purpose"]) == ("cells.phone_revealed", "通知座谈会")

    def test_not_without_a_purpose_nor_by_who_sees_only_masks(self, party, company):
        contact = companies.add_contact(company, name="唐若水", phone="13900004471", by=party.staff, on=TODAY)
        refusal = refused(reveals.reveal_contact, contact, purpose="看", by=party.north_staff, on=TODAY)
        assert refusal.field == "purpose"
        refusal = refused(reveals.reveal_contact, contact, purpose="打 139-0000-4471", by=party.north_staff, on=TODAY)
        assert refusal.field == "purpose"
        with pytest.raises(PermissionDenied):
            reveals.reveal_contact(contact, purpose="审计抽查", by=party.auditor, on=TODAY)
        assert not Entry.objects.did("cells.phone_revealed").exists()

    def test_the_number_of_a_cell_likewise(self, party):
        party.yunshan.contact_phone = "13900004471"
        party.yunshan.save()
        shown = reveals.reveal_cell_phone(party.yunshan, purpose="核对换届", by=party.secretary, on=TODAY)
        assert shown == "13900004471"
        with pytest.raises(PermissionDenied):
            reveals.reveal_cell_phone(party.yunshan, purpose="核对换届", by=party.organiser, on=TODAY)


def test_a_company_is_seen_from_the_cell_that_keeps_and_the_cell_that_covers_it(party):
    company = cast.register("白石智能", party.north, cover=Cover.JOINT, cover_cell=party.shiguang)
    seen_by = {
        who for who in party.people if Company.objects.visible_to(getattr(party, who)).filter(pk=company.pk).exists()
    }
    assert seen_by == {"staff", "auditor", "north_staff", "advisor", "deputy_alone"}


def test_the_day_of_the_first_survey_is_the_first_day_known(party):
    cast.register("白石智能", party.north, on=date(2026, 1, 5))
    assert CompanyFact.objects.all().first_day() == date(2026, 1, 5)
