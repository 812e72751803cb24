"""Looking for people: each kind of search beside reading the same rows by their keys (G12)."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from cells.authority import remember
from core.crypto import open_sealed
from core.names import readings
from members.models import Member, Membership
from portal.bench import databases
from portal.bench.asking import Reader
from portal.bench.harness import Case, Gate, measure
from portal.bench.plans import plans_of
from portal.bench.suites import Report, say
from portal.search.groups import SHOWN
from portal.search.kinds import BESIDES, PLACES


def run(places: Sequence[tuple[str, int]], *, rounds: int) -> Report:
    """Measure in the largest of the worlds."""
    report = Report("search")
    databases.turn_to(places[-1][0])
    reader = Reader("world-wide")
    remember(reader.user)
    reach = Membership.objects.current().visible_to(reader.user)
    cases: dict[str, Case] = {}
    for kind, look in searches(reach).items():
        keys = [place.pk for place in look()]
        assert keys, f"nobody is found by {kind}"
        cases[kind] = look
        cases[f"{kind}, by key"] = _reading(reach.filter(pk__in=keys).select_related(*BESIDES).order_by())
        if any(plan.reads_all_members for plan in plans_of(look)):
            report.broken.append(f"{kind} reads every member")
    first = next(iter(cases))
    measured = measure(cases, control=f"{first}, by key", rounds=rounds)
    say(report, measured, f"{first}, by key")
    for kind in [name for name in cases if not name.endswith(", by key")]:
        report.gates.append(Gate("G12", f"{kind} / by key", measured.ratio(kind, f"{kind}, by key"), most=5))
    reader.leave()
    return report


def searches(reach: Any) -> dict[str, Case]:
    """What people type, for somebody who is there, as the portal looks for it."""
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
    typed = {
        "a name": known.name,
        "two characters of a name": known.name[-2:],
        "one character of a name": known.name[-1:],
        "initials": said.initials,
        "the whole pinyin": said.pinyin.replace(" ", ""),
        "the last four digits of a mobile": opened["mobile"][-4:],
        "a code": known.code,
    }
    numbers = {"a whole mobile": opened["mobile"], "a whole ID number": opened["id_number"]}
    return {kind: partial(_best, text, reach) for kind, text in typed.items()} | {
        # Without the entry in the trail that the portal makes of it.
        kind: _reading(reach.with_number(number).select_related(*BESIDES)[:SHOWN])
        for kind, number in numbers.items()
    }


def _best(text: str, reach: Any) -> list[Any]:
    """As the portal looks for people."""
    return PLACES.best(text, reach.called(text), reach.matching(text))


def _reading(found: Any) -> Case:
    return lambda: list(found.all())
