"""What members change on their own record, at once and without asking anybody: how they can be reached."""

from datetime import date
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts.domain import consents
from audit import trail
from core.errors import OutOfTurn, Refusal
from members import rules
from members.checks import check_answers
from members.choices import Standing
from members.domain import lines
from members.domain.roster import ITEMS
from members.models import Member

CHANGEABLE = ("mobile", "address", "email")
# Without these the branch reaches nobody; an e-mail address is the person's to give or not.
NEEDED = ("mobile", "address")
# What is derived from the mobile.
_INDEXES = ("mobile_index", "mobile_tail_index")


@transaction.atomic
def change(member: Member, *, by: Any, on: date, agreed: bool = False, **fact: Any) -> Member:
    """Change one of one's own facts: ``mobile``, ``address`` or ``email``, given by its name.

    Only the person concerned may, while the record is live. An e-mail address rests on consent (PIPL Art 13): it is
    there already, or given with ``agreed``. Refuses what ``members.checks`` finds wrong, an empty mobile or address,
    and every other item: those are the branch's to put right. The trail names the item, never what stands in it.
    """
    member = lines.lock_members([member])[member.pk]
    rules.OWN_RECORD.require(by, member)
    if member.standing in (Standing.LEFT, Standing.DECEASED):
        raise OutOfTurn(_("您已不在名册上，资料不再由本人修改；有不对的地方，请告诉原党支部。"))
    [(item, written)] = fact.items()
    if item not in CHANGEABLE:
        raise Refusal(_("这一项由党支部核对后更正，请提出更正申请。"))
    known = {name: getattr(member, name) for name in ITEMS}
    value = check_answers({item: written}, on=on, known=known).require_sound()[item]
    if item in NEEDED and not value:
        raise Refusal(_("请填写%(item)s，支部靠它联系您。") % {"item": _label(item)}, field=item)
    if item == "email" and value:
        consents.require_mail(by, agreed=agreed, on=on)
    if value == known[item]:
        return member

    setattr(member, item, value)
    member.fill_what_follows()
    member.version += 1
    member.save(update_fields=[item, "version", *(_INDEXES if item == "mobile" else ())])
    with translation.override(settings.LANGUAGE_CODE):
        facts = {"field": _label(item), "on": on}
    trail.record("members.own_changed", member, by=by, at=member.cell.path, facts=facts)
    return member


def _label(item: str) -> str:
    field: Any = Member._meta.get_field(item)
    return str(field.verbose_name)
