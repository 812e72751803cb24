"""Figures against worlds counted by hand, on days before, between and after what happened."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from cells.choices import CellKind, Cover
from cells.domain import companies, terms, tree
from cells.models import CompanyFact
from core.dated import state
from members.choices import Category, ExitReason
from members.domain import merges, places, roster, standing
from reports.figures import FIGURES, Where, percent, read
from reports.figures.lists import parts_of, rows_behind
from tests.cast import LONG_AGO, TODAY, enlist, fictional_id_number, found, register

JUNE = date(2026, 6, 15)
BEFORE = JUNE - timedelta(days=1)


def number(key, where=Where(), on=TODAY, **known):
    return read(where, on, only=(key,), **known)[key].number


@pytest.fixture
def world(party):
    """Six companies in two districts, as three surveys found them."""
    park = {"district": "高新区", "park": "软件园"}
    party.own = register("云杉科技", party.association, cover=Cover.OWN, cover_cell=party.yunshan, staff=100, **park)
    party.second = register(
        "远帆网络", party.north, cover=Cover.OWN, cover_cell=party.yuanfan, staff=50, district="高新区"
    )
    party.joint = register(
        "拾光传媒", party.south, cover=Cover.JOINT, cover_cell=party.shiguang, staff=30, district="南浦区"
    )
    party.bare = register("白石智能", party.north, staff=20, members_known=3, district="高新区")
    party.led = register("半亩方塘", party.south, staff=None, advisor="顾远帆", district="南浦区")
    party.idle = register("星图里程", party.north, operating=False, staff=9, district="高新区")
    return party


def test_the_drawn_world_counts_as_on_the_drawing(world):
    counted = {key: one.number for key, one in read(Where(), TODAY).readings.items()}

    assert counted == {
        "members": 6,
        "full_members": 5,
        "probationary": 1,
        "suspended_members": 0,
        "organisations": 6,
        "committees": 2,
        "general_branches": 1,
        "branches": 3,
        "joint_branches": 1,
        "temporary_branches": 0,
        "functional_branches": 0,
        "migrant_branches": 0,
        "direct_committees": 1,
        "direct_general_branches": 1,
        "direct_branches": 0,
        "terms_expired": 0,
        "companies": 6,
        "operating_companies": 5,
        "staff": 200,
        "companies_with_own_branch": 2,
        "companies_in_joint_branch": 1,
        "covered_companies": 3,
        "reached_companies": 4,
        "should_build_gap": 1,
        "companies_to_form": 1,
        "should_build_companies": 1,
        "built_companies": 0,
        "covered_in_term": 3,
        "covered_and_led": 2,
        "organisational_coverage": Decimal("60.0"),
        "independent_formation": Decimal("40.0"),
        "work_coverage": Decimal("80.0"),
        "should_build_rate": Decimal("0.0"),
    }


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        # members, organisations, direct branches, companies, operating, covered
        ("association", (6, 6, 0, 6, 5, 3)),
        ("north", (5, 3, 2, 4, 3, 2)),
        ("south", (1, 2, 1, 2, 2, 1)),
        ("yunshan", (4, 1, 0, 1, 1, 1)),
        ("first_group", (1, 0, 0, 0, 0, 0)),
    ],
)
def test_a_cell_counts_itself_and_all_below_it(world, cell, expected):
    sheet = read(Where(getattr(world, cell)), TODAY)
    keys = ("members", "organisations", "direct_branches", "companies", "operating_companies", "covered_companies")

    assert tuple(sheet[key].number for key in keys) == expected


@pytest.mark.parametrize(
    ("where", "expected"),
    [
        ({"district": "高新区"}, (5, 2, 4, 3, 2)),
        ({"district": "高新区", "park": "软件园"}, (4, 1, 1, 1, 1)),
        ({"park": "软件园"}, (4, 1, 1, 1, 1)),
        ({"district": "南浦区"}, (1, 1, 2, 2, 1)),
        ({"district": "别处"}, (0, 0, 0, 0, 0)),
    ],
)
def test_a_district_counts_its_companies_and_the_organisations_that_cover_them(world, where, expected):
    sheet = read(Where(**where), TODAY)
    keys = ("members", "organisations", "companies", "operating_companies", "covered_companies")

    assert tuple(sheet[key].number for key in keys) == expected


def test_what_lies_below_a_covering_organisation_belongs_to_its_district_too(party):
    register("北屏集团", party.association, cover=Cover.OWN, cover_cell=party.north, district="北屏区")

    assert number("members", Where(district="北屏区")) == 5
    assert number("organisations", Where(district="北屏区")) == 3


@pytest.mark.parametrize("where", ["everything", "north", "district", "park", "past"])
def test_every_number_is_as_long_as_the_list_behind_it(world, where):
    standing.suspend(world.liu, reason="多次无故缺席", by=world.staff, on=JUNE)
    terms.begin(world.yuanfan, number=2, from_on=date(2025, 1, 9), due_on=date(2026, 1, 8), by=world.staff, on=TODAY)
    asked = {
        "everything": Where(),
        "north": Where(world.north),
        "district": Where(district="高新区"),
        "park": Where(world.association, park="软件园"),
        "past": Where(),
    }[where]
    on = BEFORE if where == "past" else TODAY
    sheet = read(asked, on)

    listed = {
        key: {part: list(rows_behind(key, asked, on, part=part)) for part in parts_of(figure)}
        for key, figure in FIGURES.items()
    }

    totals = {key: listed[key][""] for key, figure in FIGURES.items() if not figure.is_rate}
    lengths = {key: _adds_up(FIGURES[key], rows) for key, rows in totals.items()}
    assert lengths == {key: sheet[key].number for key in totals}
    for key in FIGURES.keys() - totals.keys():
        parts = {part: {row.pk for row in rows} for part, rows in listed[key].items()}
        assert len(parts["numerator"]) == sheet[key].numerator
        assert len(parts["denominator"]) == sheet[key].denominator
        assert parts["rest"] == parts["denominator"] - parts["numerator"]
        assert len(parts["rest"]) == sheet[key].rest


def _adds_up(figure, rows):
    return sum(getattr(row, figure.adds) or 0 for row in rows) if figure.adds else len(rows)


def test_the_whole_sheet_takes_four_queries_however_much_there_is_to_count(world, django_assert_num_queries):
    with django_assert_num_queries(4):
        read(Where(world.association), TODAY)
    for serial in range(12):
        enlist(f"党员{serial}", world.yunshan)
        register(f"企业{serial}", world.north, cover=Cover.OWN, cover_cell=world.yunshan)
    with django_assert_num_queries(4):
        assert read(Where(world.association, district="高新区"), TODAY)["members"].number == 17


def test_one_figure_alone_takes_four_queries_and_says_the_same(world, django_assert_num_queries):
    whole = read(Where(world.north), TODAY)
    with django_assert_num_queries(4):
        alone = read(Where(world.north), TODAY, only=("organisational_coverage",))
    assert alone["organisational_coverage"] == whole["organisational_coverage"]


# Rates.


def test_a_rate_without_companies_is_none_and_never_nought(party):
    coverage = read(Where(), TODAY)["organisational_coverage"]

    assert coverage.number is None
    assert (coverage.numerator, coverage.denominator, coverage.begins) == (0, 0, None)


@pytest.mark.parametrize(
    ("numerator", "denominator", "expected"),
    [(62, 105, "59.0"), (45, 105, "42.9"), (121, 875, "13.8"), (104, 875, "11.9"), (10, 32, "31.2"), (3, 3, "100.0")],
)
def test_a_rate_has_one_decimal_as_the_associations_print_it(numerator, denominator, expected):
    assert percent(numerator, denominator) == Decimal(expected)


def test_a_company_that_does_not_operate_counts_on_the_ledger_alone(world):
    companies.survey(world.own, surveyed_on=JUNE, operating=False, by=world.staff, on=TODAY)

    before, after = read(Where(), BEFORE), read(Where(), TODAY)

    assert [one["companies"].number for one in (before, after)] == [6, 6]
    assert [one["operating_companies"].number for one in (before, after)] == [5, 4]
    assert [one["organisational_coverage"].numerator for one in (before, after)] == [3, 2]
    assert [one["staff"].number for one in (before, after)] == [200, 100]


@pytest.mark.parametrize("kind", [CellKind.TEMPORARY_BRANCH, CellKind.FUNCTIONAL_BRANCH])
def test_temporary_and_functional_branches_are_counted_but_cover_nothing(world, kind):
    tree.reorganise(world.shiguang, kind=kind, by=world.staff, on=JUNE)

    before, after = read(Where(), BEFORE), read(Where(), JUNE)

    assert [one["branches"].number for one in (before, after)] == [3, 3]
    assert [one["joint_branches"].number for one in (before, after)] == [1, 0]
    assert [one["companies_in_joint_branch"].number for one in (before, after)] == [1, 0]
    assert [one["covered_companies"].number for one in (before, after)] == [3, 2]


def test_cover_is_asked_of_the_covering_organisation_and_not_of_the_survey_alone(world):
    ended = found("已撤销支部", CellKind.BRANCH, world.north)
    register("听雨音频", world.north, cover=Cover.OWN, cover_cell=ended)
    placement = ended.placements.get()
    placement.__class__.objects.filter(pk=placement.pk).void(by=world.staff, reason="误录")

    assert number("covered_companies") == 3
    assert number("operating_companies") == 6


def test_work_coverage_takes_an_advisor_a_liaison_or_a_mass_organisation(world):
    for name, found_there in (("甲", {"has_liaison": True}), ("乙", {"has_mass_organisation": True}), ("丙", {})):
        register(name, world.south, **found_there)

    assert number("reached_companies") == 6
    assert number("covered_companies") == 3


def test_the_gap_takes_the_survey_or_the_rolls_whichever_knows_more(world):
    few = register("禾下数字", world.north, members_known=2)
    many = register("木石智造", world.north, members_known=1)
    for name in ("甲", "乙"):
        enlist(name, world.yunshan, employer=few)
    enlist("丙", world.yunshan, employer=few, category=Category.PROBATIONARY)
    for name in ("丁", "戊", "己"):
        enlist(name, world.yuanfan, employer=many)

    assert {row.company for row in rows_behind("should_build_gap", Where(), TODAY)} == {world.bare, many}
    places.place(many.members.last(), cell=world.shiguang, reason="换岗", by=world.staff, on=JUNE)
    assert number("should_build_gap") == 2
    standing.suspend(many.members.first(), reason="多次无故缺席", by=world.staff, on=JUNE)
    assert [number("should_build_gap", on=day) for day in (BEFORE, JUNE)] == [2, 1]


# What happens, and when.


def test_a_branch_that_moves_takes_its_members_along_from_that_day(world):
    tree.move(world.yunshan, superior=world.association, by=world.staff, on=JUNE)

    for day, north, direct in ((BEFORE, 5, 0), (JUNE, 1, 1)):
        assert number("members", Where(world.north), day) == north
        assert number("direct_branches", Where(world.association), day) == direct
        assert number("members", Where(world.association), day) == 6
        assert number("members", Where(world.yunshan), day) == 4


def test_a_company_follows_the_branch_that_covers_it(world):
    tree.move(world.yuanfan, superior=world.association, by=world.staff, on=JUNE)
    companies.correct(world.second, version=world.second.version, keeper=world.association, by=world.staff, on=JUNE)

    assert [number("companies", Where(world.north), day) for day in (BEFORE, JUNE)] == [4, 3]


def test_a_dissolved_branch_is_counted_until_the_day_before(world):
    empty = found("将撤支部", CellKind.BRANCH, world.south, on=date(2025, 1, 1))
    tree.dissolve(empty, reason="任务结束", by=world.staff, on=JUNE)

    days = (date(2024, 12, 31), date(2025, 1, 1), BEFORE, JUNE, TODAY)
    assert [number("branches", on=day) for day in days] == [3, 4, 4, 3, 3]
    assert [number("organisations", Where(world.south), day) for day in days] == [2, 3, 3, 2, 2]


def test_a_conversion_changes_the_category_from_its_day_on(world):
    member = enlist("孙悦二", world.yunshan, category=Category.PROBATIONARY, joined_on=date(2025, 1, 16))
    standing.convert(member, by=world.staff, on=JUNE)

    assert [number("probationary", on=day) for day in (BEFORE, JUNE)] == [2, 1]
    assert [number("full_members", on=day) for day in (BEFORE, JUNE)] == [5, 6]
    assert number("members") == 7


def test_a_member_placed_elsewhere_is_counted_in_one_cell_each_day(world):
    places.place(world.wang, cell=world.shiguang, reason="换岗", by=world.staff, on=JUNE)

    for day, north, south in ((BEFORE, 5, 1), (JUNE, 4, 2)):
        assert (number("members", Where(world.north), day), number("members", Where(world.south), day)) == (
            north,
            south,
        )
        assert number("members", on=day) == 6


def test_a_suspended_member_leaves_the_count_and_stays_with_the_last_cell(world):
    standing.suspend(world.wang, reason="多次无故缺席", by=world.staff, on=JUNE)

    assert [number("members", on=day) for day in (BEFORE, JUNE)] == [6, 5]
    assert [number("suspended_members", on=day) for day in (BEFORE, JUNE)] == [0, 1]
    assert number("suspended_members", Where(world.yunshan)) == 1
    assert number("suspended_members", Where(world.south)) == 0
    standing.restore(world.wang, cell=world.yuanfan, reason="申诉成立", by=world.staff, on=TODAY)
    assert (number("members"), number("suspended_members")) == (6, 0)


def test_who_left_or_died_is_counted_until_the_day_before(world):
    standing.leave(world.wang, reason=ExitReason.TRANSFERRED_OUT, by=world.staff, on=JUNE)
    standing.record_death(world.zhou, by=world.staff, on=TODAY)

    assert [number("members", on=day) for day in (BEFORE, JUNE, TODAY)] == [6, 5, 4]
    assert number("suspended_members") == 0


def test_what_is_voided_counts_on_no_day(world):
    CompanyFact.objects.filter(company=world.bare).void(by=world.staff, reason="重复登记")

    assert [number("companies", on=day) for day in (LONG_AGO, BEFORE, TODAY)] == [5, 5, 5]
    assert number("should_build_gap") == 0


def test_two_records_of_one_person_count_once_after_they_are_made_one(world):
    twin = enlist("王涛", world.yuanfan, id_number=world.wang.id_number[:-4] + "9995")
    assert number("members") == 7
    twin.__class__.objects.filter(pk=twin.pk).update(id_number_index="")
    twin.refresh_from_db()
    twin.id_number = ""
    twin.save(update_fields=["id_number"])
    merges.merge(world.wang, absorbed=twin, reason="同一个人", by=world.staff, on=TODAY)

    assert [number("members", on=day) for day in (LONG_AGO, TODAY)] == [6, 6]


def test_a_term_is_expired_from_the_day_after_its_last(world):
    due = date(2027, 1, 7)

    assert [number("terms_expired", on=day) for day in (due, due + timedelta(days=1))] == [0, 6]
    terms.begin(world.yunshan, number=2, from_on=JUNE, due_on=date(2029, 6, 14), by=world.staff, on=TODAY)
    assert number("terms_expired", on=due + timedelta(days=1)) == 5
    assert number("terms_expired", Where(world.yunshan), date(2029, 6, 15)) == 1


def test_the_turn_of_the_year_is_the_one_of_the_wall_clock(world):
    """A member of the new year's first day is not yet there on its eve, whatever the hour is in London."""
    enlist("元旦", world.yunshan, on=date(2026, 1, 1))
    last_second = datetime(2025, 12, 31, 15, 59, 59, tzinfo=UTC)

    eve, day = timezone.localdate(last_second), timezone.localdate(last_second + timedelta(seconds=1))

    assert (eve, day) == (date(2025, 12, 31), date(2026, 1, 1))
    assert [number("members", on=one) for one in (eve, day)] == [6, 7]


