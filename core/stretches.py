"""Several stretches of a tree in one condition, and the same list stretch by stretch where a page is filled from it.

Paths are kept in collation C, so that one stretch is one range of an index. A condition on several is an OR of ranges:
cheap to check on a row that is at hand, but no way to enter an index. With an order and a limit the database would
read everything within reach and sort it, so ``core.pagination`` takes such a list ``apart``.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django.db.models import CharField, Lookup, QuerySet
from django.db.models.sql.where import AND


class Stretch(NamedTuple):
    """One path, or with ``below`` all that begins with it. ``~`` sorts behind every sign of a path."""

    path: str
    below: bool


@CharField.register_lookup
class Within(Lookup):
    """``path__within=[Stretch(…), …]``: in any of them."""

    lookup_name = "within"
    prepare_rhs = False

    def get_prep_lookup(self) -> tuple[Stretch, ...]:
        return tuple(self.rhs)

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, given = self.process_lhs(compiler, connection)
        conditions, parameters = [], []
        for path, below in self.rhs:
            conditions.append(f"({column} >= %s AND {column} < %s)" if below else f"{column} = %s")
            parameters += [*given, path, *given, f"{path}~"] if below else [*given, path]
        return f"({' OR '.join(conditions)})", parameters


def first_rows(rows: QuerySet, order: Sequence[Any], most: int) -> QuerySet:
    """The first ``most`` of ``rows``, which stand in ``order``, told by columns that each row has.

    Of several stretches the first rows of each are looked at, in one query, and of those the first are taken.
    """
    first, *others = [part[:most] for part in apart(rows)]
    return first.union(*others, all=True).order_by(*order)[:most] if others else first


def apart(rows: QuerySet) -> list[QuerySet]:
    """``rows`` once for each stretch they are confined to; none is in two of them, and none is lost."""
    where: Any = rows.query.where
    places = [place for place, one in enumerate(where.children) if isinstance(one, Within) and len(one.rhs) > 1]
    if len(places) != 1 or where.connector != AND or where.negated:
        return [rows]
    return [_confined(rows, places[0], stretch) for stretch in where.children[places[0]].rhs]


def _confined(rows: QuerySet, place: int, stretch: Stretch) -> QuerySet:
    part = rows.all()
    conditions: list[Any] = part.query.where.children
    conditions[place] = Within(conditions[place].lhs, [stretch])
    return part
