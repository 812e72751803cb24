"""Districts and parks as equal tiles, paler for less; not a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from reports.figures.districts import Area

# From which rate on a tile takes the next darker ground.
STEPS = (50, 60, 70, 80)


@dataclass(frozen=True)
class Tile:
    name: str
    url: str
    level: str
    figure: str | SafeString
    of: str
    row: int | None
    column: int | None
    current: bool


def tile_of(area: Area, url: str, *, current: bool, grid: Mapping[str, Sequence[int]]) -> Tile:
    """The tile of a district or park, at its place in ``grid`` when it has one; too few companies withhold the rate."""
    row, column = grid.get(area.name, (None, None))
    figure: str | SafeString
    if area.rate is not None:
        level = str(1 + sum(area.rate >= step for step in STEPS))
        figure = format_html("{}<small>%</small>", f"{area.rate:.0f}")
    elif area.is_small:
        level, figure = "small-sample", _("样本小")
    else:
        level, figure = "none", _("无运营企业")
    of = f"{area.covered}/{area.operating}" if area.operating else ""
    return Tile(area.name or _("未注明"), url, level, figure, of, row, column, current)
