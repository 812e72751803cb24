"""Opening what people upload: true dates, titles above the headings, and everything that is no table."""

import io
import resource
import struct
import zipfile
from datetime import date
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from core.errors import Refusal
from ledgers import parser, reading
from ledgers.choices import Kind
from ledgers.presets import ALIEN_MARKS, PRESETS, guess
from ledgers.reading import parse, read
from tests.ledgers.conftest import COLUMNS, SCENES, roster, somebody, xlsx

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504


def rows(data):
    table = read(data)
    return list(table.rows(table.guess.fields))


def one(**cells):
    """The only row of a small roster with these cells."""
    person = somebody(1, **cells)
    return rows(xlsx([COLUMNS, list(person.values())]))[0]


def refused(data):
    with pytest.raises(Refusal) as caught:
        read(data)
    return str(caught.value.message)


def rezipped(change):
    """A small workbook whose parts went through ``change``: a function of {name: bytes}."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(xlsx([COLUMNS, list(somebody(1).values())]))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in change(parts).items():
            archive.writestr(name, content)
    return out.getvalue()


def test_titles_and_notes_may_stand_above_the_headings():
    table = read(xlsx([COLUMNS, list(somebody(1).values())], above=[["党员名册"], ["填表说明"], []]))
    assert table.header_row == 4
    assert next(table.rows(table.guess.fields)).number == 5


def test_true_dates_and_numbers_come_as_they_are_meant():
    row = one(出生日期=date(1991, 3, 4), 手机号=13800138000)
    assert row.cells["birth_date"] == "1991-03-04"
    assert row.cells["mobile"] == "13800138000"
    assert row.kinds == {"birth_date": parser.DAY, "mobile": parser.NUMBER}


def test_a_formula_is_found_and_not_evaluated():
    data = xlsx([COLUMNS, list(somebody(1).values())], formulas=[(1, 0, '=HYPERLINK("http://x","点我")')])
    row = rows(data)[0]
    assert row.kinds == {"name": parser.FORMULA}


def test_text_that_only_looks_like_a_formula_is_text():
    row = one(姓名="=1+1")
    assert (row.cells["name"], row.kinds) == ("=1+1", {})


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_table_is_read_in_every_encoding_people_use(encoding):
    lines = [",".join(COLUMNS), ",".join(somebody(1).values())]
    assert rows("\r\n".join(lines).encode(encoding))[0].cells["name"] == "林晓"


def test_a_text_table_may_be_parted_by_tabs():
    lines = ["\t".join(COLUMNS), "\t".join(somebody(1).values())]
    assert rows("\n".join(lines).encode())[0].cells["ethnicity"] == "汉族"


def test_the_mixed_scene_is_text_in_gb18030():
    assert len(rows((SCENES / "mixed" / "members.csv").read_bytes())) == 171


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        (" 姓 名 *", "name"), ("姓名：", "name"), ("身份证", "id_number"), ("公民身份号码", "id_number"),
        ("入党时间", "joined_on"), ("转正日期", "converted_on"), ("移动电话", "mobile"), ("　所在党组织　", "cell"),
    ],
)  # fmt: skip
def test_a_heading_is_known_by_any_of_its_words(heading, field):
    headings = [heading, *(one for one in ("姓名", "公民身份证号", "人员类别") if one not in heading)]
    assert field in guess(headings).fields


@pytest.mark.parametrize("preset", [one for one in PRESETS if one.kind], ids=lambda one: one.key)
def test_a_layout_met_in_practice_is_recognised(preset):
    found = guess(list(preset.headings))
    assert (found.kind, found.preset) == (preset.kind, preset.key)


@pytest.mark.parametrize("key", sorted(ALIEN_MARKS))
def test_another_kind_of_list_is_named_and_refused(key):
    preset = next(one for one in PRESETS if one.key == key)
    assert str(preset.title) in refused(xlsx([list(preset.headings), ["某人"] * len(preset.headings)]))


def test_a_table_of_something_else_is_refused():
    assert "认不出表头" in refused(xlsx([["货号", "单价"], ["A1", "3.5"]]))


def test_an_empty_workbook_is_refused():
    assert "没有内容" in refused(xlsx([]))


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "空文件"),
        (OLE + "Workbook".encode("utf-16-le"), "旧版 .xls"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "打开密码"),
        (OLE, "不是表格"),
        (b"%PDF-1.7 ...", "不是表格"),
        (b"\x89PNG\r\n\x1a\n....", "不是表格"),
        (b"\0\1\2\3" * 50, "不是表格"),
        (b"<html><table><tr><td>1</td></tr></table></html>", "其实是网页"),
        (b"PK\x03\x04" + b"\0" * 40, "已损坏"),
        (b"\xff\xff\xff\x81\x00"[:4] * 20, "文字编码"),
    ],
    ids=["empty", "xls", "encrypted", "ole", "pdf", "png", "binary", "html", "broken", "encoding"],
)
def test_what_is_no_table_is_refused_with_one_sentence(data, words):
    assert words in refused(data)


def test_a_workbook_with_macros_is_refused():
    assert "宏" in refused(rezipped(lambda parts: parts | {"xl/vbaProject.bin": b"macro"}))


def test_an_archive_that_is_no_workbook_is_refused():
    assert "不是 Excel 工作簿" in refused(rezipped(lambda parts: {"word/document.xml": b"<w/>"}))


def test_a_binary_workbook_is_refused():
    assert ".xlsb" in refused(rezipped(lambda parts: {"xl/workbook.bin": b"x"}))


@pytest.mark.parametrize("name", ["../outside.xml", "/etc/passwd.xml", "xl/../../up.xml"])
def test_paths_that_lead_out_are_refused(name):
    assert "已损坏" in refused(rezipped(lambda parts: parts | {name: b"<a/>"}))


def test_entities_are_refused():
    bomb = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "bbbb">]><a>&b;</a>'
    assert "已损坏" in refused(rezipped(lambda parts: parts | {"xl/sharedStrings.xml": bomb}))


def test_a_bomb_of_one_sheet_is_refused_before_it_is_unpacked():
    blank = b"<row/>" * 15_000_000
    data = rezipped(lambda parts: parts | {"xl/worksheets/sheet1.xml": blank})
    assert len(data) < 4 * parser.MIB
    assert "展开后超过" in refused(data)


def test_too_many_entries_are_refused():
    assert "展开后超过" in refused(rezipped(lambda parts: parts | {f"xl/media/{n}.xml": b"x" for n in range(250)}))


def test_a_bomb_that_lies_about_its_size_is_stopped():
    """The archive's own table says ten bytes; the sheet is a hundred megabytes."""
    data = bytearray(rezipped(lambda parts: parts | {"xl/worksheets/sheet1.xml": b" " * (100 * parser.MIB)}))
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        true = archive.getinfo("xl/worksheets/sheet1.xml").file_size
    at = data.rfind(struct.pack("<L", true))
    data[at : at + 4] = struct.pack("<L", 10)
    assert refused(bytes(data)) != ""


