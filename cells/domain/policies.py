"""What the association sets for itself: the few numbers that regulations leave to be tightened."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from cells import rules
from cells.choices import POLICY_BOUNDS, PolicyItem
from cells.models import Cell, Policy
from core.dated import state
from core.errors import Refusal

SHORTEST_REASON = 2


@transaction.atomic
def set_value(item: str, *, value: int, reason: str, by: Any, on: date, today: date) -> Policy:
    """Let ``item`` come to ``value`` from ``on``, until the next change set already.

    Needs the power to keep rules over a whole tree. Refuses a day before ``today`` (what was counted by then was
    counted by the rule of that day), a value outside the item's bounds, the value that holds already, no reason.
    """
    roots = list(Cell.objects.select_for_update(no_key=True).filter(parent=None).order_by("pk"))
    root = next((cell for cell in roots if rules.KEEP_RULES.allows(by, cell)), None)
    if root is None:
        raise PermissionDenied
    require_within_bounds(item, value)
    if on < today:
        raise Refusal(_("只能从今天或以后起改：过去的数字按当时的规则算。"), field="on")
    if len(reason.strip()) < SHORTEST_REASON:
        raise Refusal(_("请写明为什么改。"), field="reason")
    before = Policy.objects.values_on(on)[item]
    if before == value:
        raise Refusal(_("这一天的数值已经是 %(value)d，没有改动。") % {"value": value}, field="value")

    changed = state(Policy, {"item": item}, on, by=by, values={"value": value, "reason": reason.strip()})
    assert changed is not None  # the value is another one
    trail.record(
        "cells.policy_set",
        changed,
        by=by,
        at=root.path,
        facts={"on": on, "reason": reason.strip(), "changes": {"value": [before, value]}},
    )
    return changed


def require_within_bounds(item: str, value: int) -> None:
    """Refuses a value by which a regulation would be loosened, or that makes no sense."""
    lowest, highest, _default = POLICY_BOUNDS[PolicyItem(item)]
    if not lowest <= value <= highest:
        words = _("应在 %(lowest)d 到 %(highest)d 之间：本地规则只能比条例更严。")
        raise Refusal(words % {"lowest": lowest, "highest": highest}, field="value")
