"""Taking a roster out: lines of a CSV beside COPY, sheets beside reading the rows (G15)."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db import connection
from django.http import QueryDict

from cells.authority import remember
from cells.models import Cell
from core.exports import Sheet, csv_lines, xlsx_file
from ledgers.domain.gathering import cells
from members.lists import ROSTER
from portal.bench import databases
from portal.bench.asking import Reader
from portal.bench.harness import Case, Gate, measure
from portal.bench.statements import statement
from portal.bench.suites import Report, say

MOST = 20_000


class Nowhere:
    """A file that keeps nothing."""

    def write(self, data: bytes) -> int:
        return len(data)


def run(places: Sequence[tuple[str, int]], *, rounds: int) -> Report:
    """Measure in the largest of the worlds, with as many rows as it has, up to ``MOST``."""
    report = Report("export")
    databases.turn_to(places[-1][0])
    reader = Reader("world-wide")
    remember(reader.user)
    taking = Taking(reader.user)
    cases: dict[str, Case] = {
        "COPY": taking.copied,
        "rows read": lambda: sum(1 for _row in taking.rows()),
        "CSV": lambda: sum(map(len, csv_lines(taking.sheet, taking.rows()))),
        "sheet": lambda: xlsx_file(taking.sheet, taking.rows()).close(),
        "fetched": taking.fetched,
    }
    found = measure(cases, control="COPY", rounds=max(5, rounds // 4), inner=1)
    say(report, found, "COPY")
    report.gates += [
        Gate("G15", "CSV / COPY of the same columns", found.ratio("CSV", "COPY"), most=3),
        Gate("G15", "sheet / fetching the same columns", found.ratio("sheet", "fetched"), most=4),
    ]
    report.notes.append(f"rows ready to be written / COPY: {found.ratio('rows read', 'COPY')}")
    reader.leave()
    return report


class Taking:
    """The roster as ``user`` takes it out: what the list shows, masked."""

    def __init__(self, user: Any) -> None:
        self.user = user
        self.query = QueryDict()
        self.columns = [column for column in ROSTER.columns_for(user, self.query) if column.printed]
        self.sheet = Sheet("", [str(column.label) for column in self.columns])
        self.floor = {"top": Cell.objects.get(parent=None).path, "most": MOST}

    def rows(self) -> Iterator[Sequence[Any]]:
        found = ROSTER.queryset(self.user, self.query)[:MOST]
        return cells(ROSTER, found, self.columns, self.user, whole=False)

    def copied(self) -> None:
        with connection.cursor() as cursor:
            asked = cursor.mogrify(statement("roster_rows"), self.floor).decode()
            cursor.copy_expert(f"COPY ({asked}) TO STDOUT (FORMAT csv)", Nowhere())

    def fetched(self) -> int:
        with connection.cursor() as cursor:
            cursor.execute(statement("roster_rows"), self.floor)
            return len(cursor.fetchall())
