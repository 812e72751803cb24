import datetime as dt

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from core.dates import EARLIEST_YEAR, Day, check_date, parse_day, years_later
from core.errors import Refusal

BIRTHDAY = dt.date(1990, 1, 2)


@pytest.mark.parametrize(
    "written",
    [
        "1990-1-2",
        "1990-01-02",
        "19900102",
        "1990.1.2",
        "1990/1/2",
        "1990年1月2日",
        "1990年01月02",
        "1990 年 1 月 2 号",
        " １９９０－０１－０２　",
        "1990-01-02 00:00:00",
        "1990-01-02T00:00:00",
        19900102,
        19900102.0,
        "19900102.0",
        32875,
        32875.0,
        "32875",
        dt.date(1990, 1, 2),
        dt.datetime(1990, 1, 2, 9, 30),
    ],
)
def test_a_day_is_read_however_it_is_written(written):
    assert parse_day(written) == Day(BIRTHDAY, whole=True)


@pytest.mark.parametrize("written", ["1990.1", "1990-01", "1990年1月", "1990年01月", "199001", 199001.0, 1990.1])
def test_a_month_stands_for_its_first_day_and_says_so(written):
    assert parse_day(written) == Day(dt.date(1990, 1, 1), whole=False)
    assert "补上" in check_date(written).notes[0].sentence


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        ("1990-2-30", "2 月没有 30 日，请核对。"),
        ("2023-02-29", "2023 年 2 月没有 29 日，请核对。"),
        ("1990年13月1日", "月份应为 1 到 12，现在是 13，请核对。"),
        ("19900431", "4 月没有 31 日，请核对。"),
        ("1990-1-0", "1 月没有 0 日，请核对。"),
        ("0190-01-02", "年份应在 1880 至 2150 之间，现在是 190。"),
        ("1990", "只写了年份，请写成 1990-01-02 或 1990-01 的样子。"),
        ("90-1-2", "年份请写四位，如 1990-01-02。"),
        ("明天", "“明天”读不出日期，请写成 1990-01-02 的样子。"),
        ("1/2/1990", "“1/2/1990”读不出日期，请写成 1990-01-02 的样子。"),
        ("1990-01-02 至今", "“1990-01-02 至今”读不出日期，请写成 1990-01-02 的样子。"),
        ("日" * 5000, f"“{'日' * 20}”读不出日期，请写成 1990-01-02 的样子。"),
        (True, "“True”读不出日期，请写成 1990-01-02 的样子。"),
    ],
)
def test_what_is_no_day_is_refused_with_the_reason(written, sentence):
    with pytest.raises(Refusal) as refusal:
        parse_day(written)
    assert str(refusal.value) == sentence
    assert check_date(written) == (None, (sentence,), ())


def test_a_moment_belongs_to_the_day_it_is_in_shanghai():
    late = dt.datetime(1990, 1, 1, 20, tzinfo=dt.UTC)
    assert timezone.is_aware(late)
    assert parse_day(late).day == BIRTHDAY


@given(
    st.dates(dt.date(EARLIEST_YEAR, 1, 1), dt.date(2150, 12, 31)), st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%Y.%m.%d"])
)
def test_every_day_survives_being_written_down(day, form):
    assert parse_day(day.strftime(form)).day == day


@given(st.text() | st.floats() | st.integers())
def test_anything_else_is_a_day_or_a_sentence(written):
    checked = check_date(written)
    assert (checked.value is None) == bool(checked.problems)


def test_years_later_a_leap_day_is_the_last_of_february():
    assert years_later(dt.date(2008, 2, 29), 18) == dt.date(2026, 2, 28)
    assert years_later(dt.date(2008, 3, 1), 18) == dt.date(2026, 3, 1)
