"""Facts with dates: what held from when to when, and since when we have known it.

A row is never changed and never removed. Stating something else from a day on
voids the row that held that day and writes the pieces anew, so that "as of that
day, as known at that moment" stays one filter for ever.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Self, TypeVar, cast

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.db.migrations import RunSQL
from django.db.models import Deferrable, Min, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Refusal

BATCH = 2000


class DatedQuerySet(models.QuerySet):
    """Which facts: those standing, those of a day, those of a day as known at a moment."""

    def standing(self) -> Self:
        """Rows nobody has voided."""
        return self.filter(voided_at__isnull=True)

    def as_of(self, on: date, *, known_at: datetime | None = None) -> Self:
        """What held on ``on``; with ``known_at``, what was believed then to hold on ``on``."""
        held = self.filter(valid__contains=on)
        if known_at is None:
            return held.standing()
        return held.filter(Q(voided_at__isnull=True) | Q(voided_at__gt=known_at), recorded_at__lte=known_at)

    def current(self) -> Self:
        """What holds with no end in sight."""
        return self.standing().filter(valid__upper_inf=True)

    def first_day(self) -> date | None:
        """The first day anything is known of; before it, figures say so instead of 0."""
        return self.standing().aggregate(first=Min("valid__startswith"))["first"]

    def void(self, *, by: Any, reason: str = "", at: datetime | None = None) -> int:
        """Strike these rows, keeping who, when and why. Rows already struck stay as they are."""
        return self.standing().update(voided_at=at or timezone.now(), voided_by_id=by.pk, void_reason=reason[:200])


class DatedFact(models.Model):
    """Something that held over a span of days ``[from, to)``."""

    valid = DateRangeField()
    recorded_at = models.DateTimeField(default=timezone.now, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    voided_at = models.DateTimeField(null=True, editable=False)
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+", db_index=False
    )
    void_reason = models.CharField(max_length=200, blank=True, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def starts_on(self) -> date:
        return self.valid.lower

    @property
    def ends_on(self) -> date | None:
        """The first day it no longer holds; None while no end is in sight."""
        return self.valid.upper

    def holds(self, on: date) -> bool:
        return self.valid.lower <= on and (self.valid.upper is None or on < self.valid.upper)


# What every fact carries besides what it states.
BOOKKEEPING = frozenset(field.name for field in DatedFact._meta.local_fields)


def since(on: date, until: date | None = None) -> DateRange:
    """The span ``[on, until)``."""
    return DateRange(on, until)


def dated_constraints(prefix: str, *keys: str, deferrable: bool = False) -> list[models.BaseConstraint]:
    """At most one standing fact a day for each combination of ``keys``, over a span that has a beginning.

    ``deferrable`` moves the first to the end of the transaction. The deeds here
    void before they write and need it only where two things change places.
    """
    return [
        ExclusionConstraint(
            name=f"{prefix}_one_at_a_time",
            expressions=[*((key, RangeOperators.EQUAL) for key in keys), ("valid", RangeOperators.OVERLAPS)],
            condition=Q(voided_at__isnull=True),
            deferrable=Deferrable.DEFERRED if deferrable else None,
        ),
        models.CheckConstraint(
            name=f"{prefix}_has_a_first_day", condition=Q(valid__isempty=False, valid__lower_inf=False)
        ),
    ]


Fact = TypeVar("Fact", bound=DatedFact)


class Change(NamedTuple):
    """From ``on`` the fact found by ``keys`` has ``values``; whatever ``values`` leave out stays as it was."""

    keys: dict[str, Any]
    values: dict[str, Any]
    on: date
    until: date | None = None


def state(
    model: type[Fact], keys: dict[str, Any], on: date, *, by: Any, values: dict[str, Any], until: date | None = None
) -> Fact | None:
    """Let ``values`` hold from ``on`` until the next recorded change (or until ``until``, if that is earlier).

    Returns the row that now holds ``on``, or None when that day said so already.
    """
    return state_many(model, [Change(keys, values, on, until)], by=by)[0]


@transaction.atomic
def state_many(model: type[Fact], changes: Sequence[Change | tuple], *, by: Any) -> list[Fact | None]:
    """As ``state``, for many at once: one reading, one voiding, and a writing per two thousand rows.

    Several changes to one thing are taken in the order given. The answers come in that order too.
    """
    asked = [_on_columns(model, Change(*change)) for change in changes]
    lines = _lines(model, [change.keys for change in asked])
    struck: list[int] = []
    answers = [_restate(model, lines[_key(change.keys)], change, struck) for change in asked]
    _write(model, struck, [row for line in lines.values() for row in line if row.pk is None], by=by)
    return answers


@transaction.atomic
def close(
    model: type[Fact], keys: dict[str, Any], on: date, *, by: Any, values: dict[str, Any] | None = None
) -> Fact | None:
    """End the current fact: ``on`` is the first day it no longer holds. ``values`` go on what is ended.

    Returns the ended row, or None when nothing is current. Refuses an end that leaves it not one day.
    """
    ask = _on_columns(model, Change(keys, values or {}, on))
    current = model._default_manager.filter(**ask.keys, voided_at__isnull=True, valid__upper_inf=True)
    row: Any = current.select_for_update().first()
    if row is None:
        return None
    if on <= row.starts_on:
        raise Refusal(
            _("结束日期应晚于开始日期 %(start)s，请核对。") % {"start": row.starts_on.isoformat()}, field="on"
        )
    ended = _copy(row, since(row.starts_on, on), ask.values)
    _write(model, [row.pk], [ended], by=by)
    return ended


def written_anew(model: type[Fact], struck: Sequence[int], *, by: Any) -> list[Fact]:
    """Let rows that were struck hold again: as fresh rows, since a struck one stays struck."""
    rows: Any = model._default_manager.filter(pk__in=struck).order_by("pk")
    fresh: list[Fact] = [_copy(row, row.valid) for row in rows]
    _write(model, [], fresh, by=by)
    return fresh


def append_only_sql(table: str) -> RunSQL:
    """The migration step that lets rows of ``table`` be added and voided once, and nothing else.

    Plain SQL, since guards made by an extension library can be switched off by the application.
    """
    return RunSQL(_FUNCTION + _TRIGGERS.format(table=table), _NO_TRIGGERS.format(table=table))


_FUNCTION = """
CREATE OR REPLACE FUNCTION zhibu_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    mutable CONSTANT text[] := ARRAY['voided_at', 'voided_by_id', 'void_reason'];
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.voided_at IS NULL AND NEW.voided_at IS NOT NULL
           AND to_jsonb(NEW) - mutable = to_jsonb(OLD) - mutable THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% keeps its history: rows are added and voided once', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
