"""A list taken out of the house: what it would hold, taking it, having its file again, and its end.

One door for pages, programs and jobs; who may take what stands in ``takers``, how the file is made in ``gathering``.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from cells.authority import narrowing, only_where, spans
from cells.choices import Power
from core.errors import Refusal
from core.exports import XLSX, Sheet, require_room
from core.lists.columns import Column
from core.masks import mask_numbers
from core.pagination import Count, count_up_to
from ledgers.choices import PURPOSE_LIMIT
from ledgers.domain import gathering
from ledgers.domain.takers import columns_of, confined, covers, place_of, taker_of, wish_of
from ledgers.laid_out import Wish, place_told, sheet_of, title_of
from ledgers.models import Export
from work import jobs
from work.progress import Progress

# Up to here the file is made while somebody waits; above it, it becomes a job.
AT_ONCE = 5000
SHORTEST_PURPOSE = 4
REMEMBERED = timedelta(days=90)


@dataclass(frozen=True)
class Plan:
    """What taking a list would come to. ``taker`` is the person, limited to where they may take it."""

    wish: Wish
    taker: Any
    columns: list[Column]
    rows: QuerySet
    count: Count

    @property
    def at_once(self) -> bool:
        return not self.count.capped

    @property
    def sensitive(self) -> list[Column]:
        """The columns with numbers that are masked, or for a purpose are not."""
        return [column for column in self.wish.listing.columns_of(self.taker, self.wish.scope) if column.is_sensitive]


def may_export(user: Any) -> bool:
    """Whether there is anything at all ``user`` may take out; for showing the way in."""
    return bool(spans(user, Power.EXPORT))


def may_have_whole(user: Any) -> bool:
    return bool(spans(only_where(user, Power.EXPORT, Power.REVEAL), Power.REVEAL))


def plan(wish: Wish, *, by: Any, among: QuerySet | None = None) -> Plan:
    """What the file would hold, without making it. Refuses a question that cannot be read.

    Needs the power to export, and the power to reveal for whole numbers. ``among`` leaves out all rows but these.
    """
    if not wish.listing.may_leave:
        raise PermissionDenied
    taker = taker_of(by, whole=wish.whole)
    criteria = wish.listing.criteria_for(taker, wish.query, wish.scope)
    if criteria is not None and criteria.errors:
        name, why = next(iter(criteria.errors.items()))
        raise Refusal(" ".join(map(str, why)), field=name)
    found = wish.listing.found(taker, wish.query, wish.scope) if among is None else _only(wish, taker, among)
    return Plan(wish, taker, wish.columns(taker), found, count_up_to(found, cap=AT_ONCE))


@transaction.atomic
def export(
    wish: Wish, *, purpose: str = "", keep: bool = False, among: QuerySet | None = None, by: Any, on: date
) -> Export:
    """Take the list. A short one is there at once, and with ``keep`` its file too; a long one becomes a job.

    Refuses a list without rows, unless ``among`` said which, one that is too long for a workbook, and whole numbers
    without a purpose. The trail keeps who took how many rows of what; every member in it can read that they stood in
    it. The same list is not made twice at a time: asked for again by whoever is confined alike, the one under way
    comes back.
    """
    laid = plan(wish, by=by, among=among)
    said = _stated(purpose) if wish.whole else ""
    if not laid.count.number and among is None:
        raise Refusal(_("没有可以导出的行，请放宽筛选或换一个范围。"))
    if among is not None and not laid.at_once:
        raise Refusal(_("超过 %(most)s 行，请用 /api/v1/exports/ 在后台导出。") % {"most": AT_ONCE}, field="format")
    bounds = narrowing(by)
    taken = Export(
        by_id=by.pk,
        listing=wish.listing.name,
        scope=wish.scope,
        query=wish.query.urlencode(),
        columns=[column.key for column in laid.columns],
        tells_of=gathering.told_of(laid.rows)._meta.label,
        format=wish.format,
        whole=wish.whole,
        purpose=said,
        narrowing=bounds.plain() if bounds else None,
        kept=keep or not laid.at_once,
    )
    taken.save()
    if not laid.at_once:
        taken.rows = laid.rows.count()
        if wish.format == XLSX:
            require_room(sheet_of(wish, laid.columns, by=by, purpose=said, rows=taken.rows), taken.rows)
        return _begin(taken, wish, by)
    if keep:
        gathering.gather(taken, who=lambda: by, on=on, progress=gathering.Unwatched())
        return gathering.bind(taken, who=lambda: by, on=on, progress=gathering.Unwatched())
    gathering.note(taken, laid.rows, by=by, on=on)
    taken.rows = laid.count.number
    return gathering.finish(taken, by=by, on=on)


def make(taken: Export, *, on: date, progress: Progress) -> Export:
    """The job's part: gather the rows and bind the file. What the person may not have any more ends it."""

    def who() -> Any:
        person = type(taken.by).objects.get(pk=taken.by_id)
        if not person.is_active:
            raise PermissionDenied
        return confined(person, taken)

    gathering.gather(taken, who=who, on=on, progress=progress)
    return gathering.bind(taken, who=who, on=on, progress=progress)


