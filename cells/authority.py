"""Who may do what, and how far down the tree it carries. All scoping lives here.

One ``Rule`` answers three questions from one declaration: may this person do it to this thing (``allows``), to which
things may they do it (``scope``), and who may do it to this thing (``holders``). Spans are path ranges; a list of
several is read range by range (``core.stretches``).
"""

from collections.abc import Iterable, Sequence
from copy import copy
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import DEFAULT_DB_ALIAS
from django.db.models import Q, QuerySet
from django.utils import timezone

from cells.choices import BRANCHES, GRANTS, CellKind, Office, Power, Reach
from core.actors import SYSTEM
from core.ready import NEVER, NOBODY, Statement
from core.stretches import Stretch

NOTHING = Q(pk__in=[])
TOP = 2
# What a page that begins in the cell of an office shows of it, in the order of the table.
BEGINNING = ("id", "code", "name", "short_name", "kind", "parent_id", "path", "dissolved_on")


def subtree(path: str, field: str = "path") -> Q:
    """The stretch of the tree from ``path`` downwards, as one index range.

    ``~`` sorts behind every digit in collation C, so the range holds exactly the paths that begin with ``path``.
    """
    return Q(**{f"{field}__gte": path, f"{field}__lt": path + "~"})


@dataclass(frozen=True)
class Span:
    """A stretch of the tree: one cell, or that cell and all below it."""

    path: str
    below: bool

    def covers(self, path: str) -> bool:
        return path.startswith(self.path) if self.below else path == self.path

    def meet(self, other: "Span") -> "Span | None":
        """What lies in both; two stretches of a tree are nested or have nothing in common."""
        if other.covers(self.path) and (other.below or not self.below):
            return self
        return other if self.covers(other.path) else None

    def q(self, field: str) -> Q:
        return subtree(self.path, field) if self.below else Q(**{field: self.path})


@dataclass(frozen=True)
class Held:
    """An office somebody holds today, with what deciding needs to know of it."""

    office: str
    path: str
    kind: str
    secretary_in_post: bool
    # Read along with the office, for the page to begin with; what may be done never hangs on it.
    cell: Any = field(default=None, compare=False, repr=False)

    def grants(self) -> dict[str, str]:
        """The powers of this office. A deputy stands in for the secretary only while that seat is empty."""
        if self.office == Office.DEPUTY_SECRETARY:
            return GRANTS[Office.ORGANISATION_COMMISSIONER if self.secretary_in_post else Office.SECRETARY]
        return GRANTS[self.office]

    def span(self, power: str) -> Span:
        # A branch has nothing below it but its own groups, so "here" is the whole branch.
        whole_branch = self.kind in BRANCHES or self.kind == CellKind.GROUP
        return Span(self.path, below=self.grants()[power] == Reach.BELOW or whole_branch)


@dataclass(frozen=True)
class Narrowed:
    """One power of an office over one stretch, as far as somebody who only looks through it holds it themselves."""

    office: str
    power: str
    stretch: Span

    def grants(self) -> dict[str, str]:
        return {self.power: Reach.BELOW}

    def span(self, _power: str) -> Span:
        return self.stretch


@dataclass(frozen=True)
class Narrowing:
    """What is left of somebody's offices while a program acts for them: some powers, over one stretch of the tree.

    One power shows things of several kinds; ``scopes`` say which of them the program was given to read.
    """

    powers: frozenset[str]
    stretch: Span
    scopes: frozenset[str] = frozenset()

    def reads(self, kind: str) -> bool:
        """Whether it was given to read things of this kind, such as ``members``."""
        return f"{kind}:read" in self.scopes

    def holds(self, office: str) -> bool:
        """Whether nothing that ``office`` may carry is missing; a deputy may stand in for the secretary."""
        row = GRANTS[Office.SECRETARY if office == Office.DEPUTY_SECRETARY else office]
        return row.keys() <= self.powers

    def plain(self) -> dict[str, Any]:
        """As a job keeps it that is done later."""
        place = {"path": self.stretch.path, "below": self.stretch.below}
        return {"powers": sorted(self.powers), "scopes": sorted(self.scopes), **place}

    @classmethod
    def read(cls, plain: dict[str, Any]) -> "Narrowing":
        powers, scopes = frozenset(plain["powers"]), frozenset(plain.get("scopes", ()))
        return cls(powers, Span(plain["path"], plain["below"]), scopes)

    def no_wider_at(self, field: str) -> Q:
        """Rows begun by a program that was confined, as ``field`` keeps it, to no more than this."""
        span = self.stretch
        place = {"path__startswith": span.path} if span.below else {"path": span.path, "below": False}
        kept = place | {f"{name}__contained_by": sorted(getattr(self, name)) for name in ("powers", "scopes")}
        return Q(**{f"{field}__{name}": value for name, value in kept.items()})


