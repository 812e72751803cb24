"""Pages by keyset: the last row seen is the way on, so that page 1,000 costs what page 1 does.

An order may be of fields, relations and annotations, each with a leading ``-``; the primary key is added to make it
total. Rows without a value come last. Two lists never share a cursor unless they share their order. A cursor is sealed:
an order may go by what its reader is not shown.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import F, Field, Model, Q, QuerySet
from django.http import HttpRequest

from core.crypto import SealError, open_bytes, seal_bytes
from core.stretches import first_rows

SIZES = (20, 50, 100)
CAP = 1000


@dataclass(frozen=True)
class Page:
    """Rows, and the cursors of the pages beside them; None where there is none."""

    rows: list[Any]
    next: str | None = None
    previous: str | None = None


@dataclass(frozen=True)
class Count:
    """How many there are, or that there are more than one would count: ``1000+``."""

    number: int
    capped: bool

    def __str__(self) -> str:
        return f"{self.number}+" if self.capped else str(self.number)


def count_up_to(queryset: QuerySet, cap: int = CAP) -> Count:
    """Count no further than ``cap``: an exact count costs as much as the list is long."""
    return capped(queryset.order_by()[: cap + 1].count(), cap)


def capped(number: int, cap: int = CAP) -> Count:
    """A number as it is told: beyond ``cap`` no further."""
    return Count(min(number, cap), capped=number > cap)


def page(queryset: QuerySet, *, order: Sequence[str], after: str = "", before: str = "", size: int = 50) -> Page:
    """The rows after (or before) a cursor. One that is not ours, or of another order, leads to the first page."""
    asked = Order(queryset.model, order)
    backwards = bool(before) and not after
    place = asked.place(before if backwards else after)
    backwards = backwards and place is not None
    return asked.page(list(asked.rows(queryset, size + 1, place, backwards)), size, place, backwards)


def leads_somewhere(queryset: QuerySet, *, order: Sequence[str], cursor: str) -> bool:
    """Whether a cursor is ours and of this order."""
    return Order(queryset.model, order).place(cursor) is not None


def in_order(queryset: QuerySet, order: Sequence[str]) -> QuerySet:
    """The rows as ``page`` puts them, for whoever counts them off from the beginning."""
    return queryset.order_by(*(key.ordering(backwards=False) for key in Order(queryset.model, order).keys))


class Order:
    """A total order of the rows of a model, the places in it, and the pages between them."""

    def __init__(self, model: type[Model], order: Sequence[str]) -> None:
        self.keys = _keys(model, order)
        self.salt = f"core.pagination:{model._meta.label}:{','.join(key.name for key in self.keys)}"

    def place(self, cursor: str) -> list[Any] | None:
        """The place a cursor stands for; None for none, and for one that is not ours or of another order."""
        return _place(cursor, self.salt, self.keys)

    def rows(self, queryset: QuerySet, most: int, place: list[Any] | None, backwards: bool = False) -> QuerySet:
        """The first ``most`` rows beyond ``place``, each with what its own place is told by."""
        rows = queryset.annotate(**{key.alias: F(key.path) for key in self.keys if key.alias != key.path})
        rows = rows.order_by(*(key.ordering(backwards) for key in self.keys))
        if place is not None:
            rows = rows.filter(_beyond(self.keys, place, backwards))
        return first_rows(rows, [key.ordering(backwards, key.alias) for key in self.keys], most)

    def page(self, found: list[Any], size: int, place: list[Any] | None, backwards: bool = False) -> Page:
        """``found`` as a page of ``size``; one row more than that tells that there is another."""
        more = len(found) > size
        found = found[:size]
        if backwards:
            found.reverse()
        if not found:
            return Page([])
        return Page(
            found,
            next=_cursor(found[-1], self.salt, self.keys) if more or backwards else None,
            previous=_cursor(found[0], self.salt, self.keys) if (more if backwards else place is not None) else None,
        )


def page_of(request: HttpRequest, queryset: QuerySet, *, order: Sequence[str], size: int = 50) -> Page:
    """``page`` as the address asks for it (``?after=``, ``?before=``, ``?size=``), with addresses for cursors."""
    asked = request.GET.get("size", "")
    size = int(asked) if asked in {str(allowed) for allowed in SIZES} else size
    found = page(
        queryset, order=order, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=size
    )
    return addressed(request, found)


def addressed(request: HttpRequest, found: Page) -> Page:
    """The page with addresses for its cursors."""
    return Page(found.rows, _address(request, "after", found.next), _address(request, "before", found.previous))


@dataclass(frozen=True)
class _Key:
    """One field of an order: what it is called, where it is found, which way it goes."""

    name: str
    field: Field | None
    nullable: bool

    @property
    def path(self) -> str:
        return self.name.removeprefix("-")

    @property
    def alias(self) -> str:
        """Where the value lies on a row: its own name, or an annotation for what lies beyond a relation."""
        return f"key_{self.path.replace('__', '_')}" if "__" in self.path else self.path

    def ordering(self, backwards: bool, path: str = "") -> Any:
        falling = self.name.startswith("-") != backwards
        column = F(path or self.path)
        if not self.nullable:  # the database's own place for nothing is the one its indexes have
            return column.desc() if falling else column.asc()
        nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        return column.desc(**nulls) if falling else column.asc(**nulls)

    def same(self, value: Any) -> Q:
        return Q(**{f"{self.path}__isnull": True}) if value is None else Q(**{self.path: value})

    def further(self, value: Any, backwards: bool) -> Q:
        """Strictly on the far side of ``value``."""
        if value is None:
            return Q(**{f"{self.path}__isnull": False}) if backwards else Q(pk__in=[])
        falling = self.name.startswith("-") != backwards
        beyond = Q(**{f"{self.path}__{'lt' if falling else 'gt'}": value})
        return beyond if backwards or not self.nullable else beyond | Q(**{f"{self.path}__isnull": True})

    def no_nearer(self, value: Any, backwards: bool) -> Q:
        """At ``value`` or further, in the one form that an index is entered by."""
        if self.nullable:
            return self.same(value) | self.further(value, backwards)
        falling = self.name.startswith("-") != backwards
        return Q(**{f"{self.path}__{'lte' if falling else 'gte'}": value})


def _keys(model: type[Model], order: Sequence[str]) -> list[_Key]:
    names = [name.replace("pk", model._meta.pk.name) if name in ("pk", "-pk") else name for name in order]
    own = {name.removeprefix("-") for name in names}
    if model._meta.pk.name not in own:
        names.append(model._meta.pk.name)
    return [_Key(name, *_column(model, name.removeprefix("-"))) for name in names]


def _column(model: type[Model], path: str) -> tuple[Field | None, bool]:
    """The column at the end of ``path``, and whether it can be empty; no column for an annotation."""
    field: Any = None
    nullable = False
    try:
        for part in path.split("__"):
            field = model._meta.get_field(part)
            nullable = nullable or field.null
            model = field.related_model or model
    except FieldDoesNotExist:
        return None, True
    return field.target_field if field.is_relation else field, nullable


def _beyond(keys: list[_Key], place: list[Any], backwards: bool) -> Q:
    """Rows beyond ``place``: further in the first key, or the same and further in the next, and so on.

    The first key is bound once more by itself, so that an index on it starts there instead of at the beginning.
    """
    beyond, same = Q(pk__in=[]), Q()
    for key, value in zip(keys, place, strict=True):
        beyond |= same & key.further(value, backwards)
        same &= key.same(value)
    return keys[0].no_nearer(place[0], backwards) & beyond


def _cursor(row: Any, salt: str, keys: list[_Key]) -> str:
    values = [row[key.alias] if isinstance(row, dict) else getattr(row, key.alias) for key in keys]
    sealed = seal_bytes(json.dumps([_written(value) for value in values]).encode(), **_seal(salt))
    return urlsafe_b64encode(sealed).rstrip(b"=").decode()


def _seal(salt: str) -> dict[str, str]:
    return {"table": "core.pagination", "column": "cursor", "uid": salt}


def _written(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return (
        value
        if value is None or (isinstance(value, int | float | str) and not isinstance(value, Decimal))
        else str(value)
    )


def _place(cursor: str, salt: str, keys: list[_Key]) -> list[Any] | None:
    if not cursor:
        return None
    try:
        sealed = urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4))
        values = json.loads(open_bytes(sealed, **_seal(salt)))
        return [key.field.to_python(value) if key.field else value for key, value in zip(keys, values, strict=True)]
    except (SealError, ValidationError, ValueError):
        return None


def _address(request: HttpRequest, name: str, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    query = request.GET.copy()
    query.pop("after", None)
    query.pop("before", None)
    query[name] = cursor
    return f"?{query.urlencode()}"
