"""The workbooks of the founding articles: their totals come out, and a second time nothing changes."""

import os
from collections import Counter

import pytest

from cells.choices import BRANCHES, CellKind, Cover
from cells.models import Appointment, Cell, Company, CompanyFact
from ledgers.choices import Outcome
from members.choices import Category
from members.models import Member, Membership
from tests.ledgers.conftest import SCENES, carried_out, scene

LONG = os.environ.get("ZHIBU_FULL") == "1"
pytestmark = pytest.mark.django_db


def expected(name):
    lines = (SCENES / name / "expected.txt").read_text(encoding="utf-8").split("\n")
    return {key: float(value) for key, value in (line.split() for line in lines if line)}


def totals():
    facts = CompanyFact.objects.current()
    operating = facts.filter(operating=True)
    covered = operating.exclude(cover=Cover.NONE).count()
    own, count = operating.filter(cover=Cover.OWN).count(), operating.count()
    return {
        "companies": Company.objects.count(),
        "operating_companies": count,
        "staff": sum(facts.filter(operating=True).values_list("staff", flat=True)),
        "companies_with_own_branch": own,
        "companies_in_joint_branch": operating.filter(cover=Cover.JOINT).count(),
        "branches": Cell.objects.filter(kind__in=BRANCHES).count(),
        "members": Membership.objects.current().count(),
        "probationary": Member.objects.filter(category=Category.PROBATIONARY).count(),
        "organisational_coverage_percent": round(covered / count * 100, 1),
        "independent_formation_percent": round(own / count * 100, 1),
    }


@pytest.mark.parametrize("name", ["changchun", "inner_mongolia", "mixed"])
def test_a_scene_gives_its_totals_and_the_second_time_changes_nothing(name):
    done = carried_out(*scene(name))

    assert done.wrong == 0
    assert done.result["warnings"] == []
    assert totals() == pytest.approx(expected(name))
    secretaries = Appointment.objects.count()
    assert secretaries == Cell.objects.filter(kind__in=BRANCHES).count()

    again = carried_out(*scene(name))

    assert again.importable == 0
    assert again.result["done"] == {"organisations": {"new": 0, "update": 0}}
    assert Appointment.objects.count() == secretaries
    assert totals() == pytest.approx(expected(name))


def test_the_capital_gives_its_totals():
    """That a second time changes nothing, the scenes above say in several lots; of the capital the long run does."""
    done = carried_out(*scene("capital"))

    root = Cell.objects.get(parent=None)
    direct = Counter(Cell.objects.filter(parent=root).values_list("kind", flat=True))
    assert {
        "direct_committees": direct[CellKind.COMMITTEE],
        "direct_general_branches": direct[CellKind.GENERAL_BRANCH],
        "direct_branches": direct[CellKind.BRANCH],
        "branches_all_levels": Cell.objects.filter(kind__in=BRANCHES).count(),
        "members": Membership.objects.current().count(),
        "probationary": Member.objects.filter(category=Category.PROBATIONARY).count(),
    } == expected("capital")
    assert done.wrong == 0
    assert done.total(Outcome.NEW) == 6516 + 179

    if LONG:
        again = carried_out(*scene("capital"))
        assert again.total(Outcome.SAME) == 6516 + 179
        assert again.importable == 0


def test_new_companies_are_kept_by_the_one_organisation_at_the_top():
    carried_out(*scene("mixed"))

    assert set(Company.objects.values_list("keeper", flat=True)) == {Cell.objects.get(parent=None).pk}
