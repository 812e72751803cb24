"""A9: what the association sets for itself, its effect before it is saved, and what follows from it."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils import timezone

from audit.models import Entry
from cells.choices import PolicyItem
from cells.domain import policies
from cells.models import Policy, Term
from core.dated import since
from core.errors import Refusal
from portal import rulebook
from reports.figures import Where, read
from tests.cast import LONG_AGO, TODAY, found, register

pytestmark = pytest.mark.django_db
LARGE = PolicyItem.LARGE_COMPANY
PAGE = "/settings/rules/large_company/"


def set_value(party, value, item=LARGE, *, on=TODAY, by=None, reason="按推进计划"):
    return policies.set_value(item, value=value, reason=reason, by=by or party.staff, on=on, today=TODAY)


def to_form(on=TODAY):
    return read(Where(), on, only=("companies_to_form",)).readings["companies_to_form"].number


def test_what_was_never_set_holds_by_default(party):
    assert Policy.objects.values_on(TODAY)[LARGE] == 50


def test_a_new_value_holds_from_its_day_and_the_past_stays_as_it_was_counted(party):
    register("小溪有限公司", party.north, staff=40)
    register("大河有限公司", party.north, staff=60)
    assert to_form() == 1
    set_value(party, 30)
    assert to_form() == 2
    assert to_form(TODAY - timedelta(days=1)) == 1


def test_a_value_set_for_a_day_to_come_waits_for_it(party):
    tomorrow = TODAY + timedelta(days=1)
    set_value(party, 30, on=tomorrow)
    assert Policy.objects.values_on(TODAY)[LARGE] == 50
    assert Policy.objects.values_on(tomorrow)[LARGE] == 30


@pytest.mark.parametrize(
    ("item", "value"), [(LARGE, 51), (LARGE, 9), (PolicyItem.TERM_NOTICE, 182), (PolicyItem.BRANCH_SIZE, 51)]
)
def test_a_regulation_is_never_loosened(party, item, value):
    with pytest.raises(Refusal) as refused:
        set_value(party, value, item)
    assert refused.value.field == "value"
    with pytest.raises(IntegrityError, match="a_policy_stays_within_its_bounds"), transaction.atomic():
        Policy.objects.create(item=item, value=value, reason="绕过", valid=since(TODAY))


@pytest.mark.parametrize(
    ("how", "field"), [({"on": TODAY - timedelta(days=1)}, "on"), ({"reason": " "}, "reason"), ({"value": 50}, "value")]
)
def test_the_past_no_reason_and_no_change_are_refused(party, how, field):
    with pytest.raises(Refusal) as refused:
        set_value(party, **{"value": 30} | how)
    assert refused.value.field == field


@pytest.mark.parametrize("who", ["north_staff", "secretary", "technician", "auditor"])
def test_only_the_associations_staff_set_rules(party, who):
    with pytest.raises(PermissionDenied):
        set_value(party, 30, by=getattr(party, who))


def test_the_trail_says_from_what_to_what_and_why(party):
    set_value(party, 30)
    entry = Entry.objects.get(action="cells.policy_set")
    assert entry.facts["changes"] == {"value": [50, 30]}
    assert entry.facts["reason"] == "按推进计划"


def test_the_effect_names_what_a_value_adds(party):
    register("小溪有限公司", party.north, staff=40)
    effect = rulebook.effect_of(LARGE, old=50, new=30, on=TODAY)
    assert (effect.before, effect.after, effect.added) == (0, 1, ["小溪有限公司"])


def test_every_item_counts_its_own(party):
    large = found("中共大所有限公司支部委员会", "branch", party.north)
    Term.objects.create(cell=large, number=1, due_on=TODAY + timedelta(days=200), valid=since(LONG_AGO))
    counted = {item: rulebook.LAWS[item].picked for item in PolicyItem}
    assert (
        counted[PolicyItem.TERM_NOTICE](183, TODAY).count() + 1 == counted[PolicyItem.TERM_NOTICE](200, TODAY).count()
    )
    assert counted[PolicyItem.BRANCH_SIZE](3, TODAY).filter(pk=party.yunshan.pk).exists()
    assert not counted[PolicyItem.BRANCH_SIZE](50, TODAY).exists()
    sun = party.sun
    sun.joined_on = date(2025, 12, 20)
    sun.save()
    assert counted[PolicyItem.PROBATION_NOTICE](30, TODAY).count() == 1
    assert counted[PolicyItem.PROBATION_NOTICE](29, TODAY).count() == 0


# Through the page.


def test_the_effect_is_shown_before_anything_is_saved(party, client):
    register("小溪有限公司", party.north, staff=40)
    client.force_login(party.staff)
    answers = {"value": 30, "on": timezone.localdate().isoformat(), "reason": "按推进计划"}
    shown = client.post(PAGE, answers)
    assert shown.status_code == 200
    assert "小溪有限公司" in shown.content.decode()
    assert 'name="shown" value="30"' in shown.content.decode()
    assert not Policy.objects.exists()
    saved = client.post(PAGE, answers | {"shown": 30, "save": 1}, follow=True)
    assert saved.redirect_chain == [("/settings/rules/", 302)]
    assert "按推进计划" in saved.content.decode()


def test_a_value_changed_after_its_effect_was_shown_is_shown_again(party, client):
    client.force_login(party.staff)
    client.post(
        PAGE, {"value": 20, "on": timezone.localdate().isoformat(), "reason": "按推进计划", "shown": 30, "save": 1}
    )
    assert not Policy.objects.exists()


def test_a_value_out_of_bounds_comes_back_at_its_field(party, client):
    client.force_login(party.staff)
    page = client.post(PAGE, {"value": 60, "on": timezone.localdate().isoformat(), "reason": "放宽"})
    assert page.status_code == 422
    assert "应在 10 到 50 之间" in page.content.decode()
