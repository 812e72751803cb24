"""Writing many rows at once, as COPY takes them."""

from collections.abc import Iterable, Sequence
from io import StringIO
from itertools import islice
from typing import Any

from django.db import connection

CHUNK = 20_000
_ESCAPED = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def copy(table: str, columns: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write ``rows`` into ``columns`` of ``table``. None is no value; a list is an array of plain words."""
    into = f"COPY {table} ({columns.replace(' ', ', ')}) FROM STDIN"
    remaining = iter(rows)
    with connection.cursor() as cursor:
        while chunk := list(islice(remaining, CHUNK)):
            lines = ("\t".join(map(_written, row)) + "\n" for row in chunk)
            cursor.copy_expert(into, StringIO("".join(lines)))


def _written(value: Any) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, list):
        return "{" + ",".join(value) + "}"
    return str(value).translate(_ESCAPED)
