"""The rosters as lists: all that is known of a member for who reads the record, name and mobile for a group leader.

And what people ask about the data held of them, for who answers.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cache
from typing import Any

from django.db.models import F
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext_lazy, pgettext_lazy
from django.utils.translation import gettext as _

from audit.changed import changed_since
from cells.authority import spans
from cells.choices import BRANCHES, CellKind, PolicyItem
from cells.models import Appointment, Cell, Policy
from cells.querysets import policy_values
from core.addresses import by_code
from core.lists.columns import NONE, Column, Kind, escaped, status
from core.lists.listing import Batch, Listing, Preset, register
from core.masks import mask_id_number, mask_mobile
from core.ready import Ready
from core.stretches import Stretch
from core.together import read_together
from members import rules
from members.choices import Category, RightKind, RightState, Standing
from members.domain.lines import HOMES
from members.filters import AnsweringCriteria, ContactCriteria, RosterCriteria
from members.models import Member, Membership, SubjectRequest
from members.querysets import BY_CELL

MOST_CHANGES = 100
CODED = ("gender", "ethnicity", "education", "category", "post")
# What the columns show, and what telling it needs. Whatever else there is of a person is left where it is.
SHOWN = (
    "valid", "member_id", "cell_id",
    *(f"member__{name}" for name in (
        "uid", "code", "name", "id_number", *CODED, "birth_date", "joined_on", "converted_on", "mobile", "mobile_index",
        "landline", "address", "standing", "is_lost", "is_migrant", "employer_text", "user_id", "voided_at",
        "merged_into_id",
    )),
    *(f"cell__{name}" for name in ("code", "name", "short_name", "kind", "path", "parent_id")),
)  # fmt: skip
# The branch of a group comes along as bare values: a thing of its own for each row would cost as much as the row.
ABOVE = ("code", "name", "short_name", "kind")
# A list has no room for 大学本科毕业; what is not here stands as the table of codes has it.
SCHOOLING = {
    "11": gettext_lazy("博士"),
    "14": gettext_lazy("硕士"),
    "21": gettext_lazy("本科"),
    "31": gettext_lazy("大专"),
    "41": gettext_lazy("中专"),
    "61": gettext_lazy("高中"),
}


def of_cell(cell: Any) -> Any:
    """Every membership there was at or below ``cell``, or anywhere."""
    return Membership.objects.under(cell) if cell else Membership.objects.all()


def in_full(user: Any, cell: Any) -> Any:
    return of_cell(cell).visible_to(user)


def in_contact(user: Any, cell: Any) -> Any:
    return of_cell(cell).in_contact_reach_of(user).current()


def changes(places: Any, since: Any) -> int:
    """How many people: whoever was moved about has several places."""
    people = changed_since(places, since, thing="member").order_by().values("member").distinct()
    return people[:MOST_CHANGES].count()


def dressed(places: Any) -> Any:
    above = {f"above_{name}": F(f"cell__parent__{name}") for name in ABOVE}
    return places.select_related("member", "cell").only(*SHOWN).annotate(**above)


def now_in(stretches: Any) -> Any:
    """Who belongs now to the cells of these stretches."""
    return dressed(Membership.objects.current().filter(cell__path__within=stretches))


def seen_in(user: Any, cell: Any) -> list[Stretch]:
    """What ``user`` sees of the roster of ``cell``, or of all."""
    return rules.SEE_MEMBER.stretches(user, within=cell)


def furnish(places: Any, user: Any) -> Any:
    """Set on each place the offices held there, what to look at, and whether ``user`` keeps it.

    One query; nobody's offices are asked for where nobody on the page has an account.
    """
    today = timezone.localdate()
    kept, words = spans(user, rules.KEEP_MEMBER.power), words_of(get_language())
    holders = {place.member.user_id for place in places if place.member.user_id}
    held: dict[int, list[Appointment]] = {}
    policies = Policy.objects.set_on(today)
    offices = Appointment.objects.in_force(today).filter(holder__in=holders).select_related("cell")
    read_together(policies, offices)
    notice = policy_values(policies)[PolicyItem.PROBATION_NOTICE]
    for office in offices:
        held.setdefault(office.holder_id, []).append(office)
    for place in places:
        if place.cell.kind == CellKind.GROUP:
            place.cell.parent = Cell(
                pk=place.cell.parent_id, **{name: getattr(place, f"above_{name}") for name in ABOVE}
            )
        own = held.get(place.member.user_id, ())
        place.offices = [office.get_office_display() for office in own if _is_of(office.cell, place.cell)]
        place.tips = tips(place.member, today, notice)
        place.words = words
        place.is_kept = any(span.covers(place.cell.path) for span in kept)
    return places


def _is_of(cell: Any, place: Any) -> bool:
    """Whether an office in ``cell`` is one of the branch or group that ``place`` is, or is part of."""
    return place.path.startswith(cell.path) and cell.kind in (*BRANCHES, CellKind.GROUP)


def tips(member: Any, today: Any, notice: int) -> list[tuple[str, str]]:
    """What somebody should look at as (shape of status or "fix", words); a probation's end ``notice`` days ahead."""
    found = []
    if member.standing != Standing.NORMAL:
        found.append(("none", member.get_standing_display()))
    ends = member.probation_ends_on
    if ends and member.is_active and ends <= today + timedelta(days=notice):
        late = ends < today
        words = _("%(day)s 预备期已满") if late else _("%(day)s 预备期满")
        day = ends.isoformat()[5:] if ends.year == today.year else ends.isoformat()
        found.append(("late" if late else "soon", words % {"day": day}))
    if member.is_lost:
        found.append(("late", _("失联")))
    missing = member.missing_items
    if len(missing) == 1:
        found.append(("fix", _("缺%(item)s") % {"item": missing[0]}))
    elif missing:
        found.append(("fix", _("缺 %(count)d 项") % {"count": len(missing)}))
    if member.is_migrant:
        found.append(("plan", _("流动")))
    return found


