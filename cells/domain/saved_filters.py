"""Keeping what was asked of a list under a name, for oneself or for everybody in office somewhere."""

from datetime import date
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.authority import narrowing, spans
from cells.models import Cell, SavedFilter
from core.errors import Refusal, Stale
from core.lists.asked import SHOWING
from core.lists.listing import listing_named
from core.masks import holds_number

MOST = 200
NAME_LIMIT = 40
# What a filter keeps besides criteria: where it looks, and how the rows are shown.
BESIDES = ("scope", *SHOWING)


class Readable(NamedTuple):
    """A query with nothing in it but what its list knows, and the parameters of it that somebody typed."""

    query: str
    typed: list[str]


@reversible
def save(
    *, listing: str, name: str, query: str, by: Any, on: date, shared_with: Cell | None = None, pinned: bool = False
) -> SavedFilter:
    """Keep ``query`` of a list under ``name``.

    Refuses a list there is none of, criteria that cannot be read, no criteria, a whole number among them or in the
    name, a name the person has for this list already, and more than two hundred filters. Sharing needs the power to
    keep the roster of ``shared_with``, and is refused for what was typed, which could name anybody.
    """
    asked = _require_readable(listing, query, by)
    kept = {"name": _require_name(name), "query": asked.query}
    _require_sharing(shared_with, asked, by)
    own = SavedFilter.objects.owned_by(by)
    if own.count() >= MOST:
        raise Refusal(_("已存了 %(most)d 个筛选，请先删掉不用的。") % {"most": MOST})
    _require_free(own, listing, kept["name"])
    saved = SavedFilter.objects.create(owner=by, listing=listing, shared_with=shared_with, pinned=pinned, **kept)
    _record("cells.filter_saved", saved, by, on)
    return saved


@reversible
def change(
    saved: SavedFilter,
    *,
    name: str,
    query: str,
    by: Any,
    on: date,
    shared_with: Cell | None = None,
    pinned: bool = False,
    version: int | None = None,
) -> SavedFilter:
    """Rename, overwrite, share or pin a filter; only its owner does. Refuses as ``save``.

    As long as it is shared, that takes the power to share it there; to offer it no longer, being there in person.
    Raises Stale when it was changed since ``version`` was read. What is the same leaves no trace.
    """
    saved = _own(saved, by)
    if version is not None and saved.version != version:
        raise Stale(_("这个筛选刚才已在别处修改，请核对后再保存。"))
    if not (may_steer(saved, by=by) or (shared_with is None and may_take_back(saved, by=by))):
        raise PermissionDenied
    asked = _require_readable(saved.listing, query, by)
    kept: dict[str, Any] = {"name": _require_name(name), "query": asked.query}
    _require_sharing(shared_with, asked, by)
    _require_free(SavedFilter.objects.owned_by(by).exclude(pk=saved.pk), saved.listing, kept["name"])
    kept |= {"shared_with": shared_with, "pinned": pinned}
    changed = [field for field, value in kept.items() if getattr(saved, field) != value]
    if not changed:
        return saved
    for field in changed:
        setattr(saved, field, kept[field])
    saved.version += 1
    saved.save(update_fields=[*changed, "version"])
    _record("cells.filter_changed", saved, by, on, fields=changed)
    return saved


@reversible
def remove(saved: SavedFilter, *, by: Any, on: date) -> SavedFilter:
    """Take a filter away, from those it is shared with as well; only its owner does."""
    saved = _own(saved, by)
    if not may_take_back(saved, by=by):
        raise PermissionDenied
    saved.voided_at = timezone.now()
    saved.save(update_fields=["voided_at"])
    _record("cells.filter_removed", saved, by, on)
    return saved


def is_own(saved: SavedFilter, *, by: Any) -> bool:
    """Whether it is the person's to change."""
    return bool(by.pk) and saved.owner_id == by.pk


def may_take_back(saved: SavedFilter, *, by: Any) -> bool:
    """Whether the person may remove it, or offer it no longer: their own always, through a program where it shares."""
    if not is_own(saved, by=by):
        return False
    return narrowing(by) is None or may_steer(saved, by=by)


def may_steer(saved: SavedFilter, *, by: Any) -> bool:
    """Whether the person may change what others are offered; a filter that is shared with nobody is theirs alone."""
    return is_own(saved, by=by) and (saved.shared_with is None or rules.SHARE_FILTER.allows(by, saved.shared_with))


def _own(saved: SavedFilter, by: Any) -> SavedFilter:
    """The filter as it stands, locked; raises PermissionDenied unless it is the person's own."""
    found = SavedFilter.objects.standing().select_for_update(no_key=True).filter(pk=saved.pk).first()
    if found is None:
        raise Refusal(_("这个筛选已经删除。"))
    if not is_own(found, by=by):
        raise PermissionDenied
    return found


def _require_name(name: str) -> str:
    if not name.strip():
        raise Refusal(_("请给这个筛选起个名字。"), field="name")
    if len(name.strip()) > NAME_LIMIT:
        raise Refusal(_("名称最多 %(most)d 个字。") % {"most": NAME_LIMIT}, field="name")
    if holds_number(name):
        raise Refusal(_("名称里请不要写证件号码或手机号。"), field="name")
    return name.strip()


def _require_readable(listing: str, query: str, by: Any) -> Readable:
    """The query with nothing in it but what the list knows."""
    known = listing_named(listing)
    if known is None or known.criteria is None:
        raise Refusal(_("没有这份名单。"), field="listing")
    asked = QueryDict(query)
    criteria = known.criteria_for(by, asked)
    assert criteria is not None  # the list has some
    kept = QueryDict(mutable=True)
    for name, values in asked.lists():
        if name in criteria.filters or name in BESIDES:
            kept.setlist(name, [value for value in values if value])
    if criteria.errors:
        raise Refusal(_("筛选条件里有看不懂的，请回到名单改好再存。"), field="query")
    if not any(name in criteria.filters for name in kept):
        raise Refusal(_("还没有筛选条件，请先在名单上选好。"), field="query")
    typed = criteria.typed()
    if any(holds_number(value) for name in (*typed, *BESIDES) for value in kept.getlist(name)):
        raise Refusal(_("筛选会一直留着，不能带完整的证件号码或手机号。请改用姓名、编号或手机后 4 位。"), field="query")
    return Readable(kept.urlencode(safe=","), typed)


def _require_sharing(cell: Cell | None, asked: Readable, by: Any) -> None:
    if cell is None:
        return
    rules.SHARE_FILTER.require(by, cell)
    if asked.typed:
        raise Refusal(_("带搜索词或自填文字的筛选只能自己用。请先去掉这些条件，再共享。"), field="shared_with")


def _require_free(own: Any, listing: str, name: str) -> None:
    if own.filter(listing=listing, name=name).exists():
        raise Refusal(_("已有同名的筛选，请换一个名称，或打开那一个修改。"), field="name")


def _record(action: str, saved: SavedFilter, by: Any, on: date, **facts: Any) -> None:
    """Where it is offered, else where the person is in office."""
    held = spans(by, rules.SEE_CELL.power)
    own = held[0].path if held else ""
    at = saved.shared_with.path if saved.shared_with else own
    trail.record(action, saved, by=by, at=at, facts={"on": on, **facts})
