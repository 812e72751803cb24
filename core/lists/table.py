"""A list as one page shows it to one person: what is asked of it, and its rows already set."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from core import keyring
from core.errors import Refusal
from core.lists.asked import DENSITIES, SHOWING, Asked
from core.lists.columns import Column, escaped, in_words, row_of
from core.lists.listing import BATCHES, Batch, Listing
from core.pagination import SIZES, Count, Page, addressed, count_up_to, leads_somewhere, page_of

PRINTED = 2000
# With more columns than these the table is wider than a page, and scrolls in a frame of its own.
WIDEST = 11


@dataclass(frozen=True)
class Grouping:
    """Rows under heads of their own: ``key`` tells the groups apart, ``order`` keeps each together.

    ``heads(row)`` gives the name of the group that begins with the row, and a note beside it.
    """

    key: Callable[[Any], Any]
    order: tuple[str, ...]
    heads: Callable[[Any], tuple[Any, Any]]


class Table:
    """``listing`` on the page ``request`` asked for, within ``scope``.

    ``order`` stands for an order that is told by no column; ``may_choose`` is False where rows are not to be ticked.
    ``besides`` are the parameters the page asks of its own.
    """

    def __init__(
        self,
        request: HttpRequest,
        listing: Listing,
        *,
        scope: Any = None,
        grouping: Grouping | None = None,
        order: tuple[str, ...] = (),
        may_choose: bool = True,
        besides: Collection[str] = (),
    ) -> None:
        self.request = request
        self.listing = listing
        self.user: Any = request.user
        self.scope = scope
        self.grouping = grouping
        self.order = order
        self.may_choose = may_choose
        self.besides = besides
        self.asked = Asked(listing, request.GET, self.user)
        self.refusal = ""
        self.is_cut = False

    # What is asked

    @property
    def view(self) -> str:
        return self.request.GET.get("view", "")

    @property
    def printing(self) -> bool:
        """Whether the list is asked for as a whole and without its tools: to be printed, or to be copied."""
        return self.view in ("print", "plain")

    @cached_property
    def columns(self) -> list[Column]:
        chosen = self.listing.columns_for(self.user, self.request.GET, self.scope)
        return [column for column in chosen if column.printed or not self.printing]

    @property
    def is_wide(self) -> bool:
        return len(self.columns) > WIDEST

    @cached_property
    def criteria(self) -> Any:
        return self.listing.criteria_for(self.user, self.request.GET, self.scope)

    @cached_property
    def narrowing(self) -> QueryDict:
        """The part of the query that says which rows."""
        return self.asked.part(self.listing.criteria.base_filters if self.listing.criteria else ())

    @property
    def is_filtered(self) -> bool:
        return bool(self.narrowing)

    @property
    def found_by(self) -> str:
        """The criteria as one text: by what all that were found are found again."""
        return self.narrowing.urlencode()

    @property
    def kept_query(self) -> str:
        """What a saved filter keeps: the criteria, where they look, and how the rows are shown if that is said."""
        kept = self.asked.part({*self.narrowing, *SHOWING, "scope"})
        if self.scope is not None and self.request.path != self.listing.address():
            kept["scope"] = self.scope.code
        return kept.urlencode(safe=",")

    @cached_property
    def errors(self) -> list[str]:
        """What could not be read of the criteria, a sentence each."""
        wrong = self.criteria.errors if self.is_filtered else {}
        fault = _("%(label)s：%(why)s")
        return [
            fault % {"label": self.criteria.filters[name].label, "why": " ".join(map(str, why))}
            for name, why in wrong.items()
        ]

    @property
    def sort(self) -> str:
        """What the list is sorted by; nothing where that is told by no column."""
        return "" if self.order else self.listing.sort_of(self.user, self.request.GET, self.scope)

    # What is found

    @cached_property
    def found(self) -> Any:
        """The rows that answer; none where the question was refused, and ``refusal`` says why."""
        try:
            return self.listing.reach(self.user, self.scope) if self.criteria is None else self.criteria.qs
        except Refusal as refused:
            self.refusal = str(refused)
            return self.listing.reach(self.user, self.scope).none()

    @property
    def _order(self) -> tuple[str, ...]:
        order = self.order or self.listing.order_of(self.user, self.request.GET, self.scope)
        return (*(self.grouping.order if self.grouping else ()), *order)

    @property
    def passed_over(self) -> list[str]:
        """What of the address could not be heeded, though the rows are those that were asked for; a sentence each."""
        query, told = self.request.GET, []
        cursor = query.get("after") or query.get("before")
        if cursor and not leads_somewhere(self.found, order=self._order, cursor=cursor):
            told.append(_("上一页或下一页的地址已经失效，这里是第一页。"))
        if query.get("size", "") not in ("", *map(str, SIZES)):
            sizes = _("、").join(map(str, SIZES))
            told.append(_("每页可以是 %(sizes)s 行，这里是 %(size)d 行。") % {"sizes": sizes, "size": self.asked.size})
        if query.get("density", "") not in ("", *DENSITIES):
            told.append(_("没有这种密度，这里是平常的密度。"))
        if query.get("sort", "") not in ("", self.listing.sort_of(self.user, query, self.scope)):
            told.append(_("这份名单不能这样排序，这里是平常的顺序。"))
        criteria = self.listing.criteria.base_filters if self.listing.criteria else ()
        if unknown := self.asked.unknown({*criteria, *self.besides}):
            words = {"names": _("、").join(name[:40] for name in unknown[:10])}
            told.append(_("这份名单没有 %(names)s 这样的条件，列出的行没有按它筛选。") % words)
        return told

    @cached_property
    def page(self) -> Page:
        """The page asked for, its rows furnished."""
        order = self._order
        if (shown := self._ready(order)) is not None:
            return shown
        rows = self.listing.dress(self.found)
        if not self.printing:
            return self._furnished(page_of(self.request, rows, order=order, size=self.asked.size))
        # One row more than is set tells that there are more.
        printed = list(rows.order_by(*order, "pk")[: PRINTED + 1])
        self.is_cut = len(printed) > PRINTED
        return self._furnished(Page(printed[:PRINTED]))

    def _ready(self, order: tuple[str, ...]) -> Page | None:
        """The page where its statement is worked out already: forwards, and with nothing asked."""
        if self.listing.ready is None or self.is_filtered or self.printing or self.request.GET.get("before"):
            return None
        ready, stretches = self.listing.ready
        if order != tuple(ready.columns):
            return None
        seen, after = stretches(self.user, self.scope), self.request.GET.get("after", "")
        return self._furnished(addressed(self.request, ready.page(seen, after=after, size=self.asked.size)))

    def _furnished(self, page: Page) -> Page:
        onwards, back = (address and self.listing.anchored(address) for address in (page.next, page.previous))
        return Page(list(self.listing.furnish(page.rows, self.user)), onwards, back)

    @property
    def is_whole(self) -> bool:
        """Whether everything that was found stands on this page."""
        return not (self.page.next or self.page.previous or self.is_cut)

    @property
    def cut(self) -> str:
        """That a print stops before its end, and how to have the rest; nothing where it is whole."""
        self.page  # noqa: B018 -- it is what tells
        words = _("超过 %(most)d %(noun)s，这里只有前 %(most)d %(noun)s。要全部，请导出，或分几次筛选。")
        return words % {"most": PRINTED, "noun": self.listing.noun} if self.is_cut else ""

    @property
    def told(self) -> str:
        """What a print says of how it was narrowed, as a file does; nothing where it was not."""
        chips = self.criteria.chips() if self.criteria is not None else []
        return _("；").join(chip.words for chip in chips if chip.name in self.narrowing)

    @cached_property
    def count(self) -> Count:
        """How many were found; asked of the database only where they do not all stand here."""
        return Count(len(self.page.rows), capped=False) if self.is_whole else count_up_to(self.found)

    @cached_property
    def batches(self) -> list[Batch]:
        """The batch deeds this person has here: those of the list, then those that every list has."""
        if self.printing or not self.may_choose or self.listing.code is None:
            return []
        offered = (*self.listing.batches, *(offer(self.listing) for offer in BATCHES))
        return [batch for batch in offered if batch is not None and batch.right(self.user, self.scope)]

    # How it is set

    @cached_property
    def rows(self) -> list[SafeString]:
        """The rows of the table, with the heads of their groups."""
        if not self.grouping:
            return self._set(self.page.rows, 1)
        found: list[SafeString] = []
        serial = 1
        for _key, members in groupby(self.page.rows, self.grouping.key):
            rows = list(members)
            found += [self._group_head(*self.grouping.heads(rows[0])), *self._set(rows, serial)]
            serial += len(rows)
        return found

    @property
    def plain_rows(self) -> list[list[Any]]:
        """Values alone, for a spreadsheet."""
        return [[in_words(column.value(row), column.kind) for column in self.columns] for row in self.page.rows]

    def _set(self, rows: Sequence[Any], serial: int) -> list[SafeString]:
        columns, carried = self.columns, self._carried()
        with keyring.using(keyring.ring()):  # looked for once, not for each number that is masked
            return [
                row_of(
                    columns, row, attributes=self._attributes(row), before=self._before(row, number), carried=carried
                )
                for number, row in enumerate(rows, serial)
            ]

    def _carried(self) -> str:
        """What pages the rows lead to are asked with: the scope, where somebody chose one."""
        scope = self.asked.part(("scope",)).urlencode()
        return f"?{scope}" if scope else ""

    def _before(self, row: Any, number: int) -> str:
        before = ""
        if self.batches and self.listing.code:
            code, words = self.listing.code(row), self._choosing % {"name": self.columns[0].value(row)}
            box = f'name="{self.listing.ticks}" value="{escaped(code)}" aria-label="{escaped(words)}"'
            before = f'<td class="check"><input class="tick" type="checkbox" {box}></td>'
        return f'{before}<td class="serial">{number}</td>' if self.is_whole else before

    @cached_property
    def _choosing(self) -> str:
        return _("选择 %(name)s")

    def _attributes(self, row: Any) -> str:
        """What the keyboard and a batch know a row by."""
        listing = self.listing
        asked = {"class": listing.mark, "data-row": listing.code, "data-url": listing.link, "data-edit": listing.edit}
        told = {name: ask(row) for name, ask in asked.items() if ask is not None}
        return "".join([f' {name}="{escaped(value)}"' for name, value in told.items() if value])

    def _group_head(self, words: Any, note: Any) -> SafeString:
        width = len(self.columns) + bool(self.batches) + self.is_whole
        head = '<tr class="group-row"><th colspan="{}" scope="rowgroup">{} <small class="number">{}</small></th></tr>'
        return format_html(head, width, words, note)
