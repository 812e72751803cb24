"""What a new row is known by before it is written: its key, its code, and how its name is found."""

from typing import Any

from django.db import connection

from core.names import readings


def reserve(model: Any, count: int) -> list[int]:
    """Keys for rows whose code or path hangs on them; those of a deed that fails, or is only tried, go unused."""
    # A trial must draw them as well: paths and codes are unique and are checked with it, and numbers of its own making
    # could meet those of a deed under way. A sequence gives nothing back, as that would make the next deed wait for
    # this transaction; so codes have gaps, and say neither how many there are nor how often somebody tried.
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [key for (key,) in cursor.fetchall()]


def found_by(name: str, short_name: str = "") -> dict[str, Any]:
    """The columns that sort and find a thing of this name, and of this short name.

    It is found by either, and sorted by the one that lists show: the short name where there is one.
    """
    shown = readings(short_name or name)
    terms = {*readings(name).search, *shown.search}
    return {"name_pinyin": shown.pinyin, "name_search": sorted(terms)}
