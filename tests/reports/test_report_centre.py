"""A7: months drawn by the clock, reports as workbook and on paper, two snapshots compared."""

import io
import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from cells.choices import Cover
from cells.domain import tree
from core.actors import SYSTEM
from core.errors import Refusal
from members.domain import standing
from reports import report
from reports.choices import PeriodKind
from reports.domain import snapshots
from reports.figures import FIGURES, Where, read
from reports.models import Snapshot
from tests.cast import TODAY, enlist, register
from tests.reports.test_pages import text_of
from work import outbox, schedules
from work.choices import OutboxState
from work.models import Outbox

CENTRE = "/reports/"
COMPARE = "/reports/compare/"
MONTHLY = next(one for one in schedules.all_schedules() if one.name == "reports.draw_monthly")
OCTOBER = date(2026, 10, 31)
SEPTEMBER = date(2026, 9, 30)


@pytest.fixture
def world(party):
    register("云杉科技", party.north, cover=Cover.OWN, cover_cell=party.yunshan)
    register("白石智能", party.north, members_known=3)
    return party


def monthly(cell, by, on=OCTOBER):
    return snapshots.draw(cell, by=by, on=on, kind=PeriodKind.MONTHLY)


def perform_all():
    while waiting := list(Outbox.objects.filter(state=OutboxState.WAITING).values_list("pk", flat=True)):
        assert sum(outbox.perform(pk) for pk in waiting)


def book_of(answer):
    assert answer.status_code == 200
    return load_workbook(io.BytesIO(b"".join(answer.streaming_content))).active


def comparing(*drawn):
    return COMPARE + "?" + "&".join(f"of={one.code}" for one in drawn)


# The clock.


def test_a_month_is_due_on_the_first_of_the_next_at_two_in_the_morning():
    zone = timezone.get_current_timezone()
    due = MONTHLY.due(datetime(2026, 12, 1, 1, 59, tzinfo=zone))
    assert next(due) == "2026-11"
    assert next(MONTHLY.due(datetime(2026, 12, 1, 2, 0, tzinfo=zone))) == "2026-12"


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ((2026, 11, 20, 8, 0), (2026, 12, 1, 2, 0)),
        ((2026, 12, 1, 1, 59), (2026, 12, 1, 2, 0)),
        ((2026, 12, 1, 2, 0), (2027, 1, 1, 2, 0)),
        ((2027, 1, 31, 23, 59), (2027, 2, 1, 2, 0)),
    ],
)
def test_when_the_next_month_is_drawn(now, expected):
    zone = timezone.get_current_timezone()

    assert snapshots.next_month(datetime(*now, tzinfo=zone)) == datetime(*expected, tzinfo=zone)


def test_after_its_end_a_month_is_drawn_once_for_each_committee_however_many_clocks_there_are(world):
    assert [schedules.claim(MONTHLY, "2026-11") for _clock in range(2)] == [True, False]
    perform_all()
    assert schedules.claim(MONTHLY, "2026-10")
    Outbox.objects.filter(kind__startswith="reports.draw").update(state=OutboxState.WAITING)
    perform_all()

    assert Snapshot.objects.filter(period="2026-09").count() == 2
    drawn = Snapshot.objects.filter(period="2026-10").order_by("cell__path")
    assert [(one.cell, one.on, one.period, one.period_kind) for one in drawn] == [
        (world.association, OCTOBER, "2026-10", "monthly"),
        (world.north, OCTOBER, "2026-10", "monthly"),
    ]


def test_a_month_stands_beside_the_daily_one_of_its_last_day(world):
    daily = snapshots.draw(world.north, by=SYSTEM, on=OCTOBER)

    assert monthly(world.north, SYSTEM) != daily
    assert monthly(world.north, SYSTEM).figures == daily.figures


