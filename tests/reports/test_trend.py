"""Two years of month ends, from history."""

from datetime import date
from decimal import Decimal

import pytest

from cells.choices import Cover
from cells.domain import companies, tree
from members.domain import standing
from reports.figures import Where, read
from reports.figures.districts import read_districts
from reports.figures.trend import month_ends, read_trend
from tests.cast import TODAY, enlist, register

SHOWN = ("members", "organisational_coverage", "operating_companies")


def test_the_days_are_the_ends_of_months_and_the_day_itself():
    days = month_ends(date(2026, 3, 15), months=4)

    assert days == [date(2025, 12, 31), date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 15)]
    assert len(month_ends(TODAY)) == 24
    assert month_ends(date(2024, 3, 31), months=2) == [date(2024, 2, 29), date(2024, 3, 31)]


def test_each_month_is_counted_by_what_held_at_its_end(party):
    own = register("云杉科技", party.north, cover=Cover.OWN, cover_cell=party.yunshan, on=date(2025, 6, 30))
    register("远帆网络", party.north, on=date(2025, 7, 31))
    enlist("新人", party.yunshan, on=date(2025, 7, 1))
    standing.suspend(party.wang, reason="多次无故缺席", by=party.staff, on=date(2025, 9, 30))
    companies.survey(own, surveyed_on=date(2025, 10, 1), operating=False, by=party.staff, on=TODAY)

    points = {point.on: point.values for point in read_trend(Where(), month_ends(TODAY))}

    told = {
        day: tuple(points[day][key] for key in SHOWN)
        for day in (date(2025, 5, 31), date(2025, 6, 30), date(2025, 7, 31), date(2025, 9, 30), date(2025, 10, 31))
    }
    assert told == {
        date(2025, 5, 31): (6, None, None),
        date(2025, 6, 30): (6, Decimal("100.0"), 1),
        date(2025, 7, 31): (7, Decimal("50.0"), 2),
        date(2025, 9, 30): (6, Decimal("50.0"), 2),
        date(2025, 10, 31): (6, Decimal("0.0"), 1),
    }


def test_months_before_the_records_are_gaps(party):
    points = read_trend(Where(), month_ends(date(2024, 3, 5)))

    assert [point["members"] for point in points] == [None] * 21 + [6, 6, 6]
    assert {point["organisational_coverage"] for point in points} == {None}


@pytest.mark.parametrize("where", ["everything", "north", "district", "park"])
def test_every_point_says_what_the_sheet_of_that_day_says(party, where):
    register("云杉科技", party.association, cover=Cover.OWN, cover_cell=party.yunshan, park="软件园")
    register("远帆网络", party.north, district="北屏区")
    tree.move(party.yunshan, superior=party.association, by=party.staff, on=date(2026, 8, 10))
    asked = {
        "everything": Where(),
        "north": Where(party.north),
        "district": Where(district="高新区"),
        "park": Where(park="软件园"),
    }[where]

    for point in read_trend(asked, month_ends(TODAY, months=5)):
        sheet = read(asked, point.on)
        assert point.values == {key: sheet[key].number for key in SHOWN}


def test_two_years_take_four_queries(party, django_assert_num_queries):
    with django_assert_num_queries(4):
        read_trend(Where(party.north), month_ends(TODAY))
    register("云杉科技", party.association, cover=Cover.OWN, cover_cell=party.yunshan)
    enlist("新人", party.yunshan)
    with django_assert_num_queries(4):
        read_trend(Where(district="高新区"), month_ends(TODAY, months=48))


def test_districts_are_read_in_three_queries_and_add_up_to_the_whole(party, django_assert_num_queries):
    for serial in range(6):
        register(f"高新{serial}", party.north, park="软件园" if serial else "", staff=10)
    register("北屏", party.north, district="北屏区", cover=Cover.OWN, cover_cell=party.yunshan)
    register("关门", party.north, district="月湖区", operating=False)
    register("无名", party.north, district="")

    with django_assert_num_queries(3):
        districts = read_districts(Where(party.association, district="北屏区"), TODAY)

    assert [(one.name, one.companies, one.operating, one.covered, one.rate) for one in districts] == [
        ("北屏区", 1, 1, 1, None),
        ("月湖区", 1, 0, 0, None),
        ("高新区", 6, 6, 0, Decimal("0.0")),
        ("", 1, 1, 0, None),
    ]
    assert [one.is_small for one in districts] == [True, False, False, True]
    assert districts[2].parks == ("软件园",)
    assert sum(one.operating for one in districts) == read(Where(), TODAY)["operating_companies"].number
