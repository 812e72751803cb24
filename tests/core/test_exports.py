import csv
import datetime as dt
import io
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.exports import CSV, XLSX, Sheet, csv_lines, download, guarded, unguarded, xlsx_file

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


def test_rows_are_taken_one_by_one():
    def rows():
        yield ["first"]
        raise AssertionError("the second row was asked for too early")

    lines = csv_lines(SHEET, rows())
    assert [next(lines), next(lines)]
    assert next(lines) == b"first\r\n"


@pytest.mark.parametrize(("kind", "ending"), [(CSV, "csv"), (XLSX, "xlsx")])
def test_a_download_is_saved_under_its_name_and_not_cached(db, kind, ending):
    answer = download(kind, "名册 2026", SHEET, [["张伟"]])
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=utf-8''%E5%90%8D%E5%86%8C%202026.{ending}"
    assert b"".join(answer.streaming_content)
    answer.close()
