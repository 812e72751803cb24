"""The cells, companies and offices of a world: a skewed tree, one company a branch, some not covered at all."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from accounts.models import User
from cells.choices import CellKind, Cover, FormationMode, Office
from cells.credit_codes import ALPHABET, check_character
from cells.domain.identity import found_by as read_name
from cells.domain.identity import reserve
from cells.models import Appointment, Cell, Company
from core.codes import serial_code
from core.copying import copy
from core.dated import since
from portal.bench.world.shape import BEGUN, MADE_AT, Shape, company_words
from portal.demo.words import DISTRICTS, LINES, PARKS

CELLS_A_COMMITTEE = 25
GROUPS_EVERY = 40
UNCOVERED_EVERY = 5
SKEW = 1.3
DEEPEST = 7
FACT = "valid recorded_at void_reason"
NAMESPACE = UUID("6f1f7c1e-6f0b-4d57-9a52-5d2a1f7a2c11")

found_by = cache(read_name)


@dataclass
class Node:
    """One cell to be: its key, its superior, and what it is called."""

    number: int
    key: int
    kind: str
    name: str
    short_name: str
    parent: "Node | None"
    company: int | None = None
    path: str = field(init=False)

    def __post_init__(self) -> None:
        self.path = f"{self.parent.path if self.parent else '/'}{self.key}/"

    @property
    def depth(self) -> int:
        return self.path.count("/") - 1


class Home(NamedTuple):
    """Where people may belong, and whom those there work for."""

    cell: int
    employer: int | None


def plant(shape: Shape) -> list[Home]:
    """Write the tree with its companies and offices. The first home returned is the one very large branch."""
    nodes = _nodes(shape)
    branches = [node for node in nodes if node.kind == CellKind.BRANCH]
    companies = reserve(Company, len(branches) + len(branches) // UNCOVERED_EVERY)
    for node, key in zip(branches, companies, strict=False):
        node.company = key
    _write_cells(nodes, shape)
    _write_companies(shape, nodes[0], branches, companies)
    _appoint(nodes, branches)
    groups = [(node.key, node.parent) for node in nodes if node.kind == CellKind.GROUP]
    return [Home(node.key, node.company) for node in branches] + [
        Home(key, branch.company) for key, branch in groups if branch
    ]


def _nodes(shape: Shape) -> list[Node]:
    """Superiors before inferiors: committees, then branches, some of them with groups."""
    keys = iter(reserve(Cell, shape.cells))
    words = company_words()
    above = _committees(shape, keys, words)
    nodes, taken = list(above), set()
    while len(nodes) < shape.cells:
        number = len(nodes)
        parent = _superior(shape, above, number, 12)
        free = (words[place % len(words)] for place in range(number, number + len(words)))
        word = next(word for word in free if (parent.key, word) not in taken)
        taken.add((parent.key, word))
        name, short_name = f"中共{word}有限公司支部委员会", f"{word}党支部"
        branch = Node(number, next(keys), CellKind.BRANCH, name, short_name, parent)
        nodes.append(branch)
        if number % GROUPS_EVERY == 0:
            groups = ("第一党小组", "第二党小组")[: shape.cells - len(nodes)]
            nodes += [
                Node(number + place, next(keys), CellKind.GROUP, name, "", branch)
                for place, name in enumerate(groups, start=1)
            ]
    return nodes


def _committees(shape: Shape, keys: Iterator[int], words: list[str]) -> list[Node]:
    root = Node(0, next(keys), CellKind.COMMITTEE, "中共青澜市数字产业联合会委员会", "数字产业联合会党委", None)
    found = [root]
    for number in range(1, max(3, shape.cells // CELLS_A_COMMITTEE)):
        word, parent = words[number % len(words)], _superior(shape, found, number, 11)
        name, short_name = f"中共{word}产业园第{number}委员会", f"{word}第{number}党委"
        deep = parent.depth >= DEEPEST - 1
        found.append(Node(number, next(keys), CellKind.COMMITTEE, name, short_name, root if deep else parent))
    return found


def _superior(shape: Shape, above: list[Node], number: int, salt: int) -> Node:
    """Those made first have more below them than those made last."""
    return above[int(len(above) * shape.share(number, salt) ** SKEW)]


def _write_cells(nodes: list[Node], shape: Shape) -> None:
    copy(
        "cells_cell",
        "id uid code name short_name name_pinyin name_search kind parent_id path formation_mode founded_on"
        " contact_name contact_phone units_text org_id_code org_path_code version recorded_at void_reason",
        (_cell(node, shape.seed) for node in nodes),
    )
    copy(
        "cells_placement",
        f"cell_id kind name short_name parent_id path {FACT}",
        ([node.key, *_place(node), f"[{BEGUN},)", MADE_AT, ""] for node in nodes),
    )
    copy(
        "cells_term",
        f"cell_id number due_on {FACT}",
        (_term(node, shape) for node in nodes if node.kind != CellKind.GROUP),
    )


def _cell(node: Node, seed: int) -> list[Any]:
    read = found_by(node.name, node.short_name)
    kind, name, short_name, parent, path = _place(node)
    formed = FormationMode.INDEPENDENT if node.company else ""
    uid = uuid5(NAMESPACE, f"{seed}:cell:{node.number}")
    return [
        *(node.key, uid, serial_code("ZB", node.key), name, short_name, read["name_pinyin"], read["name_search"]),
        *(kind, parent, path, formed, BEGUN, "", "", "", "", "", 1, MADE_AT, ""),
    ]


def _place(node: Node) -> list[Any]:
    return [node.kind, node.name, node.short_name, node.parent.key if node.parent else None, node.path]


def _term(node: Node, shape: Shape) -> list[Any]:
    elected = date(2024, 1, 8) + timedelta(days=shape.scattered(node.number, 13) % 700)
    return [node.key, 1, elected + timedelta(days=3 * 365), f"[{elected},)", MADE_AT, ""]


def _write_companies(shape: Shape, root: Node, branches: list[Node], keys: list[int]) -> None:
    """A file for each branch's company, kept by the branch's superior; the rest are covered by nobody."""
    covered: list[Node | None] = [*branches, *[None] * (len(keys) - len(branches))]
    numbered = list(zip(range(len(keys)), keys, covered, strict=True))
    copy(
        "cells_company",
        "id code name name_pinyin name_search credit_code district park line_of_business keeper_id cover_cell_id"
        " version recorded_at void_reason",
        (_company(shape, root, *each) for each in numbered),
    )
    copy(
        "cells_companyfact",
        "company_id keeper_id cover_cell_id cover formation_mode operating staff members_known advisor has_liaison"
        f" has_mass_organisation {FACT}",
        (_company_fact(shape, root, *each) for each in numbered),
    )


def _company(shape: Shape, root: Node, number: int, key: int, branch: Node | None) -> list[Any]:
    words = company_words()
    name = f"{branch.short_name.removesuffix('党支部') if branch else words[-number % len(words)]}有限公司"
    read = found_by(name)
    district = DISTRICTS[shape.scattered(number, 21) % len(DISTRICTS)][0]
    park = PARKS[shape.scattered(number, 22) % len(PARKS)]
    line = LINES[shape.scattered(number, 23) % len(LINES)]
    return [
        *(key, serial_code("QY", key), name, read["name_pinyin"], read["name_search"], _credit_code(number)),
        *(district, park, line, *_kept_and_covered(root, branch), 1, MADE_AT, ""),
    ]


def _company_fact(shape: Shape, root: Node, number: int, key: int, branch: Node | None) -> list[Any]:
    staff, known = 8 + shape.scattered(number, 24) % 400, shape.scattered(number, 25) % 5
    cover, formed = (Cover.OWN, FormationMode.INDEPENDENT) if branch else (Cover.NONE, "")
    kept = _kept_and_covered(root, branch)
    return [key, *kept, cover, formed, "t", staff, known, "", "f", "f", f"[{BEGUN},)", MADE_AT, ""]


def _kept_and_covered(root: Node, branch: Node | None) -> list[int | None]:
    return [branch.parent.key, branch.key] if branch and branch.parent else [root.key, None]


def _credit_code(number: int) -> str:
    digits = ""
    for _place in range(9):
        number, digit = divmod(number, len(ALPHABET))
        digits = ALPHABET[digit] + digits
    body = f"91999999{digits}"
    return body + check_character(body)


def _appoint(nodes: list[Node], branches: list[Node]) -> None:
    """Those whose pages are measured. Nobody can sign in as them before ``make_world --password`` says with what."""
    for username, name, office, cells in _offices(nodes, branches):
        user = User(username=username, name=name, code=f"U-W{User.objects.count():05}")
        user.set_unusable_password()
        user.save()
        Appointment.objects.bulk_create(
            Appointment(holder=user, office=office, cell_id=cell.key, valid=since(BEGUN), recorded_at=MADE_AT)
            for cell in cells
        )


def _offices(nodes: list[Node], branches: list[Node]) -> Iterator[tuple[str, str, str, list[Node]]]:
    """``wide`` sees all, ``middle`` a committee, ``three`` three of them, ``large`` the large branch, ``small`` one."""
    below: dict[int, int] = {}
    for node in branches:
        for key in map(int, node.path.strip("/").split("/")):
            below[key] = below.get(key, 0) + 1
    committees = [node for node in nodes[1:] if node.kind == CellKind.COMMITTEE]
    by_size = sorted(committees, key=lambda node: (-below.get(node.key, 0), node.key))
    apart: list[Node] = []
    for node in by_size:
        if not any(node.path.startswith(other.path) or other.path.startswith(node.path) for other in apart):
            apart.append(node)
    yield "world-wide", "顾观澜", Office.ASSOCIATION_STAFF, nodes[:1]
    yield "world-middle", "秦立川", Office.COMMITTEE_STAFF, apart[:1]
    yield "world-three", "陆思远", Office.COMMITTEE_STAFF, apart[:3]
    yield "world-large", "沈清和", Office.SECRETARY, branches[:1]
    yield "world-small", "何若川", Office.SECRETARY, branches[-1:]
