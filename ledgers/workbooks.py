"""Workbooks we hand out: templates, blank or filled with what is recorded; the importer's file with its problems."""

from collections.abc import Iterable
from tempfile import TemporaryFile
from typing import IO, Any

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.utility import xl_col_to_name

from ledgers.choices import Severity
from ledgers.columns import LEDGERS, SERIAL, Column, Ledger
from ledgers.models import StagedRow, Upload
from ledgers.reading import EXAMPLE_MARK, Table, read

VERSION = "2026-1"
# As far down as a template's cells are set to text and offer their lists.
PREPARED_ROWS = 5000
DICTIONARY, NOTES = "字典", "填写说明"
PROBLEM = "问题"
CELL_LIMIT = 32_767
_OPTIONS = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def template(kind: str, *, scope: str, rows: Iterable[dict[str, str]] | None = None) -> IO[bytes]:
    """A workbook to fill in. With ``rows`` it holds what is recorded, to be edited and brought back."""
    ledger = LEDGERS[kind]
    out = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    with Workbook(out, _OPTIONS) as book:
        sheet = book.add_worksheet(ledger.title.partition("（")[0])
        lists = _dictionary(book, ledger, scope)
        _explain(book, ledger)
        _head(book, sheet, ledger)
        _offer(sheet, ledger, lists)
        if rows is None:
            _example(book, sheet, ledger)
        else:
            _fill(book, sheet, ledger, rows)
    out.seek(0)
    return out


def problems(upload: Upload) -> IO[bytes]:
    """The importer's own table as it stands now, with a column that names the problems and notes on the cells."""
    table = read(upload.data())
    staged = {row.number: row for row in upload.staged.all()}
    out = TemporaryFile()  # noqa: SIM115 -- the answer closes it
    with Workbook(out, _OPTIONS) as book:
        sheet = book.add_worksheet((upload.sheet or upload.get_kind_display())[:31])
        text = book.add_format({"num_format": "@"})
        heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        marked = book.add_format({"num_format": "@", "bg_color": "#FFF6D6", "border": 1, "border_color": "#BE8410"})
        for column, name in enumerate([*table.headings, PROBLEM]):
            sheet.write_string(0, column, name, heading)
            sheet.set_column(column, column, 60 if name == PROBLEM else 18, text)
        sheet.freeze_panes(1, 0)
        for line, number in enumerate(sorted(staged), start=1):
            _write_problem_row(sheet, line, table, upload, staged[number], text, marked)
    out.seek(0)
    return out


def _write_problem_row(
    sheet: Any, line: int, table: Table, upload: Upload, row: StagedRow, text: Any, marked: Any
) -> None:
    original = table.lines[row.number - 1]
    cells, remarks = row.written["cells"], row.found["remarks"]
    said: dict[str, list[str]] = {}
    for name, severity, sentence in remarks:
        if severity in (Severity.ERROR, Severity.HINT):
            said.setdefault(name, []).append(sentence)
    for column, name in enumerate(upload.mapping[: len(table.headings)]):
        value = cells.get(name, "") if name else (original[column] if column < len(original) else "")
        sheet.write_string(line, column, value[:CELL_LIMIT], marked if name in said else text)
        if name in said:
            sheet.write_comment(line, column, "\n".join(said[name]), {"x_scale": 2})
    labels = upload.ledger.by_field
    whole = _("；").join(
        _("%(item)s：%(sentence)s") % {"item": labels[name].label, "sentence": sentence}
        for name, found in said.items()
        for sentence in found
    )
    sheet.write_string(line, len(table.headings), whole[:CELL_LIMIT], text)


