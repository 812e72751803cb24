"""Members as programs read them, straight from the database: a page is one query and makes no objects.

``COLUMNS`` are what the query fetches of a membership and its member, ``told`` makes of each row what is sent. What
hangs on other things, cell, employer and history, is looked up for all rows at once.
"""

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from operator import itemgetter
from typing import Any

from django.db.models import QuerySet

from cells import rules as cell_rules
from cells.authority import Span, spans
from cells.models import Cell, Company
from cells.serializers.cells import CellShape
from cells.serializers.companies import CompanyShape
from core.crypto import SealError, Unreadable
from core.masks import mask_address, mask_id_number, mask_mobile
from core.ready import Ready
from core.rest.shapes import ROOT, Sight, show
from members.models import Member, Membership
from members.querysets import BY_CELL

logger = logging.getLogger(__name__)
Row = Mapping[str, Any]

# Sent as they are kept.
PLAIN = (
    "code", "name", "gender", "ethnicity", "birth_date", "education", "category", "joined_on", "converted_on", "post",
    "landline", "standing", "is_lost", "lost_on", "is_migrant", "flow_to", "id_kind", "archive_birth_date",
    "native_place", "degree", "school", "major", "work_started_on", "applied_on", "new_stratum", "technical_title",
    "employer_text", "email", "remarks", "version",
)  # fmt: skip
MASKS = {"id_number": mask_id_number, "mobile": mask_mobile, "address": mask_address}
# Must be filled in for the national form; ``Member.missing_items`` says the same in words.
DUE = ("gender", "ethnicity", "birth_date", "education", "joined_on", "post")
ORDER = (
    "code", "url", "name", "id_number", "gender", "ethnicity", "birth_date", "education", "category", "joined_on",
    "converted_on", "post", "mobile", "landline", "address", "standing", "is_lost", "lost_on", "is_migrant", "flow_to",
    "cell", "placed_on", "missing", "id_kind", "archive_birth_date", "native_place", "degree", "school", "major",
    "work_started_on", "applied_on", "new_stratum", "technical_title", "employer", "employer_text", "email", "remarks",
    "version",
)  # fmt: skip
BRIEF = ("code", "name", "url")
EXPANDED = ("cell", "memberships")
# What who sees names and mobiles alone is told of anybody.
CONTACT = ("name", "mobile")
COLUMNS = (
    *(f"member__{name}" for name in (*PLAIN, *MASKS, "uid", "mobile_index", "employer_id")),
    "id", "member_id", "valid", "cell_id", "cell__code", "cell__name", "cell__path",
    *(f"member__employer__{name}" for name in ("code", "name", "voided_at", "keeper__path", "cover_cell__path")),
)  # fmt: skip


def fetched(places: QuerySet) -> QuerySet:
    """The memberships as ``told`` wants them."""
    return places.values(*COLUMNS)


# Who belongs now to the cells of these stretches: the roster as it is read from one end to the other.
ROSTER = Ready(lambda stretches: fetched(Membership.objects.current().filter(cell__path__within=stretches)), BY_CELL)


def names_asked(sight: Sight) -> list[str]:
    """Which fields ``sight`` asks for, in their order."""
    wanted = {*(sight.only or (BRIEF if sight.brief else ORDER)), *sight.expand}
    return [name for name in (*ORDER, "memberships") if name in wanted]


def told(rows: Collection[Row], sight: Sight, *, own: int | None = None) -> list[dict[str, Any]]:
    """Each row as ``sight`` asks for it. Of the record ``own`` the reader sees the cell by being its member."""
    beside = _beside(rows, sight, own)
    said = [(name, beside.get(name) or SAID[name]) for name in names_asked(sight)]
    return [{name: say(row) for name, say in said} for row in rows]


def told_as_contacts(rows: Iterable[Row], sight: Sight) -> list[dict[str, Any]]:
    """Name and mobile of each; everything else there would be is withheld."""
    asked = names_asked(sight)
    sight.withheld |= set(asked) - set(CONTACT)
    return [{name: SAID[name](row) for name in CONTACT if name in asked} for row in rows]


def named(base: str, code: str, name: str) -> dict[str, str]:
    """Another thing, as it is told beside one: enough to show it and to find it."""
    return {"code": code, "name": name, "url": f"{ROOT}{base}/{code}/"}


def _opened(name: str) -> Callable[[Row], str]:
    """What is sealed in the column ``name``, as much of it as its mask shows."""
    field: Any = Member._meta.get_field(name)
    column, mask = f"member__{name}", MASKS[name]

    def say(row: Row) -> str:
        sealed = row[column]
        if not sealed:
            return ""
        try:
            return mask(field.open(sealed, row["member__uid"]))
        except SealError as error:
            logger.error("%s of %s: %s", name, row["member__code"], error)
            return Unreadable.instead_of(sealed)

    return say