def narrow(user: Any, to: Narrowing) -> None:
    """For the rest of one request ``user`` holds what ``to`` leaves of what they hold anyway, and nothing besides.

    What is theirs by being themselves, and not by an office, is out of a program's reach altogether.
    """
    remember(user)
    met = [
        (held.office, power, held.span(power).meet(to.stretch))
        for held in user.held_offices
        for power in held.grants()
        if power in to.powers
    ]
    user.held_offices = [Narrowed(office, power, stretch) for office, power, stretch in met if stretch is not None]
    user.narrowed = to


def narrowing(user: Any) -> Narrowing | None:
    """What a program that acts for ``user`` is confined to; None where they act themselves."""
    return getattr(user, "narrowed", None)


def may_hand_on(user: Any, office: str) -> bool:
    """Whether ``user`` acts in person or through a program that holds all ``office`` carries.

    What a program could not do itself it lets nobody else do: an office filled by it is no way out of its scopes.
    """
    to = narrowing(user)
    return to is None or to.holds(office)


def kept_narrowing(user: Any) -> dict[str, Any]:
    """What a job keeps that is started by a program which acts for ``user``."""
    to = narrowing(user)
    return {"narrowed": to.plain()} if to else {}


def begun_within(user: Any, field: str) -> Q:
    """Of what somebody began, and what confined them kept at ``field``: everything to themselves.

    To a program that acts for them, what was begun within what it is confined to; what a person began in person is not
    the program's.
    """
    to = narrowing(user)
    return to.no_wider_at(field) if to else Q()


def jobs_begun_within(user: Any) -> Q:
    """``begun_within`` of jobs, as ``kept_narrowing`` marked them."""
    return begun_within(user, "payload__narrowed")


def narrow_again(user: Any, payload: dict[str, Any]) -> None:
    """Narrow the owner of a job as the program was that started it, from what they hold by now."""
    if "narrowed" in payload:
        user.held_offices = None
        narrow(user, Narrowing.read(payload["narrowed"]))


def look_through(user: Any, office: Held) -> None:
    """For the rest of one request ``user`` holds of ``office`` what they hold anyway, and nothing besides."""
    remember(user)
    own = {power: spans(user, power) for power in office.grants()}
    met = [(power, office.span(power).meet(mine)) for power, held in own.items() for mine in held]
    user.held_offices = [Narrowed(office.office, power, stretch) for power, stretch in met if stretch is not None]
    user.looks_through = True


def only_where(user: Any, *powers: str) -> Any:
    """``user`` for one deed: holding each power only as far as they hold all of ``powers`` as well.

    So that what may be taken out is what may be seen where taking out is allowed, by whatever rule it is seen.
    """
    held = [(office.office, power, office.span(power)) for office in held_by(user) for power in office.grants()]
    for limit in powers:
        bounds = spans(user, limit)
        held = [(name, power, met) for name, power, span in held for bound in bounds if (met := span.meet(bound))]
    limited = copy(user)
    limited.held_offices = [Narrowed(*one) for one in dict.fromkeys(held)]
    return limited


def looks_through(user: Any) -> bool:
    """Does ``user`` see, for this request, through an office that is not theirs?"""
    return getattr(user, "looks_through", False)


def held_by(user: Any) -> list[Held | Narrowed]:
    """The offices ``user`` holds today. The request's middleware may have asked already (``remember``)."""
    if getattr(user, "held_offices", None) is not None:
        return user.held_offices
    if user is SYSTEM or not user.is_authenticated or not user.is_active:
        return []
    return offices_from(_offices().fetch({NOBODY: user.pk, NEVER: timezone.localdate()}))


