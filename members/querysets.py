"""Which rows: sentences that finish with "members …" and "memberships …"."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from cells.authority import subtree
from core.crypto import blind_index
from core.dated import DatedQuerySet
from members import rules


def id_number_index(number: str) -> str:
    """By what a member with this ID number is found; nothing for no number."""
    return blind_index(number.upper(), field="members.id_number") if number else ""


def mobile_index(number: str) -> str:
    return blind_index(number, field="members.mobile") if number else ""


def mobile_tail_index(number: str) -> str:
    """By what a member is found whose mobile ends in the last four digits of ``number``."""
    return blind_index(number[-4:], field="members.mobile_tail") if number else ""


class MemberQuerySet(QuerySet):
    def on_record(self) -> "MemberQuerySet":
        """Records that are neither voided nor merged into another."""
        return self.filter(voided_at__isnull=True, merged_into__isnull=True)

    def visible_to(self, user: Any) -> "MemberQuerySet":
        """Members of a cell the person may see the roster of; those who left, by the cell they left last."""
        places = _memberships().latest_of_each().filter(rules.SEE_MEMBER.scope(user))
        return self.on_record().filter(pk__in=places.values("member"))

    def kept_by(self, user: Any) -> "MemberQuerySet":
        """Members whose record the person may change."""
        places = _memberships().latest_of_each().filter(rules.KEEP_MEMBER.scope(user))
        return self.on_record().filter(pk__in=places.values("member"))

    def own(self, user: Any) -> "MemberQuerySet":
        """The record about the person."""
        return self.on_record().filter(rules.OWN_RECORD.scope(user))


class MembershipQuerySet(DatedQuerySet):
    def visible_to(self, user: Any) -> "MembershipQuerySet":
        """Memberships in a cell the person may see the roster of."""
        return self.filter(rules.SEE_MEMBER.scope(user))

    def in_contact_reach_of(self, user: Any) -> "MembershipQuerySet":
        """Memberships whose member's name and mobile the person may see, as a group leader does."""
        return self.filter(rules.SEE_CONTACTS.scope(user))

    def under(self, cell: Any) -> "MembershipQuerySet":
        """Memberships in ``cell`` or below it."""
        return self.filter(subtree(cell.path, "cell__path"))

    def latest_of_each(self) -> "MembershipQuerySet":
        """Of each member the one that holds now or, for those who left, held last."""
        later = self.model.objects.standing().filter(
            member=OuterRef("member"), valid__startswith__gt=OuterRef("valid__startswith")
        )
        return self.standing().filter(~Exists(later))


def _memberships() -> MembershipQuerySet:
    from members.models import Membership  # noqa: PLC0415 -- leaf: models import this module

    return Membership.objects.all()
