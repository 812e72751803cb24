"""Founding, renaming, moving, reorganising, merging and dissolving: what happens and what is refused."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection

from audit.models import Entry
from cells.choices import CellKind, Cover, Office
from cells.domain import companies, tree
from cells.domain.tree import CellCorrection, Founding
from cells.models import Appointment, Cell, CompanyFact, Placement
from core.actors import SYSTEM
from core.errors import OutOfTurn, Refusal, Stale
from tests import cast
from tests.cast import LONG_AGO, TODAY

pytestmark = pytest.mark.django_db
TOMORROW = TODAY + timedelta(days=1)


def refused(deed, *args, **kwargs):
    with pytest.raises(Refusal) as caught:
        deed(*args, **kwargs)
    return caught.value


def last_entry(thing):
    return Entry.objects.about(thing).first()


def as_it_was(day):
    """Every cell standing on a day, as {path: name}."""
    return dict(Placement.objects.as_of(day).values_list("path", "name"))


class TestFound:
    def test_a_founded_cell_stands_under_its_superior_from_that_day(self, party):
        cell = tree.found(
            "中共星河科技有限公司支部委员会",
            CellKind.BRANCH,
            party.north,
            short_name="星河科技党支部",
            founded_on=date(2026, 11, 2),
            by=party.north_staff,
            on=TODAY,
        )

        assert cell.path == f"{party.north.path}{cell.pk}/"
        assert cell.code == f"ZB-{cell.pk:04}"
        assert cell.name_pinyin.startswith("xing he")  # by what lists show
        assert "zhonggongxin+" in cell.name_search  # found by the full name all the same
        assert cell.path in as_it_was(TODAY)
        assert cell.path not in as_it_was(TODAY - timedelta(days=1))
        connection.check_constraints()

    def test_it_leaves_one_entry(self, party):
        cell = tree.found("星河科技党支部", CellKind.BRANCH, party.north, by=party.north_staff, on=TODAY)

        [entry] = Entry.objects.about(cell)
        assert (entry.action, entry.actor, entry.path) == ("cells.founded", party.north_staff, cell.path)

    def test_a_list_may_name_superiors_by_their_place_in_it(self, party):
        committee, branch, group = tree.found_many(
            [
                Founding("新屿委员会", CellKind.COMMITTEE, party.association),
                Founding("新屿第一支部", CellKind.BRANCH, 0),
                Founding("第一党小组", CellKind.GROUP, 1),
            ],
            by=party.staff,
            on=TODAY,
        )
        assert group.path == f"{party.association.path}{committee.pk}/{branch.pk}/{group.pk}/"
        connection.check_constraints()

    def test_its_term_begins_on_the_day_named(self, party):
        cell = tree.found(
            "星河科技党支部",
            CellKind.BRANCH,
            party.north,
            term_number=2,
            term_from=date(2025, 3, 1),
            term_due=date(2028, 2, 29),
            by=party.north_staff,
            on=TODAY,
        )
        term = cell.terms.current().get()
        assert (term.number, term.starts_on, term.due_on) == (2, date(2025, 3, 1), date(2028, 2, 29))

    def test_the_companies_named_are_linked_where_they_are_on_file(self, party):
        known = cast.register("星河科技有限公司", party.north)
        cell = tree.found(
            "星河联合党支部",
            CellKind.JOINT_BRANCH,
            party.north,
            units_text="星河科技有限公司、无此公司",
            by=party.north_staff,
            on=TODAY,
        )
        assert list(cell.units.all()) == [known]
        assert cell.units_text == "星河科技有限公司、无此公司"

    def test_the_telephone_is_sealed_and_stays_out_of_the_trail(self, party):
        cell = tree.found(
            "星河科技党支部", CellKind.BRANCH, party.north, contact_phone="13800001234", by=party.north_staff, on=TODAY
        )
        assert str(Cell.objects.get(pk=cell.pk).contact_phone) == "13800001234"
        assert "13800001234" not in str(last_entry(cell).facts)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"name": "  "}, "name"),
            ({"name": "长" * 121}, "name"),
            ({"name": "中共云杉科技有限公司支部委员会"}, "name"),
            ({"kind": CellKind.GROUP}, "kind"),
            ({"founded_on": TOMORROW}, "founded_on"),
            ({"term_from": date(2025, 1, 1)}, "term_due"),
            ({"term_from": date(2025, 1, 1), "term_due": date(2025, 1, 1)}, "term_due"),
            ({"term_due": date(2025, 1, 1)}, "term_from"),
        ],
    )
    def test_a_refusal_names_the_row_and_the_answer(self, party, change, field):
        good = Founding("甲支部", CellKind.BRANCH, party.north)
        bad = Founding(**{"name": "乙支部", "kind": CellKind.BRANCH, "superior": party.north} | change)

        refusal = refused(tree.found_many, [good, bad], by=party.staff, on=TODAY)

        assert (refusal.row, refusal.field) == (1, field)
        assert not Cell.objects.filter(name="甲支部").exists()

    def test_two_of_one_name_in_one_list_are_refused(self, party):
        twice = [Founding("甲支部", CellKind.BRANCH, party.north)] * 2
        assert refused(tree.found_many, twice, by=party.staff, on=TODAY).row == 1

    def test_a_name_with_odd_spaces_is_the_same_name(self, party):
        found = tree.found("星河　科技 党支部", CellKind.BRANCH, party.north, by=party.staff, on=TODAY)
        assert found.name == "星河科技党支部"

    def test_nothing_is_founded_under_a_dissolved_cell(self, party):
        other = cast.found("空党委", CellKind.COMMITTEE, party.association)
        tree.dissolve(other, reason="合并", by=party.staff, on=TODAY)

        refusal = refused(tree.found, "甲支部", CellKind.BRANCH, other, by=party.staff, on=TODAY)
        assert refusal.field == "superior"

    def test_only_the_system_founds_a_tree(self, party):
        with pytest.raises(PermissionDenied):
            tree.found("另一个协会党委", CellKind.COMMITTEE, None, by=party.staff, on=TODAY)
        assert tree.found("另一个协会党委", CellKind.COMMITTEE, None, by=SYSTEM, on=TODAY).path.count("/") == 2

    @pytest.mark.parametrize("who", ["secretary", "deputy_alone", "advisor", "auditor", "technician", "stranger"])
    def test_whoever_does_not_keep_the_superior_may_not(self, party, who):
        with pytest.raises(PermissionDenied):
            tree.found("甲支部", CellKind.BRANCH, party.south, by=getattr(party, who), on=TODAY)

    def test_committee_staff_found_nothing_beside_their_committee(self, party):
        with pytest.raises(PermissionDenied):
            tree.found("甲支部", CellKind.BRANCH, party.south, by=party.north_staff, on=TODAY)

    def test_thirty_take_as_many_queries_as_three(self, party, queries_of):
        def some(count, prefix):
            return [
                Founding(
                    f"{prefix}{number}支部", CellKind.BRANCH, party.north, term_due=date(2029, 1, 1), units_text="甲"
                )
                for number in range(count)
            ]

        tree.found_many(some(1, "先"), by=party.staff, on=TODAY)
        three = queries_of(tree.found_many, some(3, "甲"), by=party.staff, on=TODAY)
        assert queries_of(tree.found_many, some(30, "乙"), by=party.staff, on=TODAY) == three <= 24


class TestCorrect:
    def test_a_name_set_right_was_always_so(self, party):
        version = party.yuanfan.version
        tree.correct(party.yuanfan, name="中共远帆网路有限公司支部委员会", version=version, by=party.staff, on=TODAY)
        assert as_it_was(LONG_AGO)[party.yuanfan.path] == "中共远帆网路有限公司支部委员会"

    def test_what_differs_is_in_the_trail_and_the_version_goes_up(self, party):
        cell = tree.correct(party.yuanfan, contact_name="刘洋", version=1, by=party.staff, on=TODAY)
        assert cell.version == 2
        assert last_entry(cell).facts["changes"] == {"contact_name": ["", "刘洋"]}

    def test_what_says_so_already_leaves_no_trace(self, party):
        cell = tree.correct(party.yuanfan, short_name="远帆网络党支部", version=1, by=party.staff, on=TODAY)
        assert cell.version == 1
        assert last_entry(cell) is None

    def test_a_stale_answer_is_told_apart(self, party):
        tree.correct(party.yuanfan, contact_name="刘洋", version=1, by=party.staff, on=TODAY)
        with pytest.raises(Stale):
            tree.correct(party.yuanfan, contact_name="马骁", version=1, by=party.staff, on=TODAY)

    def test_a_sealed_value_is_not_shown_in_the_trail(self, party):
        cell = tree.correct(party.yuanfan, contact_phone="13800001234", version=1, by=party.staff, on=TODAY)
        assert str(Cell.objects.get(pk=cell.pk).contact_phone) == "13800001234"
        assert last_entry(cell).facts["changes"] == {"contact_phone": ["***", "***"]}

    def test_the_units_are_linked_anew(self, party):
        company = cast.register("远帆网络有限公司", party.north)
        cell = tree.correct(party.yuanfan, units_text="远帆网络有限公司", version=1, by=party.staff, on=TODAY)
        assert list(cell.units.all()) == [company]
        cell = tree.correct(cell, units_text="", version=2, by=party.staff, on=TODAY)
        assert not cell.units.exists()

    @pytest.mark.parametrize(
        ("values", "field"),
        [
            ({"name": ""}, "name"),
            ({"name": "中共云杉科技有限公司支部委员会"}, "name"),
            ({"founded_on": TOMORROW}, "founded_on"),
        ],
    )
    def test_what_may_not_be_said_is_refused(self, party, values, field):
        assert refused(tree.correct, party.yuanfan, version=1, by=party.staff, on=TODAY, **values).field == field

    def test_kind_and_superior_are_not_set_right_but_changed(self, party):
        with pytest.raises(TypeError):
            tree.correct(party.yuanfan, kind=CellKind.GROUP, version=1, by=party.staff, on=TODAY)

    def test_the_secretary_does_not_keep_the_cell(self, party):
        with pytest.raises(PermissionDenied):
            tree.correct(party.yunshan, contact_name="李敏", version=1, by=party.secretary, on=TODAY)

    def test_thirty_take_as_many_queries_as_three(self, party, queries_of):
        cells = [cast.found(f"{number}支部", CellKind.BRANCH, party.north) for number in range(31)]

        def said(some, value):
            return [CellCorrection(cell, {"contact_name": value, "short_name": value}) for cell in some]

        tree.correct_many(said(cells[30:], "先"), by=party.staff, on=TODAY)
        three = queries_of(tree.correct_many, said(cells[:3], "甲"), by=party.staff, on=TODAY)
        assert queries_of(tree.correct_many, said(cells[:30], "乙"), by=party.staff, on=TODAY) == three <= 19


class TestRename:
    def test_the_past_keeps_the_old_name(self, party):
        tree.rename(
            party.yuanfan, name="中共远航网络有限公司支部委员会", short_name="远航党支部", by=party.staff, on=TODAY
        )

        assert as_it_was(TODAY)[party.yuanfan.path] == "中共远航网络有限公司支部委员会"
        assert as_it_was(TODAY - timedelta(days=1))[party.yuanfan.path] == "中共远帆网络有限公司支部委员会"
        cell = Cell.objects.get(pk=party.yuanfan.pk)
        assert (cell.short_name, cell.version) == ("远航党支部", 2)
        assert "yh" in "".join(cell.name_search)

    def test_its_officers_are_told(self, party):
        tree.rename(party.yuanfan, name="远航党支部", by=party.staff, on=TODAY)
        assert "远航党支部" in party.other_secretary.notices.get().text

    def test_it_leaves_one_entry_with_old_and_new(self, party):
        cell = tree.rename(party.yuanfan, name="远航党支部", by=party.staff, on=TODAY)
        [entry] = Entry.objects.about(cell)
        assert entry.action == "cells.renamed"
        assert entry.facts["changes"]["name"] == ["中共远帆网络有限公司支部委员会", "远航党支部"]

    def test_the_same_name_a_taken_name_and_a_day_before_the_last_change_are_refused(self, party):
        same = {"name": party.yuanfan.name, "short_name": party.yuanfan.short_name}
        assert refused(tree.rename, party.yuanfan, **same, by=party.staff, on=TODAY).field == "name"
        assert refused(tree.rename, party.yuanfan, name=party.yunshan.name, by=party.staff, on=TODAY).field == "name"
        early = LONG_AGO - timedelta(days=1)
        assert refused(tree.rename, party.yuanfan, name="远航党支部", by=party.staff, on=early).field == "on"

    def test_a_name_may_be_taken_up_again_once_its_cell_is_dissolved(self, party):
        group = cast.found("第二党小组", CellKind.GROUP, party.yunshan)
        tree.dissolve(group, reason="合并", by=party.staff, on=TODAY)
        again = tree.found("第二党小组", CellKind.GROUP, party.yunshan, by=party.staff, on=TODAY)
        assert again.pk != group.pk


class TestMove:
    def test_the_whole_subtree_goes_along(self, party):
        tree.move(party.yunshan, superior=party.south, by=party.staff, on=TODAY)

        group = Cell.objects.get(pk=party.first_group.pk)
        assert group.path == f"{party.south.path}{party.yunshan.pk}/{group.pk}/"
        assert Cell.objects.get(pk=party.yunshan.pk).parent == party.south
        connection.check_constraints()

    def test_any_date_shows_the_tree_as_it_was(self, party):
        before = as_it_was(TODAY - timedelta(days=1))
        tree.move(party.yunshan, superior=party.south, by=party.staff, on=TODAY)

        assert as_it_was(TODAY - timedelta(days=1)) == before
        assert Placement.objects.as_of(TODAY).under(party.south.path).filter(cell=party.first_group).exists()
        assert not Placement.objects.as_of(TODAY).under(party.north.path).filter(cell=party.first_group).exists()
        was = Placement.objects.as_of(TODAY - timedelta(days=1)).get(cell=party.yunshan)
        assert was.parent == party.north

    def test_rights_follow_at_once(self, party):
        tree.move(party.yunshan, superior=party.south, by=party.staff, on=TODAY)
        assert not Cell.objects.visible_to(party.north_staff).filter(pk=party.first_group.pk).exists()
        assert Cell.objects.visible_to(party.advisor).filter(pk=party.first_group.pk).exists()

    def test_it_leaves_one_entry_and_tells_the_officers(self, party):
        cell = tree.move(party.yunshan, superior=party.south, by=party.staff, on=TODAY)
        [entry] = Entry.objects.about(cell)
        assert (entry.action, entry.path) == ("cells.moved", cell.path)
        assert entry.facts["changes"]["parent"] == ["北屏党委", "南浦党总支"]
        assert "南浦党总支" in party.secretary.notices.get().text

    @pytest.mark.parametrize("superior", ["yunshan", "first_group", "north", "yuanfan"])
    def test_itself_its_inferiors_its_superior_and_what_cannot_hold_it_are_refused(self, party, superior):
        refusal = refused(tree.move, party.yunshan, superior=getattr(party, superior), by=party.staff, on=TODAY)
        assert refusal.field == "superior"

    def test_a_committee_does_not_go_under_its_own_branch(self, party):
        assert refused(tree.move, party.north, superior=party.yunshan, by=party.staff, on=TODAY).field == "superior"

    def test_a_name_that_stands_there_already_is_refused(self, party):
        cast.found(party.yunshan.name, CellKind.BRANCH, party.south)
        assert refused(tree.move, party.yunshan, superior=party.south, by=party.staff, on=TODAY).field == "superior"

    def test_a_day_before_anything_below_began_is_refused(self, party):
        tree.found("第二党小组", CellKind.GROUP, party.yunshan, by=party.staff, on=TODAY)
        refusal = refused(tree.move, party.yunshan, superior=party.south, by=party.staff, on=TODAY - timedelta(days=1))
        assert refusal.field == "on"

    def test_it_is_refused_where_the_tree_would_grow_too_deep(self, party):
        deep = party.association
        for level in range(130):
            if len(deep.path) + len(f"{deep.pk}0/") > 250:
                break
            deep = cast.found(f"第{level}级党委", CellKind.COMMITTEE, deep)
        top = below = cast.found("高党委", CellKind.COMMITTEE, party.north)
        for level in range(3):
            below = cast.found(f"高党委第{level}级", CellKind.COMMITTEE, below)
        assert refused(tree.move, top, superior=deep, by=party.staff, on=TODAY).field == "superior"

    def test_whoever_does_not_keep_the_new_superior_may_not(self, party):
        with pytest.raises(PermissionDenied):
            tree.move(party.yunshan, superior=party.south, by=party.north_staff, on=TODAY)

    def test_a_big_subtree_takes_as_many_queries_as_a_small_one(self, party, queries_of):
        small, big = (cast.found(name, CellKind.BRANCH, party.north) for name in ("小支部", "大支部"))
        for number in range(30):
            cast.found(f"小组{number}", CellKind.GROUP, big)
        few = queries_of(tree.move, small, superior=party.south, by=party.staff, on=TODAY)
        assert queries_of(tree.move, big, superior=party.south, by=party.staff, on=TODAY) == few <= 33


class TestReorganise:
    def test_the_kind_changes_from_that_day(self, party):
        tree.reorganise(party.yuanfan, kind=CellKind.JOINT_BRANCH, by=party.staff, on=TODAY)
        kinds = [
            Placement.objects.as_of(day).get(cell=party.yuanfan).kind for day in (TODAY - timedelta(days=1), TODAY)
        ]
        assert kinds == [CellKind.BRANCH, CellKind.JOINT_BRANCH]

    def test_what_it_covers_is_covered_anew_from_that_day(self, party):
        company = cast.register("远帆网络有限公司", party.north, cover=Cover.OWN, cover_cell=party.yuanfan)
        later = cast.register("后来有限公司", party.north, cover=Cover.OWN, cover_cell=party.yuanfan, on=TOMORROW)

        tree.reorganise(party.yuanfan, kind=CellKind.FUNCTIONAL_BRANCH, by=party.staff, on=TODAY)

        covers = [CompanyFact.objects.as_of(day).get(company=company).cover for day in (LONG_AGO, TODAY)]
        assert covers == [Cover.OWN, Cover.NONE]
        assert CompanyFact.objects.as_of(TOMORROW).get(company=later).cover == Cover.NONE

    def test_a_kind_that_could_not_hold_what_is_below_is_refused(self, party):
        assert (
            refused(tree.reorganise, party.yunshan, kind=CellKind.COMMITTEE, by=party.staff, on=TODAY).field == "kind"
        )

    def test_a_kind_that_cannot_stand_where_it_stands_is_refused(self, party):
        refusal = refused(tree.reorganise, party.shiguang, kind=CellKind.COMMITTEE, by=party.staff, on=TODAY)
        assert "党总支" in refusal.message

    def test_the_same_kind_is_refused(self, party):
        assert refused(tree.reorganise, party.yuanfan, kind=CellKind.BRANCH, by=party.staff, on=TODAY).field == "kind"


@pytest.fixture
def nothing_above(monkeypatch):
    """As though no app above kept anything in cells: what these tests ask is asked of the tree alone."""
    monkeypatch.setattr("cells.domain.tree.footing.OBSTACLES", [])
    monkeypatch.setattr("cells.domain.tree.footing.CARRIERS", [])


@pytest.mark.usefixtures("nothing_above")
class TestDissolve:
    def test_it_leaves_the_tree_but_not_its_past(self, party):
        tree.dissolve(party.yuanfan, reason="企业注销", by=party.staff, on=TODAY)

        cell = Cell.objects.get(pk=party.yuanfan.pk)
        assert cell.dissolved_on == TODAY
        assert cell.path not in as_it_was(TODAY)
        assert cell.path in as_it_was(TODAY - timedelta(days=1))
        assert not cell.terms.as_of(TODAY).exists()

    def test_its_offices_end_that_day_and_their_holders_are_told(self, party):
        tree.dissolve(party.yuanfan, reason="企业注销", by=party.staff, on=TODAY)
        assert not Appointment.objects.in_force(TODAY).filter(cell=party.yuanfan).exists()
        assert Appointment.objects.in_force(LONG_AGO).get(cell=party.yuanfan).end_reason == "企业注销"
        assert party.other_secretary.notices.exists()

    def test_it_is_refused_while_inferiors_remain(self, party):
        with pytest.raises(OutOfTurn):
            tree.dissolve(party.yunshan, reason="撤销", by=party.staff, on=TODAY)

    def test_it_is_refused_while_it_keeps_or_covers_companies(self, party):
        cast.register("远帆网络有限公司", party.north, cover=Cover.OWN, cover_cell=party.yuanfan)
        with pytest.raises(OutOfTurn):
            tree.dissolve(party.yuanfan, reason="撤销", by=party.staff, on=TODAY)

    def test_it_is_refused_while_an_app_above_says_so(self, party, monkeypatch):
        monkeypatch.setattr("cells.domain.tree.footing.OBSTACLES", [lambda cell: f"{cell}还有 1 名党员"])
        with pytest.raises(OutOfTurn, match="还有 1 名党员"):
            tree.dissolve(party.yuanfan, reason="撤销", by=party.staff, on=TODAY)

    def test_a_dissolved_cell_is_out_of_turn_for_everything(self, party):
        cell = tree.dissolve(party.yuanfan, reason="撤销", by=party.staff, on=TODAY)
        for deed, answers in (
            (tree.dissolve, {"reason": "撤销"}),
            (tree.rename, {"name": "新名"}),
            (tree.move, {"superior": party.south}),
            (tree.reorganise, {"kind": CellKind.JOINT_BRANCH}),
            (tree.merge, {"into": party.yunshan}),
            (tree.correct, {"contact_name": "甲", "version": 2}),
        ):
            with pytest.raises(OutOfTurn):
                deed(cell, by=party.staff, on=TOMORROW, **answers)

    def test_a_day_before_it_was_founded_or_placed_is_refused(self, party):
        assert refused(tree.dissolve, party.yuanfan, reason="撤销", by=party.staff, on=LONG_AGO).field == "on"

    def test_nobody_dissolves_the_cell_that_gives_them_their_office(self, party):
        other = cast.found("东原党委", CellKind.COMMITTEE, party.association)
        keeper = cast.appoint("孟东", Office.COMMITTEE_STAFF, other)
        with pytest.raises(Refusal):
            tree.dissolve(other, reason="撤销", by=keeper, on=TODAY)


@pytest.mark.usefixtures("nothing_above")
class TestMerge:
    def test_inferiors_and_companies_go_to_the_other_and_offices_end(self, party):
        company = cast.register("云杉科技有限公司", party.yunshan, cover=Cover.OWN, cover_cell=party.yunshan)

        tree.merge(party.yunshan, into=party.shiguang, by=party.staff, on=TODAY)

        merged = Cell.objects.get(pk=party.yunshan.pk)
        assert (merged.merged_into, merged.dissolved_on) == (party.shiguang, TODAY)
        assert Cell.objects.get(pk=party.first_group.pk).path.startswith(party.shiguang.path)
        fact = CompanyFact.objects.as_of(TODAY).get(company=company)
        assert (fact.keeper, fact.cover_cell, fact.cover) == (party.shiguang, party.shiguang, Cover.JOINT)
        company.refresh_from_db()
        assert (company.keeper, company.cover_cell) == (party.shiguang, party.shiguang)
        assert not Appointment.objects.in_force(TODAY).filter(cell=party.yunshan).exists()
        connection.check_constraints()

    def test_what_apps_above_keep_there_is_carried_along_first(self, party, monkeypatch):
        carried = []
        monkeypatch.setattr(
            "cells.domain.tree.footing.CARRIERS", [lambda cell, into, by, on: carried.append((cell, into, on))]
        )
        monkeypatch.setattr("cells.domain.tree.footing.OBSTACLES", [lambda cell: None if carried else "还有 1 名党员"])
        tree.merge(party.yuanfan, into=party.yunshan, by=party.staff, on=TODAY)
        assert carried == [(party.yuanfan, party.yunshan, TODAY)]

    def test_what_is_left_after_that_stands_in_the_way(self, party, monkeypatch):
        monkeypatch.setattr("cells.domain.tree.footing.OBSTACLES", [lambda cell: "还有未办结的转接"])
        with pytest.raises(OutOfTurn):
            tree.merge(party.yuanfan, into=party.yunshan, by=party.staff, on=TODAY)

    @pytest.mark.parametrize("into", ["yunshan", "first_group", "north"])
    def test_itself_what_is_below_it_and_another_sort_of_cell_are_refused(self, party, into):
        assert refused(tree.merge, party.yunshan, into=getattr(party, into), by=party.staff, on=TODAY).field == "into"

    def test_an_inferior_whose_name_stands_there_already_is_refused(self, party):
        cast.found("第一党小组", CellKind.GROUP, party.yuanfan)
        assert refused(tree.merge, party.yunshan, into=party.yuanfan, by=party.staff, on=TODAY).field == "into"

    def test_it_leaves_one_entry_about_the_merged(self, party):
        cell = tree.merge(party.yuanfan, into=party.yunshan, by=party.staff, on=TODAY)
        entry = last_entry(cell)
        assert (entry.action, entry.facts["into_code"]) == ("cells.merged", party.yunshan.code)

    def test_whoever_does_not_keep_both_may_not(self, party):
        with pytest.raises(PermissionDenied):
            tree.merge(party.yuanfan, into=party.shiguang, by=party.north_staff, on=TODAY)


def test_a_company_registered_later_is_linked_to_the_cell_that_names_it(party):
    cell = tree.found(
        "星河联合党支部",
        CellKind.JOINT_BRANCH,
        party.north,
        units_text="星河有限公司；月湖有限公司",
        by=party.staff,
        on=TODAY,
    )
    company = companies.register("月湖有限公司", party.north, by=party.staff, on=TODAY)
    assert list(cell.units.all()) == [company]
