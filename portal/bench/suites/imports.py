"""Taking in a roster: from the bytes of a workbook to members on record, beside reading and COPY (G13, G14)."""

from collections.abc import Sequence
from datetime import date, timedelta
from io import BytesIO, StringIO
from typing import Any

from django.apps import apps
from django.db import connection, transaction
from django.db.models import BigAutoField, Count
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook
from rest_framework import serializers
from xlsxwriter import Workbook

from cells.models import Cell
from core.actors import SYSTEM
from core.copying import copy
from ledgers.domain import folders
from ledgers.domain.uploads import File
from members.choices import EntryReason
from members.domain.roster import enrol
from members.id_numbers import check_digit
from members.models import Member
from portal.bench import databases
from portal.bench.harness import Case, Gate, Rounds, measure
from portal.bench.suites import Report, say
from portal.bench.world.shape import Shape

HEADINGS = (
    "姓名", "所在党支部", "公民身份证号", "性别", "民族", "出生日期", "学历", "人员类别", "加入党组织日期",
    "转为正式党员日期", "工作岗位", "手机号", "家庭住址",
)  # fmt: skip
MOST, PEER_ROWS = 5_000, 100
PEER = "openpyxl, serializer and deed"
# Before anybody of a world was born, so that nobody is there already.
BORN = date(1940, 1, 1)


