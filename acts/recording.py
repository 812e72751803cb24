"""Keeping what a deed writes, so that it can be undone: ``@reversible`` in place of ``@transaction.atomic``.

While an act is under way, triggers on the traced tables note every row made and every column changed. What they noted
is sealed into the act's effects before the transaction ends. A deed called by a deed belongs to the outer act.
"""

import json
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

from django.apps import apps
from django.db import connection, transaction
from django.db.migrations import RunSQL

from acts import touching
from acts.models import Act, Effect, Told
from audit.models import Entry
from core.copying import copy
from core.crypto import EncryptedField, SealError, open_sealed
from core.dated import DatedFact

P = ParamSpec("P")
R = TypeVar("R")
Changes = dict[int, dict[str, list[Any]]]
# What every deed counts up; it is never put back.
COUNTED = "version"

_present: ContextVar["Recording | None"] = ContextVar("act", default=None)


@dataclass
class Recording:
    """An act under way; ``act`` is there once it is over, unless nothing was written."""

    uid: uuid.UUID = field(default_factory=uuid.uuid4)
    undoes: Act | None = None
    part_of: str = ""
    act: Act | None = None


def reversible(deed: Callable[P, R]) -> Callable[P, R]:
    """The deed in one transaction, as an act that can be undone."""

    @wraps(deed)
    def recorded(*args: P.args, **kwargs: P.kwargs) -> R:
        with recording():
            return deed(*args, **kwargs)

    return recorded


@contextmanager
def recording(*, undoes: Act | None = None, part_of: str = "") -> Iterator[Recording]:
    """Keep what the block writes as one act, in one transaction; within an act the block is part of that."""
    outer = _present.get()
    if outer is not None:
        with transaction.atomic():
            yield outer
        return
    present = Recording(undoes=undoes, part_of=part_of)
    token = _present.set(present)
    try:
        with transaction.atomic():
            _begin(present.uid)
            yield present
            _keep(present, _end(present.uid))
    finally:
        _present.reset(token)


def trace_sql(table: str) -> RunSQL:
    """The migration step after which acts remember what they write in ``table``."""
    return RunSQL(_FUNCTION + _TRIGGERS.format(table=table), _NO_TRIGGERS.format(table=table))


_FUNCTION = """
CREATE OR REPLACE FUNCTION zhibu_trace() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    present CONSTANT uuid := NULLIF(current_setting('zhibu.act', true), '')::uuid;
BEGIN
    IF present IS NULL THEN
        RETURN NULL;
    END IF;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO acts_trace (act, "table", "row") SELECT present, TG_TABLE_NAME, fresh.id FROM fresh;
    ELSE
        INSERT INTO acts_trace (act, "table", "row", change)
        SELECT present, TG_TABLE_NAME, fresh.id, (
            SELECT jsonb_object_agg(was.key, jsonb_build_array(was.value, to_jsonb(fresh) -> was.key))
            FROM jsonb_each(to_jsonb(stale)) AS was WHERE was.value IS DISTINCT FROM to_jsonb(fresh) -> was.key)
        FROM stale JOIN fresh ON fresh.id = stale.id WHERE stale IS DISTINCT FROM fresh;
    END IF;
    RETURN NULL;
END $$;
"""
_TRIGGERS = """
CREATE TRIGGER {table}_traced_anew AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION zhibu_trace();
CREATE TRIGGER {table}_traced AFTER UPDATE ON {table} REFERENCING OLD TABLE AS stale NEW TABLE AS fresh
    FOR EACH STATEMENT EXECUTE FUNCTION zhibu_trace();
"""
_NO_TRIGGERS = """
DROP TRIGGER {table}_traced_anew ON {table};
DROP TRIGGER {table}_traced ON {table};
"""


def _begin(uid: uuid.UUID) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('zhibu.act', %s, true)", [str(uid)])


