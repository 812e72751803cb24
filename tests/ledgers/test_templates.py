"""Workbooks we hand out: what stands in them, and that they come back unchanged."""

import io

import pytest
from django.core.exceptions import PermissionDenied
from openpyxl import load_workbook

from audit.models import Entry
from cells.models import Cell
from core.errors import Refusal
from ledgers import workbooks
from ledgers.choices import Kind, Outcome
from ledgers.columns import LEDGERS
from ledgers.domain import downloads
from ledgers.domain.uploads import File
from ledgers.models import Import, StagedRow
from ledgers.reading import read
from tests.cast import TODAY
from tests.ledgers.conftest import carried_out, roster, scene, somebody, staged

pytestmark = pytest.mark.django_db


def opened(stream):
    return load_workbook(io.BytesIO(b"".join(stream)))


@pytest.mark.parametrize("kind", Kind.values)
def test_a_template_is_read_as_its_own_ledger_and_its_example_is_no_row(kind):
    data = workbooks.template(kind, scope="ZB-0001").read()
    table = read(data)
    assert (table.guess.kind, table.sheet) == (kind, LEDGERS[kind].title.partition("（")[0])
    assert all(table.guess.fields)
    assert list(table.rows(table.guess.fields)) == []


def test_a_template_has_text_columns_lists_of_words_and_a_frozen_head():
    book = opened([workbooks.template("members", scope="ZB-0001").read()])
    sheet = book.worksheets[0]
    assert sheet.freeze_panes == "C2"
    assert sheet["D1"].value == "*公民身份证号" and sheet.column_dimensions["D"].width > 20
    assert sheet["D2"].number_format == "@"
    lists = {str(rule.sqref): rule.formula1 for rule in sheet.data_validations.dataValidation}
    assert lists["F2:F5001"].startswith("字典!")
    assert book["字典"].sheet_state == "hidden"
    assert book.sheetnames[-1] == "填写说明"
    assert "2026-1" in [cell.value for column in book["字典"].columns for cell in column]


@pytest.mark.parametrize("kind", Kind.values)
def test_what_is_recorded_comes_back_as_no_change(party, kind):
    carried_out(*scene("mixed"), cell=party.association, by=party.staff)
    top = Cell.objects.get(name="中共示例镇互联网行业委员会")
    rows = downloads.recorded(kind=kind, cell=top, purpose="核对名册", by=party.staff, on=TODAY)
    data = workbooks.template(kind, scope=top.code, rows=rows).read()

    again = staged(File("回传.xlsx", data), cell=top, by=party.staff)

    assert again.counts[kind][Outcome.SAME] == len(rows) > 0
    assert (again.importable, again.wrong) == (0, 0)


def test_a_filled_roster_takes_a_purpose_and_leaves_it_in_the_trail(party):
    with pytest.raises(Refusal, match="用途"):
        downloads.recorded(kind="members", cell=party.yunshan, purpose=" ", by=party.secretary, on=TODAY)
    downloads.recorded(kind="members", cell=party.yunshan, purpose="年度核对", by=party.secretary, on=TODAY)
    entry = Entry.objects.get(action="ledgers.downloaded")
    assert (entry.actor, entry.facts["purpose"], entry.facts["rows"]) == (party.secretary, "年度核对", 4)


def test_whoever_may_not_export_gets_no_filled_template(client, party):
    with pytest.raises(PermissionDenied):
        downloads.recorded(kind="members", cell=party.yunshan, purpose="核对", by=party.organiser, on=TODAY)
    client.force_login(party.organiser)
    asked = client.post(
        f"/imports/templates/filled/?scope={party.yunshan.code}", {"kind": "members", "purpose": "核对"}
    )
    assert asked.status_code == 403


def test_a_filled_template_is_fetched_from_the_page(client, party):
    client.force_login(party.secretary)
    address = f"/imports/templates/filled/?scope={party.yunshan.code}"
    refused = client.post(address, {"kind": "members", "purpose": ""})
    assert refused.status_code == 422 and "用途" in refused.content.decode()
    book = opened(client.post(address, {"kind": "members", "purpose": "核对"}).streaming_content)
    assert {row[1].value for row in book.worksheets[0].iter_rows(min_row=2, max_row=5)} == {
        "李敏",
        "王涛",
        "孙悦",
        "周子墨",
    }


def test_the_sheet_of_problems_is_the_own_file_with_one_more_column(client, party):
    wicked = "=HYPERLINK(1)"
    staged(roster(somebody(1, 民族="火星族", 姓名=wicked), somebody(2)), cell=party.yunshan, by=party.secretary)
    client.force_login(party.secretary)
    answer = client.get(f"{Import.objects.get().get_absolute_url()}problems/members.xlsx")
    sheet = opened(answer.streaming_content).worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert heads[-1] == "问题" and heads[0] == "姓名"
    assert sheet["A2"].value == wicked and sheet["A2"].data_type == "s"
    assert "民族" in sheet.cell(2, len(heads)).value and "火星族" in sheet["E2"].comment.text
    assert sheet.cell(3, len(heads)).value in (None, "")


def test_the_sheet_of_problems_can_be_put_right_and_brought_back(party):
    the_import = staged(roster(somebody(1, 民族="火星族")), cell=party.yunshan, by=party.secretary)
    data = workbooks.problems(the_import.uploads.get()).read()
    again = staged(File("问题.xlsx", data), cell=party.yunshan, by=party.secretary)
    assert again.uploads.get().unknown == []
    assert StagedRow.objects.of(again).get().found["remarks"] == StagedRow.objects.of(the_import).get().found["remarks"]
