"""Who may do what to members and their memberships."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q

import cells.rules
from cells.authority import NOTHING, Rule, narrowing
from cells.choices import Power

# Over a member, by the cell the member belongs to now or belonged to last.
SEE_MEMBER = Rule(Power.SEE_ROSTER)
SEE_CONTACTS = Rule(Power.SEE_CONTACTS)
KEEP_MEMBER = Rule(Power.KEEP_ROSTER)
REVEAL_MEMBER = Rule(Power.REVEAL)
ANSWER_MEMBER = Rule(Power.ANSWER_REQUESTS)

# Over a cell, before there is a member.
SEE_ROSTER = Rule(Power.SEE_ROSTER, cell="")
SEE_CONTACTS_OF = Rule(Power.SEE_CONTACTS, cell="")
KEEP_ROSTER = cells.rules.KEEP_ROSTER


@dataclass(frozen=True)
class Own:
    """Held by the person whom the record is about: the second, smaller kind of rule.

    Of what hangs on a record, at ``record``, only as long as that is theirs still. Programs act for offices, never for
    the person: to them nothing is their own.
    """

    person: str = "user"
    record: str = ""

    def allows(self, user: Any, thing: Any) -> bool:
        theirs = not self.record or getattr(thing, self.record).user_id == user.pk
        return self._acts(user) and theirs and getattr(thing, f"{self.person}_id") == user.pk

    def require(self, user: Any, thing: Any) -> None:
        if not self.allows(user, thing):
            raise PermissionDenied

    def scope(self, user: Any) -> Q:
        if not self._acts(user):
            return NOTHING
        return Q(**{self.person: user.pk}) & (Q(**{f"{self.record}__user": user.pk}) if self.record else Q())

    def _acts(self, user: Any) -> bool:
        return bool(user.pk) and narrowing(user) is None


OWN_RECORD = Own()
OWN_REQUEST = Own("asked_by", record="member")
