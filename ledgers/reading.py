"""From the bytes of an upload to a table: the child process that opens it, the sheet meant, its headings, its rows."""

import contextlib
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from core.errors import Refusal
from core.exports import unguarded
from ledgers import parser, presets
from ledgers.columns import SERIAL, plain

SECONDS = 20
# Titles, notes and units stand above the headings; nobody writes more of them than this.
HEADING_WITHIN = 30
EXAMPLE_MARK = "示例"


@dataclass(frozen=True)
class Row:
    """One line of a table: its number as Excel shows it, its texts by field, what some cells hold instead of text."""

    number: int
    cells: dict[str, str]
    kinds: dict[str, str]


@dataclass
class Table:
    """A sheet as it lies in the file, with the ledger it seems to be."""

    sheet: str
    header_row: int
    headings: list[str]
    guess: presets.Guess
    lines: list[list[str]] = field(repr=False)
    kinds: dict[tuple[int, int], str] = field(repr=False)

    def rows(self, fields: list[str] | tuple[str, ...]) -> Iterator[Row]:
        """The lines below the headings that hold anything, each by the fields its columns feed."""
        for at in range(self.header_row, len(self.lines)):
            line = self.lines[at]
            cells = {
                name: self._text(line[column]) for column, name in enumerate(fields) if name and column < len(line)
            }
            kinds = self._kinds_at(at, fields) if self.kinds else {}
            if _says_nothing(cells, kinds) or _is_example(line, cells):
                continue
            yield Row(at + 1, cells, kinds)

    def _kinds_at(self, at: int, fields: list[str] | tuple[str, ...]) -> dict[str, str]:
        return {
            name: self.kinds[at, column] for column, name in enumerate(fields) if name and (at, column) in self.kinds
        }

    def _text(self, cell: str) -> str:
        """The text of a cell; from a csv of ours without the mark that kept it from being carried out."""
        return (cell if self.sheet else unguarded(cell)).strip()


_opened: ContextVar[dict[str, list[dict[str, Any]]] | None] = ContextVar("opened", default=None)


@contextlib.contextmanager
def each_file_once() -> Iterator[None]:
    """Within the block no file is opened twice; what it held is forgotten at its end."""
    token = _opened.set({})
    try:
        yield
    finally:
        _opened.reset(token)


def read(data: bytes) -> Table:
    """Open an upload in a child process and find the sheet, the headings and the kind of ledger.

    Refuses, each with one sentence, what is no table, is too big once unpacked, encrypted, has macros, or is another
    kind of list than the three that can be imported.
    """
    tables = [table for table in map(_table, parse(data)) if table]
    if not tables:
        raise Refusal(_("表里没有内容：请填好后再上传。"), field="files")
    best = max(tables, key=lambda table: (bool(table.guess.kind), table.guess.score))
    if best.guess.kind:
        return best
    alien = presets.BY_KEY.get(best.guess.preset)
    if alien:
        raise Refusal(
            _("这是%(title)s，不在这里导入。这里导入党组织台账、企业台账和党员名册三种。") % {"title": alien.title},
            field="files",
        )
    raise Refusal(
        _(
            "认不出表头：没有找到党组织名称、企业名称，或者姓名、身份证号、所在党支部等列。请用模板，或核对是不是传错了文件。"
        ),
        field="files",
    )


