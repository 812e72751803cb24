"""Finding somebody by a whole ID number or mobile: for those who may read or keep it, written down, and not for ever.

Whoever sees a masked number could otherwise try the rest of it until somebody is found. Enrolling somebody who is on
record already tells as much, and is kept to the same.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.models import Entry
from cells.authority import looks_through
from core import rehearsal
from core.counting import DAY, HOUR, so_far, times
from core.errors import Refusal
from core.masks import WHOLE_MOBILE
from members import rules
from members.models import Member, Membership
from members.querysets import MembershipQuerySet

PER_HOUR = 30
MET_PER_DAY = 30


@transaction.atomic
def find_by_number(places: MembershipQuerySet, *, number: str, by: Any, on: date) -> list[Membership]:
    """Those of ``places`` whose member has this whole number, among members whose numbers ``by`` may reveal or keep.

    Each hit stands in the trail, without the number. Refuses more than thirty such questions in an hour, and every one
    while somebody looks through another office: nothing is written down then, and that it is not would tell a hit.
    """
    if looks_through(by):
        raise Refusal(_("预览时不能按完整号码查找。请结束预览后再查，或改用姓名、编号查找。"), field="q")
    if not (rules.REVEAL_MEMBER.anywhere(by) or rules.KEEP_MEMBER.anywhere(by)):
        return []
    _count(by)
    written = "".join(number.split())
    reach = rules.REVEAL_MEMBER.scope(by) | rules.KEEP_MEMBER.scope(by)
    found = list(places.with_number(written).filter(reach).select_related("member", "cell__parent"))
    asked: Any = Member._meta.get_field("mobile" if WHOLE_MOBILE.fullmatch(written) else "id_number")
    for place in found:
        facts = {"field": str(asked.verbose_name), "on": on}
        trail.record("members.found_by_number", place.member, by=by, at=place.cell.path, facts=facts)
    return found


def require_few_met(by: Any) -> None:
    """Raises Refusal once ``by`` met people on record too often within a day, by numbers they were to be given.

    Asked before anybody is looked for, so that it tells nothing of the number in question.
    """
    if by.pk is not None and so_far(_met_by(by)) >= MET_PER_DAY:
        words = _("一天内已有 %(count)d 次录入的证件号码属于在册人员，请明天再录入，或联系协会党委工作人员。")
        raise Refusal(words % {"count": MET_PER_DAY}, field="id_number")


@transaction.atomic
def note_met(member: Member, *, by: Any, on: date) -> None:
    """Note that ``by`` learnt ``member`` is on record, by an ID number somebody was to be given, and count it.

    Stands in the trail as a search by the whole number does, without the number. Met again on the same day, by the
    number typed and then sent, it is the same meeting: written and counted once.
    """
    for met in _not_met_yet([member], by, on):
        times(_met_by(by), within=DAY)
        _write_met([met], by, on)


@transaction.atomic
def meet(members: Sequence[Member], *, by: Any, on: date) -> None:
    """Note, as ``note_met`` does of one, whom ``by`` meets in a whole ledger, which is asked for its numbers at once.

    Raises Refusal, for the ledger and not for a row, where that makes too many within a day: nobody in it is told of.
    They are counted all the same, or else a ledger of thirty known people and one more would tell of the one.
    """
    fresh = _not_met_yet(members, by, on)
    if not fresh:
        return
    if times(_met_by(by), within=DAY, more=len(fresh)) > MET_PER_DAY:
        words = _("一天内最多有 %(count)d 个证件号码可以属于别处的在册人员，这份台账超过了。请由协会党委工作人员导入。")
        raise Refusal(words % {"count": MET_PER_DAY})
    _write_met(fresh, by, on)


def _not_met_yet(members: Sequence[Member], by: Any, on: date) -> list[Member]:
    """Those whom ``by`` has not met by their numbers on that day; nobody is met by the system."""
    if by.pk is None or not members:
        return []
    told = (
        Entry.objects.did("members.found_by_number")
        .by(by)
        .filter(once_on=on, thing_id__in=[member.pk for member in members])
    )
    met = set(told.values_list("thing_id", flat=True))
    return [member for member in members if member.pk not in met]


def _write_met(members: Sequence[Member], by: Any, on: date) -> None:
    asked: Any = Member._meta.get_field("id_number")
    facts = {"field": str(asked.verbose_name), "on": on}
    at = {member.pk: member.place.cell.path for member in members}

    def write() -> None:
        trail.record_many("members.found_by_number", members, by=by, at=lambda one: at[one.pk], facts=facts, once_on=on)

    rehearsal.write_for_good(write)


def _met_by(by: Any) -> str:
    return f"members.met:{by.code}"


def _count(by: Any) -> None:
    """One question more. The hour begins with the first."""
    if times(f"members.lookups:{by.code}", within=HOUR) > PER_HOUR:
        raise Refusal(
            _("一小时内最多按完整号码查找 %(count)d 次，请稍后再查，或改用姓名、编号查找。") % {"count": PER_HOUR},
            field="q",
        )
