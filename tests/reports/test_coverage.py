"""A2: coverage by district and park, and the list of what is still to be formed."""

import re
from datetime import date

import pytest
from django.urls import reverse

from audit.models import Entry
from cells.choices import Cover, Office
from cells.domain import appointments
from cells.models import Appointment, Cell, Term
from core.actors import SYSTEM
from core.dated import since
from tests.cast import LONG_AGO, enlist, register
from tests.reports.test_pages import lines_of, text_of

COVERAGE = "/reports/coverage/"


@pytest.fixture
def world(party):
    """Two districts: six companies in one, in two parks; one in the other."""
    here = {"park": "软件园"}
    party.own = register("云杉科技", party.north, cover=Cover.OWN, cover_cell=party.yunshan, **here)
    party.whole = register("白石智能", party.north, members_known=4, staff=30, **here)
    party.two = register("星图里程", party.north, members_known=2, staff=74, advisor="顾远帆", **here)
    party.one = register("禾下数字", party.north, members_known=1, staff=61, **here)
    party.none = register("木石智造", party.north, members_known=0, staff=208, park="科技园")
    party.small = register("小满工坊", party.north, staff=8, park="科技园")
    party.joint = register(
        "拾光传媒", party.south, cover=Cover.JOINT, cover_cell=party.shiguang, staff=5, district="南浦区"
    )
    return party


def rows(page):
    return page.context["table"].page.rows if "table" in page.context else []


def listed(page):
    return [fact.company.name for fact in rows(page)]


def suggested(page):
    return {fact.company.name: (fact.candidate.suggestion.mode.value, fact.candidate.partners) for fact in rows(page)}


# The way there.


def test_staff_find_what_is_to_be_formed_in_two_clicks(client, world):
    client.force_login(world.staff)
    address, clicks = "/home/", 0
    for words in ("总览", "组织覆盖"):
        content = client.get(address).content.decode()
        address = re.search(rf'<a[^>]* href="([^"#]+)[^"]*"[^>]*>(?:<svg.*?</svg>)?{words}', content, re.S)[1]
        clicks += 1

    assert clicks == 2
    assert listed(client.get(address)) == ["白石智能", "星图里程", "禾下数字", "木石智造"]


# Tiles and table.


def test_each_district_shows_its_numerator_and_denominator_one_click_from_their_lists(visit, world):
    board = visit(world.staff, COVERAGE).context["board"]

    assert [(tile.name, tile.of, str(tile.figure)) for tile in board.tiles] == [
        ("南浦区", "1/1", "样本小"),
        ("高新区", "1/6", "17<small>%</small>"),
    ]
    [_south, high] = board.lines
    for key, count in {"companies": 6, "operating_companies": 6, "covered_companies": 1, "should_build_gap": 1}.items():
        assert high.area.counts[key] == count
        assert visit(world.staff, high.urls[key]).context["counted"] == count
    assert board.total["covered_companies"] == 2
    for key, count in {"numerator": 2, "denominator": 7}.items():
        assert visit(world.staff, board.links[key]).context["counted"] == count


def test_a_district_narrows_the_whole_page_and_is_lifted_by_its_own_tile(visit, world):
    page = visit(world.staff, COVERAGE, district="南浦区")
    board = page.context["board"]

    assert (board.coverage.numerator, board.coverage.denominator) == (1, 1)
    assert listed(page) == []
    assert "没有应建未建的企业" in text_of(page)
    [current] = [tile for tile in board.tiles if tile.current]
    assert current.name == "南浦区"
    assert "district" not in current.url
    assert len(board.tiles) == 2


def test_the_switch_shows_the_parks_and_each_narrows_the_page(visit, world):
    page = visit(world.staff, COVERAGE, by="park", district="高新区")
    tiles = {tile.name: tile for tile in page.context["board"].tiles}
    assert {name: tile.of for name, tile in tiles.items()} == {"软件园": "1/4", "科技园": "0/2"}

    narrowed = visit(world.staff, COVERAGE + tiles["科技园"].url)
    assert narrowed.context["board"].by == "park"
    assert listed(narrowed) == ["木石智造"]
    lines = lines_of(visit(world.staff, reverse("reports:districts-csv"), by="park", district="高新区"))
    assert lines == [
        ["园区", "企业", "实体运营企业", "组织覆盖企业", "组织覆盖率", "应建未建"],
        ["科技园", "2", "2", "0", "样本小", "0"],
        ["软件园", "4", "4", "1", "样本小", "1"],
    ]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"district": "月湖区"}, "该区没有登记企业。"),
        ({"park": "无此园"}, "该园区没有登记企业。"),
        ({"on": "2023-12-31"}, "2024-01-08 之前没有记录。"),
    ],
)
def test_where_there_is_no_company_the_page_says_so(visit, world, asked, words):
    page = visit(world.staff, COVERAGE, **asked)

    assert page.status_code == 200
    assert words in text_of(page)
    assert "table" not in page.context


