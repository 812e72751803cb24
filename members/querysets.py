"""Which rows: sentences that finish with "members …" and "memberships …"."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Length

from cells.authority import subtree
from core.codes import read_code
from core.crypto import blind_index
from core.dated import DatedQuerySet
from core.names import name_filter
from members import rules
from members.choices import Category, Standing
from members.dictionaries import EDUCATION, education_group

TAIL, MOBILE, ID_NUMBER = 4, 11, 18
NUMBERS = (MOBILE, ID_NUMBER)
# An item of the national form that is still to be filled in; ``Member.missing_items`` says which.
INCOMPLETE = (
    Q(member__gender="")
    | Q(member__ethnicity="")
    | Q(member__birth_date=None)
    | Q(member__education="")
    | Q(member__joined_on=None)
    | Q(member__post="")
    | Q(member__mobile_index="", member__landline="")
    | Q(address_length=0)
)


def id_number_index(number: str) -> str:
    """By what a member with this ID number is found; nothing for no number."""
    return blind_index(number.upper(), field="members.id_number") if number else ""


def mobile_index(number: str) -> str:
    return blind_index(number, field="members.mobile") if number else ""


def mobile_tail_index(number: str) -> str:
    """By what a member is found whose mobile ends in the last four digits of ``number``."""
    return blind_index(number[-TAIL:], field="members.mobile_tail") if number else ""


class MemberQuerySet(QuerySet):
    def on_record(self) -> "MemberQuerySet":
        """Records that are neither voided nor merged into another."""
        return self.filter(voided_at__isnull=True, merged_into__isnull=True)

    def visible_to(self, user: Any) -> "MemberQuerySet":
        """Members of a cell the person may see the roster of; those who left, by the cell they left last."""
        places = _memberships().latest_of_each().filter(rules.SEE_MEMBER.scope(user))
        return self.on_record().filter(pk__in=places.values("member"))

    def readable_by(self, user: Any) -> "MemberQuerySet":
        """Members whose card the person may open: those they see, and themselves."""
        places = _memberships().latest_of_each().filter(rules.SEE_MEMBER.scope(user))
        return self.on_record().filter(Q(pk__in=places.values("member")) | rules.OWN_RECORD.scope(user))

    def kept_by(self, user: Any) -> "MemberQuerySet":
        """Members whose record the person may change."""
        places = _memberships().latest_of_each().filter(rules.KEEP_MEMBER.scope(user))
        return self.on_record().filter(pk__in=places.values("member"))

    def with_id_number(self, number: str) -> "MemberQuerySet":
        """The member with this ID number, whole."""
        return self.filter(id_number_index=id_number_index(number.strip()))

    def with_mobile(self, number: str) -> "MemberQuerySet":
        """Members with this mobile, whole or its last four digits."""
        if len(number) == TAIL:
            return self.filter(mobile_tail_index=mobile_tail_index(number))
        return self.filter(mobile_index=mobile_index(number))

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

    def on_record(self) -> "MembershipQuerySet":
        """Memberships of people whose record stands."""
        return self.filter(member__voided_at=None, member__merged_into=None)

    def with_standing(self, standing: str) -> "MembershipQuerySet":
        """Of each member with that standing the membership that holds now or held last."""
        if standing == Standing.NORMAL:
            return self.current()
        return self.latest_of_each().on_record().filter(member__standing=standing)

    def matching(self, text: str) -> "MembershipQuerySet":
        """Whose member is meant by ``text``: a name in any reading, a code, the last four digits of a mobile.

        Whole numbers find nobody here: ``members.domain.lookups`` asks who may look for them.
        """
        written = "".join(text.split()).upper()
        if written.isdigit() and len(written) == TAIL:
            return self.filter(member__mobile_tail_index=mobile_tail_index(written))
        if len(written) in NUMBERS and written[:-1].isdigit():
            return self.none()
        code = read_code(text)
        if code:
            return self.filter(member__code=code)
        return self.filter(name_filter(text, "member__"))

    def with_number(self, number: str) -> "MembershipQuerySet":
        """Whose member has this whole ID number or mobile."""
        if len(number) == MOBILE:
            return self.filter(member__mobile_index=mobile_index(number))
        return self.filter(member__id_number_index=id_number_index(number))

    def schooled(self, group: str) -> "MembershipQuerySet":
        """Memberships of people whose education is in this statistics group."""
        return self.filter(member__education__in=[code for code in EDUCATION.labels if education_group(code) == group])

    def with_address_length(self) -> "MembershipQuerySet":
        """What ``INCOMPLETE`` needs: an address can be counted where it cannot be read."""
        return self.annotate(address_length=Length("member__address"))

    def incomplete(self) -> "MembershipQuerySet":
        """Memberships of people whose sixteen items are not all filled in."""
        return self.with_address_length().filter(INCOMPLETE)

    def tally(self) -> dict[str, int]:
        """How many, and how many of them full, probationary, incomplete, lost, migrant: one query."""
        return self.with_address_length().aggregate(
            total=Count("pk"),
            full=Count("pk", filter=Q(member__category=Category.FULL)),
            probationary=Count("pk", filter=Q(member__category=Category.PROBATIONARY)),
            missing=Count("pk", filter=INCOMPLETE),
            lost=Count("pk", filter=Q(member__is_lost=True)),
            migrant=Count("pk", filter=Q(member__is_migrant=True)),
        )

    def group_tally(self) -> list[dict[str, int]]:
        """For each cell how many, full and probationary."""
        return list(
            self.order_by()
            .values("cell")
            .annotate(
                total=Count("pk"),
                full=Count("pk", filter=Q(member__category=Category.FULL)),
                probationary=Count("pk", filter=Q(member__category=Category.PROBATIONARY)),
            )
        )

    def under(self, cell: Any) -> "MembershipQuerySet":
        """Memberships in ``cell`` or below it."""
        return self.filter(subtree(cell.path, "cell__path"))

    def latest_of_each(self) -> "MembershipQuerySet":
        """Of each member the one that holds now or, for those who left, held last."""
        later = (
            _memberships()
            .standing()
            .filter(member=OuterRef("member"), valid__startswith__gt=OuterRef("valid__startswith"))
        )
        return self.standing().filter(~Exists(later))


def _memberships() -> MembershipQuerySet:
    from members.models import Membership  # noqa: PLC0415 -- leaf: models import this module

    return Membership.objects.all()
