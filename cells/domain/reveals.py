"""Showing a telephone number whole: with a purpose, and never without leaving a trace."""

from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from cells import rules
from cells.models import Cell, Contact
from core.errors import Refusal
from core.masks import tells

SHORTEST_PURPOSE = 4


@transaction.atomic
def reveal_cell_phone(cell: Cell, *, purpose: str, by: Any, on: date) -> str:
    """The telephone number of a cell's contact. Who asked, when and why stays in the trail.

    Refuses no purpose, and a purpose that says the number itself.
    """
    if not may_call_cell(by, cell):
        raise PermissionDenied
    facts = {"contact": cell.contact_name, "purpose": _stated(purpose, cell.contact_phone), "on": on}
    trail.record("cells.phone_revealed", cell, by=by, at=cell.path, facts=facts)
    return str(cell.contact_phone)


@transaction.atomic
def reveal_contact(contact: Contact, *, purpose: str, by: Any, on: date) -> str:
    """The telephone number of somebody in a company; as above."""
    if not may_call_contact(by, contact):
        raise PermissionDenied
    facts = {"contact": contact.name, "purpose": _stated(purpose, contact.phone), "on": on}
    trail.record("cells.phone_revealed", contact.company, by=by, at=contact.company.keeper.path, facts=facts)
    return str(contact.phone)


def may_call_cell(by: Any, cell: Cell) -> bool:
    """Whether ``by`` reveals numbers there, or is the advisor appointed to that very cell."""
    return rules.REVEAL_CELL.allows(by, cell) or rules.VISIT_CELL.allows(by, cell)


def may_call_contact(by: Any, contact: Contact) -> bool:
    """Whether ``by`` reveals numbers where the file is kept, or is the advisor of that very company."""
    return rules.REVEAL_CONTACT.allows(by, contact) or rules.VISIT_CONTACT.allows(by, contact)


def _stated(purpose: str, phone: Any) -> str:
    stated = purpose.strip()
    if len(stated) < SHORTEST_PURPOSE:
        raise Refusal(
            _("请写明用途，至少 %(least)d 个字，如“通知本周五座谈会”。") % {"least": SHORTEST_PURPOSE}, field="purpose"
        )
    if tells(stated, str(phone)):
        raise Refusal(_("用途会留在操作记录里，请不要写这个电话号码。"), field="purpose")
    return stated
