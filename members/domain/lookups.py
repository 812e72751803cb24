"""Finding somebody by a whole ID number or mobile: for those who may read or keep it, written down, and not for ever.

Whoever sees a masked number could otherwise try the rest of it until somebody is found.
"""

import re
from datetime import date
from typing import Any

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext as _

from audit import trail
from core.errors import Refusal
from members import rules
from members.models import Member, Membership
from members.querysets import MembershipQuerySet

PER_HOUR = 30
HOUR = 3600

_MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
_ID_NUMBER = re.compile(r"\d{17}[\dXx]", re.ASCII)


def is_whole_number(text: str) -> bool:
    """Whether ``text`` is a whole ID number or mobile, however it is spaced."""
    written = _written(text)
    return bool(_MOBILE.fullmatch(written) or _ID_NUMBER.fullmatch(written))


@transaction.atomic
def find_by_number(places: MembershipQuerySet, *, number: str, by: Any, on: date) -> list[Membership]:
    """Those of ``places`` whose member has this whole number, among members whose numbers ``by`` may reveal or keep.

    Each hit stands in the trail, without the number. Refuses more than thirty such questions in an hour.
    """
    if not (rules.REVEAL_MEMBER.anywhere(by) or rules.KEEP_MEMBER.anywhere(by)):
        return []
    _count(by)
    written = _written(number)
    reach = rules.REVEAL_MEMBER.scope(by) | rules.KEEP_MEMBER.scope(by)
    found = list(places.with_number(written).filter(reach).select_related("member", "cell__parent"))
    asked: Any = Member._meta.get_field("mobile" if _MOBILE.fullmatch(written) else "id_number")
    for place in found:
        facts = {"field": str(asked.verbose_name), "on": on}
        trail.record("members.found_by_number", place.member, by=by, at=place.cell.path, facts=facts)
    return found


def _written(text: str) -> str:
    return "".join(text.split())


def _count(by: Any) -> None:
    """One question more. The hour begins with the first."""
    key = f"members.lookups:{by.code}"
    cache.add(key, 0, timeout=HOUR)
    try:
        asked = cache.incr(key)
    except ValueError:  # the hour ended between the two
        return
    if asked > PER_HOUR:
        raise Refusal(
            _("一小时内最多按完整号码查找 %(count)d 次，请稍后再查，或改用姓名、编号查找。") % {"count": PER_HOUR},
            field="q",
        )
