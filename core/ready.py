"""Statements worked out once: what one page of a long list asks the database, with its places left to be filled in.

Making the statement of a page takes longer than the page does. Where a list is asked for in the same way again and
again, only the stretches somebody sees and the place they have read to differ; so marks stand for both in the statement
that is kept, and are replaced each time it is used. Nothing else of a question can be put in.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import CharField, QuerySet
from django.db.models.query import ModelIterable, ValuesListIterable, get_related_populators

from core.pagination import CAP, Count, Order, Page, capped
from core.stretches import Stretch

KEPT = 64
# Stand in a statement for whoever it is and for the day.
NOBODY, NEVER = -1, date.min
# No path and no name has this sign, and no key is below nought.
_SIGN = "\u00a7"
_KEY = -(10**15)


class Statement:
    """A query worked out with marks in it. Its rows are what the queryset was of: tuples, dicts or objects."""

    def __init__(self, rows: Any) -> None:
        self.compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, self.parameters = self.compiler.as_sql()
        self.makes = rows._iterable_class

    def fetch(self, filled: Mapping[Any, Any]) -> list[Any]:
        """The rows, with what ``filled`` says in place of each mark."""
        with connection.cursor() as cursor:
            cursor.execute(self.sql, [filled.get(one, one) for one in self.parameters])
            rows = cursor.fetchall()
        if self.makes is ModelIterable:
            return self._objects(rows)
        return rows if self.makes is ValuesListIterable else [dict(zip(self._names, row, strict=True)) for row in rows]

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(self.compiler.query.selected)

    @cached_property
    def _how(self) -> tuple[Any, ...]:
        """How the ORM makes objects of rows: what is converted, where the thing itself stands, what hangs on it."""
        compiler = self.compiler
        known = compiler.klass_info
        own = known["select_fields"]
        columns = slice(own[0], own[-1] + 1)
        names = frozenset(column[0].target.attname for column in compiler.select[columns])
        converters = compiler.get_converters([column[0] for column in compiler.select])
        beside = get_related_populators(known, compiler.select, DEFAULT_DB_ALIAS)  # type: ignore[call-arg]
        for each in beside:  # asked of every column of every row
            each.init_list = frozenset(each.init_list)  # type: ignore[assignment]
        return converters, known["model"], names, columns, beside, list(compiler.annotation_col_map.items())

    def _objects(self, rows: list[Any]) -> list[Any]:
        converters, model, names, columns, beside, annotations = self._how
        found = []
        for row in map(tuple, self.compiler.apply_converters(rows, converters)) if converters else rows:
            thing = model.from_db(DEFAULT_DB_ALIAS, names, row[columns])
            for each in beside:
                each.populate(row, thing)
            for name, place in annotations:
                setattr(thing, name, row[place])
            found.append(thing)
        return found


class Ready:
    """Pages of ``reach(stretches)``, a queryset, in an order of columns that are never empty."""

    def __init__(self, reach: Callable[[Sequence[Stretch]], QuerySet], order: Sequence[str]) -> None:
        self.reach = reach
        self.columns = order
        self._worked_out = lru_cache(maxsize=KEPT)(self._work_out)
        self._counted = lru_cache(maxsize=KEPT)(self._count)

    def page(self, stretches: Sequence[Stretch], *, after: str = "", size: int = 50) -> Page:
        """The page behind a cursor; one that leads nowhere leads to the first."""
        if not stretches:
            return Page([])
        place = self.order.place(after)
        statement = self._worked_out(tuple(one.below for one in stretches), place is not None, size)
        return self.order.page(statement.fetch(_filled(stretches, place)), size, place)

    def count(self, stretches: Sequence[Stretch]) -> Count:
        """How many there are, counted as far as ``count_up_to`` does."""
        if not stretches:
            return capped(0)
        sql, parameters = self._counted(tuple(one.below for one in stretches))
        filled = filled_stretches(stretches)
        with connection.cursor() as cursor:
            cursor.execute(sql, [filled.get(one, one) for one in parameters])
            return capped(cursor.fetchone()[0])

    @cached_property
    def order(self) -> Order:
        return Order(self.reach([]).model, self.columns)

    def _count(self, below: tuple[bool, ...]) -> tuple[str, Sequence[Any]]:
        reach = self.reach([Stretch(marked_stretch(number), one) for number, one in enumerate(below)])
        sql, parameters = reach.order_by().values("pk")[: CAP + 1].query.sql_with_params()
        return f"SELECT COUNT(*) FROM ({sql}) AS counted", parameters  # noqa: S608 -- the compiler's own words

    def _work_out(self, below: tuple[bool, ...], further: bool, size: int) -> Statement:
        reach = self.reach([Stretch(marked_stretch(number), one) for number, one in enumerate(below)])
        fields = [key.field for key in self.order.keys]
        beyond = [_place(number, isinstance(field, CharField)) for number, field in enumerate(fields)]
        return Statement(self.order.rows(reach, size + 1, beyond if further else None))


def marked_stretch(number: int) -> str:
    """The path that stands for the stretch of this number."""
    return f"/{_SIGN}{number}/"


def filled_stretches(stretches: Sequence[Stretch]) -> dict[Any, Any]:
    """What is put in place of the marks of these stretches."""
    filled: dict[Any, Any] = {}
    for number, one in enumerate(stretches):
        filled |= {marked_stretch(number): one.path, f"{marked_stretch(number)}~": f"{one.path}~"}
    return filled


def _place(number: int, is_text: bool) -> str | int:
    return f"{_SIGN}{number}" if is_text else _KEY - number


def _filled(stretches: Sequence[Stretch], place: Sequence[Any] | None) -> dict[Any, Any]:
    places = {_place(number, isinstance(value, str)): value for number, value in enumerate(place or ())}
    return filled_stretches(stretches) | places