def _offices(place: Any) -> str:
    return _("、").join(place.offices) if place.offices else ""


def _tips(place: Any) -> str:
    return _("、").join(words for _shape, words in place.tips)


def _tips_shown(place: Any) -> Any:
    if not place.tips:
        return ""
    url = correct_url(place)
    return format_html_join(" ", "{}", ((_tip_shown(shape, words, url),) for shape, words in place.tips))


def _tip_shown(shape: str, words: str, url: str) -> Any:
    if shape != "fix":
        return status(shape, words)
    return format_html('<a class="fix" href="{}">{}</a>' if url else '<span class="fix">{1}</span>', url, words)


def _mobile_shown(place: Any) -> Any:
    """The number, and for who keeps the record the way to put right what changes most often."""
    number, url = mask_mobile(place.member.mobile) or NONE, in_place_url(place)
    if not url:
        return number
    whose, edit = place.words["editing"].values()
    words = escaped(whose % {"name": place.member.name})
    edit = f'<a class="list-edit" href="{url}" aria-label="{words}">{escaped(edit)}</a>'
    return mark_safe(f"{escaped(number)} {edit}")  # noqa: S308  every part is escaped


@cache
def words_of(language: str | None) -> dict[str, dict[str, str]]:
    """What the codes of a record mean in one language, worked out once instead of for each row."""
    codes = {name: Member._meta.get_field(name).flatchoices for name in CODED}
    words = {name: {code: str(label) for code, label in labels} for name, labels in codes.items()}
    words["editing"] = {"whose": _("改%(name)s的资料"), "edit": _("改")}
    words["education"] |= {code: str(label) for code, label in SCHOOLING.items()}
    return words


def _said(name: str) -> Callable[[Any], str]:
    return lambda place: place.words[name].get(getattr(place.member, name), "")


_gender, _ethnicity, _education, _category, _post = map(_said, CODED)


def _category_shown(place: Any) -> Any:
    words = _category(place)
    return words if place.member.category == Category.FULL else format_html('<span class="soft">{}</span>', words)


_card, _correcting, _in_place = map(by_code, ("members:member", "members:member-correct", "members:member-in-place"))


def member_url(place: Any) -> str:
    return _card(place.member.code)


def correct_url(place: Any) -> str:
    """Where who keeps the record puts it right."""
    return _correcting(place.member.code) if place.is_kept else ""


