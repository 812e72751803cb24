"""What stands around every page: the names of the house, the rail, the scope, how things are shown."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.display import Display
from cells.authority import spans
from cells.choices import Power
from work.models import Job


@dataclass(frozen=True)
class Way:
    """A way in from the rail, for whoever holds one of ``powers``; for everyone when there are none."""

    words: Any
    url_name: str
    powers: tuple[Power, ...] = ()
    icon: str = ""


# At most seven for anybody. Those with an icon also stand in the bar at the foot of a phone.
RAIL = (
    Way(_("工作台"), "portal:home", icon="home"),
    Way(_("总览"), "reports:overview", (Power.SEE_FIGURES,), icon="chart"),
    Way(_("党组织"), "cells:cells", (Power.SEE_CELLS,)),
    Way(_("名册"), "members:members", (Power.SEE_ROSTER, Power.SEE_CONTACTS), icon="roster"),
    Way(_("企业台账"), "cells:companies", (Power.SEE_CELLS,)),
    Way(_("导入"), "ledgers:imports", (Power.IMPORT,)),
    Way(_("操作记录"), "audit:trail", (Power.SEE_TRAIL,)),
)


@dataclass(frozen=True)
class Place:
    """An item of the rail on this page: where it leads and whether we are there."""

    words: Any
    url: str
    icon: str
    current: str


class Frame:
    """Asked by ``base.html``; nothing is looked up before it is shown."""

    site_name = property(lambda self: settings.ZHIBU_SITE_NAME)
    short_name = property(lambda self: settings.ZHIBU_SITE_SHORT_NAME)
    host_name = property(lambda self: settings.ZHIBU_HOST_NAME)
    contact = property(lambda self: settings.ZHIBU_CONTACT)

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def display(self) -> Display:
        return Display.of(self.request)

    @cached_property
    def rail(self) -> list[Place]:
        """The ways this person's offices open."""
        user = self.request.user
        if not user.is_authenticated:
            return []
        ways = {
            reverse(way.url_name): way
            for way in RAIL
            if not way.powers or any(spans(user, power) for power in way.powers)
        }
        here = self._here(ways)
        return [Place(way.words, url, way.icon, self._mark(url, here)) for url, way in ways.items()]

    def _here(self, ways: dict[str, Way]) -> str:
        """The way we are on: the one whose address begins ours, else that of our app (a roster lies below its cell)."""
        match = self.request.resolver_match
        app = match.namespace if match else ""
        ours = [url for url, way in ways.items() if way.url_name.partition(":")[0] == app]
        below = [url for url in ours if self.request.path.startswith(url)]
        if below or app == "portal":
            return max(below, key=len, default="")
        return ours[0] if ours else ""

    def _mark(self, url: str, here: str) -> str:
        """``page`` on the very page, ``true`` on one that belongs to it."""
        if url != here:
            return ""
        return "page" if self.request.path == url else "true"

    @cached_property
    def bar(self) -> list[Place]:
        """The first three with an icon, for the thumb."""
        return [place for place in self.rail if place.icon][:3]

    @cached_property
    def may_choose_scope(self) -> bool:
        return bool(self.request.user.is_authenticated and spans(self.request.user, Power.SEE_CELLS))

    @property
    def scope(self) -> Any:
        """The cell the lists are narrowed to, or None for everything within reach."""
        return getattr(self.request, "scope", None)

    @cached_property
    def running(self) -> Job | None:
        """The work this person last set going, while it goes."""
        user = self.request.user
        return Job.objects.owned_by(user).open().order_by("-pk").first() if user.is_authenticated else None


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame(request)}
