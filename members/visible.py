"""谁能看到我: by which offices a member's record can be seen today, and how much of it. Read off the rules."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext_lazy as _

from core.together import read_together
from members import rules
from members.models import Member


@dataclass
class Sight:
    """Offices that see equally much of the record, the nearest first."""

    words: Any
    said: Any
    seats: list[Any] = field(default_factory=list)


def sights(member: Member) -> list[Sight]:
    """Who sees the member's record today, those who see most first. Each office stands once, under the most it sees.

    The card opens to the first two, and to the person; the third sees the name and the mobile in a list.
    """
    place = member.place
    levels = (
        (rules.REVEAL_MEMBER, _("写明用途后可看完整号码"), _("号码平时掩码；每次查看完整号码都写明用途，并留下记录。")),
        (rules.SEE_MEMBER, _("可看党员卡片，号码掩码"), _("看不到完整的证件号码、手机号和家庭住址。")),
        (rules.SEE_CONTACTS, _("只看姓名和手机号"), _("在本组名单里看到，打不开党员卡片。")),
    )
    asked = {rule: rule.seats(place).select_related("holder", "cell") for rule, _words, _said in levels}
    asked = {rule: seats.order_by("-cell__path", "office", "pk") for rule, seats in asked.items()}
    read_together(*asked.values())
    opens = {seat.pk for seat in asked[rules.SEE_MEMBER]}
    found, told = [], set()
    for rule, words, said in levels:
        shown = [
            seat for seat in asked[rule] if seat.pk not in told and (seat.pk in opens or rule is rules.SEE_CONTACTS)
        ]
        told |= {seat.pk for seat in shown}
        found.append(Sight(words, said, shown))
    return [sight for sight in found if sight.seats]
