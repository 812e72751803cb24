"""Setting right one's own account."""

import pytest
from django.core.exceptions import PermissionDenied

from accounts.domain import people
from audit.models import Entry
from core.errors import Refusal
from tests.cast import TODAY


def correct(user, *, by, **answers):
    return people.correct_profile(user, **({"name": "李敏", "email": ""} | answers), by=by, on=TODAY)


def test_a_profile_is_corrected_and_the_trail_says_which_fields(party):
    correct(party.stranger, by=party.stranger, name="黎 昕\u202e", email="lixin@example.cn", agreed=True)
    party.stranger.refresh_from_db()
    assert party.stranger.email == "lixin@example.cn"
    entry = Entry.objects.get(action="accounts.profile_corrected")
    assert entry.actor_id == party.stranger.pk
    assert entry.facts == {"fields": ["email"]}
    assert "lixin" not in str(list(Entry.objects.values()))


def test_an_address_is_kept_only_with_consent_and_given_up_without(party):
    with pytest.raises(Refusal) as refused:
        correct(party.stranger, by=party.stranger, name="黎昕", email="lixin@example.cn")
    assert refused.value.field == "agreed"
    correct(party.stranger, by=party.stranger, name="黎昕", email="lixin@example.cn", agreed=True)
    correct(party.stranger, by=party.stranger, name="黎昕", email="xin@example.cn")
    correct(party.stranger, by=party.stranger, name="黎昕", email="")
    assert type(party.stranger).objects.get(pk=party.stranger.pk).email == ""


@pytest.mark.parametrize("who", ["plain_member", "organiser"])
def test_nobody_known_by_their_name_takes_another(party, who):
    with pytest.raises(Refusal) as refused:
        correct(getattr(party, who), by=getattr(party, who), name="赵卫东")
    assert refused.value.field == "name"


def test_a_name_has_one_spelling(party):
    correct(party.stranger, by=party.stranger, name="赵\u202e卫\u200b东")
    assert type(party.stranger).objects.get(pk=party.stranger.pk).name == "赵卫东"
    with pytest.raises(Refusal):
        correct(party.stranger, by=party.stranger, name="\u202e")


def test_nothing_changed_leaves_no_trace(party):
    correct(party.secretary, by=party.secretary)
    assert not Entry.objects.exists()


def test_nobody_corrects_another_persons_account(party):
    with pytest.raises(PermissionDenied):
        correct(party.secretary, by=party.staff, name="李民")