def test_a_month_equals_what_the_pages_said_of_its_last_day_and_stays_so(world):
    live = read(Where(world.north), OCTOBER)
    drawn = monthly(world.north, SYSTEM)
    assert {line.figure.key: line.number for line in report.lines_of(drawn)} == {
        one.figure.key: one.number for one in live
    }

    enlist("新人", world.yunshan, on=SEPTEMBER)
    standing.suspend(world.wang, reason="多次无故缺席", by=world.staff, on=SEPTEMBER)
    tree.move(world.yuanfan, superior=world.association, by=world.staff, on=TODAY)
    assert read(Where(world.north), OCTOBER)["suspended_members"].number == 1
    kept = {line.figure.key: line.number for line in report.lines_of(Snapshot.objects.get())}
    assert kept == {one.figure.key: one.number for one in live}
    assert snapshots.verify(Snapshot.objects.get()).holds


@pytest.mark.parametrize("on", [date(2026, 10, 30), date(2026, 2, 27)])
def test_a_month_is_only_drawn_whole(world, on):
    with pytest.raises(Refusal, match="还没有结束"):
        monthly(world.north, SYSTEM, on)


def test_a_month_is_over_when_its_last_day_is():
    last = date(2026, 11, 30)

    assert snapshots.month_is_over(last, date(2026, 12, 1))
    assert not snapshots.month_is_over(last, last)
    assert not snapshots.month_is_over(date(2026, 11, 29), date(2026, 12, 1))


@pytest.mark.parametrize(("on", "period"), [(date(2026, 10, 30), "2026-10"), (OCTOBER, "2026-09")])
def test_the_database_keeps_a_month_to_its_last_day(world, on, period):
    with pytest.raises(IntegrityError, match="a_month_is_drawn_as_of_its_last_day"), transaction.atomic():
        Snapshot.objects.create(
            code="KZ-222222", cell=world.north, period_kind="monthly", period=period, on=on, known_at=timezone.now(),
            edition=1, figures={}, digest="", drawn_at=timezone.now(),
        )  # fmt: skip


def test_a_figure_added_later_does_not_belie_an_older_snapshot(world, monkeypatch):
    added = FIGURES.pop("should_build_rate")
    drawn = monthly(world.north, SYSTEM)
    FIGURES["should_build_rate"] = added

    assert snapshots.verify(drawn).repeats


# The centre.


def test_without_a_month_the_centre_says_when_the_first_one_comes(visit, world):
    moment = snapshots.next_month(timezone.now())

    assert f"首个快照将在 {moment:%m-%d} 02:00 生成。" in text_of(visit(world.staff, CENTRE))


def test_staff_have_the_months_workbook_in_three_clicks(client, world):
    monthly(world.association, SYSTEM)
    client.force_login(world.staff)
    address, clicks = "/home/", 0
    for words in ("总览", "报表中心", "下载 Excel"):
        content = client.get(address).content.decode()
        address = re.search(rf'<a[^>]* href="([^"]+)"[^>]*>(?:<svg.*?</svg>)?{words}', content, re.S)[1]
        clicks += 1

    assert clicks == 3
    assert book_of(client.get(address))["A1"].value == "青澜协会党委 2026-10 月报"


def test_a_month_has_one_lasting_address(visit, world):
    drawn = monthly(world.north, SYSTEM)

    assert drawn.get_absolute_url() == f"/reports/2026-10/monthly/?scope={world.north.code}"
    assert visit(world.north_staff, "/reports/2026-10/monthly/").context["snapshot"] == drawn
    assert visit(world.staff, f"/reports/snapshots/{drawn.code}/").url == drawn.get_absolute_url()
    assert visit(world.staff, "/reports/2026-10/monthly/").status_code == 404  # of the association there is none
    assert visit(world.secretary, drawn.get_absolute_url()).status_code == 404
    assert visit(world.staff, "/reports/2026-13/monthly/").status_code == 404


