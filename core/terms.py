"""Search terms of rows that are on record already, for when names come to be found otherwise than before."""

from typing import Any

from psycopg2 import sql
from psycopg2.extras import execute_values

from core.names import readings


def refill(connection: Any, table: str, *columns: str) -> None:
    """Fill ``name_search`` of every row of ``table`` anew from its names in ``columns``; for migrations.

    Every name is read once and all rows called so are written together.
    """
    names = sql.SQL(", ").join(map(sql.Identifier, columns))
    same = sql.SQL(" AND ").join(sql.SQL("t.{0} = r.{0}").format(sql.Identifier(column)) for column in columns)
    told = sql.SQL(", ").join(sql.SQL("{} text").format(sql.Identifier(column)) for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT DISTINCT {} FROM {}").format(names, sql.Identifier(table)))
        found = [(*row, sorted({term for name in row if name for term in readings(name).search})) for row in cursor]
        cursor.execute(sql.SQL("CREATE TEMP TABLE terms_read ({}, terms varchar[]) ON COMMIT DROP").format(told))
        execute_values(cursor.cursor, "INSERT INTO terms_read VALUES %s", found)
        cursor.execute(
            sql.SQL("UPDATE {} AS t SET name_search = r.terms FROM terms_read AS r WHERE {}").format(
                sql.Identifier(table), same
            )
        )
        cursor.execute("DROP TABLE terms_read")
