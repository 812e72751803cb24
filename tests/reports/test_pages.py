"""The overview, the figures and the snapshots, as each person meets them."""

import csv
import io
import json
import re
from datetime import date

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from audit.models import Entry
from cells.choices import CellKind, Cover, Office
from cells.models import Appointment
from core.dated import since
from members.domain import places
from reports.choices import PeriodKind
from reports.domain import snapshots
from reports.figures import FIGURES
from reports.models import Snapshot
from tests.cast import LONG_AGO, appoint, enlist, found, register
from work.models import Job

OVERVIEW = "/reports/overview/"


@pytest.fixture
def world(party):
    register("云杉科技", party.association, cover=Cover.OWN, cover_cell=party.yunshan, staff=1200, park="软件园")
    register("拾光传媒", party.south, cover=Cover.JOINT, cover_cell=party.shiguang, district="南浦区")
    register("白石智能", party.north, members_known=3)
    register("星图里程", party.south, operating=False, district="月湖区")
    return party


def figure(key):
    return reverse("reports:figure", args=[key])


def text_of(response):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def lines_of(response):
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


# The overview.


def test_the_overview_shows_six_figures_each_with_its_list_and_its_definition(visit, world):
    page = visit(world.staff, OVERVIEW)

    kpis = {str(kpi.name): (kpi.figure, kpi.below) for kpi in page.context["board"].kpis}
    assert kpis == {
        "党组织": ("6", "党委 2\u3000总支 1\u3000支部 3"),
        "党员": ("6", "正式 5\u3000预备 1"),
        "企业": ("4", "实体运营 3"),
        "职工": ("1\u202f320", "实体运营企业合计"),
        "组织覆盖率": ("66.7", "已覆盖 2 / 实体运营 3"),
        "应建未建": ("1", "正式党员 3 名以上而未覆盖"),
    }
    for kpi in page.context["board"].kpis:
        assert f'href="{kpi.url}"'.replace("&", "&amp;") in page.content.decode()
        assert kpi.about == f"{kpi.url}#definition"


def test_a_tile_narrows_the_page_to_its_district_and_back(visit, world):
    whole = visit(world.staff, OVERVIEW)
    tile = next(tile for tile in whole.context["board"].tiles if tile.name == "南浦区")

    narrowed = visit(world.staff, OVERVIEW + tile.url)
    board = narrowed.context["board"]
    assert [(kpi.name, kpi.figure) for kpi in board.kpis][2] == ("企业", "1")
    tile = next(tile for tile in board.tiles if tile.name == "南浦区")
    assert tile.current
    assert "district" not in tile.url
    companies = visit(world.staff, board.kpis[2].url)
    assert "拾光传媒" in text_of(companies)
    assert "白石智能" not in text_of(companies)


def test_few_companies_are_a_small_sample_and_none_operating_is_said(visit, world):
    for serial in range(5):
        register(f"高新{serial}", world.north, cover=Cover.OWN, cover_cell=world.yuanfan)

    tiles = {tile.name: tile for tile in visit(world.staff, OVERVIEW).context["board"].tiles}

    assert (tiles["南浦区"].level, tiles["南浦区"].figure, tiles["南浦区"].of) == ("small-sample", "样本小", "1/1")
    assert (tiles["月湖区"].level, tiles["月湖区"].figure, tiles["月湖区"].of) == ("none", "无运营企业", "")
    assert (tiles["高新区"].level, tiles["高新区"].figure, tiles["高新区"].of) == ("5", "86<small>%</small>", "6/7")


def test_districts_stand_where_the_installation_puts_them(visit, world, settings):
    settings.ZHIBU_DISTRICT_GRID = {"南浦区": [3, 2]}

    tiles = {tile.name: (tile.row, tile.column) for tile in visit(world.staff, OVERVIEW).context["board"].tiles}

    assert tiles == {"南浦区": (3, 2), "月湖区": (None, None), "高新区": (None, None)}


def test_a_past_day_is_read_as_it_was(visit, world):
    enlist("新人", world.yunshan, on=date(2026, 6, 1))

    assert visit(world.staff, OVERVIEW, on="2026-05-31").context["board"].kpis[1].figure == "6"
    assert visit(world.staff, OVERVIEW, on="2026-06-01").context["board"].kpis[1].figure == "7"


def test_a_day_before_the_records_says_so_instead_of_nought(visit, world):
    page = visit(world.staff, OVERVIEW, on="2023-12-31")

    assert {(kpi.figure, kpi.below) for kpi in page.context["board"].kpis} == {(None, "2024-01-08 之前没有记录")}
    listing = visit(world.staff, figure("members"), on="2023-12-31")
    assert "2024-01-08 之前没有记录" in text_of(listing)
    assert "on=2024-01-08" in listing.context["first_day_url"]