def test_the_centre_keeps_its_kinds_apart_and_costs_the_same_for_one_and_for_three(
    visit, world, django_assert_max_num_queries
):
    monthly(world.association, SYSTEM)
    snapshots.draw(world.association, by=SYSTEM, on=OCTOBER)
    visit(world.staff, CENTRE)
    with django_assert_max_num_queries(30) as one:
        assert [row.period_kind for row in visit(world.staff, CENTRE).context["table"].page.rows] == ["monthly"]
    for on in (SEPTEMBER, date(2026, 8, 31)):
        monthly(world.association, SYSTEM, on)
    with django_assert_max_num_queries(len(one)):
        assert [row.period for row in visit(world.staff, CENTRE).context["table"].page.rows] == [
            "2026-10", "2026-09", "2026-08",
        ]  # fmt: skip
    assert len(visit(world.staff, CENTRE, kind="daily").context["table"].page.rows) == 1
    assert visit(world.staff, CENTRE, kind="nonsense").status_code == 422


def test_the_list_is_narrowed_within_reach_and_two_ticked_are_compared(visit, world):
    for on in (OCTOBER, SEPTEMBER):
        monthly(world.north, SYSTEM, on)
    monthly(world.association, SYSTEM)
    mine = {"scope": world.north.code}

    def listed(who, **asked):
        return [(row.cell, row.period) for row in visit(who, CENTRE, **asked).context["table"].page.rows]

    assert listed(world.staff, **mine, as_of__lte="2026-09-30") == [(world.north, "2026-09")]
    assert listed(world.staff, **mine, as_of__lte="2026-01-01") == []
    assert listed(world.north_staff, as_of__gte="2026-10-01") == [(world.north, "2026-10")]
    assert listed(world.staff, on="2026-09-30") == [(world.association, "2026-10")]
    page = visit(world.staff, CENTRE, **mine).content.decode()
    [form] = re.findall(rf'<form method="get" action="{COMPARE}">.*?</form>', page, re.S)
    ticks = re.findall(r'name="of" value="([^"]+)"', form)
    assert len(ticks) == 2
    sent = {"found": "", **mine, "of": ticks}
    assert visit(world.staff, COMPARE, **sent).status_code == 200
    alone = visit(world.staff, COMPARE, **(sent | {"of": ticks[:1], "found": "kind=monthly"}))
    assert f'href="{CENTRE}?kind=monthly&amp;scope={world.north.code}"' in alone.content.decode()


def test_on_paper_a_report_names_its_unit_and_day_in_the_head_that_repeats(visit, world):
    drawn = monthly(world.north, SYSTEM)
    head = '<tr class="print-head">'

    assert head not in visit(world.staff, drawn.get_absolute_url()).content.decode()
    paper = visit(world.staff, drawn.get_absolute_url() + "&view=print").content.decode()
    assert 'data-view="print"' in paper
    assert paper.index("<thead>") < paper.index(head) < paper.index("</thead>")
    assert "单位：中共青澜市北屏互联网企业委员会 截至：2026-10-31" in text_of(
        visit(world.staff, drawn.get_absolute_url() + "&view=print")
    )
    both = comparing(drawn, monthly(world.north, SYSTEM, SEPTEMBER)) + "&view=print"
    assert head in visit(world.staff, both).content.decode()


# As a workbook.


def test_the_workbook_says_whose_it_is_and_what_its_figures_mean(visit, world):
    tree.rename(world.north, name="=cmd|calc", short_name="", by=world.staff, on=TODAY)
    drawn = monthly(world.north, world.staff)

    sheet = book_of(visit(world.staff, reverse("reports:snapshot-xlsx", args=[drawn.code])))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    text = "\n".join(str(row[0]) for row in rows)
    assert "范围：=cmd|calc（含下级）　截至：2026-10-31" in text
    assert "由赵卫东生成" in text
    assert "赵卫东于 " in text
    assert ["党员", 5, "名", None, None, 1, None] in rows
    assert ["组织覆盖率", 50, "%", 1, 2, 1, None] in rows
    assert f"组织覆盖率：{FIGURES['organisational_coverage'].definition}" in text
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


