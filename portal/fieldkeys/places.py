"""Every place where something sealed is stored, how much of it each key holds, and sealing it anew.

A place is sealed anew row by row under a row lock that no reader waits for and that passes over rows somebody is
writing: those come in the next round. Who read a row before may still write the old seal back; that loses nothing as
long as the old key stands in the ring, which is why it is dropped by a step of its own.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db import connection, transaction
from django.db.models import Model
from psycopg2.extras import Json, execute_values

from core import crypto
from core.crypto import EncryptedField, SealError

ROWS, FILES = 500, 4
# Whole files, sealed with ``seal_bytes``: a test holds this list against every binary column there is.
SEALED_FILES = {"ledgers.Upload": ("content",), "ledgers.Piece": ("content",), "members.Evidence": ("content",)}
FACTORS = ("secret", "seed")
UNKNOWN = "?"


@dataclass(frozen=True)
class Holding:
    """How many values of a place are sealed with one key under one algorithm."""

    place: str
    algorithm: str
    key: str
    values: int


@dataclass
class Place:
    """Sealed text columns of one table."""

    model: type[Model]
    columns: tuple[str, ...]
    chunk = ROWS

    @property
    def table(self) -> str:
        return self.model._meta.db_table

    def head(self, column: str) -> str:
        """SQL for how the stored value begins."""
        return column

    def value(self, column: str) -> str:
        """SQL for the whole stored value."""
        return column

    def uid(self) -> str:
        return "uid::text"

    def bound_to(self, column: str, uid: str) -> dict[str, str]:
        """What the values of ``column`` are sealed for."""
        return {"table": self.table, "column": column, "uid": uid}

    def holdings(self) -> Iterator[Holding]:
        with connection.cursor() as cursor:
            for column in self.columns:
                head = self.head(column)
                sealed = f"{head} LIKE '{crypto.VERSION}|%%|%%|%%'"
                cursor.execute(
                    f"SELECT CASE WHEN {sealed} THEN split_part({head}, '|', 2) ELSE %s END,"  # noqa: S608
                    f" CASE WHEN {sealed} THEN split_part({head}, '|', 3) ELSE %s END, count(*)"
                    f" FROM {self.table} WHERE {head} <> '' GROUP BY 1, 2",
                    [UNKNOWN, UNKNOWN],
                )
                for algorithm, key, values in cursor.fetchall():
                    yield Holding(f"{self.table}.{column}", algorithm, key, values)

    def stale(self) -> str:
        """SQL for rows with a value that new values would not be sealed like; one parameter a column."""
        parts = (f"({self.head(column)} <> '' AND NOT starts_with({self.head(column)}, %s))" for column in self.columns)
        return " OR ".join(parts)

    def seal_some(self, after: int) -> tuple[int | None, int, int]:
        """Seal the next rows anew; the last of them, how many were, and how many values would not open."""
        prefix = crypto.prefix()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(
                f"SELECT id, {self.uid()}, {', '.join(self.columns)} FROM {self.table}"  # noqa: S608
                f" WHERE id > %s AND ({self.stale()}) ORDER BY id LIMIT {self.chunk} FOR NO KEY UPDATE SKIP LOCKED",
                [after, *[prefix] * len(self.columns)],
            )
            rows = cursor.fetchall()
            anew, closed = [], 0
            for pk, uid, *values in rows:
                try:
                    anew.append((pk, *(self.anew(value, column, uid) for value, column in zip(values, self.columns))))  # noqa: B905
                except SealError:
                    closed += 1
            if anew:
                self.write(cursor, anew)
        return (rows[-1][0] if rows else None), len(anew), closed

    def anew(self, value: Any, column: str, uid: str) -> Any:
        place = self.bound_to(column, uid)
        return crypto.seal(crypto.open_sealed(value, **place), **place) if value else value

    def write(self, cursor: Any, rows: list[tuple[Any, ...]]) -> None:
        sets = ", ".join(f"{column} = new.{column}" for column in self.columns)
        execute_values(
            cursor.cursor,
            f"UPDATE {self.table} AS old SET {sets} FROM (VALUES %s) AS new (id, {', '.join(self.columns)})"  # noqa: S608
            " WHERE old.id = new.id",
            rows,
            page_size=len(rows),
        )


class FilePlace(Place):
    """Sealed whole files."""

    chunk = FILES

    def head(self, column: str) -> str:
        return f"encode(substring({column} for 120), 'escape')"

    def anew(self, value: Any, column: str, uid: str) -> Any:
        place = self.bound_to(column, uid)
        return crypto.seal_bytes(crypto.open_bytes(bytes(value), **place), **place) if value else value


class FactorPlace(Place):
    """The secrets of authenticator apps and the seeds of recovery codes, inside a JSON column."""

    def head(self, column: str) -> str:
        return f"data ->> '{column}'"

    value = head

    def uid(self) -> str:
        return "'secret'"

    def bound_to(self, column: str, uid: str) -> dict[str, str]:
        return {"table": self.table, "column": "data", "uid": uid}

    def seal_some(self, after: int) -> tuple[int | None, int, int]:
        prefix = crypto.prefix()
        with transaction.atomic():
            stale = Authenticator.objects.extra(where=[self.stale()], params=[prefix] * len(self.columns))  # noqa: S610
            rows = stale.filter(pk__gt=after).order_by("pk").select_for_update(skip_locked=True, no_key=True)
            found, closed = list(rows[: self.chunk]), 0
            for factor in found:
                try:
                    held = [name for name in FACTORS if name in factor.data]
                    new = {name: self.anew(factor.data[name], name, "secret") for name in held}
                except SealError:
                    closed += 1
                    continue
                with connection.cursor() as cursor:
                    cursor.execute(
                        "UPDATE mfa_authenticator SET data = data || %s WHERE id = %s", [Json(new), factor.pk]
                    )
        return (found[-1].pk if found else None), len(found) - closed, closed


def places() -> list[Place]:
    """Every place of this version, by table."""
    found: list[Place] = [FactorPlace(Authenticator, FACTORS)]
    for model in apps.get_models():
        sealed = [field for field in model._meta.concrete_fields if isinstance(field, EncryptedField)]
        if sealed and model._meta.managed:
            found.append(Place(model, tuple(str(field.column) for field in sealed)))
    found += [FilePlace(apps.get_model(label), columns) for label, columns in SEALED_FILES.items()]
    return sorted(found, key=lambda place: place.table)


def holdings() -> list[Holding]:
    """How much each key holds, place by place."""
    return [holding for place in places() for holding in place.holdings()]


def held_by_key(found: list[Holding] | None = None) -> Counter[str]:
    """How many values each key holds."""
    counted: Counter[str] = Counter()
    for holding in holdings() if found is None else found:
        counted[holding.key] += holding.values
    return counted


def sample(key: str) -> Iterator[tuple[str, bool]]:
    """From each place one value sealed with ``key``, and whether it opens."""
    for place in places():
        for column in place.columns:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT {place.value(column)}, {place.uid()} FROM {place.table}"  # noqa: S608
                    f" WHERE split_part({place.head(column)}, '|', 3) = %s LIMIT 1",
                    [key],
                )
                for value, uid in cursor.fetchall():
                    yield f"{place.table}.{column}", _opens(place, value, column, uid)


def _opens(place: Place, value: Any, column: str, uid: str) -> bool:
    try:
        place.anew(value, column, uid)
    except SealError:
        return False
    return True