def run(places: Sequence[tuple[str, int]], *, rounds: int) -> Report:
    """Import into the largest of the worlds, and take it back each time."""
    report = Report("import")
    name, members = places[-1]
    databases.turn_to(name)
    rows = min(MOST, members // 10)
    book, few = workbook(rows), workbook(PEER_ROWS)
    left = left_by(book)
    cases: dict[str, Case] = {
        "read and COPY": lambda: floor(book, left),
        "read and COPY of bare text": lambda: bare(book),
        "import": lambda: imported(book),
        PEER: lambda: naive(few),
    }
    rounds = max(5, rounds // 3)
    found = measure(cases, control="read and COPY", rounds=rounds, inner=1, before=databases.tidy)
    say(report, found, "read and COPY")
    whole = Rounds({**found.seconds, PEER: [seconds * rows / PEER_ROWS for seconds in found.seconds[PEER]]})
    report.gates += [
        Gate("G13", "import / read and COPY of the same rows", found.ratio("import", "read and COPY"), most=3),
        Gate("G14", f"{PEER}, extrapolated from {PEER_ROWS} rows / import", whole.ratio(PEER, "import"), least=20),
    ]
    report.notes.append(f"import / read and COPY of bare text: {found.ratio('import', 'read and COPY of bare text')}")
    return report


class Silent:
    """Progress nobody watches."""

    def __init__(self) -> None:
        self.checkpoint: dict[str, Any] = {}

    def step(self, done: int, total: int | None = None, note: str = "") -> None:
        """Nobody is told."""

    def save(self) -> None:
        """Nothing is gone on from."""


def workbook(rows: int) -> bytes:
    """A roster of ``rows`` people nobody has on record, all of one branch, as a ledger has it."""
    shape = Shape(rows, 7)
    names = shape.personal_names()
    home = _home().name
    out = BytesIO()
    with Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, HEADINGS)
        for number in range(rows):
            sheet.write_row(number + 1, 0, _line(number, names[number % len(names)], home))
    return out.getvalue()


def _line(number: int, name: str, home: str) -> list[str]:
    born = BORN + timedelta(days=number % 5_000)
    body = f"999999{born:%Y%m%d}{number // 5_000 * 2 + 1:03d}"
    joined = born + timedelta(days=9_000)
    return [
        *(name, home, body + check_digit(body), "男", "汉族", born.isoformat(), "大学本科毕业", "正式党员"),
        *(joined.isoformat(), (joined + timedelta(days=366)).isoformat(), "企业专业技术人员"),
        *(f"1390000{number % 10_000:04d}", f"青澜市示例路{number % 900 + 1}号"),
    ]


def _home() -> Cell:
    """A branch that no other is called like: a ledger knows it by its name."""
    once = Cell.objects.order_by().values("name").annotate(times=Count("pk")).filter(times=1).values("name")
    return Cell.objects.filter(kind="branch", name__in=once).order_by("-pk")[0]


def imported(book: bytes) -> None:
    """The whole way of the portal: upload, review, trail, undoing and all; then taken back."""
    with transaction.atomic():
        _take_in(book)
        transaction.set_rollback(True)


def _take_in(book: bytes) -> None:
    today = date.today()  # noqa: DTZ011 -- of no account to a clock
    root = Cell.objects.get(parent=None)
    started = folders.prepare(
        files=[File("党员名册.xlsx", book)], cell=root, as_of=today, by=SYSTEM, on=today, progress=Silent()
    )
    done = folders.carry_out(started, by=SYSTEM, progress=Silent())
    assert sum(done.result["done"].get("members", {}).values()) > 0, done.counts
    connection.check_constraints()


def left_by(book: bytes) -> dict[str, str]:
    """Every row an import leaves, table by table as COPY takes it: people, their places, the trail, what undoes it."""
    tables = [model._meta.db_table for model in apps.get_models() if isinstance(model._meta.pk, BigAutoField)]
    with transaction.atomic(), connection.cursor() as cursor:
        before = {table: _last(cursor, table) for table in tables}
        _take_in(book)
        fresh = {table: key for table, key in before.items() if _last(cursor, table) > key}
        rows = {table: StringIO() for table in fresh}
        for table, key in fresh.items():
            fresh_rows = f"SELECT * FROM {table} WHERE id > {key} ORDER BY id"  # noqa: S608 -- our own tables
            cursor.copy_expert(f"COPY ({fresh_rows}) TO STDOUT", rows[table])
        transaction.set_rollback(True)
    return {table: written.getvalue() for table, written in rows.items()}


def _last(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # noqa: S608 -- our own tables
    return int(cursor.fetchone()[0])


def floor(book: bytes, left: dict[str, str]) -> None:
    """The cells read by the fastest reader, and the very rows an import leaves written where they belong."""
    CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    with transaction.atomic(), connection.cursor() as cursor:
        for table, rows in left.items():
            cursor.copy_expert(f"COPY {table} FROM STDIN", StringIO(rows))
        connection.check_constraints()
        transaction.set_rollback(True)


def bare(book: bytes) -> None:
    """The cells read by the fastest reader, and written as they are into a table without keys or rules."""
    rows = CalamineWorkbook.from_filelike(BytesIO(book)).get_sheet_by_index(0).to_python()
    with transaction.atomic(), connection.cursor() as cursor:
        columns = " ".join(f"c{place}" for place in range(len(HEADINGS)))
        cursor.execute(f"CREATE TEMP TABLE bare ({columns.replace(' ', ' text, ')} text) ON COMMIT DROP")
        copy("bare", columns, rows[1:])


class PersonSerializer(serializers.ModelSerializer):
    id_number = serializers.CharField(max_length=18)
    mobile = serializers.CharField(max_length=11)
    address = serializers.CharField(max_length=200)

    class Meta:
        model = Member
        fields = (
            *(
                "name",
                "id_number",
                "gender",
                "birth_date",
                "education",
                "category",
                "joined_on",
                "converted_on",
                "post",
            ),
            *("mobile", "address"),
        )


def naive(book: bytes) -> None:
    """A row at a time, as tutorials have it: read by openpyxl, checked by a serializer, enrolled by the deed."""
    today, home = date.today(), _home()  # noqa: DTZ011 -- of no account to a clock
    with transaction.atomic():
        rows = load_workbook(BytesIO(book), read_only=True).active.iter_rows(min_row=2, values_only=True)
        for name, _cell, id_number, *_items, mobile, address in rows:
            born = f"{id_number[6:10]}-{id_number[10:12]}-{id_number[12:14]}"
            told = {"name": name, "id_number": id_number, "gender": "1", "birth_date": born, "education": "20"}
            told |= {"category": "full", "joined_on": "2000-01-01", "converted_on": "2001-01-02", "post": "022"}
            serializer = PersonSerializer(data=told | {"mobile": mobile, "address": address})
            serializer.is_valid(raise_exception=True)
            enrol(home, by=SYSTEM, on=today, reason=EntryReason.OPENING_BALANCE, **serializer.validated_data)
        connection.check_constraints()
        transaction.set_rollback(True)
