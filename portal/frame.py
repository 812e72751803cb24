"""What stands around every page: the names of the house, the rail, the scope, how things are shown."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from accounts.display import Display
from cells.authority import looks_through, spans
from cells.by_heart import Shape, filled_with
from cells.choices import Power
from core.pagination import Count
from core.ready import NOBODY
from core.together import Together
from portal.inbox import shapes_of, shelf
from portal.ways import INBOX, MANAGEMENT, RAIL, Way, open_to
from work.models import Job

MOST_COUNTED = 99


@dataclass(frozen=True)
class Place:
    """An item of the rail on this page: where it leads and whether we are there."""

    words: Any
    url: str
    icon: str
    key: str
    current: str
    count: Count | None = None

    @property
    def shown_count(self) -> str:
        """Nothing where nothing waits."""
        return str(self.count) if self.count and self.count.number else ""


@dataclass(frozen=True)
class Around:
    """The work under way, and how much waits; of the latter None for who decides nothing."""

    running: Job | None = None
    waiting: Count | None = None


class Frame:
    """Asked by ``base.html``; nothing is looked up before it is shown."""

    site_name = property(lambda self: settings.ZHIBU_SITE_NAME)
    short_name = property(lambda self: settings.ZHIBU_SITE_SHORT_NAME)
    host_name = property(lambda self: settings.ZHIBU_HOST_NAME)
    contact = property(lambda self: settings.ZHIBU_CONTACT)
    emblem = property(lambda self: bool(settings.ZHIBU_EMBLEM_FILE))
    registrations = property(lambda self: settings.ZHIBU_REGISTRATIONS)
    today = property(lambda self: timezone.localdate())

    def __init__(self, request: HttpRequest) -> None:
        self.request = request

    @cached_property
    def display(self) -> Display:
        return Display.of(self.request)

    @cached_property
    def rail(self) -> list[Place]:
        """The ways this person's offices open."""
        ways = {reverse(way.url_name): way for way in open_to(self.request.user, RAIL)}
        here = self._here(ways)
        return [
            Place(way.words, url, way.icon, way.key, self._mark(url, here), self._waiting(way))
            for url, way in ways.items()
        ]

    def _waiting(self, way: Way) -> Count | None:
        """How much waits behind the way; known of the inbox alone."""
        return self._around.waiting if way.url_name == INBOX else None

    @cached_property
    def _around(self) -> Around:
        return around(self.request.user)

    @cached_property
    def management(self) -> list[Way]:
        """What this person keeps for all."""
        return open_to(self.request.user, MANAGEMENT)

    def _here(self, ways: dict[str, Way]) -> str:
        """The way we are on: the one whose address begins ours, else that of our app (a roster lies below its cell)."""
        match = self.request.resolver_match
        app = match.namespace if match else ""
        ours = [url for url, way in ways.items() if way.url_name.partition(":")[0] == app]
        below = [url for url in ours if self.request.path.startswith(url)]
        # One's own room lies beside the roster, not below it; saved filters are of every list.
        own = self.request.path.startswith((reverse("members:me"), reverse("cells:filters")))
        if self.request.path.startswith(reverse("members:requests-grant").removesuffix("grant/")):
            return reverse(INBOX)
        if below or own or app == "portal":
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

    @property
    def bar_says_all(self) -> bool:
        """Whether the rail holds no way besides those of the bar: at the foot of a phone it would say them twice."""
        return len(self.rail) == len(self.bar)

    @cached_property
    def may_choose_scope(self) -> bool:
        return bool(self.request.user.is_authenticated and spans(self.request.user, Power.SEE_CELLS))

    @property
    def scope(self) -> Any:
        """The cell the lists are narrowed to, or None for everything within reach."""
        return getattr(self.request, "scope", None)

    @cached_property
    def running(self) -> Job | None:
        """The work this person last set going, while it goes; none of it under another's eyes."""
        return self._around.running


def around(user: Any) -> Around:
    """What is told on every page of what somebody has under way, and of what waits for them; asked in one turn."""
    if not user.is_authenticated:
        return Around()
    shapes, own = shapes_of(user), not looks_through(user)
    if not (shapes or own):
        return Around()
    marks = [filled_with(user, rule.power, timezone.localdate()) for rule, _shape in shapes]
    jobs, *shelves = _asked(shapes, own).fetch({NOBODY: user.pk}, *marks)
    found = sum(map(len, shelves))
    waiting = Count(min(found, MOST_COUNTED), capped=found > MOST_COUNTED) if shapes else None
    return Around(jobs[0] if jobs else None, waiting)


@lru_cache(maxsize=64)
def _asked(shapes: tuple[tuple[Any, Shape], ...], own: bool) -> Together:
    """Asked for every page of everybody, and long to make: worked out once for each reach."""
    jobs = Job.objects.filter(owner_id=NOBODY).open().order_by("-pk")[:1] if own else Job.objects.none()
    return Together(jobs, *(shelf(rule, shape, MOST_COUNTED) for rule, shape in shapes))


def frame(request: HttpRequest) -> dict[str, Frame]:
    return {"frame": Frame(request)}