def in_place_url(place: Any) -> str:
    return _in_place(place.member.code) if place.is_kept else ""


def is_branch(cell: Any) -> bool:
    return bool(cell and cell.kind in (*BRANCHES, CellKind.GROUP))


def keeps(user: Any, cell: Any) -> bool:
    """Whether ``user`` keeps the roster of ``cell``, which has one."""
    return bool(cell and cell.kind in HOMES and rules.KEEP_ROSTER.allows(user, cell))


def _by(path: str) -> tuple[str, ...]:
    return (f"member__{path}",)


NAME = Column(
    key="name",
    label=gettext_lazy("姓名"),
    value=lambda place: place.member.name,
    kind=Kind.NAME,
    sort=_by("name_pinyin"),
    link=member_url,
)

ROSTER = Listing(
    name="members.roster",
    title=gettext_lazy("名册"),
    thing=gettext_lazy("党员"),
    noun=gettext_lazy("人"),
    url_name="members:members",
    api_scope="members",
    reach=in_full,
    criteria=RosterCriteria,
    defaults={"standing": Standing.NORMAL},
    dress=dressed,
    furnish=furnish,
    ready=(Ready(now_in, BY_CELL), seen_in),
    order="name",
    code=lambda place: place.member.code,
    code_path="member__code",
    ticks="member",
    link=member_url,
    edit=in_place_url,
    changes=changes,
    find=gettext_lazy("姓名、首字母、手机后 4 位"),
    columns=(
        NAME,
        Column(
            key="code", label=gettext_lazy("编号"), value=lambda place: place.member.code, kind=Kind.CODE, optional=True
        ),
        Column(
            key="id_number",
            label=gettext_lazy("公民身份证号"),
            value=lambda place: mask_id_number(place.member.id_number),
            whole=lambda place: place.member.id_number,
            kind=Kind.CODE,
            optional=True,
        ),
        Column(
            key="gender", label=gettext_lazy("性别"), value=_gender,
            kind=Kind.SHORT,
        ),
        Column(
            key="ethnicity", label=gettext_lazy("民族"), value=_ethnicity,
            kind=Kind.SHORT, optional=True,
        ),
        Column(
            key="birth", label=gettext_lazy("出生日期"), value=lambda place: place.member.birth_date,
            kind=Kind.DAY, sort=_by("birth_date"),
        ),
        Column(key="education", label=gettext_lazy("学历"), value=_education, kind=Kind.SHORT),
        Column(
            key="category", label=gettext_lazy("人员类别"), value=_category,
            shown=_category_shown, kind=Kind.SHORT,
        ),
        Column(
            key="joined", label=gettext_lazy("入党日期"), value=lambda place: place.member.joined_on,
            kind=Kind.DAY, sort=_by("joined_on"),
        ),
        Column(
            key="converted", label=gettext_lazy("转正日期"), value=lambda place: place.member.converted_on,
            kind=Kind.DAY, sort=_by("converted_on"),
        ),
        Column(
            key="offices", label=gettext_lazy("党内职务"), value=_offices, shown=_offices, kind=Kind.SHORT,
            api_scope="appointments",
        ),
        Column(
            key="where", label=gettext_lazy("所在党支部"), value=lambda place: place.where, kind=Kind.SHORT,
            optional=is_branch, api_scope="cells",
        ),
        Column(
            key="post", label=gettext_lazy("工作岗位"), value=_post,
            optional=True,
        ),
        Column(
            key="employer", label=gettext_lazy("工作单位名称"), value=lambda place: place.member.employer_text,
            optional=True,
        ),
        Column(
            key="since", label=pgettext_lazy("roster", "编入日期"), value=lambda place: place.starts_on,
            kind=Kind.DAY, optional=True,
        ),
        Column(
            key="mobile", label=gettext_lazy("手机"), value=lambda place: mask_mobile(place.member.mobile),
            shown=_mobile_shown, whole=lambda place: place.member.mobile, kind=Kind.CODE,
        ),
        Column(
            key="tips", label=gettext_lazy("提示"), value=_tips, shown=_tips_shown, kind=Kind.SHORT, printed=False,
        ),
    ),
    presets=(
        Preset(words=gettext_lazy("预备党员"), name="category", value=Category.PROBATIONARY, counted="probationary"),
        Preset(words=gettext_lazy("信息不全"), name="missing", value="1", counted="missing"),
        Preset(words=gettext_lazy("失联"), name="lost", value="1", counted="lost"),
        Preset(words=gettext_lazy("流动党员"), name="migrant", value="1", counted="migrant"),
    ),
    batches=(
        Batch(
            words=gettext_lazy("调整党小组"),
            url=lambda cell: reverse("members:roster-place", args=[cell.code]),
            right=keeps,
        ),
    ),
)  # fmt: skip

