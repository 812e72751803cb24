"""Accounts: known by name first, opened by invitation, shown as their holder likes."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.models import User

pytestmark = pytest.mark.django_db


def test_somebody_may_be_known_before_they_can_sign_in():
    user = User.objects.open_dormant("王涛")
    assert user.is_dormant
    assert not user.has_usable_password()
    assert str(user) == user.get_short_name() == "王涛"


def test_many_may_be_dormant_at_once():
    assert User.objects.open_dormant("王涛").code != User.objects.open_dormant("王涛").code


def test_many_are_opened_by_as_many_statements_as_one(django_assert_num_queries):
    for names in (["王涛"], ["王涛", "李敏", "孙悦", "周子墨"]):
        with django_assert_num_queries(2):
            opened = User.objects.open_many_dormant(names)
        assert [user.name for user in opened] == names
        assert len({user.code for user in opened}) == len(names)


def test_a_username_is_one_whatever_its_case_and_width():
    User.objects.create_user("ＬiMin", "password", name="李敏")
    assert User.objects.get_by_natural_key("LIMIN").username == "limin"
    with pytest.raises(ValidationError):
        User.objects.create_user("limin", "password", name="李民")


def test_nobody_holds_power_by_a_flag():
    user = User.objects.create_user("limin", "password", name="李敏")
    assert not user.is_staff
    assert not user.is_superuser


@pytest.mark.parametrize("fields", [{"username": ""}, {"name": ""}])
def test_the_database_itself_refuses_empty_names(fields):
    user = User.objects.create_user("limin", "password", name="李敏")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.filter(pk=user.pk).update(**fields)


def test_a_preference_that_is_no_choice_is_refused():
    user = User.objects.create_user("limin", "password", name="李敏")
    with pytest.raises(ValidationError):
        user.prefer(theme="sepia")


def test_an_account_is_opened_under_a_code_that_nobody_has(party, monkeypatch):
    drawn = iter([party.staff.code, "U-7K3M9Q"])
    monkeypatch.setattr("core.codes.random_code", lambda prefix: next(drawn))
    assert User.objects.open_dormant("新来的人").code == "U-7K3M9Q"
