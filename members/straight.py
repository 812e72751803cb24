"""The roster for a file: the same cells as its columns give, straight from the database and without making objects.

``READ`` says for each column what it is read from and how a few hundred values of it are worded at once. A column that
is not in it keeps the list on the ordinary way.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext as _

from cells.choices import BRANCHES, CellKind, Office
from cells.models import Appointment
from core import keyring
from core.crypto import SealError, Unreadable
from core.lists.listing import reads_straight
from core.masks import mask_id_number, mask_mobile
from members.lists import ROSTER, words_of
from members.models import Member

CHUNK = 500
# (values of each path, row by row) -> cells
Way = Callable[..., Sequence[Any]]


@reads_straight(ROSTER)
def cells(places: QuerySet, keys: Sequence[str], *, whole: bool) -> Iterator[Sequence[Any]] | None:
    """The cells of ``keys`` for each of ``places``, in their order; None where one of the columns is not read so."""
    read = READ | (WHOLE if whole else {})
    if any(key not in read for key in keys):
        return None
    ways = [read[key] for key in keys]
    paths = list(dict.fromkeys(path for at, _way in ways for path in at))
    return _cells(places.values_list(*paths), ways, {path: place for place, path in enumerate(paths)})


def _cells(rows: QuerySet, ways: Sequence[tuple[tuple[str, ...], Way]], where: dict[str, int]) -> Iterator[Any]:
    found = rows.iterator(chunk_size=CHUNK)
    while some := list(islice(found, CHUNK)):
        values = list(zip(*some, strict=True))
        # One ring for a chunk: whether the file it lies in has changed need not be asked for every number.
        with keyring.using(keyring.ring()):
            columns = [way(*(values[where[path]] for path in at)) for at, way in ways]
        yield from zip(*columns, strict=True)


def _as_kept(values: Sequence[Any]) -> Sequence[Any]:
    return values


def _worded(name: str, codes: Sequence[str]) -> list[str]:
    words = words_of(get_language())[name]
    return [words.get(code, "") for code in codes]


def _opened(name: str, mask: Callable[[str], str], sealed: Sequence[Any], uids: Sequence[Any]) -> list[str]:
    field: Any = Member._meta.get_field(name)
    cells = []
    for value, uid in zip(sealed, uids, strict=True):
        try:
            cells.append(mask(field.open(value, uid)) if value else "")
        except SealError:
            cells.append(Unreadable.instead_of(value))
    return cells


def _offices(holders: Sequence[int | None], paths: Sequence[str]) -> list[str]:
    """The offices held where each belongs: in the branch or group itself, or in one it is part of."""
    held: dict[int, list[tuple[str, str]]] = {}
    seats = Appointment.objects.in_force(timezone.localdate()).filter(holder__in={*holders} - {None})
    kinds = (*BRANCHES, CellKind.GROUP)
    for holder, office, path in seats.filter(cell__kind__in=kinds).values_list("holder", "office", "cell__path"):
        held.setdefault(holder, []).append((path, str(Office(office).label)))
    return [
        _("、").join(words for at, words in held.get(holder, ()) if path.startswith(at)) if holder in held else ""
        for holder, path in zip(holders, paths, strict=True)
    ]


def _where(*values: Sequence[Any]) -> list[str]:
    """The branch and, where there is one, the group, as ``Membership.where`` says it."""
    group = gettext("%(branch)s%(group)s")
    return [
        group % {"branch": short_above or above, "group": short or name} if kind == CellKind.GROUP else short or name
        for kind, short, name, short_above, above in zip(*values, strict=True)
    ]


def _member(name: str, way: Way = _as_kept, *, also: str = "") -> tuple[tuple[str, ...], Way]:
    return (f"member__{name}", *([f"member__{also}"] if also else [])), way


READ: dict[str, tuple[tuple[str, ...], Way]] = {
    "name": _member("name"),
    "code": _member("code"),
    "id_number": _member("id_number", partial(_opened, "id_number", mask_id_number), also="uid"),
    "gender": _member("gender", partial(_worded, "gender")),
    "ethnicity": _member("ethnicity", partial(_worded, "ethnicity")),
    "birth": _member("birth_date"),
    "education": _member("education", partial(_worded, "education")),
    "category": _member("category", partial(_worded, "category")),
    "joined": _member("joined_on"),
    "converted": _member("converted_on"),
    "offices": (("member__user_id", "cell__path"), _offices),
    "where": (
        ("cell__kind", "cell__short_name", "cell__name", "cell__parent__short_name", "cell__parent__name"),
        _where,
    ),
    "post": _member("post", partial(_worded, "post")),
    "employer": _member("employer_text"),
    "since": (("valid",), lambda spans: [span.lower for span in spans]),
    "mobile": _member("mobile", partial(_opened, "mobile", mask_mobile), also="uid"),
}
WHOLE: dict[str, tuple[tuple[str, ...], Way]] = {
    "id_number": _member("id_number", partial(_opened, "id_number", str), also="uid"),
    "mobile": _member("mobile", partial(_opened, "mobile", str), also="uid"),
}
