"""What the database does for a page, read off its plan: exact where a clock is not."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

MEMBERS, MEMBERSHIPS = "members_member", "members_membership"
ROWS_A_LINE = 20
MOST_INDEXES = 8


@dataclass(frozen=True)
class Plan:
    """The nodes of one executed plan."""

    nodes: list[dict[str, Any]]

    @property
    def reads_all_members(self) -> bool:
        """Whether the members' table is read from end to end."""
        return any(node["Node Type"] == "Seq Scan" and node.get("Relation Name") == MEMBERS for node in self.nodes)

    @property
    def rows_read(self) -> int:
        """Rows touched by scans, those thrown away as well."""
        scans = (node for node in self.nodes if "Scan" in node["Node Type"] and "Relation Name" in node)
        return sum(round((node["Actual Rows"] + _thrown_away(node)) * node["Actual Loops"]) for node in scans)


def plan_of(sql: str, parameters: Any = None) -> Plan:
    """Run the statement and return how it was done."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", parameters)
        (told,) = cursor.fetchone()
    return Plan(list(_below((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])))


def plans_of(act: Callable[[], object], table: str = MEMBERSHIPS) -> list[Plan]:
    """How everything was done that ``act`` asked of ``table``, but for counting, which stops at a number of its own."""
    with CaptureQueriesContext(connection) as asked:
        act()
    statements = [query["sql"] for query in asked.captured_queries]
    return [plan_of(sql.replace("%", "%%"), ()) for sql in statements if f'"{table}"' in sql and "COUNT(" not in sql]


def indexes_on(table: str) -> list[str]:
    """Every index on ``table``: each one is weighed by the planner for each page."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname FROM pg_indexes WHERE tablename = %s ORDER BY 1", [table])
        return [name for (name,) in cursor.fetchall()]


def _thrown_away(node: dict[str, Any]) -> float:
    return sum(node.get(name, 0) for name in ("Rows Removed by Filter", "Rows Removed by Index Recheck"))


def _below(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for child in node.get("Plans", []):
        yield from _below(child)
