"""Who may do what, and how far down the tree it carries. All scoping lives here.

One ``Rule`` answers three questions from one declaration: may this person do it to this thing (``allows``), to which
things may they do it (``scope``), and who may do it to this thing (``holders``). Spans are path ranges; several are
joined by UNION, because an OR of ranges turns an indexed page into a scan of the whole table.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils import timezone

from cells.choices import BRANCHES, GRANTS, CellKind, Office, Power, Reach
from core.actors import SYSTEM

NOTHING = Q(pk__in=[])


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

    def q(self, field: str) -> Q:
        return subtree(self.path, field) if self.below else Q(**{field: self.path})


@dataclass(frozen=True)
class Held:
    """An office somebody holds today, with what deciding needs to know of it."""

    office: str
    path: str
    kind: str
    secretary_in_post: bool

    def grants(self) -> dict[str, str]:
        """The powers of this office. A deputy stands in for the secretary only while that seat is empty."""
        if self.office == Office.DEPUTY_SECRETARY:
            return GRANTS[Office.ORGANISATION_COMMISSIONER if self.secretary_in_post else Office.SECRETARY]
        return GRANTS[self.office]

    def span(self, power: str) -> Span:
        # A branch has nothing below it but its own groups, so "here" is the whole branch.
        whole_branch = self.kind in BRANCHES or self.kind == CellKind.GROUP
        return Span(self.path, below=self.grants()[power] == Reach.BELOW or whole_branch)


def held_by(user: Any) -> list[Held]:
    """The offices ``user`` holds today. The request's middleware may have asked already (``remember``)."""
    if getattr(user, "held_offices", None) is not None:
        return user.held_offices
    if user is SYSTEM or not user.is_authenticated or not user.is_active:
        return []
    today = timezone.localdate()
    rows = user.appointments.in_force(today).with_seat(today)
    return [
        Held(office, path, kind, in_post)
        for office, path, kind, in_post in rows.values_list("office", "cell__path", "cell__kind", "secretary_in_post")
    ]


def remember(user: Any) -> None:
    """Ask once for the rest of one request. Never kept longer: an office that ended must not outlive its request."""
    user.held_offices = held_by(user)


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
        return Q(**{f"{self.cell or 'pk'}__in": _cells_in(held)})

    def anywhere(self, user: Any) -> bool:
        """Does ``user`` hold it over anything at all? For showing a way in, never for letting through."""
        return user is SYSTEM or bool(spans(user, self.power))

    def holders(self, thing: Any) -> QuerySet:
        """Who may do it to ``thing`` today? The same table read backwards, for telling them."""
        return _appointments().carrying(self.power, self._path_of(thing), timezone.localdate()).holders()

    def _path_of(self, thing: Any) -> str:
        """Where the thing is; nowhere, and so out of everybody's reach, when no cell stands where one might."""
        for name in self.path.split("__"):
            thing = getattr(thing, name)
            if thing is None:
                return ""
        return str(thing)


def places_within(user: Any, power: str) -> Q:
    """Rows of history that keep their place as text in ``path``; what happened nowhere, for who sees a whole tree.

    An OR of ranges is harmless here: the trail is read by key, not by place.
    """
    held = spans(user, power)
    within = NOTHING
    for span in held:
        within |= span.q("path")
    roots = _cells().filter(parent=None).values_list("path", flat=True)
    if held and any(span.covers(root) for root in roots for span in held):
        within |= Q(path="")
    return within


def _cells_in(held: list[Span]) -> QuerySet:
    first, *rest = [_cells().filter(span.q("path")).values("pk") for span in held]
    return first.union(*rest, all=True)


def _cells() -> QuerySet:
    from cells.models import Cell  # noqa: PLC0415 -- leaf: models ask rules, rules ask here

    return Cell.objects.all()


def _appointments() -> Any:
    from cells.models import Appointment  # noqa: PLC0415 -- leaf: models ask rules, rules ask here

    return Appointment.objects.all()