@cache
def _offices() -> Statement:
    """The offices of somebody on a day: asked again and again, and so worked out once for all."""
    return Statement(offices_asked())


def offices_asked() -> Any:
    """The offices of ``NOBODY`` on the day ``NEVER``, marks for somebody and some day; told by ``offices_from``."""
    held = _appointments().filter(holder=NOBODY).in_force(NEVER).with_seat(NEVER)
    return held.values_list("office", "secretary_in_post", *(f"cell__{name}" for name in BEGINNING))


def offices_from(told: Iterable[Sequence[Any]]) -> list[Held | Narrowed]:
    """What is held by these answers to ``offices_asked``."""
    model = _cells().model
    found = [(office, seat, model.from_db(DEFAULT_DB_ALIAS, BEGINNING, cell)) for office, seat, *cell in told]
    return [Held(office, cell.path, cell.kind, seat, cell) for office, seat, cell in found]


def held_in(appointments: Any, today: date) -> list[Held | Narrowed]:
    """What these offices are to deciding."""
    rows = appointments.with_seat(today)
    return [
        Held(office, path, kind, in_post)
        for office, path, kind, in_post in rows.values_list("office", "cell__path", "cell__kind", "secretary_in_post")
    ]


def remember(user: Any) -> None:
    """Ask once for the rest of one request. Never kept longer: an office that ended must not outlive its request."""
    user.held_offices = held_by(user)


def reads_large(user: Any) -> bool:
    """Whether pages come in large type unless the person chooses otherwise: advisors read them on a visit."""
    return any(held.office == Office.ADVISOR for held in held_by(user))


def spans(user: Any, power: str) -> list[Span]:
    """The stretches over which ``user`` holds ``power`` today, none inside another."""
    return normalised(held.span(power) for held in held_by(user) if power in held.grants())


def normalised(found: Iterable[Span]) -> list[Span]:
    """The same reach with nested stretches dropped, so that no row is met twice."""
    kept: list[Span] = []
    for span in sorted(set(found), key=lambda span: (span.path, not span.below)):
        if not any(wider.covers(span.path) for wider in kept):
            kept.append(span)
    return kept


@dataclass(frozen=True)
class Rule:
    """Held by whoever has ``power`` over the cell found at ``cell`` (``""`` where the thing is the cell)."""

    power: Power
    cell: str = "cell"

    @property
    def path(self) -> str:
        return f"{self.cell}__path" if self.cell else "path"

    def allows(self, user: Any, thing: Any) -> bool:
        """May ``user`` do it to ``thing``?"""
        return self.allows_all(user, [thing])

    def allows_all(self, user: Any, things: Iterable[Any]) -> bool:
        """May ``user`` do it to every one of ``things``? What they hold is looked up once."""
        if user is SYSTEM:
            return True
        paths = {self._path_of(thing) for thing in things}
        held = spans(user, self.power)
        return all(any(span.covers(path) for span in held) for path in paths)

    def allowed(self, user: Any, things: Iterable[Any]) -> list[Any]:
        """To which of ``things``, read already? What ``user`` holds is looked up once."""
        held = [Span("", below=True)] if user is SYSTEM else spans(user, self.power)
        return [thing for thing in things if any(span.covers(self._path_of(thing)) for span in held)]

    def require(self, user: Any, *things: Any) -> None:
        """Raises PermissionDenied unless ``user`` may do it to every one of ``things``."""
        if not self.allows_all(user, things):
            raise PermissionDenied

    def scope(self, user: Any) -> Q:
        """To which things? As a filter; holding nothing matches nothing."""
        if user is SYSTEM:
            return Q()
        held = spans(user, self.power)
        if len(held) <= 1:
            return held[0].q(self.path) if held else NOTHING
        return Q(**{f"{self.path}__within": self.stretches(user)})

    def stretches(self, user: Any, within: Any = None) -> list[Stretch]:
        """``scope`` for a statement that is worked out already and has only its stretches to be filled in.

        ``within`` narrows it to a cell and what is below it.
        """
        held = spans(user, self.power)
        if within is not None:
            held = [met for span in held if (met := span.meet(Span(within.path, below=True)))]
        return [Stretch(span.path, span.below) for span in held]

    def anywhere(self, user: Any) -> bool:
        """Does ``user`` hold it over anything at all? For showing a way in, never for letting through."""
        return user is SYSTEM or bool(spans(user, self.power))

    def holders(self, thing: Any) -> QuerySet:
        """Who may do it to ``thing`` today? The same table read backwards, for telling them."""
        return self.seats(thing).holders()

    def seats(self, thing: Any) -> Any:
        """By which offices, held today by somebody who can sign in, may it be done to ``thing``?"""
        found = _appointments().carrying(self.power, self._path_of(thing), timezone.localdate())
        return found.filter(holder__is_active=True)

    def _path_of(self, thing: Any) -> str:
        """Where the thing is; nowhere, and so out of everybody's reach, when no cell stands where one might."""
        for name in self.path.split("__"):
            thing = getattr(thing, name)
            if thing is None:
                return ""
        return str(thing)


