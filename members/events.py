"""What programs hear of members, and from where a member went."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from acts.models import Effect
from acts.registry import LEAVING, Left
from audit.events import Resource, by_code, keep_silent, resource, tell
from cells.choices import Power
from cells.events import moved
from cells.models import Cell
from members.models import ChangeRequest, Member, Membership

MEMBERS = resource(
    Resource(
        "members",
        "member",
        _("党员"),
        Power.SEE_ROSTER,
        by_code(lambda user: Member.objects.visible_to(user)),
        "members",
    ),
    model="members.Member",
)
CHANGE_REQUESTS = resource(
    Resource(
        "change-requests",
        "change_request",
        _("更正申请"),
        Power.KEEP_ROSTER,
        by_code(lambda user: ChangeRequest.objects.readable_by(user)),
        "members",
    )
)

tell(
    MEMBERS,
    {
        "members.enrolled": ("enrolled", _("列入名册")),
        "members.corrected": ("corrected", _("更正资料")),
        "members.own_changed": ("corrected", _("更正资料")),
        "members.placed": ("placed", _("调整支部")),
        "members.converted": ("converted", _("转正")),
        "members.suspended": ("suspended", _("停止党籍")),
        "members.restored": ("restored", _("恢复党籍")),
        "members.left": ("left", _("离开名册")),
        "members.died": ("died", _("去世")),
        "members.merged": ("merged", _("并入重复记录")),
        "members.merge_undone": ("merge_undone", _("撤销合并")),
        "members.erased": ("corrected", _("更正资料")),
    },
)
tell(MEMBERS, {"members.voided": ("voided", _("撤销补录"))}, ends=True)
tell(
    CHANGE_REQUESTS,
    {
        "members.change_asked": ("asked", _("提出")),
        "members.change_withdrawn": ("withdrawn", _("撤回")),
        "members.change_granted": ("granted", _("同意")),
        "members.change_refused": ("refused", _("退回")),
    },
    code=lambda entry: entry.facts["ref"],
)
keep_silent(
    "members.revealed",
    "members.found_by_number",
    "members.opened",
    "members.exported",
    "members.read_by_api",
    "members.evidence_opened",
    "members.evidence_cleared",
    "members.invited",
    "members.activated",
    "members.doubted",
    "members.copied",
    "members.right_asked",
    "members.right_granted",
    "members.right_refused",
    "members.linked",
    "members.unlinked",
)


def members_left(effect: Effect) -> Iterator[Left]:
    """Members who belong to another cell now, or to none, by the cell they belonged to before the act."""
    rows = Membership.objects.filter(pk__in=[*effect.made, *effect.struck])
    whose = set(rows.values_list("member", flat=True))
    before = Membership.objects.filter(Q(pk__in=effect.struck) | Q(voided_at=None), member__in=whose)
    places = before.exclude(pk__in=effect.made).order_by("valid").values_list("member", "cell")
    latest = dict(places)
    after = Membership.objects.filter(member__in=latest).latest_of_each().on_record()
    now = dict(after.values_list("member", "cell"))
    left = {member: cell for member, cell in latest.items() if now.get(member) != cell}
    paths = dict(Cell.objects.filter(pk__in=set(left.values())).values_list("pk", "path"))
    return _with_their_requests({member: paths[cell] for member, cell in left.items()})


def members_carried(effect: Effect) -> Iterator[Left]:
    """Members of a cell that is elsewhere now, those included who left from there."""
    before = moved(effect)
    belong = Membership.objects.latest_of_each().on_record().filter(cell__in=before)
    return _with_their_requests({member: before[cell] for member, cell in belong.values_list("member", "cell")})


def _with_their_requests(left: dict[int, str]) -> Iterator[Left]:
    for member, code in Member.objects.filter(pk__in=left).values_list("pk", "code"):
        yield Left(MEMBERS.name, code, left[member])
    for member, code in ChangeRequest.objects.filter(member__in=left).values_list("member", "code"):
        yield Left(CHANGE_REQUESTS.name, code, left[member])


LEAVING[Membership].append(members_left)
LEAVING[Cell].append(members_carried)
