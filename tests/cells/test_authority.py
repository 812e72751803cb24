"""Reach: who holds what over which stretch of the tree, said once for one thing and for many."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from cells import rules
from cells.authority import Span, held_by, normalised, remember, spans
from cells.choices import GRANTS, Cover, Office, Power
from cells.models import Appointment, Assignment, Cell, Company, Contact
from core.actors import SYSTEM
from core.dated import close, since
from tests import cast

pytestmark = pytest.mark.django_db
CELL_RULES = {name: rule for name, rule in vars(rules).items() if isinstance(rule, rules.Rule) and rule.cell == ""}
EVERYBODY = [
    "staff",
    "auditor",
    "technician",
    "north_staff",
    "secretary",
    "deputy",
    "organiser",
    "publicist",
    "inspector",
    "leader",
    "other_secretary",
    "advisor",
    "deputy_alone",
    "former_secretary",
    "plain_member",
    "stranger",
]


def agree(rule, party, rows):
    """Whether the rule says the same of each row as of all together, whoever asks."""
    things = list(rows)
    for who in EVERYBODY:
        person = getattr(party, who)
        together = {row.pk for row in rows.filter(rule.scope(person))}
        assert together == {row.pk for row in things if rule.allows(person, row)}, who
    return True


@pytest.mark.parametrize("name", CELL_RULES)
def test_a_rule_gives_the_same_answer_for_one_cell_and_for_many(party, name):
    assert agree(CELL_RULES[name], party, Cell.objects.all())


@pytest.mark.parametrize("name", ["SEE_COMPANY_KEPT", "SEE_COMPANY_COVERED", "KEEP_COMPANY", "ASSIGN"])
def test_a_rule_gives_the_same_answer_for_one_company_and_for_many(party, name):
    for keeper, covering in (
        (party.north, party.yunshan),
        (party.yunshan, party.shiguang),
        (party.south, party.yuanfan),
    ):
        cast.register(f"{keeper}的企业", keeper, cover=Cover.OWN, cover_cell=covering)
    assert agree(getattr(rules, name), party, Company.objects.select_related("keeper", "cover_cell"))


@pytest.mark.parametrize("name", ["SEE_APPOINTMENT", "FILL_SEAT", "KEEP_HOLDER"])
def test_a_rule_gives_the_same_answer_for_one_office_and_for_many(party, name):
    assert agree(getattr(rules, name), party, Appointment.objects.select_related("cell"))


@pytest.mark.parametrize(
    ("name", "model"), [("REVEAL_CONTACT", Contact), ("KEEP_CONTACT", Contact), ("END_ASSIGNMENT", Assignment)]
)
def test_a_rule_gives_the_same_answer_for_one_thing_of_a_company_and_for_many(party, name, model):
    for keeper in (party.north, party.yunshan, party.shiguang):
        company = cast.register(f"{keeper}的企业", keeper)
        Contact.objects.create(company=company, name="甲")
        Assignment.objects.create(advisor=party.advisor, company=company, valid=since(cast.LONG_AGO))
    assert agree(getattr(rules, name), party, model.objects.select_related("company__keeper"))


def test_every_rule_is_among_those_asked_here():
    named = {name for name, rule in vars(rules).items() if isinstance(rule, rules.Rule)}
    of_companies = {"SEE_COMPANY_KEPT", "SEE_COMPANY_COVERED", "KEEP_COMPANY", "ASSIGN"}
    of_what_is_theirs = {"REVEAL_CONTACT", "KEEP_CONTACT", "END_ASSIGNMENT"}
    of_offices = {"SEE_APPOINTMENT", "FILL_SEAT", "KEEP_HOLDER"}
    assert named == set(CELL_RULES) | of_companies | of_what_is_theirs | of_offices


@pytest.mark.parametrize("name", CELL_RULES)
def test_the_holders_are_those_whom_the_rule_allows(party, name):
    rule = CELL_RULES[name]
    for cell in Cell.objects.all():
        assert set(rule.holders(cell)) == {person for person in party.people.values() if rule.allows(person, cell)}


def test_the_system_may_everything(party):
    for rule in CELL_RULES.values():
        assert rule.allows(SYSTEM, party.yunshan)
        assert Cell.objects.filter(rule.scope(SYSTEM)).count() == 7
        assert rule.anywhere(SYSTEM)


@pytest.mark.parametrize(
    ("who", "cells"),
    [
        ("staff", {"association", "north", "yunshan", "first_group", "yuanfan", "south", "shiguang"}),
        ("auditor", {"association", "north", "yunshan", "first_group", "yuanfan", "south", "shiguang"}),
        ("technician", set()),
        ("north_staff", {"north", "yunshan", "first_group", "yuanfan"}),
        ("secretary", {"yunshan", "first_group"}),
        ("organiser", {"yunshan", "first_group"}),
        ("leader", {"first_group"}),
        ("advisor", {"south", "shiguang"}),
        ("deputy_alone", {"shiguang"}),
        ("former_secretary", set()),
        ("plain_member", set()),
        ("stranger", set()),
    ],
)
def test_everybody_sees_their_own_stretch_of_the_tree(party, who, cells):
    seen = Cell.objects.visible_to(getattr(party, who))
    assert {cell.pk for cell in seen} == {getattr(party, name).pk for name in cells}


def test_here_only_stops_at_the_committee_and_holds_for_the_whole_branch(party):
    commissioner = cast.appoint("甲", Office.ORGANISATION_COMMISSIONER, party.north)
    assert set(Cell.objects.visible_to(commissioner)) == {party.north}
    assert party.first_group in Cell.objects.visible_to(party.organiser)


def test_a_deputy_stands_in_only_while_the_seat_is_empty(party):
    assert not rules.APPOINT_COMMISSIONER.allows(party.deputy, party.yunshan)
    assert rules.APPOINT_COMMISSIONER.allows(party.deputy_alone, party.shiguang)
    assert rules.EXPORT_FROM.allows(party.deputy_alone, party.shiguang)
    assert not rules.EXPORT_FROM.allows(party.deputy, party.yunshan)

    cast.appoint("新书记", Office.SECRETARY, party.shiguang, on=date(2026, 6, 1))
    assert not rules.EXPORT_FROM.allows(User.objects.get(pk=party.deputy_alone.pk), party.shiguang)


def test_an_office_that_ended_is_lost_at_once(party):
    day = timezone.localdate()
    close(
        Appointment,
        {"holder": party.secretary, "office": Office.SECRETARY, "cell": party.yunshan},
        day,
        by=party.staff,
        values={"end_reason": "换届"},
    )
    assert held_by(User.objects.get(pk=party.secretary.pk)) == []
    assert rules.EXPORT_FROM.allows(User.objects.get(pk=party.deputy.pk), party.yunshan)


def test_an_office_that_has_not_begun_carries_nothing(party):
    tomorrow = timezone.localdate() + timedelta(days=1)
    person = cast.appoint("甲", Office.COMMITTEE_STAFF, party.south, on=tomorrow)
    assert spans(person, Power.SEE_CELLS) == []


def test_a_closed_account_holds_nothing(party):
    party.secretary.is_active = False
    assert held_by(party.secretary) == []


def test_what_was_remembered_lasts_for_the_one_person_object(party):
    remember(party.secretary)
    Appointment.objects.filter(holder=party.secretary).void(by=party.staff)
    assert rules.SEE_CELL.allows(party.secretary, party.yunshan)
    assert not rules.SEE_CELL.allows(User.objects.get(pk=party.secretary.pk), party.yunshan)


def test_several_stretches_are_met_once_each(party):
    person = cast.appoint("甲", Office.SECRETARY, party.shiguang, on=date(2026, 6, 1))
    for office, cell in ((Office.ADVISOR, party.south), (Office.ADVISOR, party.yuanfan)):
        Appointment.objects.create(holder=person, office=office, cell=cell, valid=cast.since(cast.LONG_AGO))
    seen = Cell.objects.visible_to(person)
    assert [cell.pk for cell in seen.order_by("pk")] == sorted(
        cell.pk for cell in (party.south, party.shiguang, party.yuanfan)
    )


def test_a_stretch_inside_another_is_dropped():
    wide, inside, beside = Span("/1/", below=True), Span("/1/7/", below=True), Span("/2/", below=False)
    assert normalised([inside, beside, wide, Span("/2/3/", below=False)]) == [
        wide,
        beside,
        Span("/2/3/", below=False),
    ]


def test_a_path_that_begins_alike_is_not_below():
    assert not Span("/1/7/", below=True).covers("/1/72/")
    assert Span("/1/7/", below=True).covers("/1/7/23/")


def test_rights_cost_one_question(party, queries_of):
    person = User.objects.get(pk=party.staff.pk)
    assert queries_of(lambda: rules.KEEP_CELL.allows_all(person, list(Cell.objects.all()))) == 2


def test_the_table_says_what_was_agreed():
    here_and_below = {Office.ASSOCIATION_STAFF, Office.COMMITTEE_STAFF, Office.SECRETARY}
    assert {office for office, grants in GRANTS.items() if grants.get(Power.KEEP_ROSTER) == "below"} == here_and_below
    assert {office for office, grants in GRANTS.items() if Power.APPOINT in grants} == {
        Office.ASSOCIATION_STAFF,
        Office.COMMITTEE_STAFF,
    }
    assert {office for office, grants in GRANTS.items() if Power.DRAW_SNAPSHOTS in grants} == {Office.ASSOCIATION_STAFF}
    writing = {
        Power.KEEP_CELLS,
        Power.KEEP_COMPANIES,
        Power.KEEP_ROSTER,
        Power.APPOINT,
        Power.IMPORT,
        Power.EXPORT,
        Power.REVEAL,
    }
    assert not writing & set(GRANTS[Office.AUDITOR])
    personal = {Power.SEE_ROSTER, Power.SEE_CELLS, Power.SEE_CONTACTS, Power.SEE_FIGURES}
    assert not personal & set(GRANTS[Office.TECHNICAL_ADMINISTRATOR])
