"""Making the file of an export: rows gathered piece by piece, then bound; each piece with whom it tells of."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any, Protocol

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from audit import trail
from core.exports import XLSX, Sheet, csv_lines, xlsx_file
from core.lists.columns import Column
from core.lists.listing import Listing, straight
from core.pagination import page
from ledgers.domain.takers import columns_of, place_of, taker_of, wish_of
from ledgers.laid_out import cells_of, packed, sheet_of, title_of, unpacked
from ledgers.models import Export, Piece
from members.domain import disclosures
from members.models import Member, Membership
from work.models import RESULT_DAYS

ROWS = 2000
BYTES = 256 * 1024
FETCHED = 500


class Watched(Protocol):
    """What a job's progress offers."""

    def step(self, done: int, total: int | None = None, note: str = "") -> None: ...

    def save(self) -> None: ...


class Unwatched:
    """Progress of what is done while somebody waits."""

    def step(self, done: int, total: int | None = None, note: str = "") -> None:
        """Too short to tell of."""

    def save(self) -> None:
        """Done before anybody could ask."""


def gather(taken: Export, *, who: Callable[[], Any], on: date, progress: Watched) -> None:
    """Read the rows, a piece at a time, each in a transaction of its own, from where an earlier run stopped.

    ``who`` gives the person as they stand by then: PermissionDenied as soon as they may not take it any more.
    """
    gathered = taken.pieces.filter(bound=False)
    last, done = gathered.last(), sum(len(about) for about in gathered.values_list("about", flat=True))
    progress.step(done, taken.rows, "" if done else _("共 %(rows)s 行") % {"rows": taken.rows})
    while last is None or last.after:
        with transaction.atomic():
            last = _piece(taken, last, who(), on)
            progress.save()
        done += len(last.about)
        progress.step(done, note=_("已读取 %(rows)s 行") % {"rows": done})
    taken.rows = done


def bind(taken: Export, *, who: Callable[[], Any], on: date, progress: Watched) -> Export:
    """Make the file of the rows gathered; from then on it is there to be had."""
    wish = wish_of(taken)
    by = who()
    columns = columns_of(taken, taker_of(by, whole=taken.whole))
    sheet = sheet_of(wish, columns, by=by, purpose=taken.purpose, rows=taken.rows)
    with _written(taken.format, sheet, _rows_of(taken, progress)) as file, transaction.atomic():
        taken.pieces.filter(bound=True).delete()
        for number, some in enumerate(iter(lambda: file.read(BYTES), b"")):
            piece = Piece(export=taken, bound=True, number=number)
            piece.put(some)
            piece.save(force_insert=True)
            taken.size += len(some)
        taken.pieces.filter(bound=False).update(content=b"")
        progress.save()
        return finish(taken, by=by, on=on)


def finish(taken: Export, *, by: Any, on: date) -> Export:
    """The list has been taken: from now on its days are counted, and the trail knows of it."""
    now = timezone.now()
    taken.finished_at, taken.expires_at = now, now + timedelta(days=RESULT_DAYS)
    taken.save()
    trail.record("ledgers.exported", taken, by=by, at=place_of(taken, by), facts=facts_of(taken, on))
    return taken


def facts_of(taken: Export, on: date) -> dict[str, Any]:
    """What the trail keeps of an export, in its own language."""
    with override(settings.LANGUAGE_CODE):
        return {
            "what": title_of(wish_of(taken), str(taken.scope or "")),
            "rows": taken.rows,
            "format": taken.format,
            "numbers": _("完整") if taken.whole else _("打码"),
            "purpose": taken.purpose,
            "on": on,
        }


def note(taken: Export, rows: QuerySet, *, by: Any, on: date) -> None:
    """Every member in ``rows`` can read that they stood in the file, whose it was and what for."""
    if told_of(rows) is not Member:
        return
    members = list(rows.order_by().values_list(_key(rows.model), flat=True))
    places = Membership.objects.filter(member__in=members).latest_of_each().select_related("member", "cell")
    disclosures.note_export(places, file=wish_of(taken).listing.title, by=by, on=on, purpose=taken.purpose)


def told_of(rows: QuerySet) -> Any:
    """The model of what the rows are about: a line of a roster is about a member."""
    return Member if _key(rows.model) == "member_id" else rows.model


def cells(
    listing: Listing, rows: QuerySet, columns: Sequence[Column], taker: Any, *, whole: bool
) -> Iterator[Sequence[Any]]:
    """The rows as cells, a few at a time, by the shortest way the list knows."""
    found = straight(listing, rows, [column.key for column in columns], whole=whole)
    return cells_of(columns, furnished(listing, rows, taker, FETCHED), whole=whole) if found is None else found


def furnished(listing: Listing, rows: QuerySet, taker: Any, some: int) -> Iterator[Any]:
    """Rows as they come from the database, with all that their columns show."""
    found = rows.iterator(chunk_size=some)
    while few := list(islice(found, some)):
        yield from listing.furnish(few, taker)


def _key(model: Any) -> str:
    """Where a row keeps the key of what it is about."""
    return "member_id" if any(field.attname == "member_id" for field in model._meta.concrete_fields) else "pk"


def _piece(taken: Export, last: Piece | None, by: Any, on: date) -> Piece:
    """The rows after ``last``, read on behalf of ``by``."""
    taker, wish = taker_of(by, whole=taken.whole), wish_of(taken)
    columns, listing = columns_of(taken, taker), wish.listing
    rows = listing.dress(listing.found(taker, wish.query, wish.scope))
    order = listing.order_of(taker, wish.query, wish.scope)
    found = page(rows, order=order, after=last.after if last else "", size=ROWS)
    piece = Piece(export=taken, number=last.number + 1 if last else 0, after=found.next or "")
    piece.about = [getattr(row, _key(rows.model)) for row in found.rows]
    piece.put(packed(list(cells_of(columns, listing.furnish(found.rows, taker), whole=taken.whole))))
    piece.save(force_insert=True)
    note(taken, rows.model.objects.filter(pk__in=[row.pk for row in found.rows]), by=by, on=on)
    return piece


def _rows_of(taken: Export, progress: Watched) -> Iterator[list[Any]]:
    for piece in taken.pieces.filter(bound=False).order_by("number").iterator(chunk_size=1):
        progress.step(taken.rows)
        yield from unpacked(piece.data())


def _written(kind: str, sheet: Sheet, rows: Iterable[list[Any]]) -> IO[bytes]:
    """The whole file on disk, open at its beginning, under no name."""
    if kind == XLSX:
        return xlsx_file(sheet, rows)
    out = TemporaryFile()  # noqa: SIM115  the caller closes it
    out.writelines(csv_lines(sheet, rows))
    out.seek(0)
    return out