# Before the records begin.


def test_a_day_before_the_records_says_so_instead_of_nought(world):
    reading = read(Where(), LONG_AGO - timedelta(days=1))["members"]

    assert (reading.number, reading.begins) == (None, LONG_AGO)
    assert read(Where(), LONG_AGO)["members"].number == 6


def test_records_begin_where_the_cell_came_under_the_one_asked_for(world):
    late = found("新支部", CellKind.BRANCH, world.association, on=date(2025, 3, 1))
    enlist("新人", late, on=date(2025, 4, 1))
    tree.move(late, superior=found("新党委", CellKind.COMMITTEE, world.association, on=JUNE), by=world.staff, on=TODAY)
    committee = late.__class__.objects.get(name="新党委")

    assert read(Where(late), date(2025, 3, 31))["members"].begins == date(2025, 4, 1)
    assert read(Where(late), date(2025, 2, 1))["organisations"].begins == date(2025, 3, 1)
    assert read(Where(committee), BEFORE)["organisations"].begins == JUNE
    assert read(Where(committee), JUNE)["members"].begins == TODAY


def test_the_records_of_companies_begin_with_the_first_survey(world):
    later = register("后来者", world.yuanfan, on=date(2026, 3, 1))
    reading = read(Where(world.yuanfan), LONG_AGO - timedelta(days=1))["organisational_coverage"]

    assert (reading.number, reading.numerator, reading.begins) == (None, None, LONG_AGO)
    assert later in {row.company for row in rows_behind("companies", Where(world.yuanfan), TODAY)}


