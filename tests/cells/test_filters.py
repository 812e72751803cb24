"""What may be asked of cells and companies, and what cannot be read."""

import pytest
from django.http import QueryDict
from django.utils.translation import override

from cells.filters import CellCriteria, CompanyCriteria
from cells.models import Cell, Company
from tests.cast import register

pytestmark = pytest.mark.django_db

EVERYTHING = ["association", "north", "yunshan", "first_group", "yuanfan", "south", "shiguang"]


def ask(query, user):
    cells = Cell.objects.visible_to(user).with_term().order_by("pk")
    return CellCriteria(QueryDict(query), cells, user=user)


@pytest.mark.parametrize(
    "query, found",
    [
        ("kind=group", ["first_group"]),
        ("kind=group&kind=joint_branch", ["first_group", "shiguang"]),
        ("kind__n=committee&kind__n=branch", ["first_group", "south", "shiguang"]),
        ("name__ic=云杉", ["yunshan"]),
        ("q=ysk", ["yunshan"]),
        ("founded_on__lte=2020-01-01", []),
        ("due_on__empty=1", ["first_group"]),
        ("due_on__gte=2027-01-07&kind=branch", ["yunshan", "yuanfan"]),
        ("standing=dissolved", []),
        ("term=soon", ["association", "north", "yunshan", "yuanfan", "south", "shiguang"]),
        ("kind=", EVERYTHING),
    ],
)
def test_a_list_answers_what_is_asked(party, query, found):
    asked = ask(query, party.staff)
    assert not asked.errors
    assert {cell.pk for cell in asked.qs} == {getattr(party, name).pk for name in found}


def test_a_superior_is_asked_for_by_its_code(party):
    assert {cell.pk for cell in ask(f"parent={party.north.code}", party.staff).qs} == {
        party.yunshan.pk,
        party.yuanfan.pk,
    }
    assert {cell.pk for cell in ask(f"under={party.yunshan.code}", party.staff).qs} == {
        party.yunshan.pk,
        party.first_group.pk,
    }


def test_a_superior_out_of_reach_is_as_unknown_as_one_that_never_was(party):
    bait, nowhere = (ask(f"parent={code}", party.secretary) for code in (party.north.code, "ZB-99999999"))
    assert bait.errors["parent"][0].replace(party.north.code, "ZB-99999999") == nowhere.errors["parent"][0]
    assert not bait.qs.exists()


@pytest.mark.parametrize(
    "query",
    [
        "kind=castle",
        "founded_on=0000-00-00",
        "founded_on__gte=9999-12-31",
        "name=%00",
        "standing=1",
        "due_on__empty=perhaps",
        "q=" + "x" * 10_000,
        "&".join(["kind=group"] * 101),
    ],
)
def test_what_cannot_be_read_is_an_error_and_never_widens_the_list(party, query):
    asked = ask(query, party.staff)
    assert list(asked.errors) == [query.split("=")[0]]
    assert not asked.qs.exists()
    assert asked.chips() == []


@pytest.mark.parametrize("query", ["q=%00", "name=%00", "parent=%00"])
def test_a_character_nobody_sees_is_said_to_be_one(party, query):
    [[said]] = ask(query, party.staff).errors.values()
    assert said == "里面有看不见的字符，请删掉重新填写。"


def test_unknown_parameters_are_named(party):
    asked = ask("kindd=group&parent__members__id_number=1&limit=5&kind=group", party.staff)
    assert asked.unknown(besides=["limit"]) == ["kindd", "parent__members__id_number"]


def test_several_answers_are_joined_as_the_language_joins_them(party):
    with override("en"):
        [chip] = ask("kind=group&kind=branch", party.staff).chips()
        assert "、" not in chip.words and ", " in chip.words


def test_every_criterion_reads_as_words_and_can_be_taken_away(party):
    asked = ask(f"kind=group&kind=branch&founded_on__gte=2024-01-08&under={party.north.code}&after=x", party.staff)
    words = {"组织类别：党小组、党支部", "成立日期 ≥ 2024-01-08", "所在范围：北屏党委"}
    assert {chip.words for chip in asked.chips()} == words
    kind = next(chip for chip in asked.chips() if chip.name == "kind")
    assert kind.without == f"founded_on__gte=2024-01-08&under={party.north.code}"


def test_companies_are_asked_by_the_facts_that_stand_now(party):
    covered = register("云杉科技有限公司", party.north, staff=30)
    register("空壳有限公司", party.north, operating=False, staff=5)
    asked = CompanyCriteria(
        QueryDict("staff__gte=1&operating=1"), Company.objects.visible_to(party.staff).with_facts(), user=party.staff
    )
    assert list(asked.qs) == [covered]
