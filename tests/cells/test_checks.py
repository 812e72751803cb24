"""What people write of organisations and companies, read."""

from decimal import Decimal

import pytest
from django.utils import translation

from cells import checks
from cells.choices import CellKind, FormationMode


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("党委", CellKind.COMMITTEE),
        ("党总支", CellKind.GENERAL_BRANCH),
        ("党支部", CellKind.BRANCH),
        ("631", CellKind.BRANCH),
        (632, CellKind.JOINT_BRANCH),
        ("联合 支部", CellKind.JOINT_BRANCH),
        ("功能性党支部", CellKind.FUNCTIONAL_BRANCH),
        ("branch", CellKind.BRANCH),
        ("党小组", CellKind.GROUP),
    ],
)
def test_a_kind_is_known_by_its_names_and_codes(written, kind):
    assert checks.kind(written).value == kind


def test_an_unknown_kind_names_the_choices():
    [problem] = checks.kind("工会").problems
    assert "工会" in problem
    assert "联合党支部" in problem


def test_what_is_offered_to_an_english_reader_is_what_a_ledger_takes():
    with translation.override("en"):
        [problem] = checks.kind("工会").problems
        offered = problem.partition(": ")[2].rstrip(".").split(", ")
        assert [checks.kind(word).value for word in offered] == list(CellKind)
        assert not checks.kind("党支部").notes


def test_a_kind_must_be_there_and_a_mode_need_not():
    assert checks.kind("").problems
    assert checks.formation_mode(None).value == ""


@pytest.mark.parametrize(("written", "mode"), [("单独组建", FormationMode.INDEPENDENT), ("带动建", FormationMode.LED)])
def test_a_mode_is_known_by_its_names(written, mode):
    assert checks.formation_mode(written).value == mode


def test_another_spelling_is_noted():
    assert checks.kind("支部").notes[0].kind == "normalised"
    assert not checks.kind("党支部").notes


@pytest.mark.parametrize(
    ("written", "value"),
    [("是", True), ("有", True), ("√", True), (True, True), ("否", False), ("无", False), ("", None)],
)
def test_yes_and_no(written, value):
    checked = checks.yes_or_no(written)
    assert (checked.value, checked.problems) == (value, ())


@pytest.mark.parametrize("written", ["也许", "是否"])
def test_neither_yes_nor_no_is_named(written):
    assert written in checks.yes_or_no(written).problems[0]


@pytest.mark.parametrize(
    ("written", "value"), [("60", 60), ("1,200", 1200), (60.0, 60), ("６０", 60), ("", None), (None, None), ("0", 0)]
)
def test_a_count(written, value):
    checked = checks.count(written)
    assert (checked.value, checked.problems) == (value, ())


@pytest.mark.parametrize("written", ["很多", "60.5", "-1", "9" * 30, "nan", "1e400", "inf"])
def test_no_count(written):
    assert checks.count(written).problems


@pytest.mark.parametrize(
    ("written", "unit", "value"),
    [
        ("48145.5", 10_000, Decimal("481455000.00")),
        (22533.3, 10_000, Decimal("225333000.00")),
        ("1,200.50", 1, Decimal("1200.50")),
    ],
)
def test_money(written, unit, value):
    assert checks.yuan(written, unit=unit).value == value


@pytest.mark.parametrize("written", ["约一亿", "-1", "1e30", "nan", "9" * 40])
def test_no_money(written):
    assert checks.yuan(written, unit=10_000).problems


def test_a_name_in_its_one_spelling():
    assert checks.organisation_name(" 星河　科技 ").value == "星河科技"
    assert checks.organisation_name("长" * 5000).problems
    assert checks.organisation_name(None).problems


def test_units_are_taken_apart():
    assert checks.units("甲公司、乙公司；丙公司\n") == ["甲公司", "乙公司", "丙公司"]