def lines(
    taken: Export, *, by: Any, among: QuerySet | None = None, order: Sequence[str] = (), picked: bool = False
) -> tuple[Sheet, Iterator[Sequence[Any]]]:
    """The sheet and the rows of a short export that is handed over at once, read as they are sent.

    The sheet says so where they were ``picked`` one by one.
    """
    wish = wish_of(taken).but(picked=picked)
    taker = taker_of(by, whole=taken.whole)
    columns = columns_of(taken, taker)
    rows = (
        wish.listing.queryset(taker, wish.query, wish.scope)
        if among is None
        else wish.listing.dress(_only(wish, taker, among)).order_by(*order, "pk")
    )[:AT_ONCE]
    sheet = sheet_of(wish, columns, by=by, purpose=taken.purpose, rows=taken.rows)
    return sheet, gathering.cells(wish.listing, rows, columns, taker, whole=taken.whole)


def name_of(taken: Export, *, by: Any) -> str:
    """Under what the file is saved by ``by``, without its ending."""
    wish = wish_of(taken)
    return f"{title_of(wish, place_told(wish, by=by))}-{timezone.localtime(taken.asked_at):%Y%m%d}"


@transaction.atomic
def hand_over(taken: Export, *, by: Any, on: date) -> Iterator[bytes]:
    """The file, piece by piece; each time it is asked anew whether the person may have it.

    Needs to be the person who asked for it, and to be allowed to take out today all that stands in it. Refuses one that
    is not ready or whose time is over.
    """
    if not Export.objects.owned_by(by).filter(pk=taken.pk).exists() or not covers(taken, by=by):
        raise PermissionDenied
    if not taken.is_ready:
        raise Refusal(_("文件还没有做好，或者已过保留期。"))
    trail.record("ledgers.downloaded", taken, by=by, at=place_of(taken, by), facts=gathering.facts_of(taken, on))
    return (piece.data() for piece in taken.pieces.filter(bound=True).order_by("number").iterator(chunk_size=1))


@transaction.atomic
def discard(taken: Export, *, by: Any, on: date) -> Export:
    """Throw the file away before its time. Only the person who asked for it may; what the trail says of it stays."""
    own = Export.objects.owned_by(by).select_for_update(of=("self",)).select_related("job", "scope")
    held = own.filter(pk=taken.pk).first()
    if held is None:
        raise PermissionDenied
    if held.job is not None and held.job.is_open:
        jobs.cancel(held.job, by=by)
    clear(held)
    trail.record("ledgers.export_discarded", held, by=by, at=place_of(held, by), facts=gathering.facts_of(held, on))
    return held


@transaction.atomic
def clear(taken: Export) -> None:
    """As part of another deed: the file goes, and what was asked with it. Asks for no permission."""
    taken.pieces.all().delete()
    taken.query, taken.cleared_at = "", timezone.now()
    taken.save(update_fields=["query", "cleared_at"])
    if taken.job is not None:
        jobs.take_back_result(taken.job)


def clear_expired(*, now: datetime) -> int:
    """Files whose days are over go; how many. What remains of an export goes when nobody asks for it any more."""
    gone = list(Export.objects.expired(now).select_related("job").order_by("pk"))
    for taken in gone:
        clear(taken)
    Export.objects.filter(cleared_at__lt=now - REMEMBERED).delete()
    return len(gone)


def _only(wish: Wish, taker: Any, among: QuerySet) -> QuerySet:
    """Of the rows within reach those ``among`` names."""
    return wish.listing.reach(taker, wish.scope).filter(pk__in=among.order_by().values("pk"))


def _begin(taken: Export, wish: Wish, by: Any) -> Export:
    # What a program takes is not what its holder would: the same question, less of the list.
    how = (taken.columns, taken.format, taken.whole, taken.narrowing)
    asked = repr((by.pk, taken.listing, taken.scope_id, taken.query, *how))
    job = jobs.start(
        "ledgers.export",
        by=by,
        title=gettext_lazy("导出 %(title)s %(scope)s") if wish.scope else gettext_lazy("导出 %(title)s"),
        facts={"title": wish.listing.title} | ({"scope": place_told(wish, by=by)} if wish.scope else {}),
        payload={"export": taken.pk},
        key=f"export:{hashlib.sha256(f'{asked}{taken.purpose}'.encode()).hexdigest()}",
        at=place_of(taken, by),
    )
    if job.payload["export"] != taken.pk:
        taken.delete()
        return Export.objects.get(pk=job.payload["export"])
    taken.job = job
    taken.save(update_fields=["job", "rows"])
    return taken


def _stated(purpose: str) -> str:
    said = purpose.strip()[:PURPOSE_LIMIT]
    if len(said) < SHORTEST_PURPOSE:
        words = _("导出完整号码要写明用途，至少 %(least)d 个字，例如“上报组织关系”。")
        raise Refusal(words % {"least": SHORTEST_PURPOSE}, field="purpose")
    if mask_numbers(said) != said:
        raise Refusal(_("用途会留在操作记录里，请不要写证件号码或手机号。"), field="purpose")
    return said
