"""The people of a world: made in SQL, a set at a time. Only sealing passes through Python, with our own keys."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from django.db import connection

from cells.domain.identity import reserve
from core.copying import copy
from core.crypto import blind_index, open_sealed, seal
from core.names import readings
from members.models import Member
from members.querysets import TAIL
from portal.bench.statements import statement
from portal.bench.world.shape import BEGUN, LAST_DAY, MADE_AT, Shape
from portal.bench.world.tree import Home

CHUNK = 50_000
SEALED = ("id_number", "mobile", "address")
# Coprime with the number of days people are born on and with every world's size that ends on a nought.
STRIDE = 1_000_003
DAYS = 18_250
INTO_SEALED = "i id_number mobile address id_number_index mobile_index mobile_tail_index"
TABLES = {
    "world_name": "number int, name text, pinyin text, search varchar[]",
    "world_home": "number int, cell bigint, employer bigint",
    "world_sealed": "i bigint, id_number text, mobile text, address text,"
    " id_number_index text, mobile_index text, mobile_tail_index text",
}


def settle(shape: Shape, homes: list[Home]) -> None:
    """Write every person with their memberships and dated facts. They lie in no order of their cells."""
    with connection.cursor() as cursor:
        cursor.execute(statement("world/scattered"))
        _lay_out(cursor, shape, homes)
        for after in range(0, shape.members, CHUNK):
            chunk = {"after": after, "until": min(after + CHUNK, shape.members), "made_at": MADE_AT}
            cursor.execute(statement("world/to_seal"), chunk)
            copy(
                "world_sealed", f"i {' '.join(SEALED)} id_number_index mobile_index mobile_tail_index", _sealed(cursor)
            )
            for name in ("members", "facts", "memberships"):
                cursor.execute(statement(f"world/{name}"), chunk)
            cursor.execute("TRUNCATE world_sealed")


def _lay_out(cursor: Any, shape: Shape, homes: list[Home]) -> None:
    """What the people are put together from: names with their readings, homes, and the people themselves."""
    for table, columns in TABLES.items():
        cursor.execute(f"CREATE TEMP TABLE {table} ({columns}) ON COMMIT DROP")
    names = shape.personal_names()
    read = ((number, name, readings(name)) for number, name in enumerate(names))
    copy("world_name", "number name pinyin search", ([place, name, r.pinyin, r.search] for place, name, r in read))
    copy("world_home", "number cell employer", ([place, *home] for place, home in enumerate(homes)))
    drawn = {
        "first_key": reserve(Member, shape.members)[0],
        "seed": shape.seed,
        "members": shape.members,
        "names": len(names),
        "large": shape.largest_branch,
        "others": len(homes) - 1,
        "stride": STRIDE,
        "days": DAYS,
        "begun": BEGUN,
        "last_day": LAST_DAY,
    }
    cursor.execute(statement("world/people"), drawn)
    for table in ("world_name", "world_home", "world_person"):
        cursor.execute(f"ANALYZE {table}")


def _sealed(cursor: Any) -> Iterator[list[Any]]:
    for number, uid, *plain in cursor.fetchall():
        id_number, mobile, _address = plain
        sealed = [
            seal(value, table=Member._meta.db_table, column=column, uid=uid) if value else ""
            for column, value in zip(SEALED, plain, strict=True)
        ]
        found_by = [_index("members.id_number", id_number), _index("members.mobile", mobile), _tail(mobile[-TAIL:])]
        yield [number, *sealed, *found_by]


def _index(field: str, value: str) -> str:
    return blind_index(value, field=field) if value else ""


@lru_cache(maxsize=10_001)
def _tail(digits: str) -> str:
    return _index("members.mobile_tail", digits)


def opened(uid: str, *sealed: str) -> list[str]:
    """What the sealed columns of one person say."""
    return [
        open_sealed(value, table=Member._meta.db_table, column=column, uid=uid) if value else ""
        for column, value in zip(SEALED, sealed, strict=True)
    ]