def test_a_table_a_hundred_thousand_columns_wide_is_refused():
    assert "100000 列" in refused(("姓名," * 99_999 + "民族").encode())


def test_a_cell_in_the_far_corner_does_not_exhaust_memory():
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        page.write_string(0, 0, "姓名")
        page.write_string(1_048_575, 16_383, "远")
    assert refused(out.getvalue()) != ""


def test_a_file_too_big_is_not_opened():
    assert "超过 20 MB" in refused(b"x" * (parser.MOST_BYTES + 1))


def test_the_parser_knows_no_secret_and_nothing_of_the_portal():
    source = Path(parser.__file__).read_text(encoding="utf-8")
    assert "django" not in source


def test_the_example_row_of_a_template_is_passed_over():
    data = xlsx([("序号", *COLUMNS), ("示例", *somebody(1).values()), ("1", *somebody(2).values())])
    assert [row.number for row in rows(data)] == [3]


def test_the_kinds_are_told_apart_by_their_headings():
    found = {guess(list(one.headings)).kind for one in PRESETS if one.kind}
    assert found == set(Kind.values)


def one_text_everywhere(length, cells):
    """A small workbook in which one long text is used by many cells."""
    out = io.BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        page = book.add_worksheet()
        for column, heading in enumerate(COLUMNS):
            page.write_string(0, column, heading)
        for at in range(cells):
            page.write_string(1 + at // len(COLUMNS), at % len(COLUMNS), "党" * length)
    return out.getvalue()


def test_a_long_cell_is_cut_and_said_to_be_so():
    row = one(姓名="党" * 30_000)
    assert (len(row.cells["name"]), row.kinds) == (parser.LONGEST_CELL, {"name": parser.LONG})
    lines = [",".join(COLUMNS), ",".join(somebody(1, 姓名="党" * 30_000).values())]
    assert rows("\r\n".join(lines).encode())[0].kinds == {"name": parser.LONG}


def test_one_long_text_in_thousands_of_cells_costs_neither_process_its_memory():
    data = one_text_everywhere(30_000, 2_600)
    assert len(data) < parser.MIB
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    sheets = parse(data)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert max(len(cell) for row in sheets[0]["rows"] for cell in row) == parser.LONGEST_CELL
    assert grown < 150 * 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss < parser.MEMORY // 1024


def test_a_file_with_too_much_text_is_refused():
    assert "文字太多" in refused(one_text_everywhere(2_000, 4_000))


@pytest.mark.parametrize("limit", ["MOST_CELLS", "MOST_KINDS", "MOST_TEXT"])
def test_every_kind_of_too_much_ends_the_reading(monkeypatch, limit):
    monkeypatch.setattr(parser, limit, 3)
    data = xlsx([COLUMNS, [*list(somebody(1).values())[:-4], 1, 2, 3, 4]])
    with pytest.raises(parser.Refused) as caught:
        parser.parse(data)
    assert caught.value.code == "too_much_text"


def test_no_more_is_taken_from_the_child_than_it_may_say(monkeypatch):
    monkeypatch.setattr(parser, "MOST_ANSWER", 100)
    assert "文字太多" in refused(xlsx([COLUMNS, list(somebody(1).values())]))


def test_a_child_that_does_not_end_is_ended(monkeypatch):
    monkeypatch.setattr("ledgers.reading.SECONDS", 0.01)
    assert "没有读完" in refused(xlsx([COLUMNS, list(somebody(1).values())]))


def test_within_the_block_a_file_is_opened_once_and_after_it_again(monkeypatch):
    opened = []
    answer = reading._answer_of_child
    monkeypatch.setattr(reading, "_answer_of_child", lambda data: opened.append(data) or answer(data))
    data = roster(somebody(1)).data
    with reading.each_file_once():
        first, second = reading.read(data), reading.read(data)
        assert list(first.rows(first.guess.fields)) == list(second.rows(second.guess.fields)) != []
        assert len(opened) == 1
        reading.read(roster(somebody(2)).data)
        assert len(opened) == 2
    reading.read(data)
    assert len(opened) == 3
