"""Whom to call in a company. The telephone number is sealed and never goes into the trail."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from acts.recording import reversible
from audit import trail
from cells import rules
from cells.models import Company, Contact
from core.errors import OutOfTurn
from core.names import check_name


@reversible
def add_contact(company: Company, *, name: str, post: str = "", phone: str = "", by: Any, on: date) -> Contact:
    """Write down somebody to call. Refuses no name, and one too long."""
    company = _lock(company)
    rules.KEEP_COMPANY.require(by, company)
    contact = Contact.objects.create(company=company, name=check_name(name).text, post=post.strip(), phone=phone)
    _record("cells.contact_added", contact, by=by, on=on)
    return contact


@reversible
def correct_contact(
    contact: Contact, *, name: str, post: str = "", phone: str | None = None, by: Any, on: date
) -> Contact:
    """Set right what is said of a contact; without ``phone`` the number stays.

    Refuses no name, one too long, and a contact that was removed.
    """
    company = _lock(contact.company)
    rules.KEEP_COMPANY.require(by, company)
    contact = _standing(contact)
    given = {"name": check_name(name).text, "post": post.strip()} | ({} if phone is None else {"phone": phone})
    changed = [field for field, new in given.items() if str(getattr(contact, field)) != new]
    if not changed:
        return contact
    for field, new in given.items():
        setattr(contact, field, new)
    contact.save(update_fields=list(given))
    _record("cells.contact_corrected", contact, by=by, on=on, fields=changed)
    return contact


@reversible
def remove_contact(contact: Contact, *, by: Any, on: date) -> Contact:
    """Take a contact off the file; the row stays, voided. Refuses one that was removed already."""
    company = _lock(contact.company)
    rules.KEEP_COMPANY.require(by, company)
    contact = _standing(contact)
    contact.voided_at = timezone.now()
    contact.save(update_fields=["voided_at"])
    _record("cells.contact_removed", contact, by=by, on=on)
    return contact


def _lock(company: Company) -> Company:
    return Company.objects.select_related("keeper").select_for_update(of=("self",)).get(pk=company.pk)


def _standing(contact: Contact) -> Contact:
    contact = Contact.objects.select_related("company__keeper").get(pk=contact.pk)
    if contact.voided_at:
        raise OutOfTurn(_("这位联系人已经移除，请刷新后再看。"))
    return contact


def _record(action: str, contact: Contact, *, by: Any, on: date, **facts: Any) -> None:
    company = contact.company
    said = {"contact": contact.name, "post": contact.post, "on": on}
    trail.record(action, company, by=by, at=company.keeper.path, facts=said | facts)