def test_the_ladder_stops_where_the_facts_do(visit, world):
    ladder = {str(rung.name): rung.number for rung in visit(world.staff, COVERAGE).context["board"].ladder}
    assert ladder == {"实体运营企业": 7, "组织覆盖企业": 2, "任期有效": 2, "任期有效且书记在任": 1}

    Term.objects.filter(cell=world.yunshan).void(by=SYSTEM)
    Term.objects.create(cell=world.yunshan, due_on=date(2026, 10, 8), valid=since(LONG_AGO))
    page = visit(world.staff, COVERAGE)
    assert [rung.number for rung in page.context["board"].ladder] == [7, 2, 1, 0]
    assert "2 家未达到：1 家届满或未登记届次，1 家书记空缺。" in text_of(page)
    assert "不计算有效覆盖率" in text_of(page)


def test_a_secretary_counts_on_the_days_in_office(visit, world):
    seat = Appointment.objects.get(office=Office.SECRETARY, cell=world.yunshan)
    appointments.end(seat, reason="调离", by=world.staff, on=date(2026, 9, 1))

    for day, led in (("2026-08-31", 1), ("2026-09-01", 0)):
        assert visit(world.staff, COVERAGE, on=day).context["board"].sheet["covered_and_led"].number == led


# What is to be formed.


def test_a_company_is_listed_for_its_members_or_its_staff_with_a_way_of_forming(visit, world):
    page = visit(world.staff, COVERAGE)

    assert suggested(page) == {
        "白石智能": ("independent", ""),
        "星图里程": ("joint", "可与禾下数字"),
        "禾下数字": ("joint", "可与星图里程"),
        "木石智造": ("dispatched", ""),
    }
    assert {str(fact.candidate.reason) for fact in rows(page)[1:]} == {"职工达到推进口径"}
    said = text_of(page)
    assert "已掌握正式党员 2 名，与邻近 1 家合计 3 名（支部工作条例第四条）" in said
    assert page.context["counts"] == {"seen": 4, "members": 1, "staff": 3, "unadvised": 3}


def test_members_on_the_rolls_count_as_well_as_those_a_survey_knows(visit, world):
    for name in ("甲", "乙", "丙"):
        enlist(name, world.yuanfan, employer=world.small)

    assert suggested(visit(world.staff, COVERAGE))["小满工坊"] == ("independent", "")


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ({"reason": "members"}, ["白石智能"]),
        ({"reason": "unadvised", "sort": "-staff"}, ["木石智造", "禾下数字", "白石智能"]),
        ({"sort": "staff"}, ["白石智能", "禾下数字", "星图里程", "木石智造"]),
        ({"sort": "nonsense"}, ["白石智能", "星图里程", "禾下数字", "木石智造"]),
        ({"sort": "-members"}, ["白石智能", "星图里程", "禾下数字", "木石智造"]),
        ({"q": "木石"}, ["木石智造"]),
        ({"staff__gte": "61", "members__lte": "1", "sort": "-staff"}, ["木石智造", "禾下数字"]),
        ({"advisor__ic": "顾"}, ["星图里程"]),
    ],
)
def test_the_list_is_narrowed_and_sorted(visit, world, asked, names):
    assert listed(visit(world.staff, COVERAGE, **asked)) == names


def test_the_list_goes_by_pages_and_costs_the_same_for_one_row_and_for_three(
    visit,
    world,
    django_assert_max_num_queries,
):
    visit(world.staff, COVERAGE, park="科技园")
    with django_assert_max_num_queries(45) as one:
        assert len(listed(visit(world.staff, COVERAGE, park="科技园"))) == 1
    for serial in range(2):
        register(f"新企业{serial}", world.north, members_known=1 + serial, park="科技园")
    # Who has a member or two is asked for neighbours, once for all.
    with django_assert_max_num_queries(len(one) + 1):
        assert len(listed(visit(world.staff, COVERAGE, park="科技园"))) == 3

    for serial in range(20):
        register(f"更多企业{serial:02}", world.north, members_known=5)
    first = visit(world.staff, COVERAGE, size=20)
    assert len(listed(first)) == 20
    onwards = first.context["table"].page.next
    assert onwards.endswith("#to-form")
    assert len(listed(visit(world.staff, COVERAGE + onwards.partition("#")[0]))) == 6


def test_neighbours_out_of_reach_are_neither_named_nor_counted(visit, world):
    lone = {"park": "天衢园", "staff": 70}
    register("北边一家", world.north, members_known=2, **lone)
    register("南边一家", world.south, members_known=2, **lone)

    assert suggested(visit(world.staff, COVERAGE))["北边一家"] == ("joint", "可与南边一家")
    page = visit(world.north_staff, COVERAGE)
    assert suggested(page)["北边一家"] == ("dispatched", "")
    assert "南边一家" not in text_of(page)