@pytest.mark.parametrize(
    ("written", "words"),
    [("2026-02-30", "2 月"), ("昨天", "昨天"), ("2149-01-01", "不能晚于今天")],
)
def test_a_day_that_is_none_gets_one_sentence_and_the_page_stands(visit, world, written, words):
    page = visit(world.staff, OVERVIEW, on=written, district="南浦区")

    assert page.status_code == 422
    assert words in " ".join(page.context["form"].errors["on"])
    assert page.context["board"].kpis[1].figure is not None


def test_the_sentences_compare_with_the_end_of_last_month(visit, world):
    today = timezone.localdate()
    enlist("新人", world.yunshan, on=today)
    register("新企业", world.north, on=today)

    sentences = visit(world.staff, OVERVIEW).context["board"].trend_sentences

    assert sentences == ["党员比上月底净增 1 名。", "组织覆盖率比上月底低 16.7 个百分点。"]


def test_the_chart_draws_what_the_table_says(visit, world):
    page = visit(world.staff, OVERVIEW)
    island = re.search(r'<script id="trend-data" type="application/json">(.*?)</script>', page.content.decode())
    trend = page.context["board"].trend

    assert len(trend) == 24
    if page.context["chart_script"]:
        data = json.loads(island[1])
        assert data["months"][-1] == f"{timezone.localdate():%Y-%m}"
        assert data["series"][0]["values"] == [point["members"] for point in trend]
    assert page.content.decode().count('<th class="date freeze" scope="row">') == 24


def test_without_the_chart_library_the_tables_stay_and_nothing_is_asked_for(visit, world, settings):
    settings.ZHIBU_CHART_SCRIPT = ""

    page = visit(world.staff, OVERVIEW).content.decode()

    assert "charts.js" not in page
    assert "trend-data" not in page
    assert '<details class="data-table" open' in page


def test_an_empty_installation_shows_the_way_in(visit, db):
    cell = found("新协会", CellKind.COMMITTEE)
    cell.placements.all().void(by=User.objects.create_user("nobody", "password", name="无"))
    staff = appoint("赵卫东", Office.ASSOCIATION_STAFF, cell)

    assert "先导入党组织、企业和党员三本台账" in text_of(visit(staff, OVERVIEW))


def test_the_overview_costs_the_same_however_much_there_is(visit, world, django_assert_max_num_queries):
    visit(world.staff, OVERVIEW)
    with django_assert_max_num_queries(36) as first:
        visit(world.staff, OVERVIEW)
    for serial in range(3):
        cell = found(f"支部{serial}", CellKind.BRANCH, world.north)
        enlist(f"党员{serial}", cell)
        register(f"企业{serial}", world.north, cover=Cover.OWN, cover_cell=cell, district=f"新区{serial}")
    with django_assert_max_num_queries(len(first)):
        visit(world.staff, OVERVIEW)


# Reach.


@pytest.mark.parametrize(
    ("person", "members"),
    [
        ("staff", 6),
        ("auditor", 6),
        ("north_staff", 5),
        ("secretary", 4),
        ("publicist", 4),
        ("other_secretary", 1),
        ("advisor", 1),
        ("deputy_alone", 1),
    ],
)
def test_everyone_sees_the_figures_of_their_own_reach(visit, world, person, members):
    page = visit(getattr(world, person), OVERVIEW)

    assert page.status_code == 200
    assert page.context["board"].sheet["members"].number == members


@pytest.mark.parametrize("person", ["plain_member", "stranger", "leader", "technician", "former_secretary"])
@pytest.mark.parametrize("address", [OVERVIEW, figure("members"), "/reports/figures/", "/reports/"])
def test_who_holds_no_office_with_figures_is_kept_out(visit, world, person, address):
    assert visit(getattr(world, person), address).status_code == 403


@pytest.mark.parametrize("address", [OVERVIEW, figure("members"), "/reports/"])
def test_a_cell_out_of_reach_does_not_exist(visit, world, address):
    assert visit(world.secretary, address, scope=world.south.code).status_code == 404
    assert visit(world.secretary, address, scope=world.association.code).status_code == 404
    assert visit(world.secretary, address, scope="ZB-9999").status_code == 404
    assert visit(world.north_staff, address, scope=world.yuanfan.code).status_code == 200


def test_a_scope_within_reach_narrows_every_link(visit, world):
    page = visit(world.staff, OVERVIEW, scope=world.north.code, on="2026-11-01")

    assert page.context["board"].sheet["members"].number == 5
    for kpi in page.context["board"].kpis:
        assert f"scope={world.north.code}&on=2026-11-01" in kpi.url


