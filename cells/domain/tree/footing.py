"""What every change of the tree stands on: the lock, and the refusals they share."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cells.choices import ALLOWED_CHILDREN, ALLOWED_ROOTS, CellKind
from cells.models import Cell, Placement
from core.errors import OutOfTurn, Refusal
from notices.domain import post

# Apps above keep things in cells, and this one may not look up at them: their AppConfig.ready() appends here.
# An obstacle answers with a sentence while something of theirs keeps a cell from being dissolved.
OBSTACLES: list[Callable[[Cell], str | None]] = []
# A carrier takes what is theirs from a cell that is merged to the cell it is merged into: (cell, into, by=, on=).
CARRIERS: list[Callable[..., None]] = []

LONGEST_PATH = Cell._meta.get_field("path").max_length or 255


def hold_tree() -> None:
    """Wait until nobody else is changing the tree, and keep others waiting until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('cells.tree'))")


def lock(cells: Iterable[Cell]) -> dict[int, Cell]:
    """The cells as they stand now, by key, held in one order so that two deeds never wait for each other."""
    keys = sorted({cell.pk for cell in cells})
    return {cell.pk: cell for cell in Cell.objects.filter(pk__in=keys).order_by("pk").select_for_update()}


def lock_one(cell: Cell) -> Cell:
    return lock([cell])[cell.pk]


def must_stand(cell: Cell, *, field: str | None = None, row: int | None = None) -> None:
    """Refuses a cell that was dissolved: out of turn, or, where it was chosen in ``field``, as a wrong answer."""
    if cell.dissolved_on is None:
        return
    words = {"cell": str(cell), "day": cell.dissolved_on.isoformat()}
    sentence = _("%(cell)s已于 %(day)s 撤销，不能再办理。") % words
    raise Refusal(sentence, field=field, row=row) if field else OutOfTurn(sentence, row=row)


def must_fit(kind: str, superior_kind: str | None, *, field: str, row: int | None = None) -> None:
    """Refuses a kind that does not stand under that kind, or, without a superior, not at the top."""
    label = CellKind(kind).label
    if superior_kind is None:
        if kind not in ALLOWED_ROOTS:
            raise Refusal(_("%(kind)s必须设在上级党组织之下，请选择上级。") % {"kind": label}, field=field, row=row)
    elif kind not in ALLOWED_CHILDREN[superior_kind]:
        words = {"kind": label, "superior": CellKind(superior_kind).label}
        raise Refusal(_("%(superior)s之下不能设%(kind)s，请改选上级或组织类别。") % words, field=field, row=row)


def must_be_free(name: str, superior: Cell | None, *, but: Cell | None = None, field: str = "name") -> None:
    """Refuses a name that stands already under that superior."""
    others = Cell.objects.standing().filter(parent=superior, name=name)
    if but is not None:
        others = others.exclude(pk=but.pk)
    twin = others.first()
    if twin is not None:
        raise Refusal(same_name(twin.name, twin.code), field=field)


def same_name(name: str, code: str) -> str:
    return _("同一上级之下已有“%(name)s”（%(code)s），请核对是否重复。") % {"name": name, "code": code}


def must_be_settled(cells: Iterable[Cell], on: date) -> None:
    """Refuses a day before the last change recorded of any of these: the past is not rewritten under what followed."""
    keys = [cell.pk for cell in cells]
    last = Placement.objects.current().filter(cell__in=keys).aggregate(day=Max("valid__startswith"))["day"]
    if last is not None and on < last:
        raise Refusal(
            _("所涉党组织在 %(day)s 还有变动记录，请改为 %(day)s 或之后的日期。") % {"day": last.isoformat()},
            field="on",
        )


def tell_officers(cell: Cell, sentence: Any, *, by: Any, on: date, facts: dict[str, Any]) -> None:
    """Let those who hold an office in the cell know; who has not taken up their account yet is not told."""
    for appointment in cell.appointments.in_force(on).filter(holder__username__isnull=False).select_related("holder"):
        post.tell(appointment.holder, sentence, by=by, url=cell.get_absolute_url(), facts=facts)


RENAMED = gettext_lazy("%(before)s更名为%(after)s，自 %(day)s 起。")
MOVED = gettext_lazy("%(cell)s划归%(superior)s，自 %(day)s 起。")
REORGANISED = gettext_lazy("%(cell)s改设为%(kind)s，自 %(day)s 起。")
MERGED = gettext_lazy("%(cell)s并入%(into)s，自 %(day)s 起。")
DISSOLVED = gettext_lazy("%(cell)s撤销，自 %(day)s 起。")
