"""Several questions asked of the database in one turn: a page that shows many small things waits once, not for each."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Count, QuerySet, Value
from psycopg2 import extensions


class Written:
    """A statement written by hand, to be read together with querysets; its rows are tuples of so many ``columns``."""

    def __init__(self, sql: str, parameters: Sequence[Any], *, columns: int) -> None:
        self.sql, self.parameters, self.columns = sql, parameters, columns
        self._result_cache: list[Any] | None = None

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self._result_cache or ())

    def as_sql(self) -> tuple[str, Sequence[Any]]:
        return self.sql, self.parameters


def read_together(*querysets: QuerySet | Written) -> None:
    """Read the rows of all ``querysets`` by one statement. Each then has them, as if it had asked by itself.

    What a queryset prefetches it still asks for on its own.
    """
    for queryset, rows in zip(querysets, Together(*querysets).fetch(), strict=True):
        queryset._result_cache = rows


def number_of(rows: QuerySet, most: int | None = None) -> QuerySet:
    """How many ``rows`` there are, counted no further than ``most``: a queryset of one number, to be read together."""
    if most is not None:
        rows = rows.model._base_manager.filter(pk__in=rows.order_by().values("pk")[:most])
    return rows.order_by().values(together=Value(1)).annotate(number=Count("pk")).values_list("number", flat=True)


class Together:
    """Querysets as one statement, each as one value of it: an array of its rows, in their order.

    Rows travel as text beside the types of their columns, of which the driver makes what it makes of any answer. Like a
    ``core.ready.Statement`` it may be worked out once with marks in it, and filled in each time.
    """

    def __init__(self, *querysets: QuerySet | Written) -> None:
        self.querysets = querysets
        self.compilers: list[Any] = [
            one if isinstance(one, Written) else one.query.get_compiler(DEFAULT_DB_ALIAS) for one in querysets
        ]
        self.parameters: list[list[Any]] = []
        self.sql = f"SELECT {', '.join(map(self._value, self.compilers))}"

    def fetch(self, *filled: Mapping[Any, Any]) -> list[list[Any]]:
        """The rows of each queryset, with what its own of ``filled`` says in place of each mark."""
        marks: list[Mapping[Any, Any] | None] = [*filled, *[None] * (len(self.parameters) - len(filled))]
        given = [
            own.get(one, one) if own else one
            for parameters, own in zip(self.parameters, marks, strict=True)
            for one in parameters
        ]
        with connection.cursor() as cursor:
            cursor.execute(self.sql, given)
            casts = {**extensions.string_types, **connection.connection.string_types}
            told = [[_read(row, casts, cursor.cursor) for row in rows or ()] for rows in cursor.fetchone()]
        return [_made(*each) for each in zip(self.querysets, self.compilers, told, strict=True)]

    def _value(self, compiler: Any) -> str:
        try:
            sql, parameters = compiler.as_sql()
        except EmptyResultSet:
            self.parameters.append([])
            return "NULL"
        self.parameters.append(list(parameters))
        columns = [f"c{place}" for place in range(_width(compiler))]
        types = ", ".join(f"pg_typeof({column})::oid" for column in columns)
        texts = ", ".join(f"{column}::text" for column in columns)
        rows = f"({sql}) AS asked ({', '.join(columns)})"
        return f"(SELECT array_agg(ARRAY[{texts}, ARRAY[{types}]::text]) FROM {rows})"  # noqa: S608 -- the compiler's own words


def _read(row: list[str | None], casts: Mapping[int, Any], cursor: Any) -> tuple[Any, ...]:
    """The values of a row, by the types that stand behind them."""
    *texts, types = row
    oids = str(types).strip("{}").split(",")
    return tuple([casts.get(int(one), extensions.UNICODE)(text, cursor) for one, text in zip(oids, texts, strict=True)])


def _width(compiler: Any) -> int:
    return (
        compiler.columns if isinstance(compiler, Written) else len(compiler.select) + len(compiler.query.extra_select)
    )


def _made(queryset: QuerySet | Written, compiler: Any, rows: list[tuple[Any, ...]]) -> list[Any]:
    """What the queryset makes of rows that have come already; of a copy, as several threads may be at it."""
    if isinstance(queryset, Written):
        return rows
    compiler = copy(compiler)
    compiler.execute_sql = lambda *_args, **_kwargs: [rows]
    answered: Any = queryset.all()
    answered.query.get_compiler = lambda *_args, **_kwargs: compiler
    return list(answered._iterable_class(answered))
