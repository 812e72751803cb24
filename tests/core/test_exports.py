import csv
import datetime as dt
import html
import io
import re
from dataclasses import replace
from decimal import Decimal
from zipfile import ZipFile

import openpyxl
import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from core.errors import Refusal
from core.exports import (
    ASKED_AGAIN,
    CSV,
    TOGETHER,
    XLSX,
    Sheet,
    _shown,
    _written,
    csv_lines,
    download,
    guarded,
    is_suspect,
    require_room,
    unguarded,
    xlsx_file,
)

SHEET = Sheet("名册", ["姓名", "公民身份证号", "出生日期", "备注"], notes=["范围：云山支部", "截至 2026-11-20"])
ID_NUMBER = "999999199001010016"


def rows_of(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("text", ["=1+1", "+86", "-1", "@sum", "\tx", "\rx", "|cmd", "＝1", "'quoted"])
def test_what_a_spreadsheet_would_carry_out_is_made_text(text):
    assert guarded(text) == f"'{text}"


@given(st.text() | st.from_regex(r"[=+\-@|'\t]*\d{0,20}[xX]?", fullmatch=True))
def test_what_is_guarded_comes_back_as_it_was(text):
    assert unguarded(guarded(text)) == text


def test_csv_is_utf8_with_a_mark_and_keeps_long_numbers_whole():
    content = b"".join(csv_lines(SHEET, [["张·伟", ID_NUMBER, dt.date(1990, 1, 2), "=HYPERLINK(1)"]]))
    assert content.startswith(b"\xef\xbb\xbf")
    heading, row = rows_of(content)
    assert heading == list(SHEET.headings)
    assert row == ["张·伟", f"\t{ID_NUMBER}", "1990-01-02", "'=HYPERLINK(1)"]


def test_a_csv_stops_where_its_reader_may_have_no_more_and_says_so():
    asked = iter([True, True, False])
    rows = rows_of(b"".join(csv_lines(SHEET, ([str(n)] for n in range(500)), still=lambda: next(asked))))
    assert [len(rows), rows[-2], rows[-1]] == [1 + 100 + 1, ["99"], ["下载途中权限已变，以下内容没有导出。"]]


def test_a_workbook_has_its_heading_and_no_formula():
    row = ["张·伟", ID_NUMBER, dt.date(1990, 1, 2), "=HYPERLINK(1)"]
    with xlsx_file(SHEET, [row, ["\x00bell\x07", "", None, "x" * 40000]]) as file:
        page = openpyxl.load_workbook(file).active
    shown = list(page.iter_rows(values_only=True))
    assert shown[0][0] == "名册"
    assert shown[1][0] == "范围：云山支部"
    assert list(shown[3]) == list(SHEET.headings)
    assert shown[4][:2] == ("张·伟", ID_NUMBER)
    assert shown[4][2].date() == dt.date(1990, 1, 2)
    assert shown[5][0] == "bell"
    assert len(shown[5][3]) == 32767
    assert {cell.data_type for line in page.iter_rows() for cell in line} <= {"s", "n", "d"}
    assert page["D5"].value == "=HYPERLINK(1)"
    assert page["D5"].data_type == "s"
    assert page["B5"].number_format == "@"
    assert page.freeze_panes == "A5"


def test_numbers_stay_numbers_and_moments_are_told_in_local_time():
    late = dt.datetime(2026, 1, 1, 20, tzinfo=dt.UTC)
    [_, row] = rows_of(b"".join(csv_lines(SHEET, [[-5, Decimal("1.50"), True, late]])))
    assert row == ["-5", "1.50", "是", "2026-01-02 04:00"]


def test_rows_are_taken_a_few_at_a_time():
    def rows():
        yield from ([f"row {number}"] for number in range(ASKED_AGAIN))
        raise AssertionError("the next rows were asked for too early")

    lines = csv_lines(SHEET, rows())
    assert next(lines).decode("utf-8-sig").startswith("姓名")
    assert next(lines).startswith(b"row 0\r\nrow 1\r\n")


def test_ordinary_rows_are_written_once_even_where_their_last_cell_is_empty():
    assert not is_suspect(_written([["张伟", "男", dt.date(1990, 1, 2), "138****0013"], ["李芳", "女", None, ""]]))


ODD = st.sampled_from(
    ["=1", "\n=1", "\r=1", "\r", "＝1", "'x", "a,=b", '"', "\x07", "True", "1234567890123456", "-5", "", "张伟"]
)
VALUES = (
    st.text() | ODD | st.integers() | st.booleans() | st.none() | st.dates() | st.datetimes(timezones=st.just(dt.UTC))
)


@given(st.lists(st.lists(VALUES, min_size=2, max_size=3), min_size=1, max_size=5))
def test_many_rows_at_once_are_guarded_like_each_cell_alone(rows):
    together = csv_lines(SHEET, rows)
    next(together)
    one_by_one = [guarded(cell) if isinstance(cell, str) else str(cell) for row in rows for cell in map(_shown, row)]
    assert [
        cell for row in csv.reader(io.StringIO(b"".join(together).decode(), newline="")) for cell in row
    ] == one_by_one


def test_a_marked_copy_says_so_first_and_on_every_page():
    marked = replace(SHEET, mark="赵卫东 & 2026-11-20 14:05 含完整号码")
    assert rows_of(b"".join(csv_lines(marked, [])))[0] == [marked.mark]
    page = openpyxl.load_workbook(xlsx_file(marked, [["张伟", "", "", ""]])).active
    assert page.oddHeader.right.text == marked.mark.replace("&", "&&")
    assert page.oddHeader.left.text == "名册"


@pytest.mark.parametrize("text", ["&" * 300, "x" + "&" * 300, "党" * 300, "𠮷" * 300])
def test_the_head_of_a_page_is_cut_rather_than_left_out(text):
    file = xlsx_file(replace(SHEET, title=text, mark=text), [])
    [head] = re.findall("<oddHeader>(.*)</oddHeader>", ZipFile(file).read("xl/worksheets/sheet1.xml").decode())
    head = html.unescape(head)
    assert len(head.encode("utf-16-le")) // 2 <= 255
    left, right = head.removeprefix("&L").split("&R")
    assert left == right
    assert len(left) >= 62
    assert text.startswith(left.replace("&&", "&"))


def test_a_workbook_is_set_for_print():
    file = xlsx_file(SHEET, [["张伟", "", "", ""]] * 3)
    page = openpyxl.load_workbook(file).active
    assert page.print_title_rows == "$4:$4"
    assert "名册!$A:$D</definedName>" in ZipFile(file).read("xl/workbook.xml").decode()
    assert (page.page_setup.orientation, page.page_setup.paperSize, page.page_setup.fitToHeight) == ("landscape", 9, 0)


def cells_of(rows, sheet=SHEET):
    page = openpyxl.load_workbook(xlsx_file(sheet, rows)).active
    return [[(cell.value, cell.number_format) for cell in line] for line in page.iter_rows(min_row=5)]


def test_a_column_of_a_workbook_has_one_kind():
    """Days are days where nothing else stands; anywhere else they are text, and so is a number among days."""
    rows = [["甲", 1, dt.date(1990, 1, 2), None]] * TOGETHER + [[dt.date(1990, 1, 2), Decimal("1.5"), -3, True]]
    found = cells_of(rows)
    assert [value for value, _way in found[0]] == ["甲", 1, dt.datetime(1990, 1, 2), None]
    assert [value for value, _way in found[-1]] == ["1990-01-02", 1.5, "-3", "是"]
    assert [way for _value, way in found[-1][:3]] == ["@", "General", "yyyy-mm-dd"]


def test_a_column_that_begins_empty_is_text_to_its_end():
    """Long numbers in it stay whole, and a day is not the number that it is under that format."""
    found = cells_of([["甲", "", None, ""]] * TOGETHER + [["乙", ID_NUMBER, dt.date(1990, 1, 2), ""]])
    assert found[-1][1:3] == [(ID_NUMBER, "@"), ("1990-01-02", "@")]


def test_a_column_holds_what_is_declared_however_it_begins():
    declared = replace(SHEET, headings=["编号", "号码", "日期", "数"], kinds=[str, str, dt.date, float])
    found = cells_of([[1, 1, None, "—"]] * TOGETHER + [["A", ID_NUMBER, dt.date(1990, 1, 2), 7]], declared)
    assert found[-1] == [("A", "@"), (ID_NUMBER, "@"), (dt.datetime(1990, 1, 2), "yyyy-mm-dd"), (7, "General")]


def test_numbers_stay_numbers_where_some_are_missing():
    assert [line[2] for line in cells_of([["甲", "", 7, ""], ["乙", "", "—", ""]])] == [
        (7, "General"),
        ("—", "General"),
    ]


@pytest.mark.parametrize(
    ("number", "kept"),
    [
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (Decimal("NaN"), "NaN"),
        (10**400, "1" + "0" * 400),
        (123456789012345678, "123456789012345678"),
        (-(10**15), "-1000000000000000"),
        (999999999999999, 999999999999999),
        (Decimal("-1.25"), -1.25),
    ],
)
def test_what_a_workbook_has_no_number_for_is_text(number, kept):
    assert [cells_of([["甲", "", number, ""], ["乙", "", other, ""]])[0][2][0] for other in (1, "—")] == [kept, kept]


def test_what_stands_around_the_rows_has_neither_control_characters_nor_endless_cells():
    long = "长" * 40000
    sheet = replace(SHEET, headings=["a\x07", long], notes=["b\x00", long], footnotes=["c\x01", long], mark="d\x02")
    for title, head in (("e\x03", "e"), (long, long[:32767])):
        page = openpyxl.load_workbook(xlsx_file(replace(sheet, title=title), [["甲", "乙"]])).active
        found = [row[0] for row in page.iter_rows(values_only=True)]
        assert found == [head, "b", long[:32767], "a", "甲", None, "c", long[:32767]]
        assert page["B4"].value == long[:32767]
        assert page.oddHeader.right.text == "d"
    assert [line[0] for line in rows_of(b"".join(csv_lines(sheet, [])))] == ["d", "a"]


def test_more_lines_than_a_workbook_has_are_refused_before_one_is_written():
    head = 1 + len(SHEET.notes) + 1
    require_room(SHEET, 1_048_576 - head)
    for sheet, rows in ((SHEET, 1_048_576 - head + 1), (replace(SHEET, footnotes=["口径"]), 1_048_576 - head - 1)):
        with pytest.raises(Refusal, match="CSV") as caught:
            require_room(sheet, rows)
        assert caught.value.field == "format"
        assert str(rows) in str(caught.value)


def test_a_day_before_workbooks_know_days_is_text():
    assert (
        cells_of([["甲", "", dt.date(1899, 12, 31), ""], ["乙", "", dt.date(1900, 3, 1), ""]])[0][2][0] == "1899-12-31"
    )


def test_a_workbook_without_rows_has_its_headings_and_footnotes():
    sheet = replace(SHEET, headings=["项", "数", "数"], footnotes=["口径：=全部", "二"])
    page = openpyxl.load_workbook(xlsx_file(sheet, [])).active
    lines = list(page.iter_rows(min_row=4, values_only=True))
    assert lines == [("项", "数", "数 "), (None,) * 3, (None,) * 3, ("口径：=全部", None, None), ("二", None, None)]


def test_a_row_that_is_short_leaves_the_rest_empty_and_headings_alike_are_two_columns():
    sheet = replace(SHEET, headings=["项", "数", "数"])
    assert [value for value, _way in cells_of([["甲"], ["乙", 1, 2]], sheet)[1]] == ["乙", 1, 2]


def test_a_sheet_of_one_column_is_a_workbook_too():
    assert cells_of([["甲"]], replace(SHEET, headings=["项"]))[0][0] == ("甲", "@")


def test_a_workbook_broken_off_says_why():
    def rows():
        yield from ([str(number)] for number in range(2 * TOGETHER))
        raise PermissionDenied

    with pytest.raises(PermissionDenied):
        xlsx_file(SHEET, rows())


def test_a_workbook_is_not_handed_over_to_whoever_may_not_have_it_any_more(db):
    with pytest.raises(PermissionDenied):
        download(XLSX, "名册", SHEET, [["张伟"]], still=lambda: False)


@pytest.mark.parametrize(
    ("title", "tab"),
    [
        ("党组织", "党组织"),
        ("[甲]/乙:丙?*\\", "甲 乙 丙"),
        ("'引号'", "引号"),
        ("名" * 30 + "''册", "名" * 30),
        ("\x00", "Sheet1"),
        ("history", "Sheet1"),
    ],
)
def test_the_sheet_of_a_workbook_is_called_what_it_holds(title, tab):
    book = openpyxl.load_workbook(xlsx_file(replace(SHEET, title=title), []))
    assert book.sheetnames == [tab]


@pytest.mark.parametrize(("kind", "ending"), [(CSV, "csv"), (XLSX, "xlsx")])
def test_a_download_is_saved_under_its_name_and_not_cached(db, kind, ending):
    answer = download(kind, "名册 2026", SHEET, [["张伟"]])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=utf-8''%E5%90%8D%E5%86%8C%202026.{ending}"
    assert b"".join(answer.streaming_content)
    answer.close()
