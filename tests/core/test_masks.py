import re
import unicodedata
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.masks import mask_id_number, mask_mobile, mask_numbers, tells

UNSEEN = ["\u200b", "\u00ad", "\u2063", "\ufe0f\u20e3", "\u200b\u200b\u200b\u200b\u200b"]
GAPS = st.sampled_from(
    ["", "", "", "", " ", "-", "\u3000", "\u2013", "\xa0", " - ", "    ", "_", "/", "、", "·", "*", ") ", *UNSEEN]
)
# Full width, Arabic-Indic, Devanagari, bold.
DIGITS = st.sampled_from([0x30, 0x30, 0xFF10, 0x660, 0x966, 0x1D7CE])
AROUND = st.text(alphabet="请联系王涛，核对。（）：TelwxID", max_size=6)


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
    """The number as people write it: broken up anywhere, in digits of any kind."""
    written, zero = number[0] + "".join(draw(GAPS) + sign for sign in number[1:]), draw(DIGITS)
    return "".join(chr(zero + int(sign)) if sign in "0123456789" else sign for sign in written)


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
    plain = (str(unicodedata.digit(sign, sign)) for sign in unicodedata.normalize("NFKC", text))
    return re.sub(r"[^0-9Xx]", "", "".join(plain))


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
        ("138.0000.5678", "138****5678"),
        ("138_0000_5678", "138****5678"),
        ("138/0000/5678", "138****5678"),
        ("138、0000、5678", "138****5678"),
        ("138·0000·5678", "138****5678"),
        ("138*0000*5678", "138****5678"),
        ("(138)00005678", "(138****5678"),
        ("138    0000    5678", "138****5678"),
        ("138\u00ad0000\u00ad5678", "138****5678"),
        ("138\u20630000\u20635678", "138****5678"),
        ("١٣٨٠٠٠٠٥٦٧٨", "138****5678"),
        ("Tel13800005678", "Tel138****5678"),
        ("微信wx13800005678", "微信wx138****5678"),
        ("ID999999199001011234", "ID999***********1234"),
        ("999999.19900101.1234", "999***********1234"),
        ("1．张三13800005678。2．李四", "1．张三138****5678。2．李四"),
        ("3,138 0000 5678", "3,138****5678"),
        ("第3，13800005678", "第3，138****5678"),
        ("2026-11-20 13800005678", "2026-11-20 138****5678"),
        ("2026-11-20，2008-05-06，999999200805060618", "2026-11-20，2008-05-06，999***********0618"),
    ],
)
def test_a_number_keeps_its_ends_in_every_spelling(written, kept):
    masked = mask_numbers(written)
    assert unicodedata.normalize("NFKC", masked) == unicodedata.normalize("NFKC", kept)
    assert mask_numbers(masked) == masked


def test_digits_in_boxes_are_digits():
    assert bare(mask_numbers("".join(f"{digit}\ufe0f\u20e3" for digit in "13800005678"))) == "1385678"


DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31)).map(str)
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)).flatmap(
    lambda moment: st.sampled_from([f"{moment:%Y-%m-%d %H:%M}", f"{moment:%Y-%m-%d %H:%M:%S}", f"{moment:%H:%M}"])
)
AMOUNTS = st.decimals(0, 10**12, places=2).flatmap(lambda sum_: st.sampled_from([f"¥{sum_:,}", f"{sum_:,.0f} 元"]))
VERSIONS = st.sampled_from(["0.1.0", "2.31.5", "Chrome/138.0.7204.168", "192.168.100.10", "v13.8.0"])
CODES = st.one_of(
    st.from_regex(r"(ZB|QY)-[0-9]{4}", fullmatch=True),
    st.from_regex(r"DY-[2-9A-HJ-NP-TV-Z]{6}", fullmatch=True),
    st.from_regex(r"20[0-9]{2}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"9[1-3][0-9]{6}MA[0-9A-HJ-NPQRTUWXY]{8}", fullmatch=True),
    st.from_regex(r"0[1-9][0-9]{1,2}-[0-9]{7,8}", fullmatch=True),
    st.uuids().map(str),
)


@given(
    st.lists(st.one_of(DAYS, MOMENTS, CODES, AMOUNTS, VERSIONS), max_size=4), st.sampled_from(["，", "、", " ", " - "])
)
def test_days_amounts_and_codes_survive_unharmed(written, between):
    text = between.join(written)
    assert mask_numbers(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-13 2026-11-20",
        "1987-07-07 1990-01-01",
        "1987-07-07 123 人",
        "2026-11-13 10:22:33",
        "2026-11-20 13:00—15:30，123 人",
        "2026-11-20，2008-05-06，12 人",
        "2026-11-20，2020-05-06，1990-01-01",
        "2026/11/20 13:00:00",
        "13,800,005,678 元",
        "¥138,000,056.78",
        "150000000.00 元",
        "021-1391234，2026-0042",
        "0779-6666001 转 801",
        "支部 12 人",
        "5d41402abc4b2a76b9719d911017c59213800005678a0000000000000000000000",
    ],
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
