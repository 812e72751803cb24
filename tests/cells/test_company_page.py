"""A5: the whole story of one company on one page, as far as the reader may see it."""

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cells import story
from cells.choices import Cover, Office
from cells.domain import assignments, companies
from cells.models import Assignment, CompanyFact
from core.dated import since, state
from members.models import Member
from tests import cast
from tests.cast import LONG_AGO

pytestmark = pytest.mark.django_db


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def page_of(client, party):
    def shown(who, company, view=""):
        client.force_login(getattr(party, who))
        return client.get(company.get_absolute_url() + (f"?view={view}" if view else ""))

    return shown


def found(party, **fields):
    return cast.register("白石智能科技有限公司", party.north, **fields)


class TestTheStory:
    def test_it_is_told_newest_first_with_what_comes_on_top(self, party, today):
        company = found(party, members_known=5, cover=Cover.NONE)
        state(CompanyFact, {"company": company}, date(2025, 3, 1), by=party.staff, values={"staff": 120})
        companies.add_contact(company, name="唐若水", by=party.staff, on=today - timedelta(days=2))
        assignments.assign(
            company, advisor=party.advisor, assigned_on=today - timedelta(days=1), by=party.staff, on=today
        )
        facts = list(company.facts.standing().order_by("-valid"))
        told = [(event["words"], event["state"]) for event in story.events(company, facts, today, "成立党支部")]
        assert told == [
            ("成立党支部", "ahead"),
            ("指派党建工作指导员", "now"),
            ("登记联系人", ""),
            ("摸排更新", ""),
            ("首次摸排", ""),
        ]

    def test_the_founding_of_its_branch_belongs_to_it(self, party, today):
        company = found(party, cover=Cover.OWN, cover_cell=party.yunshan, on=date(2025, 1, 1))
        told = story.events(company, list(company.facts.standing()), today)
        assert [(event["words"], event["on"]) for event in told][-1] == ("党组织成立", LONG_AGO)

    def test_who_was_taken_off_the_file_is_not_named(self, party, today):
        company = found(party)
        gone = companies.add_contact(company, name="唐若水", by=party.staff, on=today)
        companies.remove_contact(gone, by=party.staff, on=today)
        told = story.events(company, list(company.facts.standing()), today)
        assert "唐若水" not in str(told)

    def test_earlier_figures_are_those_that_changed(self, party):
        company = found(party, staff=60)
        for day, values in ((date(2025, 1, 1), {"staff": 80}), (date(2025, 6, 1), {"has_liaison": True})):
            state(CompanyFact, {"company": company}, day, by=party.staff, values=values)
        facts = list(company.facts.standing().order_by("-valid"))
        assert [(fact.starts_on, fact.staff) for fact in story.surveys(facts)] == [
            (date(2025, 1, 1), 80),
            (LONG_AGO, 60),
        ]
        assert story.last_survey(facts).starts_on == date(2025, 6, 1)


class TestWhoSeesWhat:
    @pytest.fixture
    def company(self, party):
        company = found(party, members_known=9, cover=Cover.JOINT, cover_cell=party.yunshan)
        Member.objects.filter(pk__in=[party.wang.pk, party.liu.pk]).update(employer=company)
        return company

    def test_members_are_listed_as_far_as_the_roster_is_seen_and_counted_for_all(self, page_of, company):
        everybody = page_of("north_staff", company)
        assert [member.name for member in everybody.context["members"]] == ["刘洋", "王涛"]
        own = page_of("secretary", company)
        assert [member.name for member in own.context["members"]] == ["王涛"]
        assert own.context["on_roll"] == {"full": 2, "probationary": 0, "here": 1}
        assert own.context["untransferred"] == 7

    def test_the_branch_is_named_with_its_secretary_where_it_is_seen(self, page_of, party, company):
        assert "书记 李敏" in page_of("north_staff", company).content.decode()
        elsewhere = cast.register("鹿鸣传媒", party.south, cover=Cover.OWN, cover_cell=party.yunshan)
        kept = page_of("advisor", elsewhere).content.decode()
        assert "云杉科技党支部" in kept
        assert "书记 李敏" not in kept
        assert party.yunshan.get_absolute_url() not in kept


class TestTheNextStep:
    @pytest.mark.parametrize(
        ("facts", "button"),
        [
            ({"members_known": 5}, "成立党组织"),
            ({"members_known": 1}, "指派指导员"),
            ({"members_known": None}, "登记摸排"),
            ({"members_known": 1, "has_liaison": True}, "登记摸排"),
        ],
    )
    def test_it_has_its_button_for_whoever_may(self, page_of, party, facts, button):
        company = found(party, **facts)
        solid = 'button-main button-small" href="'
        page = page_of("north_staff", company).content.decode()
        assert page.partition(solid)[2].partition("</a>")[0].endswith(f">{button}")
        assert solid not in page_of("auditor", company).content.decode()

    def test_a_company_never_surveyed_says_so(self, page_of, party):
        company = found(party)
        company.facts.all().void(by=party.staff)
        for view in ("", "large", "print"):
            assert page_of("staff", company, view).status_code == 200


def test_one_and_three_contacts_and_advisors_cost_the_same_number_of_queries(page_of, party, today):
    company, counted = found(party, cover=Cover.OWN, cover_cell=party.yunshan), []
    for name in ("甲", "乙", "丙"):
        companies.add_contact(company, name=name, phone="13900004471", by=party.staff, on=today)
        Assignment.objects.create(
            advisor=cast.appoint(name, Office.ADVISOR, party.south), company=company, valid=since(LONG_AGO)
        )
        Member.objects.filter(pk=cast.enlist(name, party.yunshan).pk).update(employer=company)
        with CaptureQueriesContext(connection) as queries:
            assert page_of("staff", company).status_code == 200
        counted.append(len(queries))
    assert counted[1] == counted[2]
