"""Finding somebody by a whole ID number or mobile: for those who may read or keep it, written down, and not for ever.

Whoever sees a masked number could otherwise try the rest of it until somebody is found. Enrolling somebody who is on
record already tells as much, and is kept to the same.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from audit.models import Entry
from cells.authority import looks_through
from cells.models import Cell
from core import rehearsal
from core.counting import DAY, HOUR, so_far, times
from core.errors import Refusal
from core.masks import WHOLE_MOBILE
from members import rules
from members.models import Member, Membership
from members.querysets import MembershipQuerySet

PER_HOUR = 30
MET_PER_DAY = 30
REFUSED_PER_DAY = 3


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
    """Raises Refusal once ``by`` met people on record too often within a day, by numbers typed for them by hand.

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
    if by.pk is not None and not _told([member], by).filter(once_on=on).exists():
        times(_met_by(by), within=DAY)
        _write_met([member], by, on)


def require_few_refused(by: Any) -> None:
    """Raises Refusal once so many ledgers of ``by`` were refused within a day by ``meet``."""
    if by.pk is not None and so_far(_refused_to(by)) >= REFUSED_PER_DAY and not _keeps_a_tree(by):
        words = _("一天内已有 %(count)d 次台账因别处的在册人员过多没有核对，请明天再导入，或由协会党委工作人员导入。")
        raise Refusal(words % {"count": REFUSED_PER_DAY})


@transaction.atomic
def meet(members: Sequence[Member], *, by: Any, on: date, typed: bool = False) -> None:
    """Note, as ``note_met`` does of one, whom ``by`` meets in a whole ledger, which is asked for its numbers at once.

    Counts whom ``by`` was never told of before, apart from those met by hand; numbers ``typed`` into the rows of a
    ledger are by hand. Raises Refusal, for the ledger and not for a row, where that makes too many within a day:
    nobody in it is told of, and the refusal alone is counted, since a ledger of thirty known people and one more tells
    of the one by being refused. Whoever keeps the rosters of a whole tree is never refused: ledgers are sent to them.
    """
    fresh = _never_told(members, by)
    if fresh and not _keeps_a_tree(by):
        key = _met_by(by) if typed else _met_in_ledgers(by)
        if times(key, within=DAY, more=len(fresh)) > MET_PER_DAY:
            times(key, within=DAY, more=-len(fresh))
            times(_refused_to(by), within=DAY)
            raise Refusal(_too_many(typed) % {"count": MET_PER_DAY})
    _write_met(members, by, on)


@transaction.atomic
def note_met_since(members: Sequence[Member], *, by: Any, on: date) -> None:
    """Note and count, towards ledgers, whom ``by`` meets by numbers asked for before: they are on record only since.

    Never refuses: which numbers those are was not for ``by`` to choose.
    """
    fresh = _never_told(members, by)
    if fresh:
        times(_met_in_ledgers(by), within=DAY, more=len(fresh))
    _write_met(members, by, on)


def _too_many(typed: bool) -> str:
    if typed:
        return _("一天内录入的证件号码最多可以有 %(count)d 个属于在册人员，加上这次就超过了，没有保存。请分几天改。")
    return _(
        "一天内的台账最多可以有 %(count)d 个证件号码属于别处的在册人员，加上这份就超过了。请由协会党委工作人员导入。"
    )


def _told(members: Sequence[Member], by: Any) -> Any:
    """Entries that ``by`` learnt of these by their numbers."""
    found = Entry.objects.did("members.found_by_number").by(by)
    kind = ContentType.objects.get_for_model(Member)
    return found.filter(thing_type=kind, thing_id__in=[member.pk for member in members])


def _never_told(members: Sequence[Member], by: Any) -> list[Member]:
    """Those of whom ``by`` was not told on any day; nobody is told of to the system."""
    if by.pk is None or not members:
        return []
    told = set(_told(members, by).values_list("thing_id", flat=True))
    return [member for member in members if member.pk not in told]


def _keeps_a_tree(by: Any) -> bool:
    return Cell.objects.filter(rules.KEEP_ROSTER.scope(by), parent=None).exists()


def _write_met(members: Sequence[Member], by: Any, on: date) -> None:
    """Once a day for each of them."""
    if by.pk is None or not members:
        return
    asked: Any = Member._meta.get_field("id_number")
    facts = {"field": str(asked.verbose_name), "on": on}
    at = {member.pk: member.place.cell.path for member in members}

    def write() -> None:
        trail.record_many("members.found_by_number", members, by=by, at=lambda one: at[one.pk], facts=facts, once_on=on)

    rehearsal.write_for_good(write)


def _met_by(by: Any) -> str:
    return f"members.met:{by.code}"


def _met_in_ledgers(by: Any) -> str:
    return f"members.met_in_ledgers:{by.code}"


def _refused_to(by: Any) -> str:
    return f"members.refused_ledgers:{by.code}"


def _count(by: Any) -> None:
    """One question more. The hour begins with the first."""
    if times(f"members.lookups:{by.code}", within=HOUR) > PER_HOUR:
        raise Refusal(
            _("一小时内最多按完整号码查找 %(count)d 次，请稍后再查，或改用姓名、编号查找。") % {"count": PER_HOUR},
            field="q",
        )
