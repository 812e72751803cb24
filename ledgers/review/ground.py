"""The ground a review stands on: for whom, as of when, and what is on record, asked for many rows at once."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from cells.authority import subtree
from cells.models import Cell
from core.actors import SYSTEM
from core.errors import Refusal
from core.names import normalise_name
from ledgers import rules


@lru_cache(maxsize=4096)
def key(name: str) -> str:
    """By what two ways of writing one organisation's name are the same: width, brackets and spaces do not count."""
    return "".join(unicodedata.normalize("NFKC", normalise_name(name)).split()).casefold()


@dataclass(frozen=True)
class Planned:
    """An organisation of the same import that is not on record yet. Only a sound one can be relied upon."""

    number: int
    name: str
    kind: str
    sound: bool

    def __str__(self) -> str:
        return self.name


@dataclass
class Ground:
    """``cell`` is the one acted for; ``planned`` are the organisations of the same import by the keys of their names.

    ``met`` collects what was met in the rows reviewed so far, so that a file may be reviewed in pieces.
    """

    cell: Cell | None
    as_of: date
    by: Any
    planned: dict[str, list[Planned]] = field(default_factory=dict)
    met: dict[str, int] = field(default_factory=dict)

    def cells_named(self, names: Iterable[str]) -> dict[str, list[Cell]]:
        """Standing cells within the importer's reach by the keys of their full and short names."""
        spellings = {spelling for name in names if name for spelling in _spellings(name)}
        if not spellings:
            return {}
        reached = Cell.objects.standing().filter(self._reach()).select_related("parent")
        found: dict[str, list[Cell]] = defaultdict(list)
        for cell in reached.filter(Q(name__in=spellings) | Q(short_name__in=spellings)).order_by("path"):
            for written in {key(cell.name), key(cell.short_name)} - {""}:
                found[written].append(cell)
        return found

    def meant(self, name: str, book: dict[str, list[Cell]]) -> Cell | Planned:
        """The one organisation that ``name`` means. Refuses when there is none, or more than one."""
        planned = self.planned.get(key(name), [])
        cells = book.get(key(name), [])
        if len(cells) > 1:
            cells = self._likeliest(name, cells)
        if len(planned) + len(cells) > 1 and not (len(cells) == 1 and len(planned) == 1):
            raise Refusal(
                _("有 %(count)d 个党组织叫“%(name)s”，请改写成全称。")
                % {"count": max(len(cells), len(planned)), "name": name[:60]}
            )
        if cells:
            return cells[0]
        if not planned:
            raise Refusal(_("找不到“%(name)s”：请核对全称或简称，或先在党组织台账里补上。") % {"name": name[:60]})
        if not planned[0].sound:
            raise Refusal(
                _("“%(name)s”在党组织台账第 %(row)d 行，那一行有误，须先改好。")
                % {"name": name[:60], "row": planned[0].number}
            )
        return planned[0]

    def _likeliest(self, name: str, cells: list[Cell]) -> list[Cell]:
        """Of several of one name: so called in full before so called for short, the nearer before the rest."""
        full = [cell for cell in cells if key(cell.name) == key(name)] or cells
        near = [cell for cell in full if self.cell and cell.path.startswith(self.cell.path)]
        return near or full

    def _reach(self) -> Q:
        if self.by is SYSTEM:
            return subtree(self.cell.path) if self.cell else Q()
        return rules.IMPORT_INTO.scope(self.by)

    def first_met(self, match: str, number: int) -> int | None:
        """The row in which the same thing was met before; None for the first."""
        before = self.met.setdefault(match, number)
        return None if before == number else before


def _spellings(name: str) -> set[str]:
    plain = normalise_name(name)
    tight = "".join(plain.split())
    wide = tight.replace("(", "（").replace(")", "）")
    narrow = tight.replace("（", "(").replace("）", ")")
    return {plain, tight, wide, narrow}
