"""Showing a telephone number whole: with a purpose, and never without leaving a trace."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from cells import rules
from cells.models import Cell, Contact
from core.errors import Refusal

SHORTEST_PURPOSE = 4


@transaction.atomic
def reveal_cell_phone(cell: Cell, *, purpose: str, by: Any, on: date) -> str:
    """The telephone number of a cell's contact. Refuses no purpose; who asked, when and why stays in the trail."""
    rules.REVEAL_CELL.require(by, cell)
    facts = {"contact": cell.contact_name, "purpose": _stated(purpose), "on": on}
    trail.record("cells.phone_revealed", cell, by=by, at=cell.path, facts=facts)
    return str(cell.contact_phone)


@transaction.atomic
def reveal_contact(contact: Contact, *, purpose: str, by: Any, on: date) -> str:
    """The telephone number of somebody in a company; as above."""
    rules.REVEAL_CONTACT.require(by, contact)
    facts = {"contact": contact.name, "purpose": _stated(purpose), "on": on}
    trail.record("cells.phone_revealed", contact.company, by=by, at=contact.company.keeper.path, facts=facts)
    return str(contact.phone)


def _stated(purpose: str) -> str:
    stated = purpose.strip()
    if len(stated) < SHORTEST_PURPOSE:
        raise Refusal(
            _("请写明用途，至少 %(least)d 个字，如“通知本周五座谈会”。") % {"least": SHORTEST_PURPOSE}, field="purpose"
        )
    return stated
