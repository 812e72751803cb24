"""Opens one uploaded file in a process of its own, with bounded memory and time: ``python -m ledgers.parser``.

The bytes come in on standard input; the answer goes out on standard output as JSON: ``{"sheets": [...]}`` or
``{"refused": code, "details": {...}}``. Imports nothing of the portal, so that it starts fast and knows no secret.
Every cell is a text; a number, a day, a formula, an error value or a text that was cut says so by its kind. Formulas
are found in the sheet's own XML, because the reading library gives their last result or nothing; they are never
evaluated.
"""

import csv
import io
import json
import re
import resource
import sys
import zipfile
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.etree import ElementTree

MIB = 1024 * 1024
MOST_BYTES = 20 * MIB
MOST_UNPACKED = 60 * MIB
MOST_RATIO = 100
MOST_ENTRIES = 200
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_SHEETS = 20
LONGEST_CELL = 2_000
# Of the whole file: one long text may be used by every cell, and costs as much as it is used.
MOST_TEXT = 20 * MIB
MOST_CELLS = 3_000_000
MOST_KINDS = 1_000_000
MOST_ANSWER = 64 * MIB
MEMORY = 768 * MIB
SECONDS = 20

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"

# What a cell holds besides text: the kinds a reviewer needs to know of.
NUMBER, DAY, FORMULA, FAULT, LONG = "number", "day", "formula", "fault", "long"

FAULTS = {"#N/A", "#VALUE!", "#REF!", "#DIV/0!", "#NUM!", "#NAME?", "#NULL!"}

RELATIONS = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Refused(Exception):
    """The file cannot be read, for the reason named by ``code``."""

    def __init__(self, code: str, **details: Any) -> None:
        super().__init__(code)
        self.code, self.details = code, details