def _missing(row: Row) -> list[str]:
    missing = [name for name in DUE if not row[f"member__{name}"]]
    if not row["member__mobile_index"] and not row["member__landline"]:
        missing.append("mobile")
    return missing if row["member__address"] else [*missing, "address"]


SAID: dict[str, Callable[[Row], Any]] = {
    **{name: itemgetter(f"member__{name}") for name in PLAIN},
    **{name: _opened(name) for name in MASKS},
    "url": lambda row: f"{ROOT}members/{row['member__code']}/",
    "placed_on": lambda row: row["valid"].lower,
    "missing": _missing,
}


def _beside(rows: Collection[Row], sight: Sight, own: int | None) -> dict[str, Callable[[Row], Any]]:
    """How to say what hangs on other things, of those that are asked for."""
    ways = {"cell": _cells, "employer": _employers, "memberships": _histories}
    asked = names_asked(sight)
    return {name: way(rows, sight, own) for name, way in ways.items() if name in asked}


def _cells(rows: Collection[Row], sight: Sight, own: int | None) -> Callable[[Row], Any]:
    """Where each belongs, by code and name, or whole; a cell the reader does not see is withheld."""
    if not sight.reads(CellShape):
        return _withholding("cell", "cell_id", sight)
    seen = spans(sight.user, cell_rules.SEE_CELL.power)
    whole = _whole_cells({row["cell_id"] for row in rows}, sight) if "cell" in sight.expand else {}

    def say(row: Row) -> dict[str, Any] | None:
        if row["cell_id"] in whole:
            return whole[row["cell_id"]]
        if row["member_id"] == own or any(span.covers(row["cell__path"]) for span in seen):
            return named("cells", row["cell__code"], row["cell__name"])
        sight.withheld.add("cell")
        return None

    return say


def _withholding(name: str, column: str, sight: Sight) -> Callable[[Row], Any]:
    """Of what a token was not given the reading of: that it is there."""

    def say(row: Row) -> None:
        if row[column] is not None:
            sight.withheld.add(name)

    return say


def _whole_cells(keys: set[int], sight: Sight) -> dict[int, dict[str, Any]]:
    cells = list(Cell.objects.visible_to(sight.user).with_term().filter(pk__in=keys))
    beyond = Sight(sight.user, token=sight.token)
    shown = dict(zip((cell.pk for cell in cells), show(CellShape, cells, beyond), strict=True))
    sight.withheld |= {f"cell.{deeper}" for deeper in beyond.withheld}
    return shown


def _employers(rows: Collection[Row], sight: Sight, own: int | None) -> Callable[[Row], Any]:
    """Whom each works for. Where a company is kept and covered came with the row; the rest is asked for by key."""
    if not sight.reads(CompanyShape):
        return _withholding("employer", "member__employer_id", sight)
    ways = (cell_rules.SEE_COMPANY_KEPT, cell_rules.SEE_COMPANY_COVERED)
    kept, covered = (spans(sight.user, way.power) for way in ways)
    keys = {row["member__employer_id"] for row in rows} - {None}
    seen = {
        row["member__employer_id"]
        for row in rows
        if row["member__employer__voided_at"] is None
        and (
            _reaches(kept, row["member__employer__keeper__path"])
            or _reaches(covered, row["member__employer__cover_cell__path"])
        )
    }
    if keys - seen:
        seen |= set(Company.objects.filter(pk__in=keys - seen).visible_to(sight.user).values_list("pk", flat=True))

    def say(row: Row) -> dict[str, Any] | None:
        key = row["member__employer_id"]
        if key in seen:
            return named("companies", row["member__employer__code"], row["member__employer__name"])
        if key is not None:
            sight.withheld.add("employer")
        return None

    return say


def _reaches(held: list[Span], path: str | None) -> bool:
    return path is not None and any(span.covers(path) for span in held)


def _histories(rows: Collection[Row], sight: Sight, own: int | None) -> Callable[[Row], Any]:
    """Where each belonged from the beginning, the latest first."""
    from members.serializers.shapes import MembershipShape  # noqa: PLC0415 -- leaf: it shows members by these rows

    places = list(
        Membership.objects.standing()
        .filter(member__in={row["member_id"] for row in rows})
        .select_related("member", "cell")
        .order_by("-valid")
    )
    beyond = Sight(sight.user, token=sight.token)
    histories: dict[int, list[dict[str, Any]]] = {}
    for place, shown in zip(places, show(MembershipShape, places, beyond), strict=True):
        histories.setdefault(place.member_id, []).append(shown)
    sight.withheld |= {f"memberships.{deeper}" for deeper in beyond.withheld}
    return lambda row: histories.get(row["member_id"], [])