# As known then.


def test_the_past_can_be_read_as_it_was_known(world):
    then = timezone.now()
    known = read(Where(), TODAY, known_at=then).numbers()
    standing.suspend(world.wang, reason="多次无故缺席", by=world.staff, on=JUNE)
    tree.move(world.yunshan, superior=world.association, by=world.staff, on=TODAY)
    companies.survey(world.own, surveyed_on=TODAY, operating=False, by=world.staff, on=TODAY)
    CompanyFact.objects.filter(company=world.bare).void(by=world.staff, reason="重复登记")
    enlist("新人", world.shiguang, on=LONG_AGO)
    roster.enrol(
        world.yuanfan,
        name="周航",
        id_number=fictional_id_number(date(1991, 2, 3), 71),
        category="正式党员",
        joined_on="2012-02-06",
        converted_on="2013-02-06",
        by=world.staff,
        on=TODAY,
    )

    assert read(Where(), TODAY, known_at=then).numbers() == known
    assert read(Where(world.north), TODAY, known_at=then)["members"].number == 5
    now = read(Where(), TODAY)
    assert (now["members"].number, now["companies"].number, now["operating_companies"].number) == (7, 5, 3)


def test_what_was_stated_and_taken_back_since_is_seen_as_it_stood_between(world):
    first = timezone.now()
    state(CompanyFact, {"company": world.own}, LONG_AGO, by=world.staff, values={"staff": 500})
    second = timezone.now()
    state(CompanyFact, {"company": world.own}, LONG_AGO, by=world.staff, values={"staff": 100})

    assert [number("staff", known_at=moment) for moment in (first, second, None)] == [200, 600, 200]