CONTACTS = Listing(
    name="members.contacts",
    title=gettext_lazy("名册"),
    thing=gettext_lazy("党员"),
    noun=gettext_lazy("人"),
    url_name="members:members",
    reach=in_contact,
    criteria=ContactCriteria,
    dress=lambda places: places.select_related("member"),
    # Numbers stand in it whole, for a group leader to call; who exports takes the roster.
    may_leave=False,
    order="name",
    find=gettext_lazy("姓名、首字母、手机后 4 位"),
    columns=(
        Column(
            key="name", label=NAME.label, value=NAME.value, kind=Kind.NAME, sort=NAME.sort
        ),
        Column(
            key="mobile", label=gettext_lazy("手机"), value=lambda place: place.member.mobile or "", kind=Kind.CODE
        ),
    ),
)  # fmt: skip


def _answer_shown(right: Any) -> SafeString:
    words = _("答复") if right.is_open else _("查看")
    about = _("%(name)s申请%(kind)s") % {"name": right.member.name, "kind": right.get_kind_display()}
    return format_html(
        '<a class="button button-small" href="{}">{}<span class="visually-hidden">{}{}</span></a>',
        right.get_absolute_url(), words, _("："), about,
    )  # fmt: skip


RIGHTS = Listing(
    name="members.rights",
    title=gettext_lazy("个人信息申请"),
    thing=gettext_lazy("申请"),
    noun=gettext_lazy("件申请"),
    url_name="members:rights-to-answer",
    reach=lambda user, _scope: SubjectRequest.objects.answerable_by(user),
    criteria=AnsweringCriteria,
    defaults={"state": RightState.OPEN},
    dress=lambda requests: requests.select_related("member"),
    order="due",
    code=lambda right: right.code,
    link=SubjectRequest.get_absolute_url,
    find=gettext_lazy("姓名、首字母"),
    columns=(
        Column(
            key="name", label=gettext_lazy("姓名"), value=lambda right: right.member.name, kind=Kind.NAME,
            sort=("member__name_pinyin",), link=SubjectRequest.get_absolute_url,
        ),
        Column(
            key="kind", label=gettext_lazy("申请事项"), value=lambda right: right.get_kind_display(), kind=Kind.SHORT
        ),
        Column(
            key="state", label=gettext_lazy("状态"), value=lambda right: right.get_state_display(), kind=Kind.SHORT,
            shown=lambda right: render_to_string("members/_right_state.html", {"right": right}),
        ),
        Column(
            key="asked", label=gettext_lazy("提出时间"), value=lambda right: right.asked_at, kind=Kind.MOMENT,
            sort=("pk",),
        ),
        Column(
            key="due", label=gettext_lazy("答复期限"), value=lambda right: right.due_on, kind=Kind.DAY,
            sort=("due_on",), optional=True,
        ),
        Column(
            key="answered", label=gettext_lazy("答复时间"), value=lambda right: right.answered_at, kind=Kind.MOMENT,
            sort=("answered_at",), optional=True,
        ),
        Column(
            key="code", label=gettext_lazy("编号"), value=lambda right: right.code, kind=Kind.CODE, optional=True
        ),
        Column(
            key="act", label=gettext_lazy("操作"), value=lambda right: "", shown=_answer_shown, kind=Kind.ACT,
            printed=False,
        ),
    ),
    presets=tuple(Preset(words=kind.label, name="kind", value=kind) for kind in RightKind),
    # What people ask about their own data leaves the house in no list.
    may_leave=False,
)  # fmt: skip

register(ROSTER, CONTACTS, RIGHTS)
