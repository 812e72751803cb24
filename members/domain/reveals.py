"""Showing a number or an address in full, for a purpose that is written down."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core.errors import Refusal
from core.masks import tells
from members import rules
from members.models import Member

ITEMS = ("id_number", "mobile", "address")
SHORTEST_PURPOSE = 4


@transaction.atomic
def reveal(member: Member, *, item: str, purpose: str, by: Any, on: date) -> str:
    """The ID number, mobile or address in full.

    Needs the power to reveal over the member's cell, or to be the person; others give a purpose of at least four
    characters. Refuses a purpose that says the person's own number or address: it would stand in the trail for ever.
    Every reveal stands in the trail, and the person concerned can read there who saw what and why.
    """
    if not rules.OWN_RECORD.allows(by, member):
        rules.REVEAL_MEMBER.require(by, member.place)
        if len(purpose.strip()) < SHORTEST_PURPOSE:
            raise Refusal(
                _("请写明用途，至少 %(count)d 个字，例如“核对组织关系”。") % {"count": SHORTEST_PURPOSE},
                field="purpose",
            )
    if item not in ITEMS:
        raise Refusal(_("只能查看证件号码、手机号或家庭住址。"), field="item")

    if any(tells(purpose, str(getattr(member, sealed))) for sealed in ITEMS):
        raise Refusal(_("用途会留在操作记录里，请不要写本人的证件号码、手机号或家庭住址。"), field="purpose")

    shown: Any = Member._meta.get_field(item)
    facts = {"field": str(shown.verbose_name), "purpose": purpose.strip(), "on": on}
    trail.record("members.revealed", member, by=by, at=member.cell.path, facts=facts)
    return str(getattr(member, item))
