"""A form's answers become a deed's arguments; what the deed refuses comes back at the right field."""

import pytest
from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import QueryDict

from core.errors import OutOfTurn, Refusal
from core.forms import REFILL, attempt, faults


class Form(forms.Form):
    name = forms.CharField(error_messages={"required": "请填写姓名"})
    way = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")], widget=forms.RadioSelect)
    token = forms.CharField(widget=forms.HiddenInput, error_messages={"required": "页面不完整，请刷新"})


GOOD = {"name": "李敏", "way": "a", "token": "x"}


def test_the_deed_gets_the_answers_by_name():
    got = {}
    form = Form(GOOD)
    assert attempt(form, lambda thing, *, by, **answers: got.update(answers, thing=thing, by=by), "it", by="李敏")
    assert got == {"name": "李敏", "way": "a", "token": "x", "thing": "it", "by": "李敏"}


def test_what_the_deed_returned_stays_with_the_form():
    form = Form(GOOD)
    attempt(form, lambda **answers: answers["name"])
    assert form.done == "李敏"


def test_a_form_with_errors_never_reaches_the_deed():
    assert not attempt(Form({}), lambda **_answers: pytest.fail("the deed was done"))


@pytest.mark.parametrize("refusal", [Refusal, OutOfTurn])
def test_a_refusal_goes_to_the_field_it_blames(refusal):
    def refuse(**_answers):
        raise refusal("这个姓名已在名册上", field="name")

    form = Form(GOOD)
    assert not attempt(form, refuse)
    assert form.errors["name"] == ["这个姓名已在名册上"]


@pytest.mark.parametrize("field", [None, "not_asked_for"])
def test_a_refusal_that_blames_no_field_of_the_form_goes_on_top(field):
    def refuse(**_answers):
        raise Refusal("这一步现在不能办", field=field)

    form = Form(GOOD)
    assert not attempt(form, refuse)
    assert form.non_field_errors() == ["这一步现在不能办"]


def test_what_the_model_does_not_validate_goes_to_its_field():
    def refuse(**_answers):
        raise ValidationError({"name": ["至多 50 个字"], "code": ["重复"]})

    form = Form(GOOD)
    assert not attempt(form, refuse)
    assert form.errors["name"] == ["至多 50 个字"]
    assert form.non_field_errors() == ["重复"]


def test_a_person_who_may_not_is_told_by_the_page_and_not_by_the_form():
    def refuse(**_answers):
        raise PermissionDenied

    with pytest.raises(PermissionDenied):
        attempt(Form(GOOD), refuse)


def test_a_refilled_form_is_shown_before_anything_is_done():
    data = QueryDict(mutable=True)
    data.update(GOOD | {REFILL: "1"})
    form = Form(data)
    assert not attempt(form, lambda **_answers: pytest.fail("the deed was done"))
    assert form.is_valid()


def test_faults_lead_to_the_control_of_each_field_in_order():
    form = Form({})
    form.add_error(None, "整张表的问题")
    assert faults(form) == [
        ("", "整张表的问题"),
        ("id_name", "请填写姓名"),
        ("id_way_0", form.errors["way"][0]),
        ("", "页面不完整，请刷新"),
    ]
