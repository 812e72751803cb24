"""A fictional world of any size in the portal's real tables: the same seed makes the same one."""

import hashlib
from dataclasses import dataclass

from django.db import connection, transaction

from portal.bench.statements import statement
from portal.bench.world import people, tree
from portal.bench.world.shape import Shape

# Below this many people indexes are kept up row by row.
WORTH_REBUILDING = 20_000
TABLES = (
    "cells_cell", "cells_placement", "cells_term", "cells_company", "cells_companyfact", "accounts_user",
    "cells_appointment", "members_member", "members_memberfact", "members_membership",
)  # fmt: skip
SAMPLE = 2_000
# See all, one committee, three of them, the one very large branch, one small branch.
WORLD_USERS = ("world-wide", "world-middle", "world-three", "world-large", "world-small")

_SEARCH_INDEX = "member_by_search_terms"


@dataclass(frozen=True)
class World:
    """What was made: rows by table, and a digest by which two runs prove the same data."""

    rows: dict[str, int]
    digest: str


@transaction.atomic
def build(members: int, seed: int = 1) -> World:
    """Fill an empty database with ``members`` people. All or nothing; constraints and triggers stay in force.

    The one index that costs more kept up than made anew is made anew, where the connection may do so.
    """
    shape = Shape(members, seed)
    rebuild = members >= WORTH_REBUILDING
    homes = tree.plant(shape)
    with connection.cursor() as cursor:
        definition = _drop_search_index(cursor) if rebuild else ""
        people.settle(shape, homes)
        # Deferred triggers speak before tables are altered, and find their rows by statistics of what is there now.
        for table in TABLES:
            cursor.execute(f"ANALYZE {table}")
        connection.check_constraints()
        if definition:
            cursor.execute(definition)
    return World(_rows(), digest())


def digest() -> str:
    """An MD5 over people drawn by their codes, with all that is known of them; sealed fields count as opened."""
    found = hashlib.md5(usedforsecurity=False)
    with connection.cursor() as cursor:
        cursor.execute(statement("world/sample"), [SAMPLE])
        for uid, plain, *sealed in cursor.fetchall():
            found.update("|".join([plain, *people.opened(uid, *sealed)]).encode())
    return found.hexdigest()


def _drop_search_index(cursor) -> str:
    """Take the index away; returns how it is made."""
    cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [_SEARCH_INDEX])
    (definition,) = cursor.fetchone()
    cursor.execute("SET LOCAL maintenance_work_mem = '1GB'")
    cursor.execute(f"DROP INDEX {_SEARCH_INDEX}")
    return definition


def _rows() -> dict[str, int]:
    with connection.cursor() as cursor:
        counted = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608
            counted[table] = cursor.fetchone()[0]
    return counted