def test_an_office_in_one_committee_alone_does_not_open_what_lies_below(visit, world):
    organiser = appoint("钱进", Office.ORGANISATION_COMMISSIONER, world.north)

    page = visit(organiser, OVERVIEW)

    assert page.context["board"].sheet["members"].number == 0
    assert page.context["board"].sheet["organisations"].number == 1
    assert "云杉科技" not in text_of(visit(organiser, figure("organisations")))
    snapshots.draw(world.north, by=world.staff, on=date(2026, 11, 1))
    assert not Snapshot.objects.visible_to(organiser).exists()


def test_two_offices_give_one_sum_without_counting_anything_twice(visit, world):
    Appointment.objects.create(holder=world.secretary, office=Office.ADVISOR, cell=world.yuanfan, valid=since(LONG_AGO))
    register("远帆网络", world.yunshan, cover=Cover.OWN, cover_cell=world.yuanfan)

    page = visit(world.secretary, OVERVIEW)

    assert page.context["asked"].where.cell is None
    assert page.context["board"].sheet["members"].number == 5
    assert page.context["board"].sheet["companies"].number == 2
    assert "/draw/" not in page.content.decode()


def test_lists_name_only_whom_the_reader_may_see_and_say_how_many_more_there_are(visit, world):
    """The advisor may know how many, not who; a secretary no longer sees who has gone elsewhere since."""
    advisor = visit(world.advisor, figure("members"))
    assert "单晓东" not in text_of(advisor)
    assert advisor.context["hidden"] == 1

    places.place(world.wang, cell=world.shiguang, reason="换岗", by=world.staff, on=date(2026, 11, 10))
    past = visit(world.secretary, figure("members"), on="2026-11-01")
    assert past.context["reading"].number == 4
    assert "王涛" not in text_of(past)
    assert past.context["hidden"] == 1
    assert "王涛" in text_of(visit(world.staff, figure("members"), on="2026-11-01"))


def test_lists_carry_no_personal_numbers(visit, world):
    page = visit(world.staff, figure("members")).content.decode()
    taken = "".join(map(str, lines_of(visit(world.staff, reverse("reports:figure-csv", args=["members"])))))

    for content in (page, taken):
        assert "王涛" in content
        assert "13800005678" not in content
        assert world.wang.id_number not in content


# A figure.


@pytest.mark.parametrize("key", FIGURES)
def test_every_figure_has_a_page_with_its_definition_formula_and_source(visit, world, key):
    page = visit(world.staff, figure(key))
    said = text_of(page)

    assert page.status_code == 200
    for words in (FIGURES[key].definition, FIGURES[key].formula, FIGURES[key].source):
        assert str(words) in said
    assert page.context["seen"] == page.context["counted"]


def test_a_rate_has_three_lists(visit, world):
    page = visit(world.staff, figure("organisational_coverage"))
    assert [(str(tab["words"]), tab["number"]) for tab in page.context["tabs"]] == [
        ("组织覆盖企业", 2),
        ("实体运营企业", 3),
        ("未覆盖", 1),
    ]
    rest = text_of(visit(world.staff, figure("organisational_coverage"), part="rest"))
    assert "白石智能" in rest
    assert "云杉科技" not in rest.split("摸排日期")[1]


def test_a_figure_that_does_not_exist_is_not_found(visit, world):
    assert visit(world.staff, "/reports/figures/secret/").status_code == 404


def test_long_lists_go_by_pages(visit, world):
    for serial in range(60):
        enlist(f"党员{serial:02}", world.yuanfan)

    first = visit(world.staff, figure("members"))
    second = visit(world.staff, figure("members") + first.context["table"].page.next)

    assert (len(first.context["listed"]), len(second.context["listed"])) == (50, 16)
    assert "共 66 人，本页 16" in text_of(second)


def test_a_list_costs_the_same_for_one_row_and_for_three(visit, world, django_assert_max_num_queries):
    visit(world.staff, figure("probationary"))
    with django_assert_max_num_queries(24) as one:
        visit(world.staff, figure("probationary"))
    for name in ("甲", "乙"):
        enlist(name, world.shiguang, category="probationary")
    with django_assert_max_num_queries(len(one)):
        assert len(visit(world.staff, figure("probationary")).context["listed"]) == 3


# Files.


def test_a_list_can_be_taken_out_with_formulas_made_harmless_and_the_trail_knows(visit, world):
    register("=cmd|calc", world.north, on=date(2026, 2, 1))

    answer = visit(world.staff, reverse("reports:figure-csv", args=["companies"]), district="高新区")
    lines = lines_of(answer)

    assert lines[0][:3] == ["企业", "编号", "县市区"]
    assert {line[0] for line in lines[1:]} == {"云杉科技", "白石智能", "'=cmd|calc"}
    assert "attachment" in answer["Content-Disposition"]
    entry = Entry.objects.get(action="reports.list_exported")
    assert (entry.actor, entry.path) == (world.staff, world.association.path)
    assert (entry.facts["figure"], entry.facts["rows"], entry.facts["district"]) == ("companies", 3, "高新区")