def _head(book: Workbook, sheet: Any, ledger: Ledger) -> None:
    text = book.add_format({"num_format": "@"})
    must = book.add_format({"bold": True, "bottom": 2, "bg_color": "#F2EEE7", "text_wrap": True, "valign": "vcenter"})
    for column, each in enumerate(ledger.columns):
        sheet.set_column(column, column, each.width, text)
        sheet.write_string(0, column, f"*{each.label}" if each.required else each.label, must)
        if each.hint:
            sheet.write_comment(0, column, str(each.hint))
    sheet.set_row(0, 30)
    sheet.freeze_panes(1, 2)


def _dictionary(book: Workbook, ledger: Ledger, scope: str) -> dict[str, str]:
    """The hidden sheet with the lists of words; returns where each column's list stands."""
    sheet = book.add_worksheet(DICTIONARY)
    sheet.hide()
    lists = {}
    choosing = [column for column in ledger.columns if column.choices]
    for at, column in enumerate(choosing):
        sheet.write_string(0, at, column.label)
        for line, word in enumerate(column.choices, start=1):
            sheet.write_string(line, at, word)
        letter = xl_col_to_name(at, col_abs=True)
        lists[column.field] = f"={DICTIONARY}!{letter}$2:{letter}${len(column.choices) + 1}"
    for line, text in enumerate(("template", ledger.kind, VERSION, scope)):
        sheet.write_string(line, len(choosing) + 1, text)
    return lists


def _offer(sheet: Any, ledger: Ledger, lists: dict[str, str]) -> None:
    for column, each in enumerate(ledger.columns):
        if each.field not in lists:
            continue
        sheet.data_validation(
            1,
            column,
            PREPARED_ROWS,
            column,
            {
                "validate": "list",
                "source": lists[each.field],
                "ignore_blank": True,
                "error_type": "warning",
                "error_title": str(each.label),
                "error_message": _("请从列表中选择；也可以按常用写法填写，导入时会核对。"),
            },
        )


def _example(book: Workbook, sheet: Any, ledger: Ledger) -> None:
    grey = book.add_format({"num_format": "@", "font_color": "#7F848D", "italic": False})
    for column, each in enumerate(ledger.columns):
        sheet.write_string(1, column, EXAMPLE_MARK if each is SERIAL else each.example, grey)


def _fill(book: Workbook, sheet: Any, ledger: Ledger, rows: Iterable[dict[str, str]]) -> None:
    text = book.add_format({"num_format": "@"})
    for line, row in enumerate(rows, start=1):
        for column, each in enumerate(ledger.columns):
            value = str(line) if each is SERIAL else row.get(each.field, "")
            if value:
                sheet.write_string(line, column, value[:CELL_LIMIT], text)


def _explain(book: Workbook, ledger: Ledger) -> None:
    sheet = book.add_worksheet(NOTES)
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    bold = book.add_format({"bold": True})
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 12)
    sheet.set_column(2, 2, 80)
    lines = (
        _("一行填一条；第 2 行灰色的是示例，导入时自动跳过，不必删除。"),
        _("带 * 的列必填。留空的格子不改动已有的内容。"),
        _("各列已设为文本：身份证号、手机号、信用代码不要改成数字，否则 Excel 会丢掉后几位。"),
        _("不要写公式；从别处粘贴时请选择“粘贴为数值”。"),
        _("日期可以写成 2019-06-18、2019年6月18日、20190618。"),
    )
    for line, words in enumerate(lines):
        sheet.merge_range(line, 0, line, 2, words, wrap)
    top = len(lines) + 1
    for column, words in enumerate((_("列"), _("是否必填"), _("说明"))):
        sheet.write_string(top, column, words, bold)
    for line, each in enumerate(ledger.columns, start=top + 1):
        sheet.write_string(line, 0, each.label)
        sheet.write_string(line, 1, _("必填") if each.required else "")
        sheet.write_string(line, 2, _described(each), wrap)


def _described(column: Column) -> str:
    words = str(column.hint)
    if column.choices and len(column.choices) <= 12:
        listed = _("可填：%(words)s") % {"words": _("、").join(column.choices)}
        words = _("；").join((words, listed)) if words else listed
    return words
