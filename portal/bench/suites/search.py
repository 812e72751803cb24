"""Looking for people: each kind of search beside reading the same rows by their keys (G12)."""

from collections.abc import Sequence
from typing import Any

from cells.authority import remember
from core.crypto import open_sealed
from core.names import readings
from members.models import Member, Membership
from portal.bench import databases
from portal.bench.asking import Reader
from portal.bench.harness import Case, Gate, measure
from portal.bench.plans import plan_of
from portal.bench.suites import Report, say

SHOWN = 50


def run(places: Sequence[tuple[str, int]], *, rounds: int) -> Report:
    """Measure in the largest of the worlds."""
    report = Report("search")
    databases.turn_to(places[-1][0])
    reader = Reader("world-wide")
    remember(reader.user)
    reach = Membership.objects.current().visible_to(reader.user)
    cases: dict[str, Case] = {}
    for kind, found in searches(reach).items():
        keys = [place.pk for place in found]
        assert keys, f"nobody is found by {kind}"
        cases[kind] = _reading(found)
        cases[f"{kind}, by key"] = _reading(reach.filter(pk__in=keys).select_related("member", "cell")[:SHOWN])
        plan = plan_of(*found.query.sql_with_params())
        if plan.reads_all_members:
            report.broken.append(f"{kind} reads every member")
    first = next(iter(cases))
    measured = measure(cases, control=f"{first}, by key", rounds=rounds)
    say(report, measured, f"{first}, by key")
    for kind in [name for name in cases if not name.endswith(", by key")]:
        report.gates.append(Gate("G12", f"{kind} / by key", measured.ratio(kind, f"{kind}, by key"), most=5))
    reader.leave()
    return report


def searches(reach: Any) -> dict[str, Any]:
    """What people type, for somebody who is there."""
    known = reach.exclude(member__mobile_index="").select_related("member").order_by("pk")[7].member
    opened = {
        column: open_sealed(
            Member.objects.values_list(column, flat=True).get(pk=known.pk),
            table=Member._meta.db_table,
            column=column,
            uid=known.uid,
        )
        for column in ("id_number", "mobile")
    }
    said = readings(known.name)
    dressed = reach.select_related("member", "cell")
    typed = {
        "a name": known.name,
        "two characters of a name": known.name[-2:],
        "one character of a name": known.name[-1:],
        "initials": said.initials,
        "the whole pinyin": said.pinyin.replace(" ", ""),
        "the last four digits of a mobile": opened["mobile"][-4:],
        "a code": known.code,
    }
    found = {kind: dressed.matching(text)[:SHOWN] for kind, text in typed.items()}
    return found | {
        "a whole mobile": dressed.with_number(opened["mobile"])[:SHOWN],
        "a whole ID number": dressed.with_number(opened["id_number"])[:SHOWN],
    }


def _reading(found: Any) -> Case:
    return lambda: list(found.all())