def test_what_cannot_be_read_finds_nothing_and_says_so(visit, world):
    for address in (COVERAGE, reverse("reports:to-form-csv")):
        page = visit(world.staff, address, reason="nonsense")
        assert page.status_code == 422
        assert listed(page) == []
        assert "列入理由：" in text_of(page)


def test_every_way_of_asking_leads_back_to_the_list_and_keeps_what_the_page_is_narrowed_to(visit, world):
    page = visit(world.staff, COVERAGE, district="高新区", on="2026-11-01", reason="unadvised")
    tools = page.context["tools"]
    for url in [turn.url for turn in (*tools.chips, *tools.densities)] + [head.url for head in tools.heads if head.url]:
        assert "on=2026-11-01" in url and url.endswith("#to-form")
    moved = visit(world.staff, COVERAGE, columns="code,staff", move="staff.up")
    assert moved.url.endswith("?columns=staff,code&open=columns#to-form")


def test_the_columns_are_chosen_and_a_file_holds_what_is_seen(visit, client, world):
    asked = {"reason": "staff", "columns": "name,code,way,partners", "sort": "staff"}
    page = visit(world.staff, COVERAGE, **asked)
    assert [str(head.label) for head in page.context["tools"].heads] == ["企业", "编号", "建议组建方式", "可与谁联合"]
    link = re.search(r'href="(/exports/new/reports\.forming/[^"]*)"', page.content.decode())[1].replace("&amp;", "&")

    assert "#" not in link
    lines = lines_of(client.post(link, {"format": "csv", "every": "seen"}))
    assert [line[0] for line in lines] == ["企业", *listed(page)]
    assert lines[1][2:] == ["联合建", "可与星图里程"]
    assert "/exports/new/" not in visit(world.staff, COVERAGE, on="2026-11-01").content.decode()


def test_a_file_holds_only_what_may_be_taken_out(visit, client, world):
    register("南边一家", world.south, members_known=9)
    client.force_login(world.north_staff)
    lines = lines_of(client.post("/exports/new/reports.forming/", {"format": "csv", "every": "all"}))
    assert "白石智能" in [line[0] for line in lines]
    assert "南边一家" not in [line[0] for line in lines]


# The next step.


def test_the_button_begins_a_branch_for_the_company(client, world):
    client.force_login(world.staff)
    acts = {fact.company.name: fact.act for fact in rows(client.get(COVERAGE))}
    assert [act.words for act in acts.values()] == ["新建党支部", "新建联合党支部", "新建联合党支部", "指派指导员"]

    form = client.get(acts["白石智能"].url).context["form"]
    asked = {name: form[name].value() for name in ("name", "kind", "formation_mode", "units_text")}
    assert asked == {
        "name": "中共白石智能支部委员会",
        "kind": "branch",
        "formation_mode": "independent",
        "units_text": "白石智能",
    }
    assert form["superior"].value() == f"{world.north.code} 北屏党委"
    answer = client.post(acts["白石智能"].url, asked | {"superior": world.north.code})
    assert answer.url == reverse("cells:company-survey", args=[world.whole.code])
    assert Cell.objects.get(name="中共白石智能支部委员会").units.get() == world.whole
    joint = client.get(acts["星图里程"].url).context["form"]
    assert (joint["kind"].value(), joint["formation_mode"].value()) == ("joint_branch", "joint")
    for act in acts.values():
        assert client.get(act.url).status_code == 200


def test_a_branch_is_begun_only_for_a_company_within_reach(client, world):
    client.force_login(world.north_staff)

    assert client.get(reverse("cells:cell-found"), {"company": world.joint.code}).status_code == 404
    assert client.get(reverse("cells:cell-found"), {"company": "QY-9999"}).status_code == 404


def test_who_may_only_look_is_offered_nothing_to_do(visit, world):
    company = register("半亩方塘", world.south, members_known=3)

    [fact] = rows(visit(world.advisor, COVERAGE))
    assert (fact.company, fact.act) == (company, None)


# As a file.


def test_the_list_can_be_taken_out_with_its_suggestions_and_the_trail_knows(visit, world):
    register("=cmd|calc", world.north, members_known=9)

    answer = visit(world.staff, reverse("reports:to-form-csv"), reason="members")
    lines = lines_of(answer)

    assert [line[0] for line in lines[1:]] == ["'=cmd|calc", "白石智能"]
    assert lines[2][4:9] == ["30", "4", "3 名以上正式党员", "单独建", ""]
    assert lines[2][9:] == ["已掌握正式党员 4 名，已达 3 名", "党章第三十条、支部工作条例第四条", ""]
    entry = Entry.objects.get(action="reports.list_exported")
    assert (entry.actor, entry.facts["figure"], entry.facts["rows"]) == (world.staff, "companies_to_form", 2)


def test_a_faulty_day_is_answered_by_the_page(visit, world):
    for address in (COVERAGE, reverse("reports:to-form-csv")):
        page = visit(world.staff, address, on="2149-01-01")
        assert page.status_code == 422
        assert "不能晚于今天" in text_of(page)
