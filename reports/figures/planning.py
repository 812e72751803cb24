"""How the database is to go about counting."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

# What is forced looks dear to the planner, and what looks dear it compiles first, which takes longer than counting.
_SET = "SELECT set_config('enable_nestloop', %s, true), set_config('jit', %s, true)"


# Whether it has been said already: what is asked inside is not told once more.
_hashing: ContextVar[bool] = ContextVar("hashing", default=False)


@contextmanager
def by_hashing() -> Iterator[None]:
    """Let joins inside be hashed, not looked up row by row.

    Figures read whole tables, for which hashing is the right way. Left to itself the database takes a table it has not
    yet taken stock of, as after a large import, for an empty one, and looks up six thousand rows six thousand times.
    """
    if _hashing.get():
        yield
        return
    told = _hashing.set(True)
    try:
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            cursor.execute(_SET, ["off", "off"])
            yield
            cursor.execute(_SET, ["on", "on"])
    finally:
        _hashing.reset(told)
