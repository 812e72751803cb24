"""What stays when an import is undone, as its reader may see it: by name within reach, by kind beyond."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from audit import reading
from audit.models import Entry
from cells.models import Appointment, Cell, Company
from ledgers.models import Import, StagedRow
from members.models import Member

ORDER = ("cells.cell", "cells.company", "members.member", "cells.appointment")


@dataclass(frozen=True)
class Stay:
    """One thing that stays, or whose items stay, and why."""

    kind: str
    name: str
    url: str
    number: int | None
    why: str
    since: str
    items: str


@dataclass(frozen=True)
class Counted:
    kind: str
    voided: int
    restored: int


def counted(told: dict[str, Any]) -> list[Counted]:
    """How many of each kind were, or would be, voided and put back."""
    voided, restored = told.get("voided", {}), told.get("restored", {})
    return [Counted(_kind(one), voided.get(one, 0), restored.get(one, 0)) for one in ORDER if one in voided | restored]


def named(the_import: Import, kept: Sequence[dict[str, Any]], reader: Any) -> list[Stay]:
    """These stays in words; a constant number of queries."""
    rows: dict[str, list[int]] = defaultdict(list)
    for one in kept:
        rows[one["thing"]].append(one["row"])
    things = {label: _within_reach(label, keys, reader) for label, keys in rows.items()}
    entries = Entry.objects.select_related("thing_type").in_bulk([one["entry"] for one in kept if one["entry"]])
    numbers = _numbers(the_import, things.get("members.member", {}))
    return [_stay(one, things[one["thing"]].get(one["row"]), entries.get(one["entry"]), numbers) for one in kept]


def _stay(one: dict[str, Any], thing: Any, entry: Entry | None, numbers: dict[int, int]) -> Stay:
    read = reading.read(entry) if entry is not None else None
    model = apps.get_model(one["thing"])
    columns = [reading.label_of(model, column.removesuffix("_id")) for column in one["columns"]]
    return Stay(
        kind=_kind(one["thing"]),
        name=str(thing) if thing is not None else _("不在您的范围内"),
        url=thing.get_absolute_url() if hasattr(thing, "get_absolute_url") else "",
        number=numbers.get(one["row"]) if one["thing"] == "members.member" else None,
        why=read.sentence if read else one["why"],
        since=f"{timezone.localdate(entry.recorded_at).isoformat()} {read.actor}" if read and entry else "",
        items=_("、").join(dict.fromkeys(label for label in columns if label)),
    )


def _kind(label: str) -> str:
    return {
        "cells.cell": _("党组织"),
        "cells.company": _("企业"),
        "members.member": _("党员"),
        "cells.appointment": pgettext("undo", "任职"),
    }.get(label, label)


def _within_reach(label: str, keys: list[int], reader: Any) -> dict[int, Any]:
    if label == "members.member":
        return Member.objects.visible_to(reader).in_bulk(keys)
    if label == "cells.company":
        return Company.objects.visible_to(reader).in_bulk(keys)
    cells = Cell.objects.visible_to(reader)
    if label == "cells.cell":
        return cells.in_bulk(keys)
    rows = Appointment.objects.filter(pk__in=keys, cell__in=cells).select_related("holder", "cell")
    return {row.pk: row for row in rows}


def _numbers(the_import: Import, members: dict[int, Member]) -> dict[int, int]:
    """In which row of the file somebody stands, as long as the file is kept."""
    indexes = {member.id_number_index: row for row, member in members.items() if member.id_number_index}
    staged = StagedRow.objects.of(the_import, "members").filter(match__in=indexes).values_list("match", "number")
    return {indexes[match]: number for match, number in staged}
