"""The roster: over REST, as the fragment htmx swaps, far in, for several scopes, beside floors and peers (G1–G8)."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.urls import resolve

from cells.models import Cell
from core.pagination import page
from members.models import Membership
from portal.bench import databases
from portal.bench.asking import Reader
from portal.bench.floors import SIZE, Floor, without_cursors
from portal.bench.harness import Case, Gate, measure
from portal.bench.plans import ROWS_A_LINE, Plan, plans_of
from portal.bench.suites import Report, say

LIST = "/api/v1/members/"
PAGE = "/members/"
ORDER = ("cell__path", "member__name_pinyin")
FAR = 1_000
AS_HTMX = {"HX-Request": "true"}
# Up to this size a tuned page and the admin differ little, whatever either does.
SMALL, LARGE = 20_000, 500_000


@dataclass
class Place:
    """One world, and those who read in it."""

    database: str
    members: int

    def __post_init__(self) -> None:
        databases.turn_to(self.database)
        self.readers = {name: Reader(f"world-{name}") for name in ("wide", "middle", "three", "large", "small")}
        self.floor = Floor(Cell.objects.get(parent=None).path)
        # Some of the people have left.
        self.far = far_in(min(FAR, Membership.objects.current().count() // SIZE - 2))

    def case(self, name: str, address: str, **headers: str) -> Case:
        """Asking as ``name``, here, wherever one was before."""

        def ask() -> object:
            databases.turn_to(self.database)
            answer = self.readers[name].get(address, **headers)
            assert answer.status_code == 200, (answer.status_code, address)
            return answer

        return ask

    def leave(self) -> None:
        databases.turn_to(self.database)
        self.floor.close()
        for reader in self.readers.values():
            reader.leave()


@dataclass(frozen=True)
class Mark:
    """The end of a page far in: what a floor goes on from, and the cursor of the portal."""

    values: tuple[Any, ...]
    cursor: str


def far_in(pages: int) -> Mark:
    """Where page ``pages`` ends, of everybody."""
    everybody = Membership.objects.current().order_by(*ORDER, "pk")
    last = everybody.values_list("cell__path", "member__name_pinyin", "pk")[pages * SIZE - 1 : pages * SIZE + 1]
    two = Membership.objects.current().filter(pk__in=[pk for _path, _pinyin, pk in last])
    return Mark(tuple(last[0]), page(two, order=ORDER, size=1).next or "")


def run(places: Sequence[tuple[str, int]], *, rounds: int, peers: bool = True) -> Report:
    """Measure on worlds of rising size; gates are of the largest."""
    report = Report("pages")
    with ExitStack() as leaving:
        worlds = [Place(*place) for place in places]
        for world in worlds:
            leaving.callback(world.leave)
        largest = worlds[-1]
        same_bytes(largest)
        _plans(report)
        _beside_floor(largest, rounds, report)
        _by_size(worlds, rounds, report)
        if peers:
            _beside_peers(largest, rounds, report)
    return report


def same_bytes(world: Place) -> None:
    """The portal and the floor say the same, byte by byte. Raises AssertionError."""
    databases.turn_to(world.database)
    for address, after in ((LIST, ()), (f"{LIST}?start={world.far.cursor}", world.far.values)):
        said = without_cursors(world.readers["wide"].get(address).content)
        assert said == world.floor.page(after), f"{address} and its floor differ"


def pages_read() -> Iterator[tuple[str, list[Plan]]]:
    """How the first page and one far in are read, for whoever sees the tree in one stretch and in three."""
    far = far_in(10).cursor
    asked = ((LIST, {}), (f"{LIST}?start={far}", {}), (PAGE, AS_HTMX), (f"{PAGE}?after={far}", AS_HTMX))
    for who in ("world-wide", "world-middle", "world-three"):
        reader = Reader(who)
        for address, headers in asked:
            yield f"{who} {address}", plans_of(partial(reader.get, address, **headers))
        reader.leave()


def _plans(report: Report) -> None:
    for words, plans in pages_read():
        report.broken += [f"{words} reads every member" for plan in plans if plan.reads_all_members]
        most = max(plan.rows_read for plan in plans)
        if most > ROWS_A_LINE * SIZE:
            report.broken.append(f"{words} reads {most} rows for {SIZE}")


def _beside_floor(world: Place, rounds: int, report: Report) -> None:
    view, wide = resolve(LIST).func, world.readers["wide"]
    far = f"?start={world.far.cursor}"
    cases: dict[str, Case] = {
        "floor": world.floor.page,
        "REST, view alone": lambda: wide.call(view, LIST),
        "REST": world.case("wide", LIST),
        f"REST, page {FAR}": world.case("wide", LIST + far),
        "REST, one committee": world.case("middle", LIST),
        "REST, three committees": world.case("three", LIST),
        "fragment": world.case("wide", PAGE, **AS_HTMX),
        f"fragment, page {FAR}": world.case("wide", f"{PAGE}?after={world.far.cursor}", **AS_HTMX),
        "fragment, one committee": world.case("middle", PAGE, **AS_HTMX),
        "fragment, three committees": world.case("three", PAGE, **AS_HTMX),
        "page": world.case("wide", PAGE),
    }
    found = measure(cases, control="floor", rounds=rounds)
    say(report, found, "floor")
    far_of = {kind: found.ratio(f"{kind}, page {FAR}", kind) for kind in ("REST", "fragment")}
    spread = {kind: found.ratio(f"{kind}, three committees", f"{kind}, one committee") for kind in far_of}
    report.gates += [
        Gate("G1", "the REST view / floor", found.ratio("REST, view alone", "floor"), most=2),
        Gate("G2", "REST with session, reach and middleware / floor", found.ratio("REST", "floor"), most=4),
        Gate("G3", "the fragment htmx swaps, signed in / floor", found.ratio("fragment", "floor"), most=8),
        *(Gate("G6", f"{kind}: page {FAR} / page 1", ratio, most=1.5) for kind, ratio in far_of.items()),
        *(Gate("G8", f"{kind}: three scopes / one", ratio, most=2) for kind, ratio in spread.items()),
    ]
    report.notes.append(f"the whole page / floor: {found.ratio('page', 'floor')}")


def _by_size(worlds: Sequence[Place], rounds: int, report: Report) -> None:
    """The same page in worlds of rising size, side by side."""
    if len(worlds) < 2:
        return
    smallest, largest = worlds[0], worlds[-1]
    for kind, address, headers in (("REST", LIST, {}), ("fragment", PAGE, AS_HTMX)):
        cases = {f"{kind}, {world.members}": world.case("wide", address, **headers) for world in worlds}
        found = measure(cases, control=f"{kind}, {smallest.members}", rounds=rounds)
        say(report, found, f"{kind}, {smallest.members}")
        grown = found.ratio(f"{kind}, {largest.members}", f"{kind}, {smallest.members}")
        words = f"{kind}: {largest.members:,} people / {smallest.members:,}"
        report.gates.append(Gate("G7", words, grown, most=2))


def _beside_peers(world: Place, rounds: int, report: Report) -> None:
    """Peers read the whole table and drive everything else out of memory: a block of their own, with less rounds."""
    far = min(FAR, world.members // SIZE - 2)
    cases = {
        "fragment": world.case("wide", PAGE, **AS_HTMX),
        "REST": world.case("wide", LIST),
        f"fragment, page {FAR}": world.case("wide", f"{PAGE}?after={world.far.cursor}", **AS_HTMX),
        f"REST, page {FAR}": world.case("wide", f"{LIST}?start={world.far.cursor}"),
        "admin": world.case("wide", "/peers/admin/members/member/"),
        f"admin, page {FAR}": world.case("wide", f"/peers/admin/members/member/?p={far}"),
        "naive viewset": world.case("wide", "/peers/naive/members/"),
        f"naive viewset, page {FAR}": world.case("wide", f"/peers/naive/members/?page={far}"),
    }
    found = measure(cases, control="REST", rounds=max(7, rounds // 3), inner=1)
    say(report, found, "REST")
    large, small = world.members >= LARGE, world.members < SMALL
    # A gate is set for the size it was promised at; at another the ratio is told.
    promised = (
        ("G4", "admin", "REST", "", 25 if large else None if small else 8),
        ("G4", "admin", "REST", f", page {FAR}", 40 if large else None),
        ("G4", "admin", "fragment", "", 25 if large else None),
        ("G4", "admin", "fragment", f", page {FAR}", 40 if large else None),
        ("G5", "naive viewset", "REST", "", 20 if large else None),
        ("G5", "naive viewset", "REST", f", page {FAR}", 40 if large else None),
    )
    for number, peer, ours, which, least in promised:
        ratio, words = found.ratio(peer + which, ours + which), f"{peer} / {ours}{which}"
        if least is None:
            report.notes.append(f"{number} {words}: {ratio}, no gate at this size")
        else:
            report.gates.append(Gate(number, words, ratio, least=least))