def _end(uid: uuid.UUID) -> list[tuple[str, int, Any]]:
    """From here nothing is noted any more; what was, in order."""
    with connection.cursor() as cursor:
        cursor.execute(
            "WITH noted AS (DELETE FROM acts_trace WHERE act = %s RETURNING *), over AS ("
            "SELECT set_config('zhibu.act', '', true) AS done) "
            'SELECT noted."table", noted."row", noted.change::text FROM over LEFT JOIN noted ON true ORDER BY noted.id',
            [str(uid)],
        )
        noted = [row for row in cursor.fetchall() if row[0] is not None]
    return [(table, row, json.loads(change) if change else None) for table, row, change in noted]


def _keep(present: Recording, traces: list[tuple[str, int, Any]]) -> None:
    """Write the act down with its effects; what told nothing or changed nothing is no act."""
    told = [row for table, row, _change in traces if table == Entry._meta.db_table]
    effects = _effects([trace for trace in traces if trace[0] != Entry._meta.db_table])
    if not told or not effects:
        return
    said = Entry.objects.filter(pk__in=told)
    entries = said.values_list("pk", "action", "actor_id", "path", "recorded_at", "request_id", named=True)
    # A deed records last: what it calls has told of itself before.
    last = max(entries, key=lambda entry: entry.pk)
    present.act = Act.objects.create(
        uid=present.uid,
        entry_id=last.pk,
        actor_id=last.actor_id,
        path=last.path,
        things=sum(entry.action == last.action for entry in entries),
        done_at=last.recorded_at,
        request_id=last.request_id,
        undoes=present.undoes,
        part_of=present.part_of,
    )
    copy(Told._meta.db_table, "act_id entry_id", ([present.act.pk, key] for key in told))
    for effect in effects:
        effect.act = present.act
    Effect.objects.bulk_create(effects)
    touching.note(present.act, told, effects)


def _effects(traces: list[tuple[str, int, Any]]) -> list[Effect]:
    """What was noted, table by table: first old and last new value of a column, nothing of what came to nothing."""
    made: dict[str, list[int]] = {}
    changed: dict[str, Changes] = {}
    for table, row, change in traces:
        if change is None:
            made.setdefault(table, []).append(row)
            continue
        columns = changed.setdefault(table, {}).setdefault(row, {})
        for column, (old, new) in change.items():
            columns[column] = [columns.get(column, [old])[0], new]
    found = (_effect(_models()[table], made.get(table, []), changed.get(table, {})) for table in made | changed)
    return [effect for effect in found if effect.made or effect.struck or effect.changed]


def _effect(model: Any, made: list[int], changed: Changes) -> Effect:
    effect = Effect(table=model._meta.label_lower)
    fresh = set(made)
    if issubclass(model, DatedFact):
        # A fact changes by being struck; one that was made and struck at once never held.
        effect.made = sorted(fresh - changed.keys())
        effect.struck = sorted(changed.keys() - fresh)
        return effect
    effect.made = sorted(fresh)
    kept = _opened(model, {row: change for row, change in changed.items() if row not in fresh})
    effect.changed = json.dumps(kept, ensure_ascii=False) if kept else ""
    return effect


def _opened(model: Any, changed: Changes) -> Changes:
    """The changes with sealed columns opened, since a key may go before the act does; what is the same is left out."""
    sealed = [one.column for one in model._meta.concrete_fields if isinstance(one, EncryptedField)]
    touched = [row for row, change in changed.items() if change.keys() & set(sealed)]
    uids = dict(model._base_manager.filter(pk__in=touched).values_list("pk", "uid")) if touched else {}
    kept: Changes = {}
    for row, change in changed.items():
        for column in change.keys() & set(sealed):
            try:
                change[column] = [
                    open_sealed(one, table=model._meta.db_table, column=column, uid=uids[row]) if one else one
                    for one in change[column]
                ]
            except SealError:
                change[column] = [None, None]
        differing = {column: pair for column, pair in change.items() if pair[0] != pair[1] and column != COUNTED}
        if differing:
            kept[row] = differing
    return kept


@cache
def _models() -> dict[str, Any]:
    return {model._meta.db_table: model for model in apps.get_models(include_auto_created=True)}
