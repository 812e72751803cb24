"""A rule gives the same answer for one thing and for many, for every rule and everybody in the cast."""

import pytest

from accounts.models import User
from cells.authority import Rule
from cells.models import Cell
from core.actors import SYSTEM
from members import rules
from members.models import ChangeRequest, Member, Membership

RULES = {name: rule for name, rule in vars(rules).items() if isinstance(rule, Rule)}
OF_MEMBERSHIPS = {name: rule for name, rule in RULES.items() if rule.cell}
OF_CELLS = {name: rule for name, rule in RULES.items() if not rule.cell}
OWN = {name: rule for name, rule in vars(rules).items() if isinstance(rule, rules.Own)}


def agree(rule, things, person):
    """Does asking one by one give what asking for all gives?"""
    one_by_one = {thing.pk for thing in things if rule.allows(person, thing)}
    return one_by_one == set(things.filter(rule.scope(person)).values_list("pk", flat=True))


@pytest.mark.parametrize("name", RULES)
def test_one_and_many_agree_for_everybody(party, name):
    rule = RULES[name]
    things = Membership.objects.select_related("cell") if rule.cell else Cell.objects.all()
    assert len(things) > 3
    assert [person.name for person in User.objects.all() if not agree(rule, things, person)] == []


def test_one_and_many_agree_on_what_is_ones_own(party):
    for member in (party.wang, party.liu):
        asked = {"item": "name", "new": "新名", "version": 1, "asked_by": member.user}
        ChangeRequest.objects.create(code=f"GZ-{member.pk:06d}", member=member, **asked)
    for name, things in {"OWN_RECORD": Member.objects.all(), "OWN_REQUEST": ChangeRequest.objects.all()}.items():
        assert len(things) > 1
        assert [person.name for person in User.objects.all() if not agree(OWN[name], things, person)] == []


@pytest.mark.parametrize("name", RULES)
def test_whom_a_rule_names_it_allows(party, name):
    rule = RULES[name]
    thing = party.wang.place if rule.cell else party.yunshan
    named = set(rule.holders(thing).values_list("pk", flat=True))
    assert named == {person.pk for person in User.objects.all() if rule.allows(person, thing)}


@pytest.mark.parametrize("name", RULES)
def test_the_clock_may_and_somebody_signed_out_may_not(party, name, client):
    rule = RULES[name]
    thing = party.wang.place if rule.cell else party.yunshan
    assert rule.allows(SYSTEM, thing)
    assert not rule.allows(party.stranger, thing)


def test_the_rules_of_both_kinds_are_all_here():
    assert OF_MEMBERSHIPS
    assert OF_CELLS
    assert set(OWN) == {"OWN_RECORD", "OWN_REQUEST"}


def test_an_office_that_ended_opens_nothing(party):
    assert not rules.SEE_MEMBER.allows(party.former_secretary, party.chen.place)
    assert rules.KEEP_MEMBER.allows(party.deputy_alone, party.chen.place)
    assert not rules.REVEAL_MEMBER.allows(party.deputy, party.wang.place)
