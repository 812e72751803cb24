"""What stands on the page of coverage: the tiles, the table beside them, the ladder, and what is still to be formed."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import thin
from core.together import read_together
from reports import forming
from reports.asking import Asked
from reports.board import Rung, since_words
from reports.figures import Reading, Sheet, percent
from reports.figures.districts import BASIC, Area, districts_among, districts_asked, parks_among, parks_asked
from reports.figures.lists import DENOMINATOR, NUMERATOR
from reports.figures.planning import by_hashing
from reports.figures.populations import first_days
from reports.figures.sheet import Counting
from reports.tiles import Tile, tile_of

DISTRICT, PARK = "district", "park"
LADDER = ("operating_companies", "covered_companies", "covered_in_term", "covered_and_led")
KEYS = ("companies", "organisational_coverage", "should_build_gap", "should_build_rate", forming.FIGURE, *LADDER)
COUNTED = (*BASIC, "should_build_gap", forming.FIGURE)


@dataclass(frozen=True)
class Line:
    """A row of the table: a district or park, and the addresses of what is counted in it."""

    area: Area
    name: str
    current: bool
    url: str
    urls: dict[str, str]
    to_form_url: str

    @property
    def width(self) -> str:
        """The length of its bar, of a hundred; for the drawing, so never with a comma."""
        return f"{self.area.rate or 0:.1f}"


class Coverage:
    """The coverage of what was asked, by district or by park; chosen in the address, either narrows the whole page.

    ``besides`` is read in the same turn.
    """

    def __init__(self, user: Any, asked: Asked, *, by: str, besides: Sequence[QuerySet] = ()) -> None:
        self.user, self.asked, self.by = user, asked, PARK if by == PARK else DISTRICT
        self.where, self.on = asked.where, asked.on
        districts = districts_asked(self.where, self.on, keys=COUNTED)
        parks = parks_asked(self.where, self.on, keys=COUNTED) if self.by == PARK else districts.none()
        with by_hashing():
            counting = Counting(self.where, self.on, first_days(self.where, None), only=KEYS)
            read_together(*counting.asked, districts, parks, *besides)
        self.sheet: Sheet = counting.sheet
        self.districts: list[Area] = districts_among(districts, COUNTED)
        self.areas = parks_among(parks, COUNTED) if self.by == PARK else self.districts

    @property
    def is_empty(self) -> bool:
        """No company stands on the ledger here that day."""
        return not self.sheet["companies"].number

    @property
    def empty_words(self) -> str:
        begins = self.sheet["companies"]
        if begins.begins:
            return _("%(words)s。") % {"words": since_words(begins)}
        if self.where.park:
            return _("该园区没有登记企业。")
        return _("该区没有登记企业。") if self.where.district else _("这里还没有登记企业。")

    @property
    def place(self) -> str:
        """What the page is narrowed to, as it stands before a heading."""
        return self.where.park or self.where.district

    @property
    def coverage(self) -> Reading:
        return self.sheet["organisational_coverage"]

    def query(self, **changes: Any) -> str:
        return self.asked.query(**({"by": PARK if self.by == PARK else None} | changes))

    def link(self, key: str, **changes: Any) -> str:
        return reverse("reports:figure", args=[key]) + self.asked.query(**changes)

    @property
    def links(self) -> dict[str, str]:
        """Where the figures in the head lead."""
        coverage = "organisational_coverage"
        return {
            "coverage": self.link(coverage),
            "numerator": self.link(coverage, part=NUMERATOR),
            "denominator": self.link(coverage, part=DENOMINATOR),
            "to_form": self.link(forming.FIGURE),
            "should_build": self.link("should_build_rate"),
            "ladder": f"{self.link('covered_and_led')}#definition",
        }

    @property
    def whole_url(self) -> str:
        """The same page of all districts and parks."""
        return self.query(district=None, park=None)

    @property
    def switch(self) -> list[dict[str, Any]]:
        """By district or by park."""
        choices = ((DISTRICT, _("县市区")), (PARK, _("园区")))
        return [
            {"words": words, "url": self.query(by=PARK if by == PARK else None), "current": by == self.by}
            for by, words in choices
        ]

    @cached_property
    def lines(self) -> list[Line]:
        return [self._line(area) for area in self.areas]

    def _line(self, area: Area) -> Line:
        current = bool(area.name) and area.name == getattr(self.where, self.by)
        url, urls, to_form = "", {}, ""
        if area.name:
            here = {PARK: area.name} if self.by == PARK else {DISTRICT: area.name, PARK: None}
            url = self.query(**(dict.fromkeys(here) if current else here))
            urls = {key: self.link(key, **here) for key in COUNTED}
            to_form = f"{self.query(**here)}#to-form"
        return Line(area, area.name or _("未注明"), current, url, urls, to_form)

    @cached_property
    def tiles(self) -> list[Tile]:
        grid = settings.ZHIBU_DISTRICT_GRID if self.by == DISTRICT else {}
        return [tile_of(line.area, line.url or self.query(), current=line.current, grid=grid) for line in self.lines]

    @property
    def has_grid(self) -> bool:
        return any(tile.row for tile in self.tiles)

    @property
    def total(self) -> dict[str, Any]:
        """The foot of the table: all its rows together, so that the columns add up."""
        counts = {key: sum(area.counts[key] for area in self.areas) for key in COUNTED}
        return counts | {"rate": percent(counts["covered_companies"], counts["operating_companies"])}

    @property
    def district_names(self) -> list[str]:
        return [area.name for area in self.districts if area.name]

    @property
    def park_names(self) -> list[str]:
        within = [area for area in self.districts if not self.where.district or area.name == self.where.district]
        return sorted({park for area in within for park in area.parks})

    @property
    def sentence(self) -> str:
        reading = self.coverage
        if not reading.denominator:
            return _("这里没有实体运营的企业，不计算覆盖率。")
        words = {"rate": reading.number, "operating": thin(reading.denominator), "rest": thin(reading.rest)}
        return _("组织覆盖率 %(rate)s%%，实体运营的 %(operating)s 家企业中还有 %(rest)s 家没有组织覆盖。") % words

    # From operating to effective coverage, as far as there are facts.

    @property
    def ladder(self) -> list[Rung]:
        operating = self.sheet["operating_companies"].number
        return [self._rung(key, operating) for key in LADDER]

    def _rung(self, key: str, operating: Any) -> Rung:
        reading = self.sheet[key]
        number = None if reading.number is None else int(reading.number)
        share: Decimal | None = percent(number, operating)
        return Rung(reading.figure.words, number, share, self.link(key))

    @property
    def ladder_sentence(self) -> str:
        """What keeps the covered from being effectively covered, as far as it is known."""
        covered, in_term, led = (int(self.sheet[key].number or 0) for key in LADDER[1:])
        if not covered:
            return ""
        if covered == led:
            return _("已覆盖的企业，所在党组织任期均有效、书记均在任。")
        missing = ngettext(
            "已覆盖的企业中有 %(count)d 家未达到：", "已覆盖的企业中有 %(count)d 家未达到：", covered - led
        )
        told = []
        if covered > in_term:
            told.append(
                ngettext("%(count)d 家届满或未登记届次", "%(count)d 家届满或未登记届次", covered - in_term)
                % {"count": covered - in_term}
            )
        if in_term > led:
            told.append(
                ngettext("%(count)d 家书记空缺", "%(count)d 家书记空缺", in_term - led) % {"count": in_term - led}
            )
        return _("%(missing)s%(told)s。") % {"missing": missing % {"count": covered - led}, "told": _("，").join(told)}
