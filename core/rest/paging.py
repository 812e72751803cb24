"""Pages of a list: by a cursor, which costs the same on page 1,000; by an offset, while that is not far in."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from rest_framework.request import Request

from core.pagination import Page, count_up_to, in_order, leads_somewhere, page
from core.ready import Ready
from core.rest import asking
from core.stretches import Stretch

SIZE = 50
LARGEST = 200
FURTHEST = 10_000
NOWHERE = gettext_noop("这个位置读不出来，或者属于另一种排序，请从头读取。")
# A list asked for in no other way is the usual one.
PLAIN = {"limit", "start"}
PARAMETERS = ("limit", "offset", "start", "before", "count")


class Part:
    """The part of a list that was asked for, and the addresses of those beside it."""

    def __init__(self, request: Request, found: QuerySet, order: Sequence[str]) -> None:
        self.request = request
        self.query = request.query_params
        self.limit = asking.whole(self.query, "limit", default=SIZE, least=1, most=LARGEST)
        self.offset = asking.whole(self.query, "offset", default=0, least=0, most=FURTHEST)
        self.count = count_up_to(found) if asking.flag(self.query, "count") else None
        self.rows: list[Any] = []
        self.next: str | None = None
        self.previous: str | None = None
        if "offset" in self.query:
            self._by_offset(found, order)
        else:
            self._by_cursor(found, order)

    def _by_offset(self, found: QuerySet, order: Sequence[str]) -> None:
        if self.query.get("start") or self.query.get("before"):
            raise asking.wrong("offset", _("offset 不能与 start、before 同时使用。"))
        rows = list(in_order(found, order)[self.offset : self.offset + self.limit + 1])
        self.rows = rows[: self.limit]
        if len(rows) > self.limit and self.offset + self.limit <= FURTHEST:
            self.next = self._address(offset=self.offset + self.limit)
        if self.offset:
            self.previous = self._address(offset=max(self.offset - self.limit, 0))

    def _by_cursor(self, found: QuerySet, order: Sequence[str]) -> None:
        cursors = {name: asking.single(self.query, name) for name in ("start", "before")}
        if all(cursors.values()):
            raise asking.wrong("before", _("before 不能与 start 同时使用。"))
        for name, cursor in cursors.items():
            if cursor and not leads_somewhere(found, order=order, cursor=cursor):
                raise asking.wrong(name, _(NOWHERE))
        self._turn_to(page(found, order=order, after=cursors["start"], before=cursors["before"], size=self.limit))

    def _turn_to(self, shown: Page) -> None:
        self.rows = shown.rows
        self.next = self._address(start=shown.next) if shown.next else None
        self.previous = self._address(before=shown.previous) if shown.previous else None

    def _address(self, **place: Any) -> str:
        query = self.query.copy()
        for name in ("offset", "start", "before"):
            query.pop(name, None)
        for name, value in place.items():
            query[name] = str(value)
        return self.request.build_absolute_uri(f"{self.request.path}?{query.urlencode()}")

    def envelope(self, results: list[Any], withheld: Sequence[str]) -> dict[str, Any]:
        """The list as it is sent. The count is of what the reader may see, and no further than ``1000+``."""
        counted = None if self.count is None else str(self.count) if self.count.capped else self.count.number
        return {
            "count": counted,
            "next": self.next,
            "previous": self.previous,
            "results": results,
            "meta": {"withheld": sorted(withheld)},
        }


class ReadyPart(Part):
    """A part of the usual list of a resource, whose statement is worked out already."""

    def __init__(self, request: Request, ready: Ready, stretches: Sequence[Stretch]) -> None:
        self.request = request
        self.query = request.query_params
        self.limit = asking.whole(self.query, "limit", default=SIZE, least=1, most=LARGEST)
        self.count = None
        cursor = asking.single(self.query, "start")
        if cursor and ready.order.place(cursor) is None:
            raise asking.wrong("start", _(NOWHERE))
        self._turn_to(ready.page(stretches, after=cursor, size=self.limit))
