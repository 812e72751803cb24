import datetime as dt

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from core.checked import HINT, NORMALISED
from members.choices import Gender
from members.id_numbers import check_digit, check_id_number, read_id_number

STANDARD_EXAMPLE = "11010519491231002X"
FICTIONAL = "999999199001010016"


@pytest.mark.parametrize("number", [STANDARD_EXAMPLE, FICTIONAL, "330113199001010013"])
def test_sound_numbers_pass_without_a_word(number):
    body = number[:17]
    assert check_id_number(body + check_digit(body)) == (body + check_digit(body), (), ())


def test_a_number_says_when_its_holder_was_born_and_what_gender():
    assert read_id_number(STANDARD_EXAMPLE) == (STANDARD_EXAMPLE, dt.date(1949, 12, 31), Gender.FEMALE, False)
    assert read_id_number(FICTIONAL).gender == Gender.MALE
    permit = "81000019900101001"
    assert read_id_number(permit + check_digit(permit)).is_permit
    assert check_id_number(permit + check_digit(permit)).notes == ()
    assert read_id_number("110105194912310021") is None
    assert read_id_number("") is None


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (STANDARD_EXAMPLE[:17], "公民身份号码应为 18 位，现在是 17 位，请核对。"),
        (STANDARD_EXAMPLE + "1", "公民身份号码应为 18 位，现在是 19 位，请核对。"),
        ("110105194912310021", "校验位应为 X，现在是 1，请逐位核对。"),
        ("99999919900101001X", "校验位应为 6，现在是 X，请逐位核对。"),
        ("1101O519491231002X", "第 5 位应为数字，现在是“O”，请核对。"),
        ("11010519491331002X", "第 7 至 14 位应为出生日期，而 1949 年 13 月 31 日不存在，请核对。"),
        ("11010500001231002X", "第 7 至 14 位应为出生日期，而 0000 年 12 月 31 日不存在，请核对。"),
        ("110105491231002", "这是 15 位旧号，请改填现在的 18 位公民身份号码。"),
        ("4.40981E+17", "Excel 已改成科学计数法，末几位已丢失，须按证件重填，并把这一列设为文本。"),
        (9.9999919900101e17, "Excel 按数字保存，末三位已被舍入为 0，须按证件重填，并把这一列设为文本。"),
        ("号" * 5000, "公民身份号码应为 18 位，现在是 200 位，请核对。"),
    ],
)
def test_an_unsound_number_is_refused_with_the_digit_and_the_reason(written, sentence):
    assert check_id_number(written) == (None, (sentence,), ())


@pytest.mark.parametrize(
    "written", ["11010519491231002x", " 110105 19491231 002X", "'11010519491231002X", "１１０１０５19491231002×"]
)
def test_odd_writing_is_put_right_and_said(written):
    checked = check_id_number(written)
    assert checked.value == STANDARD_EXAMPLE
    assert [note.kind for note in checked.notes] == [NORMALISED]


def test_an_unknown_division_is_a_hint():
    body = "98010519491231002"
    checked = check_id_number(body + check_digit(body))
    assert checked.value
    assert [note.kind for note in checked.notes] == [HINT]


def test_the_division_of_the_demo_is_refused_where_people_are_real():
    with override_settings(ZHIBU_TEST_DIVISION=""):
        assert check_id_number(FICTIONAL).problems == ("行政区划代码 999999 只用于演示，请填真实号码。",)
        assert check_id_number(STANDARD_EXAMPLE).value == STANDARD_EXAMPLE


def test_fifteen_digits_are_completed_where_that_is_allowed():
    checked = check_id_number("110105491231002", legacy=True)
    assert checked.value == STANDARD_EXAMPLE
    assert [note.kind for note in checked.notes] == [HINT]
    assert check_id_number("110105491331002", legacy=True).problems


@given(st.dates(dt.date(1920, 1, 1), dt.date(2026, 1, 1)), st.integers(0, 999))
def test_every_single_wrong_digit_is_noticed(born, serial):
    body = f"110105{born:%Y%m%d}{serial:03}"
    number = body + check_digit(body)
    assert read_id_number(number).birth_date == born
    for place in (0, 5, 9, 16):
        other = number[:place] + str((int(number[place]) + 1) % 10) + number[place + 1 :]
        assert check_id_number(other).problems


@given(st.text() | st.floats() | st.integers())
def test_anything_is_a_number_or_a_sentence(written):
    checked = check_id_number(written)
    assert (checked.value is None) == bool(checked.problems)