def parse(data: bytes) -> list[dict[str, Any]]:
    """The sheets of a file, opened by ``ledgers.parser`` in a process with bounded memory and time."""
    if len(data) > parser.MOST_BYTES:
        raise Refusal(_refusal("too_big", {"limit": parser.MOST_BYTES // parser.MIB}), field="files")
    known = _opened.get()
    key = sha256(data).hexdigest() if known is not None else ""
    if known is not None and key in known:
        return known[key]
    answer = json.loads(_answer_of_child(data))
    if "refused" in answer:
        raise Refusal(_refusal(answer["refused"], answer["details"]), field="files")
    sheets: list[dict[str, Any]] = answer["sheets"]
    if known is not None:
        known[key] = sheets
    return sheets


def _answer_of_child(data: bytes) -> bytes:
    """What the child says, as far as it may talk: longer answers and longer silence end it, whatever it has read."""
    base = Path(settings.BASE_DIR)
    late = threading.Event()
    with subprocess.Popen(
        [sys.executable, "-m", "ledgers.parser"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=base,
        env={"PYTHONPATH": str(base), "PYTHONUTF8": "1"},
    ) as child:

        def stop() -> None:
            late.set()
            child.kill()

        clock = threading.Timer(SECONDS, stop)
        clock.start()
        try:
            # It takes in the whole file before it says a word, so that neither waits for the other.
            with contextlib.suppress(BrokenPipeError), child.stdin:
                child.stdin.write(data)
            answer = child.stdout.read(parser.MOST_ANSWER + 1)
            if len(answer) > parser.MOST_ANSWER:
                child.kill()
            child.wait()
        finally:
            clock.cancel()
            child.kill()
    if len(answer) > parser.MOST_ANSWER:
        raise Refusal(_refusal("too_much_text", {"limit": parser.MOST_TEXT // parser.MIB}), field="files")
    if late.is_set():
        raise Refusal(_refusal("too_slow", {"seconds": SECONDS}), field="files")
    if child.returncode != 0:
        raise Refusal(_refusal("bomb", {"limit": parser.MOST_UNPACKED // parser.MIB}), field="files")
    return answer


def _refusal(code: str, details: dict[str, Any]) -> str:
    sentences = {
        "too_big": _("文件超过 %(limit)s MB，请删去图片和多余的工作表，或拆成几个文件。"),
        "too_much_text": _("文件里的文字太多，超过 %(limit)s MB。请删去多余的列和工作表，或拆成几个文件。"),
        "too_slow": _("这个文件 %(seconds)s 秒还没有读完，请拆成几个小一些的文件。"),
        "empty": _("这是一个空文件，请重新选择。"),
        "encrypted": _("这个工作簿设了打开密码，读不了。请在 Excel 中去掉密码后另存，再上传。"),
        "old_excel": _("这是旧版 .xls 文件。请在 Excel 或 WPS 中打开，另存为 .xlsx，再上传。"),
        "binary_excel": _("这是二进制工作簿（.xlsb）。请在 Excel 中另存为 .xlsx，再上传。"),
        "macros": _("这个工作簿带有宏，不能上传。请另存为不带宏的 .xlsx，再上传。"),
        "bomb": _("这个文件展开后超过 %(limit)s MB，没有读取。请只保留台账所在的工作表，另存后再上传。"),
        "not_a_workbook": _("这不是 Excel 工作簿。请上传 .xlsx 或 .csv。"),
        "not_a_table": _("这不是表格文件。请上传 .xlsx 或 .csv。"),
        "web_page": _("这个文件其实是网页，只是名字像 Excel。请用 Excel 或 WPS 打开，另存为 .xlsx，再上传。"),
        "broken": _("这个文件已损坏，打不开。请在 Excel 中打开并另存，再上传。"),
        "unknown_encoding": _("文字编码既不是 UTF-8 也不是 GB18030。请在 Excel 中另存为“CSV UTF-8”或 .xlsx，再上传。"),
        "too_wide": _("表格有 %(columns)s 列，最多 %(limit)s 列。请删去右侧多余的列。"),
        "too_long": _("表格有 %(rows)s 行，最多 %(limit)s 行。请拆成几个文件。"),
    }
    return sentences[code] % details


def _table(sheet: dict[str, Any]) -> Table | None:
    """A sheet with the line in it that names most columns; titles and notes may stand above. None when it is empty."""
    lines: list[list[str]] = sheet["rows"]
    if not any(cell.strip() for line in lines for cell in line):
        return None
    guesses = [(presets.guess([cell.strip() for cell in line]), at) for at, line in enumerate(lines[:HEADING_WITHIN])]
    guess, at = max(guesses, key=lambda found: (bool(found[0].kind), found[0].score, -found[1]))
    headings = [cell.strip() for cell in lines[at]]
    kinds = {(row, column): kind for row, column, kind in sheet["kinds"]}
    return Table(sheet["name"], at + 1, headings, guess, lines, kinds)


def _says_nothing(cells: dict[str, str], kinds: dict[str, str]) -> bool:
    """Blank but for a running number."""
    return not any(text for name, text in cells.items() if name != SERIAL.field) and not (set(kinds) - {SERIAL.field})


def _is_example(line: list[str], cells: dict[str, str]) -> bool:
    """The grey example of our own template, known by its word in the first column."""
    first = next((text for text in line if text.strip()), "")
    return plain(first) == plain(EXAMPLE_MARK) and plain(cells.get(SERIAL.field, EXAMPLE_MARK)) == plain(EXAMPLE_MARK)
