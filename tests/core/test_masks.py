import re
import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.masks import mask_id_number, mask_mobile, mask_numbers, tells

GAPS = st.sampled_from(["", "", "", " ", "-", "\u3000", "\u2013", "\xa0", " - ", "\u200b"])
WIDE = {ord(sign): ord(sign) + 0xFEE0 for sign in "0123456789Xx+"}
AROUND = st.text(alphabet="请联系王涛，核对。（）：", max_size=6)


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


@st.composite
def spelt(draw, number):
    """The number as people write it: broken up anywhere, in signs of full width."""
    written = number[0] + "".join(draw(GAPS) + sign for sign in number[1:])
    return written.translate(WIDE) if draw(st.booleans()) else written


@st.composite
def mobiles(draw):
    number = draw(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
    prefix = draw(st.sampled_from(["", "86", "+86", "+86 ", "86-", "＋８６ ", "0086", "(+86) "]))
    return number, prefix + draw(spelt(number))


@st.composite
def id_numbers(draw):
    birth = draw(st.dates(date(1900, 1, 1), date(2026, 11, 20))).strftime("%Y%m%d")
    region, order = (draw(st.from_regex(rf"[0-9]{{{length}}}", fullmatch=True)) for length in (6, 3))
    number = f"{region}{birth}{order}{draw(st.sampled_from('0123456789Xx'))}"
    return number, draw(spelt(number))


def bare(text):
    return re.sub(r"[^0-9Xx]", "", unicodedata.normalize("NFKC", text))


@given(st.one_of(mobiles(), id_numbers()), AROUND, AROUND)
def test_no_personal_number_survives_in_any_spelling(written, before, behind):
    number, spelling = written
    kept = mask_numbers(f"{before}{spelling}{behind}")
    assert number not in bare(kept)
    assert kept.startswith(before)
    assert kept.endswith(behind)


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("139 7771 2345", "139****2345"),
        ("8613977712345", "86139****2345"),
        ("139-7771-2345", "139****2345"),
        ("+86 13977712345", "+86 139****2345"),
        ("１３９７７７１２３４５", "１３９****２３４５"),
        ("13 139 7771 2345", "13 139****2345"),
        ("139 7771 2345 138-0000-1111", "139****2345 138****1111"),
        ("999999 19870707 771X", "999***********771X"),
        ("999999-1987-07-07-7711", "999***********7711"),
        ("139777 19870707 771X", "139***********771X"),
    ],
)
def test_a_number_keeps_its_ends_in_every_spelling(written, kept):
    assert mask_numbers(written) == unicodedata.normalize("NFKC", kept)


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(str)
CODES = st.one_of(
    st.from_regex(r"(ZB|QY)-[0-9]{4}", fullmatch=True),
    st.from_regex(r"DY-[2-9A-HJ-NP-TV-Z]{6}", fullmatch=True),
    st.from_regex(r"20[0-9]{2}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"9[1-3][0-9]{6}MA[0-9A-HJ-NPQRTUWXY]{8}", fullmatch=True),
    st.from_regex(r"0[1-9][0-9]{1,2}-[0-9]{7,8}", fullmatch=True),
    st.uuids().map(str),
)


@given(st.lists(st.one_of(DAYS, CODES), max_size=4))
def test_days_and_codes_survive_unharmed(written):
    text = "，".join(written)
    assert mask_numbers(text) == text


@pytest.mark.parametrize(
    "text", ["2026-11-13 2026-11-20", "1987-07-07 1990-01-01", "2026-11-13 10:22:33", "支部 12 人"]
)
def test_days_side_by_side_are_no_number(text):
    assert mask_numbers(text) == text


@pytest.mark.parametrize("text", ["打 139 7771 2345 找他", "１３９７７７１２３４５", "+86-139-77712345"])
def test_a_text_tells_a_number_in_any_spelling(text):
    assert tells(text, "13977712345")


def test_what_is_empty_or_short_is_never_told():
    assert not tells("核对手机号", "")
    assert not tells("长春", "长春")
    assert tells("住示例市 示例区示例路1号", "示例市示例区示例路 1 号")
