"""删除: blanking what is held of a member beyond what the Party's rules oblige the organisation to keep.

What goes is marked in the data map: how to reach the person, evidence, the way to sign in. What stays is the history
of the membership, without which nobody could ever certify it (PIPL Art 47, last paragraph: kept, and nothing else done
with it). The granted request is the tombstone.
"""

import json
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.domain import closing
from accounts.models import User
from acts.domain import forgetting
from audit import trail
from core import data_map
from core.data_map import BLANKED, REMOVED, Holding, Subject
from core.errors import Refusal
from members import rules
from members.domain import lines
from members.models import Member, Merge


def subject(user: Any, member: Member | None) -> Subject:
    """Whose data: the account, the record and those merged into it."""
    if member is None:
        return Subject(user and user.pk)
    absorbed = member.merges.filter(undone_at=None).values_list("absorbed", flat=True)
    return Subject(user and user.pk, (member.pk, *absorbed))


@transaction.atomic
def erase(member: Member, *, by: Any, on: date) -> Member:
    """Blank what the data map says goes, in every app, and close the account.

    Needs the power to answer such requests over the member's cell. Refuses while the account holds an office, or will:
    whoever acts for a Party organisation has to be reached. An account that a merge unlinked goes as well, unless it
    is linked to another person's record by now. The trail keeps the names of the items alone.
    """
    member = lines.lock_members([member])[member.pk]
    rules.ANSWER_MEMBER.require(by, member.place)
    person = subject(member.user, member)
    merged = list(Merge.objects.filter(kept__in=person.members, undone_at__isnull=True))
    accounts = _accounts_of(member, person, merged)
    if any(account.appointments.reaching(on).exists() for account in accounts):
        raise Refusal(_("%(name)s还担任职务，请先免去，再删除联系方式和账号。") % {"name": member.name})

    unlinked = [Subject(account.pk) for account in accounts if account.pk != person.user]
    for forget in {holding.forget for holding in data_map.holdings() if holding.forget is not None}:
        forget(person)
    for holding in data_map.holdings():
        for one in (person, *unlinked):
            _forget(holding, one)
    gone = {name for holding in data_map.holdings() if holding.model == "members.Member" for name in _blanked(holding)}
    forgetting.forget(Member, person.members, gone)
    for merge in Merge.objects.filter(kept__in=person.members):
        _forget_in(merge, gone)
    for account in accounts:
        closing.close(account, by=by, on=on)
    Member.objects.filter(pk__in=person.members).update(user=None, version=F("version") + 1)
    labels = [_called(name) for name in sorted(gone) if not name.endswith("_index")]
    trail.record("members.erased", member, by=by, at=member.place.cell.path, facts={"fields": labels, "on": on})
    return Member.objects.get(pk=member.pk)


def _accounts_of(member: Member, person: Subject, merged: list[Merge]) -> list[User]:
    """The account linked now and those that merging unlinked, as long as they are nobody else's."""
    before = {json.loads(merge.before)["user"] for merge in merged} - {None}
    others = Member.objects.filter(user__in=before).exclude(pk__in=person.members).values("user")
    unlinked = User.objects.filter(pk__in=before - {person.user}).exclude(pk__in=others).order_by("pk")
    return [account for account in (member.user, *unlinked) if account is not None]


def _called(name: str) -> str:
    field: Any = Member._meta.get_field(name)
    return str(field.verbose_name)


def _blanked(holding: Holding) -> tuple[str, ...]:
    return holding.fields if holding.erasure == BLANKED else ()


def _forget(holding: Holding, person: Subject) -> None:
    if holding.rows is None or holding.forget is not None:
        return
    if holding.erasure == REMOVED:
        holding.rows(person).delete()
    elif holding.erasure == BLANKED:
        fields = [holding.model_class._meta.get_field(name) for name in holding.fields]
        holding.rows(person).update(**{field.name: None if field.null else "" for field in fields})


def _forget_in(merge: Merge, gone: set[str]) -> None:
    """What undoing a merge would take back holds the values as well, sealed."""
    before = json.loads(merge.before)
    before["filled"] = {item: value for item, value in before["filled"].items() if item not in gone}
    before["user"] = None
    merge.before = json.dumps(before)
    merge.save(update_fields=["before"])