# Two of them.


@pytest.fixture
def two(world):
    """September, and October with one more member and one more company covered."""
    before = monthly(world.north, SYSTEM, SEPTEMBER)
    enlist("新人", world.yunshan, on=date(2026, 10, 8))
    register("远帆网络", world.north, cover=Cover.OWN, cover_cell=world.yuanfan, on=date(2026, 10, 8))
    return before, monthly(world.north, SYSTEM)


def differences(found):
    return {one.figure.key: one for one in found.differences}


def test_two_snapshots_are_set_in_the_order_of_their_days_with_what_changed(visit, world, two):
    before, after = two
    page = visit(world.staff, comparing(after, before))
    found = page.context["found"]

    assert (found.old, found.new) == (before, after)
    members, coverage = (differences(found)[key] for key in ("members", "organisational_coverage"))
    assert (members.number, members.shown, members.unit) == (1, "+1", "名")
    assert (coverage.number, coverage.shown, coverage.unit) == (Decimal("16.7"), "+16.7", "个百分点")
    assert differences(found)["committees"].shown == "不变"
    assert "+16.7 个百分点" in text_of(page)
    assert report.compare(after, before).differences == found.differences


def test_figures_of_two_definitions_are_said_and_not_subtracted(two):
    before, after = two
    after.figures["members"] = after.figures["members"] | {"version": 2}

    found = report.compare(before, after)
    assert [one.figure.key for one in found.redefined] == ["members"]
    members = differences(found)["members"]
    assert (members.number, members.versions) == (None, "1 → 2")
    assert "不相比" in members.remark


def test_what_one_of_them_did_not_know_is_not_subtracted(world, two):
    before, after = two
    del before.figures["members"]
    before.figures["companies"] = {"version": 1, "number": None, "begins": "2026-10-08"}

    found = differences(report.compare(before, after))
    assert (found["members"].number, found["members"].remark) == (None, "另一份快照中没有这项指标")
    assert (found["companies"].number, found["companies"].remark) == (None, "2026-10-08 之前没有记录")


def test_two_scopes_are_set_side_by_side_and_said_to_differ(visit, world, two):
    whole = monthly(world.association, SYSTEM)
    page = visit(world.staff, comparing(two[0], whole))

    assert "两份快照的范围不同" in text_of(page)
    assert {one.number for one in page.context["found"].differences} == {None}
    assert visit(world.north_staff, comparing(two[0], whole)).status_code == 404


def test_a_comparison_is_taken_out_with_numbers_as_numbers(visit, world, two):
    sheet = book_of(visit(world.staff, comparing(*two).replace("compare/", "compare/report.xlsx")))
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]

    assert ["指标", "2026-09-30", "2026-10-31", "差", "差的单位", "口径版本", "说明"] in rows
    assert ["组织覆盖率", 50, 66.7, 16.7, "个百分点", "1", None] in rows
    assert ["党员", 5, 6, 1, "名", "1", None] in rows


def test_from_a_month_the_one_before_is_one_click_away(visit, world, two):
    before, after = two
    content = visit(world.staff, after.get_absolute_url()).content.decode()

    assert f"of={before.code}&amp;of={after.code}" in content
    assert visit(world.staff, before.get_absolute_url()).context["before"] is None


def test_without_two_different_ones_the_centre_comes_back_saying_so(visit, world, two):
    for address in (
        COMPARE,
        comparing(two[0]),
        comparing(two[0], two[0]),
        comparing(*two, monthly(world.north, SYSTEM, date(2026, 8, 31))),
    ):
        page = visit(world.staff, address)
        assert page.status_code == 422
        assert "请勾选两份快照再比较。" in text_of(page)
    assert visit(world.staff, COMPARE + "?of=%00").status_code == 404