@pytest.mark.parametrize(
    ("person", "status"),
    [("staff", 200), ("north_staff", 200), ("secretary", 200), ("publicist", 403), ("advisor", 403), ("auditor", 403)],
)
def test_lists_leave_only_by_the_power_to_export(visit, world, person, status):
    answer = visit(getattr(world, person), reverse("reports:figure-csv", args=["members"]))

    assert answer.status_code == status
    assert Entry.objects.filter(action="reports.list_exported").exists() is (status == 200)


def test_the_districts_and_the_trend_can_be_taken_out_as_they_are_shown(visit, world):
    districts = lines_of(visit(world.advisor, reverse("reports:districts-csv")))
    trend = lines_of(visit(world.advisor, reverse("reports:trend-csv")))

    assert districts[1:] == [["南浦区", "1", "1", "1", "样本小", "0"], ["月湖区", "1", "0", "0", "", "0"]]
    assert trend[0] == ["截至", "党员", "组织覆盖率", "实体运营企业"]
    assert trend[-1] == [timezone.localdate().isoformat(), "1", "100.0", "1"]


# Snapshots.


def test_snapshots_are_listed_within_reach(visit, world):
    mine = snapshots.draw(world.north, by=world.staff, on=date(2026, 11, 1))
    others = snapshots.draw(world.south, by=world.staff, on=date(2026, 11, 1))

    shown = visit(world.north_staff, "/reports/", kind="daily").content.decode()
    assert mine.get_absolute_url() in shown
    assert others.get_absolute_url() not in shown
    assert visit(world.north_staff, mine.get_absolute_url()).status_code == 200
    assert visit(world.north_staff, others.get_absolute_url()).status_code == 404
    assert visit(world.secretary, mine.get_absolute_url()).status_code == 404
    assert visit(world.staff, "/reports/snapshots/KZ-NOSUCH/").status_code == 404


def test_a_snapshot_shows_its_frozen_figures_and_that_they_hold(visit, world):
    drawn = snapshots.draw(world.north, by=world.staff, on=date(2026, 11, 1))
    enlist("新人", world.yunshan)

    page = visit(world.staff, drawn.get_absolute_url())

    assert drawn.digest in text_of(page)
    assert "按当时所知重算一致" in text_of(page)
    assert page.context["lines"][0].number == 5


def test_the_button_sets_a_drawing_going_and_leads_to_its_progress(client, world):
    client.force_login(world.staff)
    assert b"/draw/" in client.get(OVERVIEW).content

    answer = client.post(reverse("reports:snapshot-draw", args=[world.association.code]), {"on": "2026-11-01"})

    job = Job.objects.get()
    assert (answer.status_code, answer.url) == (302, job.get_absolute_url())
    assert job.payload == {"cell": world.association.pk, "on": "2026-11-01"}
    assert job.owner == world.staff


@pytest.mark.parametrize(("person", "status"), [("secretary", 404), ("north_staff", 403), ("advisor", 404)])
def test_the_button_is_for_whoever_may_draw(client, world, person, status):
    client.force_login(getattr(world, person))
    assert b"/draw/" not in client.get(OVERVIEW).content

    assert client.post(reverse("reports:snapshot-draw", args=[world.north.code]), {}).status_code == status
    assert not Job.objects.exists()


def test_a_drawing_of_a_day_to_come_keeps_what_was_typed(client, world):
    client.force_login(world.staff)
    answer = client.post(reverse("reports:snapshot-draw", args=[world.north.code]), {"on": "2149-01-01"})

    assert answer.status_code == 422
    assert 'value="2149-01-01"' in answer.content.decode()
    assert "不能晚于今天" in text_of(answer)


def test_the_overview_names_the_latest_snapshot(visit, world):
    snapshots.draw(world.association, by=world.staff, on=date(2026, 11, 1), kind=PeriodKind.ASKED, period="RW-1")

    assert "最近快照" in text_of(visit(world.staff, OVERVIEW))


@pytest.mark.parametrize("on", ["2999-01-01", "2026-02-30", "昨天"])
@pytest.mark.parametrize(
    "address",
    [reverse("reports:trend-csv"), reverse("reports:districts-csv"), reverse("reports:figure-csv", args=["members"])],
)
def test_a_file_of_a_day_that_is_none_is_answered_like_the_page(world, visit, address, on):
    answer = visit(world.staff, address, on=on)

    assert answer.status_code == 422
    assert answer["Content-Type"].startswith("text/html")
    assert on in answer.content.decode()
    assert not Entry.objects.filter(action__startswith="reports.").exists()
