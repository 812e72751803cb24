"""Taking back what one act wrote: facts made are voided, struck ones written anew, columns get their old values.

Nothing is deleted. Whatever was changed since is left alone, together with everything else of the same thing that
hangs on it, and is named.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from acts.domain.hanging import in_use
from acts.models import Act
from acts.recording import COUNTED
from acts.registry import OBSTACLES, OWNERS, SETTLERS, VOIDING
from core.dated import BATCH, BOOKKEEPING, DatedFact, written_anew

CHANGED = _("此后又有改动")
CLASHES = _("放回去会与现有的记录相冲突")


@dataclass
class Part:
    """What the act wrote of one thing."""

    model: Any
    key: Any
    made: bool = False
    changes: dict[str, list[Any]] = field(default_factory=dict)
    facts: dict[Any, tuple[list[int], list[int]]] = field(default_factory=dict)
    latest: int = 0

    @property
    def row(self) -> int:
        """The key of the thing in its table; of a line of facts that of its latest."""
        return self.key if isinstance(self.key, int) else self.latest


@dataclass(frozen=True)
class Kept:
    """A thing, or columns of it, that stay as they are, and why."""

    model: Any
    row: int
    why: str
    columns: tuple[str, ...] = ()


@dataclass
class Outcome:
    voided: Counter[Any] = field(default_factory=Counter)
    restored: Counter[Any] = field(default_factory=Counter)
    kept: list[Kept] = field(default_factory=list)
    touched: dict[Any, list[tuple[int, bool]]] = field(default_factory=lambda: defaultdict(list))


# Things that stay though nothing else speaks for it: (model, parts) -> {row: why}.
Spare = Callable[[Any, list[Part]], dict[int, str]]


def put_back(act: Act, *, by: Any, on: date, reason: str, spare: Spare | None = None) -> Outcome:
    """Take back what can be taken back of one act; the outcome says what was and what stays.

    The caller holds the transaction, and has asked whether ``by`` may.
    """
    outcome = Outcome()
    parts = _parts(act)
    # Offices before the people in them, people and companies before the cells they are in, cells from below.
    for model in sorted(parts, key=_order):
        mine = parts[model]
        _lock(model, mine)
        keep = dict(spare(model, list(mine.values()))) if spare is not None else {}
        going = _without_kept(model, mine, keep, outcome)
        _go(model, going, outcome, by=by, on=on, reason=reason)
    return outcome


def _order(model: Any) -> tuple[int, str]:
    """Lines of facts first, such as offices; then whatever points at another traced thing before that."""
    if isinstance(OWNERS.get(model), tuple):
        return -100, model._meta.label_lower
    return -_depth(model), model._meta.label_lower


def _depth(model: Any) -> int:
    things = {model._meta.get_field(owner).related_model for model, owner in OWNERS.items() if isinstance(owner, str)}
    pointed = {one.related_model for one in model._meta.concrete_fields if one.is_relation}
    return max((1 + _depth(one) for one in pointed & things - {model}), default=0)


def _parts(act: Act) -> dict[Any, dict[Any, Part]]:
    """The effects, thing by thing."""
    found: dict[Any, dict[Any, Part]] = defaultdict(dict)

    def part(model: Any, key: Any) -> Part:
        return found[model].setdefault(key, Part(model, key))

    for effect in act.effects.all():
        model = effect.model
        if not issubclass(model, DatedFact):
            for row in effect.made:
                part(model, row).made = True
            for row, change in effect.changes.items():
                part(model, row).changes = change
            continue
        owner = OWNERS[model]
        rows = list(model._base_manager.filter(pk__in=[*effect.made, *effect.struck]).order_by("pk"))
        heirs = _heirs(model, [row for row in rows if row.voided_at and row.pk in set(effect.made)])
        rows = [heirs.get(row.pk, row) for row in rows]
        made = {*effect.made, *(heir.pk for heir in heirs.values())}
        for row in rows:
            if isinstance(owner, str):
                whose = model._meta.get_field(owner)
                mine = part(whose.related_model, getattr(row, whose.attname))
            else:
                mine = part(model, tuple(getattr(row, name) for name in owner))
                mine.latest = row.pk
            mine.facts.setdefault(model, ([], []))[row.pk not in made].append(row.pk)
    return found


def _heirs(model: Any, struck: list[Any]) -> dict[int, Any]:
    """For struck facts the standing ones that state the very same: what followed was undone, and they hold again."""
    if not struck:
        return {}
    owner = OWNERS[model]
    names = (owner,) if isinstance(owner, str) else owner
    among = {f"{name}__in": {getattr(row, model._meta.get_field(name).attname) for row in struck} for name in names}
    standing = {_stated(row): row for row in model._base_manager.filter(**among, voided_at__isnull=True)}
    return {row.pk: standing[_stated(row)] for row in struck if _stated(row) in standing}


def _stated(row: Any) -> tuple[Any, ...]:
    """What a fact says, and of which days; not when it was written."""
    said = [getattr(row, one.attname) for one in row._meta.concrete_fields if one.name not in BOOKKEEPING]
    return (row.valid.lower, row.valid.upper, *said[1:])


def _lock(model: Any, parts: dict[Any, Part]) -> None:
    rows = [part.row for part in parts.values()]
    list(model._base_manager.filter(pk__in=rows).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _without_kept(model: Any, parts: dict[Any, Part], keep: dict[int, str], outcome: Outcome) -> list[Part]:
    """The parts that can go back; what stays is noted, and taken out of them."""
    now = {row.pk: row for row in model._base_manager.filter(pk__in=[part.row for part in parts.values()])}
    struck_since = _struck_since(parts.values())
    moved = {
        part.row
        for part in parts.values()
        if any(row in struck_since[one] for one, rows in part.facts.items() for row in rows[0])
    }
    for row, why in OBSTACLES[model](list(parts.values())).items() if model in OBSTACLES else ():
        keep.setdefault(row, why)
    made = {part.row for part in parts.values() if part.made}
    keep |= {row: str(CHANGED) for row in made & moved if row not in keep}
    keep |= in_use(model, made - keep.keys())
    going = []
    for part in parts.values():
        differing = tuple(one for one, pair in part.changes.items() if not _says(now[part.row], one, pair[1]))
        if part.row in keep:
            outcome.kept.append(Kept(model, part.row, str(keep[part.row])))
            continue
        if part.row in moved or differing:
            outcome.kept.append(Kept(model, part.row, str(CHANGED), differing))
        bound = set(differing)
        if part.row in moved:
            # What is kept on the row of what the facts say stays with the facts.
            bound |= {column for one in part.facts for column in _columns(one)}
            part.facts = {}
        part.changes = {column: pair for column, pair in part.changes.items() if column not in bound}
        if part.made or part.changes or part.facts:
            going.append(part)
    return going


def _struck_since(parts: Iterable[Part]) -> dict[Any, set[int]]:
    made: dict[Any, list[int]] = defaultdict(list)
    for part in parts:
        for model, (rows, _struck) in part.facts.items():
            made[model] += rows
    return {
        model: set(model._base_manager.filter(pk__in=rows, voided_at__isnull=False).values_list("pk", flat=True))
        for model, rows in made.items()
    }


def _columns(model: Any) -> set[str]:
    return {one.column for one in model._meta.concrete_fields if not one.primary_key}


def _says(row: Any, column: str, value: Any) -> bool:
    kind = _field(row, column)
    return bool(getattr(row, kind.attname) == kind.to_python(value))


def _field(row: Any, column: str) -> Any:
    return next(one for one in row._meta.concrete_fields if one.column == column)


def _go(model: Any, going: list[Part], outcome: Outcome, *, by: Any, on: date, reason: str) -> None:
    """Write it; where one thing clashes with what stands, the others are written without it."""
    if not going:
        return
    try:
        with transaction.atomic():
            changed = _write(model, going, by=by, on=on, reason=reason)
            if model in SETTLERS and changed:
                SETTLERS[model](changed)
            connection.check_constraints()
    except IntegrityError:
        if len(going) == 1:
            outcome.kept.append(Kept(model, going[0].row, str(CLASHES)))
            return
        for part in going:
            _go(model, [part], outcome, by=by, on=on, reason=reason)
        return
    gone = {part.row for part in going if part.made or (not isinstance(part.key, int) and _only_made(part))}
    outcome.voided[model] += len(gone)
    outcome.restored[model] += len(going) - len(gone)
    outcome.touched[model] += [(part.row, part.row in gone) for part in going]


def _only_made(part: Part) -> bool:
    return not any(struck for _made, struck in part.facts.values())


def _write(model: Any, going: list[Part], *, by: Any, on: date, reason: str) -> list[int]:
    """Void what was made, write anew what was struck, put columns back; returns the rows whose columns were."""
    now = timezone.now()
    facts: dict[Any, tuple[list[int], list[int]]] = {}
    for part in going:
        for one, (made, struck) in part.facts.items():
            mine = facts.setdefault(one, ([], []))
            mine[0].extend(made)
            mine[1].extend(struck)
    for one, (made, struck) in facts.items():
        one._base_manager.filter(pk__in=made, voided_at__isnull=True).update(
            voided_at=now, voided_by_id=by.pk, void_reason=reason[:200]
        )
        written_anew(one, struck, by=by)
    voided = [part.row for part in going if part.made]
    changed = _restore(model, [part for part in going if part.changes and not part.made])
    if voided:
        columns = {"voided_at": now, "voided_by_id": by.pk, "void_reason": reason[:200]}
        known = {one.attname for one in model._meta.concrete_fields}
        counted = {COUNTED: models.F(COUNTED) + 1} if COUNTED in known else {}
        columns = {name: value for name, value in columns.items() if name in known}
        more = VOIDING[model](on) if model in VOIDING else {}
        model._base_manager.filter(pk__in=voided).update(**columns, **counted, **more)
    return changed


def _restore(model: Any, parts: list[Part]) -> list[int]:
    """Put the old values into the columns; the record counts as changed once more."""
    rows = {row.pk: row for row in model._base_manager.filter(pk__in=[part.row for part in parts])}
    by_columns: dict[frozenset[str], list[Any]] = defaultdict(list)
    for part in parts:
        row, names = rows[part.row], set()
        for column, (old, _new) in part.changes.items():
            kind = _field(row, column)
            setattr(row, kind.attname, kind.to_python(old))
            names.add(kind.name)
        if any(one.name == COUNTED for one in model._meta.concrete_fields):
            setattr(row, COUNTED, getattr(row, COUNTED) + 1)
            names.add(COUNTED)
        by_columns[frozenset(names)].append(row)
    for names, alike in by_columns.items():
        model._base_manager.bulk_update(alike, sorted(names), batch_size=BATCH)
    return list(rows)