_TRIGGERS = """
CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION zhibu_append_only();
CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION zhibu_append_only();
"""
_NO_TRIGGERS = """
DROP TRIGGER {table}_append_only ON {table};
DROP TRIGGER {table}_no_truncate ON {table};
"""


def _on_columns(model: type[DatedFact], change: Change) -> Change:
    """The change with every name turned into its column and every value into what a row would hold."""
    return change._replace(keys=_columns(model, change.keys), values=_columns(model, change.values))


def _columns(model: type[DatedFact], named: dict[str, Any]) -> dict[str, Any]:
    columns = {}
    for name, value in named.items():
        field: Any = model._meta.get_field(name)
        columns[field.attname] = field.to_python(value.pk if isinstance(value, models.Model) else value)
    return columns


def _key(keys: dict[str, Any]) -> tuple:
    return tuple(sorted(keys.items()))


def _lines(model: type[Fact], keys: list[dict[str, Any]]) -> dict[tuple, list[Fact]]:
    """The standing rows of each thing, locked."""
    lines: dict[tuple, list[Fact]] = defaultdict(list)
    if not keys:
        return lines
    names = sorted(keys[0])
    # With several keys this may read too much, never too little; the rest is dropped just below.
    among = {f"{name}__in": {key[name] for key in keys} for name in names}
    wanted = {_key(key) for key in keys}
    standing = model._default_manager.filter(**among, voided_at__isnull=True).order_by("pk").select_for_update()
    for row in cast(Any, standing):
        key = tuple((name, getattr(row, name)) for name in names)
        if key in wanted:
            lines[key].append(row)
    return lines


def _restate(model: type[Fact], line: list[Fact], change: Change, struck: list[int]) -> Fact | None:
    """Put one change into a thing's line of rows; what it replaces leaves the line and goes to ``struck``."""
    keys, values, on, until = change
    old = next((row for row in line if row.holds(on)), None)
    if old is None:
        following = [row.starts_on for row in line if row.starts_on > on]
        end = min([day for day in [until, *following] if day], default=None)
        first = model(valid=since(on, end), **keys, **values)
        line.append(first)
        return first
    if all(getattr(old, name) == value for name, value in values.items()):
        return None
    line.remove(old)
    if old.pk is not None:
        struck.append(old.pk)
    if old.starts_on < on:
        line.append(_copy(old, since(old.starts_on, on)))
    end = old.ends_on
    if until is not None and (end is None or until < end):
        line.append(_copy(old, since(until, end)))
        end = until
    new = _copy(old, since(on, end), values)
    line.append(new)
    return new


def _copy(row: Fact, valid: DateRange, values: dict[str, Any] | None = None) -> Fact:
    """A fresh row that states the same over another span, but for ``values``."""
    stated = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.primary_key and field.name not in BOOKKEEPING
    }
    return type(row)(valid=valid, **stated | (values or {}))


def _write(model: type[Fact], struck: list[int], fresh: list[Fact], *, by: Any) -> None:
    now = timezone.now()
    # Voiding goes first: the exclusion constraint looks at every row as it arrives.
    if struck:
        model._default_manager.filter(pk__in=struck).update(voided_at=now, voided_by_id=by.pk)
    for row in fresh:
        row.recorded_at = now
        row.recorded_by_id = by.pk
    model._default_manager.bulk_create(fresh, batch_size=BATCH)