class Budget:
    """How much one file may still hold."""

    def __init__(self) -> None:
        self.text, self.cells, self.kinds = MOST_TEXT, MOST_CELLS, MOST_KINDS

    def spend(self, *, text: str = "", cells: int = 0, kinds: int = 0) -> None:
        """Raises Refused when more was spent than there is."""
        self.text -= len(text.encode("utf-8", "surrogatepass"))
        self.cells -= cells
        self.kinds -= kinds
        if min(self.text, self.cells, self.kinds) < 0:
            raise Refused("too_much_text", limit=MOST_TEXT // MIB)


def parse(data: bytes) -> list[dict[str, Any]]:
    """The sheets of a file: name, rows of texts, kinds of the cells that are not text. Raises Refused."""
    if len(data) > MOST_BYTES:
        raise Refused("too_big", limit=MOST_BYTES // MIB)
    if not data.strip():
        raise Refused("empty")
    if data.startswith(OLE):
        raise Refused(_ole_kind(data))
    if data.startswith(ZIP):
        return _workbook(data)
    if data[:5] == b"%PDF-" or data[:8] == b"\x89PNG\r\n\x1a\n" or data[:3] == b"\xff\xd8\xff":
        raise Refused("not_a_table")
    return [_text_table(_decode(data))]


def _ole_kind(data: bytes) -> str:
    """What lies in the container that Excel 97 used, and that encrypted workbooks still use."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return "encrypted"
    if any(name.encode("utf-16-le") in data for name in ("Workbook", "Book")):
        return "old_excel"
    return "not_a_table"


def _workbook(data: bytes) -> list[dict[str, Any]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _guard(archive, len(data))
            parts = {entry.filename: archive.read(entry) for entry in archive.infolist() if _is_xml(entry.filename)}
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, RuntimeError):
        raise Refused("broken") from None
    if any(b"<!DOCTYPE" in part or b"<!ENTITY" in part for part in parts.values()):
        raise Refused("broken")
    return _sheets(data, parts)


def _guard(archive: zipfile.ZipFile, packed: int) -> None:
    """Refuse before anything is unpacked: by the sizes and names in the archive's own table."""
    entries = archive.infolist()
    names = {entry.filename for entry in entries}
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    if any("vbaproject.bin" in name.lower() or name.lower().startswith("xl/macrosheets/") for name in names):
        raise Refused("macros")
    if "xl/workbook.bin" in names:
        raise Refused("binary_excel")
    if "xl/workbook.xml" not in names:
        raise Refused("not_a_workbook")
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > MOST_UNPACKED or unpacked > MOST_RATIO * packed:
        raise Refused("bomb", limit=MOST_UNPACKED // MIB)
    if len(names) != len(entries) or any(_strays(name) for name in names):
        raise Refused("broken")


def _strays(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\0" in name


def _is_xml(name: str) -> bool:
    return name.endswith((".xml", ".rels"))


def _sheets(data: bytes, parts: dict[str, bytes]) -> list[dict[str, Any]]:
    import python_calamine  # noqa: PLC0415 -- slow import, and not needed for a csv

    try:
        workbook = python_calamine.load_workbook(io.BytesIO(data))
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.visible == python_calamine.SheetVisibleEnum.Visible
            and sheet.typ == python_calamine.SheetTypeEnum.WorkSheet
        ]
        where = _where_sheets_lie(parts)
        found, budget = [], Budget()
        for name in visible[:MOST_SHEETS]:
            sheet = workbook.get_sheet_by_name(name)
            _within(sheet.height, sheet.width)
            budget.spend(cells=sheet.height * sheet.width)
            formulas = _formulas(parts.get(where.get(name, ""), b""))
            found.append(_table(name, sheet.iter_rows(), formulas, budget))
    except (python_calamine.CalamineError, ElementTree.ParseError, KeyError, ValueError, OverflowError):
        raise Refused("broken") from None
    return found


def _within(rows: int, columns: int) -> None:
    if columns > MOST_COLUMNS:
        raise Refused("too_wide", columns=columns, limit=MOST_COLUMNS)
    if rows > MOST_ROWS:
        raise Refused("too_long", rows=rows, limit=MOST_ROWS)


def _where_sheets_lie(parts: dict[str, bytes]) -> dict[str, str]:
    """Sheet name → part of the package."""
    relations = ElementTree.fromstring(parts["xl/_rels/workbook.xml.rels"])  # noqa: S314 -- no DOCTYPE, guarded above
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(parts["xl/workbook.xml"])  # noqa: S314 -- as above
    sheets = [node for node in book.iter() if node.tag.rsplit("}", 1)[-1] == "sheet"]
    places = {}
    for sheet in sheets:
        target = targets.get(sheet.get(RELATIONS), "")
        places[sheet.get("name", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return places


_FORMULA_CELL = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>/]*>\s*<(?:\w+:)?f[\s/>]')


def _formulas(sheet: bytes) -> set[tuple[int, int]]:
    """Where formulas stand, counted from 0."""
    if b"<f" not in sheet and b":f" not in sheet:
        return set()
    return {(int(row) - 1, _column(letters)) for letters, row in _FORMULA_CELL.findall(sheet)}


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def _table(name: str, rows: Iterable[list[Any]], formulas: set[tuple[int, int]], budget: Budget) -> dict[str, Any]:
    texts: list[list[str]] = []
    kinds: list[list[Any]] = []
    for at, row in enumerate(rows):
        line, met = [], len(kinds)
        for column, value in enumerate(row):
            kind, text = _cell(value)
            if (at, column) in formulas:
                kind = FORMULA
            if kind:
                kinds.append([at, column, kind])
            line.append(text)
        budget.spend(text="".join(line), kinds=len(kinds) - met)
        texts.append(line)
    return {"name": name, "rows": texts, "kinds": kinds}


def _cell(value: Any) -> tuple[str, str]:
    if isinstance(value, str):
        if len(value) > LONGEST_CELL:
            return LONG, value[:LONGEST_CELL]
        return (FAULT, value) if value in FAULTS else ("", value)
    if isinstance(value, bool):
        return "", "是" if value else "否"
    if isinstance(value, int | float):
        return NUMBER, _number(value)
    if isinstance(value, datetime):
        return DAY, (value.date() if value.time() == time() else value).isoformat()
    if isinstance(value, date):
        return DAY, value.isoformat()
    if isinstance(value, time | timedelta):
        return DAY, str(value)
    return "", "" if value is None else str(value)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e21 else repr(value)


def _decode(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    elif b"\0" in data[:4096]:
        raise Refused("not_a_table")
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("unknown_encoding")


def _text_table(text: str) -> dict[str, Any]:
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "<table", "<meta")):
        raise Refused("web_page")
    csv.field_size_limit(MIB)
    rows: list[list[str]] = []
    kinds: list[list[Any]] = []
    budget = Budget()
    first = next((line for line in text.splitlines() if line.strip()), "")
    delimiter = max(",\t;", key=first.count)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            _within(len(rows), len(row))
            budget.spend(cells=len(row))
            line = [cell.replace("\0", "") for cell in row]
            for column, cell in enumerate(line):
                if len(cell) > LONGEST_CELL:
                    budget.spend(kinds=1)
                    kinds.append([len(rows), column, LONG])
                    line[column] = cell[:LONGEST_CELL]
                budget.spend(text=line[column])
            rows.append(line)
    except csv.Error:
        raise Refused("broken") from None
    width = max(map(len, rows), default=0)
    return {"name": "", "rows": [row + [""] * (width - len(row)) for row in rows], "kinds": kinds}


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        answer: dict[str, Any] = {"sheets": parse(sys.stdin.buffer.read(MOST_BYTES + 1))}
    except Refused as refused:
        answer = {"refused": refused.code, "details": refused.details}
    except MemoryError:
        answer = {"refused": "bomb", "details": {"limit": MOST_UNPACKED // MIB}}
    sys.stdout.write(json.dumps(answer, ensure_ascii=True, separators=(",", ":")))


if __name__ == "__main__":
    main()
