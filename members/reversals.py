"""What done to members can be undone, and what cannot."""

from datetime import date
from typing import Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from acts.models import Act
from acts.registry import HANGING, HEARERS, OBSTACLES, OWN_WAY, OWNERS, SETTLERS, can_be_undone, stays_done
from audit.models import Entry
from cells.domain import appointments
from cells.models import Appointment
from core.errors import OutOfTurn
from members import rules
from members.domain import lines, merges, requests, roster
from members.models import Member, MemberFact, Membership, Merge

OWNERS.update({MemberFact: "member", Membership: "member"})


def may_keep_rosters(act: Act, entries: list[Entry], by: Any) -> None:
    """Whoever keeps the rosters the members were on before the act and after it, and are on now.

    Nobody undoes what was done to their own record, unless the whole cell went; nor moves an account whose offices they
    may not vacate from or to a record: what the deed refuses, undoing refuses too.
    """
    members = {entry.thing_id for entry in entries}
    now = list(Membership.objects.filter(member__in=members).latest_of_each().select_related("cell"))
    rules.KEEP_MEMBER.require(by, *now)
    effects = act.effects.filter(table=Membership._meta.label_lower)
    rows = [row for effect in effects for row in (*effect.made, *effect.struck)]
    lines.require_keeping(Membership.objects.filter(pk__in=rows).values_list("cell", flat=True), by)
    users = _accounts_moved(act)
    if act.entry.action.startswith("members."):
        lines.require_others(Member.objects.filter(pk__in=members), by)
    lines.require_others([Member(user_id=user) for user in users], by)
    today = timezone.localdate()
    appointments.require_vacating(Appointment.objects.filter(holder__in=users), by=by, on=today)
    if not now and not rows:
        raise OutOfTurn(gettext("这份记录已作废或已并入另一份记录，请刷新后再看。"))


def _accounts_moved(act: Act) -> set[int]:
    """The accounts that read a record as their own before the act or after it, where it changed that."""
    effects = act.effects.filter(table=Member._meta.label_lower)
    changed = [change["user_id"] for effect in effects for change in effect.changes.values() if "user_id" in change]
    return {user for pair in changed for user in pair if user is not None}


def unmerge(entry: Entry, by: Any, on: date) -> None:
    """A merge is undone by the deed of its own."""
    open_merges = Merge.objects.filter(kept=entry.thing_id, absorbed__code=entry.facts["absorbed"], undone_at=None)
    merge = open_merges.order_by("-pk").first()
    if merge is None:
        raise OutOfTurn(gettext("这次合并已经撤销过了，请刷新后再看。"))
    merges.undo_merge(merge, by=by, on=on)


def in_office(parts: list[Any]) -> dict[int, str]:
    """Whose account still holds an office keeps the record, and the record the account."""
    losing = [part.row for part in parts if part.made or "user_id" in part.changes]
    held = Appointment.objects.reaching(timezone.localdate()).filter(holder__member__in=losing)
    rows = held.order_by("-pk").values_list("holder__member", "office", "cell__name")
    names = dict(Appointment._meta.get_field("office").flatchoices)
    words = {row: {"cell": cell, "office": names[office]} for row, office, cell in rows}
    return {row: gettext("还在%(cell)s担任%(office)s") % said for row, said in words.items()}


def tell_who_asked(entries: list[Entry], by: Any, on: date) -> None:
    """Whoever asked for a correction hears that it is undone."""
    requests.tell_undone([entry.facts["ref"] for entry in entries], by=by)


def settle_members(keys: list[int]) -> None:
    """After columns of records were put back: the accounts are called as the records are."""
    roster.name_accounts(Member.objects.filter(pk__in=keys, user__isnull=False).exclude(user__name=F("name")))


HANGING.update({Membership: _("还有党员的组织关系在这里"), Member: _("还有党员在这里工作")})
OBSTACLES[Member] = in_office
SETTLERS[Member] = settle_members
OWN_WAY["members.merged"] = unmerge
HEARERS["members.change_granted"] = tell_who_asked

can_be_undone(
    may_keep_rosters,
    "members.enrolled",
    "members.corrected",
    "members.change_granted",
    "members.voided",
    "members.placed",
    "members.converted",
    "members.suspended",
    "members.restored",
    "members.left",
    "members.died",
    "members.merged",
    "members.linked",
    "members.unlinked",
)
stays_done({"members.merge_undone": _("撤销不能再撤销；确是同一个人的，请重新合并。")})
stays_done(
    {
        "members.change_asked": _("本人可以撤回申请，不必撤销。"),
        "members.change_withdrawn": _("撤回后可以重新申请，不必撤销。"),
        "members.change_refused": _("决定已经告知本人；本人可以重新申请。"),
    },
    harmless=True,
)
stays_done(
    {
        "members.own_changed": _("本人随时可以再改，不必撤销。"),
        "members.invited": _("邀请已交给本人，到期自动失效；重新邀请会使旧的作废。"),
        "members.activated": _("账号由本人开通；不该有的请解除绑定或停用账号。"),
        "members.doubted": _("本人已提出疑问，请核对后更正。"),
    }
)
stays_done(
    {
        "members.opened": _("只是打开看过，没有改动什么。"),
        "members.exported": _("文件已经交出，不能收回。"),
        "members.read_by_api": _("资料已经读出，不能收回。"),
        "members.evidence_opened": _("只是打开看过，没有改动什么。"),
        "members.evidence_cleared": _("材料到期即清除，不能恢复。"),
        "members.copied": _("文件已经交给本人。"),
    },
    harmless=True,
)
stays_done(
    dict.fromkeys(
        ("members.right_asked", "members.right_granted", "members.right_refused"),
        _("申请和答复已经告知对方，不能撤销；有误的，请本人再提一次。"),
    ),
    harmless=True,
)
stays_done({"members.erased": _("按本人申请删除的，不能恢复。")})
stays_done(
    dict.fromkeys(("members.revealed", "members.found_by_number"), _("号码已经看过，查看留有记录，不能撤销。")),
    harmless=True,
)
