"""Which rows: sentences that finish with "members …" and "memberships …"."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import CharField, Count, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Length

from cells.authority import NOTHING, spans, subtree
from cells.choices import BRANCHES, GRANTS, CellKind, Office, Reach
from cells.models import Appointment
from core import pagination
from core.codes import read_code
from core.crypto import blind_index
from core.dated import DatedQuerySet
from core.names import name_filter, whole_name_filter
from members import rules
from members.choices import EVIDENCE_DAYS, Category, RequestState, RightState, Standing

# Rosters from one end of the tree to the other: people under the cell they belong to.
BY_CELL = ("cell__path", "member__name_pinyin")
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


def _mobile(number: str, prefix: str = "") -> dict[str, str]:
    """What finds a mobile by its last four digits or whole; one index, which begins with the digits, does both."""
    asked = {f"{prefix}mobile_tail_index": mobile_tail_index(number)}
    return asked if len(number) == TAIL else asked | {f"{prefix}mobile_index": mobile_index(number)}


class MemberQuerySet(QuerySet):
    def on_record(self) -> "MemberQuerySet":
        """Records that are neither voided nor merged into another."""
        return self.filter(voided_at__isnull=True, merged_into__isnull=True)

    def with_number_among(self, indexes: Iterable[str]) -> "MemberQuerySet":
        """Records that stand, by the blind indexes of their ID numbers."""
        # Said though it follows: only so is the index used for more than a hundred at once.
        return self.on_record().filter(id_number_index__in=list(indexes)).exclude(id_number_index="")

    def visible_to(self, user: Any) -> "MemberQuerySet":
        """Members of a cell the person may see the roster of; those who left, by the cell they left last."""
        places = _memberships().latest_of_each().filter(rules.SEE_MEMBER.scope(user))
        return self.on_record().filter(pk__in=places.values("member"))

    def readable_by(self, user: Any) -> "MemberQuerySet":
        """Members whose card the person may open: those they see, and themselves."""
        # Asked of each row: beside an OR, a list of keys would be made of everybody within reach.
        seen = Exists(_memberships().latest_of_each().filter(rules.SEE_MEMBER.scope(user), member=OuterRef("pk")))
        return self.on_record().filter(seen | rules.OWN_RECORD.scope(user))

    def kept_by(self, user: Any) -> "MemberQuerySet":
        """Members whose record the person may change."""
        places = _memberships().latest_of_each().filter(rules.KEEP_MEMBER.scope(user))
        return self.on_record().filter(pk__in=places.values("member"))

    def with_id_number(self, number: str) -> "MemberQuerySet":
        """The member with this ID number, whole."""
        return self.filter(id_number_index=id_number_index(number.strip()))

    def own(self, user: Any) -> "MemberQuerySet":
        """The record about the person."""
        return self.on_record().filter(rules.OWN_RECORD.scope(user))


class SubjectRequestQuerySet(QuerySet):
    def answerable_by(self, user: Any) -> "SubjectRequestQuerySet":
        """Requests of members in the person's care; one's own is answered by others."""
        places = _memberships().latest_of_each().filter(rules.ANSWER_MEMBER.scope(user))
        return self.filter(member__in=places.values("member")).exclude(asked_by=user.pk)

    def readable_by(self, user: Any) -> "SubjectRequestQuerySet":
        """Requests the person may answer, and those about themselves."""
        requests: Any = self.model
        theirs = requests.objects.filter(rules.OWN_REQUEST.scope(user)).values("pk")
        return self.filter(pk__in=requests.objects.answerable_by(user).values("pk").union(theirs))

    def open(self) -> "SubjectRequestQuerySet":
        """Requests nobody has answered yet."""
        return self.filter(state=RightState.OPEN)

    def answered(self) -> "SubjectRequestQuerySet":
        """Requests that have an answer."""
        return self.exclude(state=RightState.OPEN)


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

    def called(self, text: str) -> "MembershipQuerySet":
        """Whose member's whole name is ``text``, as it is written or as it is said."""
        return self.filter(whole_name_filter(text, "member__"))

    def with_number(self, number: str) -> "MembershipQuerySet":
        """Whose member has this whole ID number or mobile."""
        if len(number) == MOBILE:
            return self.filter(**_mobile(number, "member__"))
        # Said along, since the index knows only of records that stand.
        return self.on_record().filter(member__id_number_index=id_number_index(number))

    def with_address_length(self) -> "MembershipQuerySet":
        """What ``INCOMPLETE`` needs: an address can be counted where it cannot be read."""
        return self.annotate(address_length=Length("member__address"))

    def incomplete(self) -> "MembershipQuerySet":
        """Memberships of people whose sixteen items are not all filled in."""
        return self.with_address_length().filter(INCOMPLETE)

    def tally(self, total: pagination.Count | None = None) -> dict[str, Any]:
        """How many, and how many of them full, probationary, incomplete, lost, migrant.

        Counted no further than ``1000+``, and not again where ``total`` is known. Of more the parts are not told: they
        would cost as much as the list is long.
        """
        total = total or pagination.count_up_to(self)
        if total.capped:
            return {"total": total}
        return {"total": total} | self.with_address_length().aggregate(
            full=Count("pk", filter=Q(member__category=Category.FULL)),
            probationary=Count("pk", filter=Q(member__category=Category.PROBATIONARY)),
            missing=Count("pk", filter=INCOMPLETE),
            lost=Count("pk", filter=Q(member__is_lost=True)),
            migrant=Count("pk", filter=Q(member__is_migrant=True)),
        )

    def group_tally(self, on: date) -> list[dict[str, Any]]:
        """For each cell its name and kind, who leads it as a group on that day, and how many, full and probationary."""
        leading = Appointment.objects.in_force(on).filter(office=Office.GROUP_LEADER, cell=OuterRef("cell"))
        return list(
            self.order_by()
            .values("cell", name=F("cell__name"), kind=F("cell__kind"))
            .annotate(
                leader=Subquery(leading.order_by("pk").values("holder__name")[:1]),
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


class ChangeRequestQuerySet(QuerySet):
    def waiting(self) -> "ChangeRequestQuerySet":
        """Requests nobody has decided or withdrawn."""
        return self.filter(state=RequestState.WAITING)

    def on_record(self) -> "ChangeRequestQuerySet":
        """Requests about people whose record stands."""
        return self.filter(member__voided_at=None, member__merged_into=None)

    def asked_by(self, user: Any) -> "ChangeRequestQuerySet":
        """The person's own requests."""
        return self.on_record().filter(rules.OWN_REQUEST.scope(user))

    def within_reach_of(self, user: Any) -> "ChangeRequestQuerySet":
        """Requests about members whose record the person may change, the person's own among them."""
        return self.on_record().filter(Exists(_places_of_requests().filter(rules.KEEP_MEMBER.scope(user))))

    def readable_by(self, user: Any) -> "ChangeRequestQuerySet":
        """Requests within reach, and the person's own."""
        within = Exists(_places_of_requests().filter(rules.KEEP_MEMBER.scope(user)))
        return self.on_record().filter(within | rules.OWN_REQUEST.scope(user))

    def first_for(self, user: Any, on: date) -> "ChangeRequestQuerySet":
        """Requests of others within reach that nobody nearer to the member can decide on ``on``."""
        reach = [
            Exists(_places_of_requests().filter(span.q("cell__path")).exclude(Exists(_nearer_than(span.path, on))))
            for span in spans(user, rules.KEEP_MEMBER.power)
        ]
        others = self.on_record().filter(reduce(or_, reach, NOTHING)).exclude(asked_by=user.pk)
        return others.exclude(_owed_to_the_asker(user, on))

    def later_for(self, user: Any, on: date) -> "ChangeRequestQuerySet":
        """Requests of others within reach that somebody nearer to the member is to decide first."""
        requests: Any = self.model
        nearest = requests.objects.first_for(user, on)
        return self.within_reach_of(user).exclude(asked_by=user.pk).exclude(pk__in=nearest.values("pk"))

    def with_what_lists_show(self) -> "ChangeRequestQuerySet":
        """Each with its member, and whether evidence is there, without the files."""
        evidence: Any = self.model._meta.get_field("evidence").related_model
        there = evidence.objects.filter(request=OuterRef("pk"))
        return self.select_related("member", "asked_by", "decided_by").annotate(has_evidence=Exists(there))


class EvidenceQuerySet(QuerySet):
    def expired(self, now: datetime) -> "EvidenceQuerySet":
        """Evidence of requests closed so long ago that nobody needs it any more."""
        return self.filter(request__closed_at__lte=now - timedelta(days=EVIDENCE_DAYS))


def _places_of_requests() -> MembershipQuerySet:
    """For each request where its member belongs, or belonged last."""
    return _memberships().latest_of_each().filter(member=OuterRef("member"))


def _owed_to_the_asker(user: Any, on: date) -> Q:
    """Whether the asker put the person into an office, and no other lets the person decide the request."""
    owed = Appointment.objects.in_force(on).filter(holder=user.pk, appointed_by=OuterRef("asked_by"))
    free = _carrying(on).filter(holder=user.pk).exclude(appointed_by=OuterRef(OuterRef("asked_by")))
    return Q(Exists(owed)) & ~Q(Exists(_places_of_requests().filter(Exists(free))))


def _nearer_than(path: str, on: date) -> QuerySet:
    """Offices below ``path`` that may decide, held by somebody else who can sign in and was not put there to do it."""
    held = _carrying(on).filter(cell__path__gt=path, holder__is_active=True, holder__username__isnull=False)
    asker = OuterRef(OuterRef("asked_by"))
    return held.exclude(holder=asker).exclude(appointed_by=asker)


def _carrying(on: date) -> QuerySet:
    """Offices that carry the roster of the place asked about."""
    carry = {
        reach: [office for office, powers in GRANTS.items() if powers.get(rules.KEEP_MEMBER.power) == reach]
        for reach in Reach
    }
    down = Q(office__in=carry[Reach.BELOW]) | Q(office=Office.DEPUTY_SECRETARY, secretary_in_post=False)
    # In a branch every office reaches its groups as well, a deputy's as an organisation commissioner's.
    here = Q(office__in=[*carry[Reach.HERE], Office.DEPUTY_SECRETARY], cell__kind__in=(*BRANCHES, CellKind.GROUP))
    place = ExpressionWrapper(OuterRef("cell__path"), output_field=CharField())
    held = Appointment.objects.in_force(on).with_seat(on).alias(place=place)
    return held.filter(down | here, place__startswith=F("cell__path"))


def _memberships() -> MembershipQuerySet:
    from members.models import Membership  # noqa: PLC0415 -- leaf: models import this module

    return Membership.objects.all()
