import pytest
from hypothesis import given
from hypothesis import strategies as st

from cells.credit_codes import ALPHABET, check_character, check_credit_code
from core.checked import NORMALISED


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91000000000000000K", "91000000Y11N7JBW23"])
def test_sound_codes_pass_without_a_word(code):
    assert check_credit_code(code) == (code, (), ())


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("9100000000000000K", "统一社会信用代码应为 18 位，现在是 17 位，请核对。"),
        ("910000000000000001", "校验位应为 K，现在是 1，请逐位核对。"),
        ("9100000000000O000K", "第 14 位是“O”，而统一社会信用代码只用数字和除 I、O、S、V、Z 以外的大写字母，请核对。"),
        ("91A00000000000000K", "第 3 至 8 位是行政区划代码，应为数字，第 3 位现在是“A”，请核对。"),
        (9.1e17, "Excel 按数字保存，末三位已被舍入为 0，须按营业执照重填，并把这一列设为文本。"),
    ],
)
def test_an_unsound_code_is_refused_with_the_character_and_the_reason(written, sentence):
    assert check_credit_code(written) == (None, (sentence,), ())


@pytest.mark.parametrize("written", ["91350100m000100y43", " 9135 0100 M000100Y 43", "91350100-M000100Y-43"])
def test_odd_writing_is_put_right_and_said(written):
    checked = check_credit_code(written)
    assert checked.value == "91350100M000100Y43"
    assert [note.kind for note in checked.notes] == [NORMALISED]


@given(st.text(ALPHABET, min_size=9, max_size=9), st.integers(0, 17), st.integers(1, 30))
def test_every_single_wrong_character_is_noticed(organisation, place, shift):
    body = f"91110000{organisation}"
    code = body + check_character(body)
    assert check_credit_code(code).value == code
    other = ALPHABET[(ALPHABET.index(code[place]) + shift) % 31]
    assert check_credit_code(code[:place] + other + code[place + 1 :]).problems


@given(st.text())
def test_anything_is_a_code_or_a_sentence(written):
    checked = check_credit_code(written)
    assert (checked.value is None) == bool(checked.problems)
