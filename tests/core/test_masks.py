import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.masks import mask_id_number, mask_mobile


@pytest.mark.parametrize(
    ("number", "shown"), [("11010519491231002X", "110***********002X"), ("1101051", "*******"), ("", "")]
)
def test_an_id_number_shows_its_ends(number, shown):
    assert mask_id_number(number) == shown


@pytest.mark.parametrize(("mobile", "shown"), [("13800138000", "138****8000"), ("8000", "****"), ("", "")])
def test_a_mobile_shows_its_ends(mobile, shown):
    assert mask_mobile(mobile) == shown


@given(st.text(alphabet="0123456789X", max_size=40))
def test_no_more_than_seven_signs_are_ever_shown(text):
    assert len(mask_id_number(text).replace("*", "")) <= 7
    assert len(mask_mobile(text).replace("*", "")) <= 7
