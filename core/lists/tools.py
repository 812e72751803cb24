"""What stands around the rows of a list: heads to sort by, chips, the choosing of columns, sizes, the way out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from core.lists.adding import Adding
from core.lists.asked import DENSITIES, SHOWING
from core.lists.columns import Column
from core.lists.listing import Preset, kept_by, listing_named
from core.lists.table import Table
from core.pagination import SIZES

DENSITY_WORDS = {"compact": _("紧凑"), "standard": _("标准"), "roomy": _("宽松")}


@dataclass(frozen=True)
class Turn:
    """The list turned another way with one click: a chip, a size, a density, a batch deed."""

    words: Any
    url: str
    on: bool = False
    count: Any = None


@dataclass(frozen=True)
class Head:
    """A column head; ``direction`` is told to those who listen where the list is sorted by it."""

    label: Any
    css: str
    url: str
    direction: str


class Tools:
    """The tools of ``table``. ``counts`` are the numbers beside its presets, ``more`` are chips of the page's own."""

    def __init__(self, table: Table, *, counts: Mapping[str, Any] | None = None, more: Sequence[Turn] = ()) -> None:
        self.table = table
        self.listing = table.listing
        self.asked = table.asked
        self.counts = counts or {}
        self.more = more

    @property
    def heads(self) -> list[Head]:
        return [self._head(column) for column in self.table.columns]

    def _head(self, column: Column) -> Head:
        now, key = self.table.sort, column.key
        url = self.asked.address(sort=f"-{key}" if now == key else key) if column.sort else ""
        direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
        return Head(column.label, column.head_css, url, direction)

    @cached_property
    def chips(self) -> list[Turn]:
        """Presets one click away, then everything else that is asked; what holds is lifted by its chip."""
        presets = [
            Turn(preset.words, self._toggled(preset), self._holds(preset), self.counts.get(preset.counted))
            for preset in self.listing.presets
        ]
        told = {preset.name for preset in self.listing.presets if self._holds(preset)} | {"q"}
        rest = self.table.criteria.chips() if self.table.is_filtered else []
        asked = [chip for chip in rest if chip.name in self.asked.query and chip.name not in told]
        return [
            *presets,
            *(
                Turn(chip.words, self.asked.address(**{chip.name: None}), True)
                for chip in asked
                if chip.name not in told
            ),
            *self.more,
        ]

    def _holds(self, preset: Preset) -> bool:
        return self.asked.query.getlist(preset.name) == [preset.value]

    def _toggled(self, preset: Preset) -> str:
        return self.asked.address(**{preset.name: None if self._holds(preset) else preset.value})

    @property
    def cleared(self) -> str:
        """The same list with nothing asked."""
        return self.asked.address(**dict.fromkeys(self.table.narrowing))

    @property
    def carried(self) -> list[tuple[str, str]]:
        """What the form with the words to find carries along."""
        return self.asked.hidden("q")

    @cached_property
    def addable(self) -> list[tuple[str, Any]]:
        """What may be asked, for choosing one."""
        declared = self.listing.criteria.declared() if self.listing.criteria else {}
        return [(name, one.label) for name, one in declared.items() if one.kind != "search"]

    @property
    def addable_options(self) -> SafeString:
        return _drawn(
            "lists/options.html", get_language(), options=tuple((one, str(words)) for one, words in self.addable)
        )

    @cached_property
    def adding(self) -> Adding | None:
        """The criterion that is just being added."""
        return Adding.of(self.listing, self.asked.query, self.table.user, self.table.scope)

    @property
    def carried_by_columns(self) -> list[tuple[str, str]]:
        """What the form with the columns carries along."""
        return self.asked.hidden("columns")

    @property
    def chooser(self) -> SafeString:
        """Every column one may have, the chosen first in their order."""
        chosen = self.table.columns
        rest = [column for column in self.listing.columns_of(self.table.user, self.table.scope) if column not in chosen]
        told = [(column, True) for column in chosen] + [(column, False) for column in rest]
        columns = tuple((column.key, str(column.label), on, column.is_first) for column, on in told)
        return _drawn("lists/chooser.html", get_language(), id=self.listing.id, columns=columns)

    @property
    def chosen_columns(self) -> str:
        return ",".join(column.key for column in self.table.columns)

    @property
    def may_keep(self) -> bool:
        """Whether there is somebody to keep something for."""
        return bool(self.table.user.is_authenticated and listing_named(self.listing.name))

    @property
    def may_save(self) -> bool:
        """Whether what is asked can be kept under a name."""
        return self.may_keep and self.listing.criteria is not None

    @property
    def watch_url(self) -> str:
        """What a page that has stood a while asks: whether others changed something since it was made."""
        return "" if self.listing.changes is None else self.asked.address(watch=timezone.now().isoformat())

    @property
    def edits_in_place(self) -> bool:
        return self.listing.edit is not None

    @property
    def is_kept(self) -> bool:
        """Whether the person has this list shown in a way of their own."""
        return bool(kept_by(self.table.user, self.listing))

    @property
    def here(self) -> str:
        """This list without what somebody keeps for good."""
        return f"{self.table.request.path}{self.asked.address(columns=None, density=None, size=None)}"

    @property
    def densities(self) -> list[Turn]:
        now = self.asked.density
        return [Turn(DENSITY_WORDS[name], self.asked.address(density=name), now == name) for name in DENSITIES]

    @property
    def sizes(self) -> list[Turn]:
        return [Turn(size, self.asked.address(size=size), self.asked.size == size) for size in SIZES]

    @property
    def batches(self) -> list[Turn]:
        return [Turn(batch.words, batch.url(self.table.scope)) for batch in self.table.batches]

    @property
    def carried_by_batches(self) -> list[tuple[str, str]]:
        """What the form around the rows carries along: where, and how they are shown."""
        shown = self.asked.part(("scope", *SHOWING))
        if self.table.scope is not None:
            shown["scope"] = self.table.scope.code
        return [(name, value) for name, values in shown.lists() for value in values]

    @property
    def print_url(self) -> str:
        return self.asked.address(view="print")

    @property
    def plain_url(self) -> str:
        return self.asked.address(view="plain")


@lru_cache(maxsize=512)
def _drawn(template: str, language: str | None, **told: Any) -> SafeString:
    """What is the same wherever the same is told in the same language: drawn once, not with every page of a list."""
    return render_to_string(template, told)
