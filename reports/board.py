"""What stands on the overview: six figures, the districts, two years, the terms run out, the ladder of coverage."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.templatetags.ui import thin
from core.together import read_together
from reports.asking import Asked
from reports.figures import FIGURES, Reading, Sheet, percent
from reports.figures.districts import Area, districts_among, districts_asked
from reports.figures.lists import listing_of, rows_behind, seen_by
from reports.figures.planning import by_hashing
from reports.figures.populations import first_days
from reports.figures.sheet import Counting
from reports.figures.trend import Point, Trend, month_ends
from reports.models import Snapshot
from reports.tiles import Tile, tile_of

TOP = 5
WIDE = "\u3000"
LADDER = ("operating_companies", "reached_companies", "covered_companies", "companies_with_own_branch")


@dataclass(frozen=True)
class Kpi:
    name: str | Promise
    figure: str | None
    unit: str
    below: str
    url: str
    about: str


@dataclass(frozen=True)
class Rung:
    """One step of the ladder: so many of the companies operating."""

    name: str | Promise
    number: int | None
    rate: Decimal | None
    url: str

    @property
    def width(self) -> str:
        """The length of its bar, of a hundred; for the drawing, so never with a comma."""
        return f"{self.rate or 0:.1f}"

    @property
    def share(self) -> str | None:
        return None if self.rate is None else f"{self.rate:.1f}%"


class Board:
    """The overview of what was asked; read when the page is made, by one query once it is known since when."""

    def __init__(self, user: Any, asked: Asked) -> None:
        self.asked = asked
        self.where, self.on = asked.where, asked.on
        figure = FIGURES["terms_expired"]
        overdue = seen_by(user, figure, rows_behind(figure.key, self.where, self.on))
        expired = listing_of(figure).dress(overdue).order_by("due_on", "cell__path")[:TOP]
        districts = districts_asked(self.where, self.on)
        drawn = Snapshot.objects.visible_to(user)
        drawn = drawn.of(self.where.cell)[:1] if self.where.cell else drawn.none()
        with by_hashing():
            begins = first_days(self.where, None)
            counting, trend = Counting(self.where, self.on, begins), Trend(self.where, month_ends(self.on), begins)
            read_together(*counting.asked, *trend.asked, districts, expired, drawn)
        self.sheet: Sheet = counting.sheet
        self.districts: list[Area] = districts_among(districts)
        self.trend: list[Point] = trend.points
        self.expired = list(expired)
        self.latest: Snapshot | None = next(iter(drawn), None)

    @property
    def is_empty(self) -> bool:
        """Nothing is recorded here yet, on no day."""
        return not any(reading.number or reading.begins for reading in self.sheet)

    def link(self, key: str, **changes: Any) -> str:
        return reverse("reports:figure", args=[key]) + self.asked.query(**changes)

    # The row of six.

    @property
    def kpis(self) -> list[Kpi]:
        sheet = self.sheet
        coverage = sheet["organisational_coverage"]
        return [
            self._kpi(
                "organisations",
                _("党委 %(committees)s%(gap)s总支 %(general)s%(gap)s支部 %(branches)s")
                % {
                    "committees": thin(sheet["committees"].number),
                    "general": thin(sheet["general_branches"].number),
                    "branches": thin(sheet["branches"].number),
                    "gap": WIDE,
                },
            ),
            self._kpi(
                "members",
                _("正式 %(full)s%(gap)s预备 %(probationary)s")
                % {
                    "full": thin(sheet["full_members"].number),
                    "probationary": thin(sheet["probationary"].number),
                    "gap": WIDE,
                },
            ),
            self._kpi("companies", _("实体运营 %(number)s") % {"number": thin(sheet["operating_companies"].number)}),
            self._kpi("staff", _("实体运营企业合计")),
            self._kpi(
                "organisational_coverage",
                _("已覆盖 %(covered)s / 实体运营 %(operating)s")
                % {"covered": thin(coverage.numerator), "operating": thin(coverage.denominator)},
            ),
            self._kpi("should_build_gap", _("正式党员 3 名以上而未覆盖")),
        ]

    def _kpi(self, key: str, below: str) -> Kpi:
        reading = self.sheet[key]
        url = self.link(key)
        shown = None if reading.number is None else thin(reading.number)
        words = since_words(reading) if reading.begins else below
        return Kpi(reading.figure.words, shown, reading.unit, words, url, f"{url}#definition")

    # The districts.

    @cached_property
    def tiles(self) -> list[Tile]:
        return [self._tile(district) for district in self.districts]

    def _tile(self, district: Area) -> Tile:
        current = bool(district.name) and district.name == self.where.district
        url = self.asked.query(district=None if current else district.name, park=None)
        return tile_of(district, url, current=current, grid=settings.ZHIBU_DISTRICT_GRID)

    @property
    def has_grid(self) -> bool:
        """Some district has its place given; without one they follow one another."""
        return any(tile.row for tile in self.tiles)

    @property
    def district_names(self) -> list[str]:
        return [district.name for district in self.districts if district.name]

    @property
    def park_names(self) -> list[str]:
        within = [one for one in self.districts if not self.where.district or one.name == self.where.district]
        return sorted({park for district in within for park in district.parks})

    @property
    def coverage_sentence(self) -> str:
        coverage = self.sheet["organisational_coverage"]
        if coverage.denominator is None:
            return since_words(coverage)
        if not coverage.denominator:
            return _("这里没有实体运营的企业，不计算覆盖率。")
        return _("实体运营的 %(operating)s 家企业中，%(covered)s 家已有组织覆盖，%(rest)s 家没有。") % {
            "operating": thin(coverage.denominator),
            "covered": thin(coverage.numerator),
            "rest": thin(coverage.rest),
        }

    # Two years.

    @property
    def trend_sentences(self) -> list[str]:
        """How the latest point stands to the end of the month before, each a sentence of its own."""
        before, now = self.trend[-2], self.trend[-1]
        told = [_members_sentence(before["members"], now["members"])]
        told.append(_rate_sentence(before["organisational_coverage"], now["organisational_coverage"]))
        return [sentence for sentence in told if sentence] or [_gap_sentence(self.trend)]

    @property
    def trend_data(self) -> dict[str, Any]:
        """What the chart draws, and the words it speaks with."""
        return {
            "months": [f"{point.on:%Y-%m}" for point in self.trend],
            "said": " ".join(self.trend_sentences),
            "gap": _("无记录"),
            "series": [
                self._series("members", "line", _("党员")),
                self._series("organisational_coverage", "line", _("组织覆盖率"), most=100),
                self._series("operating_companies", "bar", _("实体运营企业")),
            ],
        }

    def _series(self, key: str, kind: str, name: str, *, most: int | None = None) -> dict[str, Any]:
        values = [None if point[key] is None else float(point[key]) for point in self.trend]  # type: ignore[arg-type]
        return {"key": key, "kind": kind, "name": name, "unit": "%" if most else "", "most": most, "values": values}

    # The lower row.

    @property
    def expired_url(self) -> str:
        return self.link("terms_expired")

    @property
    def ladder(self) -> list[Rung]:
        operating = self.sheet["operating_companies"].number
        rungs = []
        for key in LADDER:
            reading = self.sheet[key]
            number = None if reading.number is None else int(reading.number)
            share = percent(number, None if operating is None else int(operating))
            rungs.append(Rung(reading.figure.words, number, share, self.link(key)))
        return rungs


def since_words(reading: Reading) -> str:
    """That nothing was recorded yet on the day asked about."""
    return _("%(day)s 之前没有记录") % {"day": reading.begins.isoformat()} if reading.begins else ""


def _members_sentence(before: Any, now: Any) -> str:
    if before is None or now is None:
        return ""
    if now > before:
        return ngettext("党员比上月底净增 %(count)s 名。", "党员比上月底净增 %(count)s 名。", now - before) % {
            "count": thin(now - before)
        }
    if now < before:
        return ngettext("党员比上月底净减 %(count)s 名。", "党员比上月底净减 %(count)s 名。", before - now) % {
            "count": thin(before - now)
        }
    return _("党员人数与上月底相同。")


def _rate_sentence(before: Any, now: Any) -> str:
    if before is None or now is None:
        return ""
    if now > before:
        return _("组织覆盖率比上月底高 %(points)s 个百分点。") % {"points": now - before}
    if now < before:
        return _("组织覆盖率比上月底低 %(points)s 个百分点。") % {"points": before - now}
    return _("组织覆盖率与上月底相同。")


def _gap_sentence(trend: list[Point]) -> str:
    known = [point.on for point in trend if any(value is not None for value in point.values.values())]
    if not known:
        return _("这段时间没有记录。")
    first: date = known[0]
    return _("%(month)s 之前没有记录，曲线从那时开始。") % {"month": f"{first:%Y-%m}"}
