"""What members find in their own room: who leads their branch, what is on record of them, what is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from accounts import purposes
from accounts.domain import consents
from accounts.models import Consent
from cells.choices import Office
from core.masks import mask_address, mask_email, mask_id_number, mask_mobile
from members.choices import REQUESTABLE
from members.domain.own import CHANGEABLE
from members.models import Member

# What the branch puts right on request, and what it records by deeds of its own.
CHECKED = ("name", "id_number", "gender", "ethnicity", "birth_date", "education", "joined_on", "converted_on")
BEHIND = ("degree", "school", "major", "work_started_on", "applied_on")
RECORDED = ("category", "post")
LEADING = (Office.SECRETARY, Office.DEPUTY_SECRETARY)
MASKS = {"mobile": mask_mobile, "address": mask_address, "email": mask_email, "id_number": mask_id_number}


@dataclass(frozen=True)
class Line:
    """One item of the own record: what it is called, what is shown of it, and where it is changed."""

    item: str
    label: str
    value: str
    url: str = ""
    missing: bool = False


@dataclass(frozen=True)
class Leader:
    """Who leads the branch, and the number to call where they agree to that."""

    name: str
    office: str
    mobile: str = ""


def lines(member: Member, items: Iterable[str]) -> list[Line]:
    """Items of the record as their owner reads them, what is missing first."""
    missing = set(member.missing_items)
    found = [_line(member, item, missing) for item in items]
    return sorted(found, key=lambda line: not line.missing)


class Leaders:
    """Who may lead the member's branch, and what they said to being called; to be read together with other things."""

    def __init__(self, member: Member, on: date) -> None:
        self.member = member
        posts = member.place.branch.appointments.in_force(on).filter(office__in=LEADING)
        self.posts = posts.select_related("holder").order_by("-pk")
        self.said = Consent.objects.filter(user__in=posts.values("holder"), purpose=purposes.CALL).order_by("-pk")

    @property
    def asked(self) -> tuple[QuerySet, ...]:
        return self.posts, self.said


def leader_of(leaders: Leaders) -> Leader | None:
    """The secretary of the member's branch or, while there is none, the deputy.

    Their mobile is theirs: it is shown where they agreed to be called (``purposes.CALL``), and to nobody else.
    """
    held = {post.office: post.holder for post in leaders.posts}
    for office in LEADING:
        if office in held:
            return Leader(held[office].name, Office(office).label, _mobile_to_call(held[office], leaders))
    return None


def _mobile_to_call(holder: Any, leaders: Leaders) -> str:
    if holder.pk == leaders.member.user_id or not consents.stands(holder, purposes.CALL, leaders.said):
        return ""
    record = Member.objects.own(holder).first()
    return str(record.mobile) if record else ""


def _line(member: Member, item: str, missing: set[Any]) -> Line:
    field: Any = Member._meta.get_field(item)
    value = getattr(member, item)
    if item in MASKS:
        shown = MASKS[item](value)
    elif hasattr(value, "isoformat"):
        shown = value.isoformat()
    else:
        shown = str(getattr(member, f"get_{item}_display")() if field.choices else value or "")
    return Line(item, str(field.verbose_name), shown, _way(item), field.verbose_name in missing)


def _way(item: str) -> str:
    """Where the item is changed: at once, on request, or nowhere."""
    if item in CHANGEABLE:
        return reverse("members:own-item", args=[item])
    return f"{reverse('members:request-new')}?item={item}" if item in REQUESTABLE else ""
