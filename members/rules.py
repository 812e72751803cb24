"""Who may do what to members and their memberships."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

import cells.rules
from cells.authority import Rule
from cells.choices import Power

# Over a member, by the cell the member belongs to now or belonged to last.
SEE_MEMBER = Rule(Power.SEE_ROSTER)
SEE_CONTACTS = Rule(Power.SEE_CONTACTS)
KEEP_MEMBER = Rule(Power.KEEP_ROSTER)
REVEAL_MEMBER = Rule(Power.REVEAL)

# Over a cell, before there is a member.
SEE_ROSTER = Rule(Power.SEE_ROSTER, cell="")
SEE_CONTACTS_OF = Rule(Power.SEE_CONTACTS, cell="")
KEEP_ROSTER = cells.rules.KEEP_ROSTER


@dataclass(frozen=True)
class Own:
    """Held by the person whom the record is about: the second, smaller kind of rule."""

    person: str = "user"

    def allows(self, user: Any, thing: Any) -> bool:
        return bool(user.pk) and getattr(thing, f"{self.person}_id") == user.pk

    def require(self, user: Any, thing: Any) -> None:
        if not self.allows(user, thing):
            raise PermissionDenied

    def scope(self, user: Any) -> Q:
        return Q(**{self.person: user.pk}) if user.pk else Q(pk__in=[])


OWN_RECORD = Own()