@dataclass(frozen=True)
class Assigned:
    """Held by an advisor over the one company found at ``company`` (``""`` where the thing is it), and nothing around.

    What an advisor may do is said in GRANTS; that it is this company, by an assignment that holds today while the
    office of an advisor does. Keys of assigned companies, so no stretch of the tree and nothing to be OR-ed.
    """

    power: Power
    company: str = ""

    def allows(self, user: Any, thing: Any) -> bool:
        """May ``user`` do it to ``thing``?"""
        return user is SYSTEM or self._of(user).filter(company=self._key_of(thing)).exists()

    def require(self, user: Any, thing: Any) -> None:
        """Raises PermissionDenied unless ``user`` may do it to ``thing``."""
        if not self.allows(user, thing):
            raise PermissionDenied

    def scope(self, user: Any) -> Q:
        """To which things? As a filter."""
        return Q() if user is SYSTEM else Q(**{f"{self.company or 'pk'}__in": self._of(user).values("company")})

    def anywhere(self, user: Any) -> bool:
        """Does ``user`` hold it over anything at all? For showing a way in, never for letting through."""
        return user is SYSTEM or self._of(user).exists()

    def holders(self, thing: Any) -> QuerySet:
        """Who may do it to ``thing`` today?"""
        return self._in_force().filter(company=self._key_of(thing)).holders()

    def _of(self, user: Any) -> Any:
        own, to = self._in_force().filter(advisor=user.pk if user.is_active else None), narrowing(user)
        if to is None:
            return own
        within = to.stretch.q("company__keeper__path") | to.stretch.q("company__cover_cell__path")
        return own.filter(within) if self.power in to.powers else own.none()

    def _in_force(self) -> Any:
        found = _assignments()
        return found.in_force(timezone.localdate()) if self.power in GRANTS[Office.ADVISOR] else found.none()

    def _key_of(self, thing: Any) -> int | None:
        for name in filter(None, self.company.split("__")):
            thing = getattr(thing, name)
        return thing.pk if thing is not None else None


def places_within(user: Any, power: str) -> Q:
    """Rows of history that keep their place as text in ``path``; what happened nowhere, for who sees a whole tree.

    An OR of ranges is harmless here: the trail is read by key, not by place.
    """
    held = spans(user, power)
    within = NOTHING
    for span in held:
        within |= span.q("path")
    # The path of what has nothing above it is its key alone.
    if any(span.path.count("/") == TOP for span in held):
        within |= Q(path="")
    return within


def _cells() -> QuerySet:
    from cells.models import Cell  # noqa: PLC0415 -- leaf: models ask rules, rules ask here

    return Cell.objects.all()


def _appointments() -> Any:
    from cells.models import Appointment  # noqa: PLC0415 -- leaf: models ask rules, rules ask here

    return Appointment.objects.all()


def _assignments() -> Any:
    from cells.models import Assignment  # noqa: PLC0415 -- leaf: models ask rules, rules ask here

    return Assignment.objects.all()
