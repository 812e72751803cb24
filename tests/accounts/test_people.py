"""Setting right one's own account."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.domain import people
from audit.models import Entry
from tests.cast import TODAY


def correct(user, *, by, **answers):
    return people.correct_profile(user, **({"name": "李敏", "email": ""} | answers), by=by, on=TODAY)


def test_a_profile_is_corrected_and_the_trail_says_from_what_to_what(party):
    correct(party.secretary, by=party.secretary, email="limin@example.cn")
    party.secretary.refresh_from_db()
    assert party.secretary.email == "limin@example.cn"
    entry = Entry.objects.get(action="accounts.profile_corrected")
    assert entry.actor_id == party.secretary.pk
    assert entry.facts["changes"] == {"email": ["", "limin@example.cn"]}


def test_nothing_changed_leaves_no_trace(party):
    correct(party.secretary, by=party.secretary)
    assert not Entry.objects.exists()


def test_nobody_corrects_another_persons_account(party):
    with pytest.raises(PermissionDenied):
        correct(party.secretary, by=party.staff, name="李民")
