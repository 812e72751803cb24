"""What hangs on a thing that is about to be voided, and would be left in the air."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from acts.registry import HANGING, OWNERS

IN_USE = _("此后已有别的记录与它相关联")
# What keeps a thing from being voided is what people wrote about it, not what was noted or worked out from it.
NOTING = ("acts", "audit", "ledgers", "notices", "reports", "work")


def in_use(model: Any, rows: set[int]) -> dict[int, str]:
    """Which of these have something standing that hangs on them and would not go with them."""
    held: dict[int, str] = {}
    while True:
        going = rows - held.keys()
        found = {
            row: str(HANGING.get(link.model, IN_USE))
            for link in _links(model)
            for row in (_hanging(link, model, going) if going else ())
        }
        if not found:
            return held
        held |= found


def _links(model: Any) -> list[Any]:
    """Foreign keys of other rows to this model, but for mere notes about it."""
    found = model._meta.get_fields(include_hidden=True)
    return [
        one.field
        for one in found
        if (one.one_to_many or one.one_to_one)
        and one.auto_created
        and not one.concrete
        and one.related_model._meta.app_label not in NOTING
        and not one.related_model._meta.auto_created
    ]


def _hanging(link: Any, model: Any, going: set[int]) -> list[int]:
    rows = link.model._base_manager.filter(**{f"{link.name}__in": going})
    for column in ("voided_at", "undone_at"):
        if any(one.name == column for one in link.model._meta.concrete_fields):
            rows = rows.filter(**{f"{column}__isnull": True})
    owner = OWNERS.get(link.model)
    if link.model is model:
        rows = rows.exclude(pk__in=going)
    elif isinstance(owner, str) and link.model._meta.get_field(owner).related_model is model:
        rows = rows.exclude(**{f"{owner}__in": going})
    return list(rows.order_by().values_list(link.attname, flat=True).distinct())
