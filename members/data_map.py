"""What rosters hold about people. A record that was merged into another is about the same person."""

from django.utils.translation import gettext_lazy as _

from core.data_map import (
    AS_TRAIL,
    BLANKED,
    CONSENT,
    DUTY,
    ONLY_MACHINE,
    ORDINARY,
    REMOVED,
    REQUESTED,
    REVEALERS,
    ROSTER_READERS,
    SENSITIVE,
    UNTIL_ERASED,
    WHILE_MEMBER,
    Subject,
    declare,
    impersonal,
    in_office,
)
from members.models import ChangeRequest, Evidence, Member, MemberFact, Membership, Merge, SubjectRequest


def _records(person: Subject):
    return Member.objects.filter(pk__in=person.members)


HISTORY = _("党籍和组织关系的凭据，年度统计")
CONTACT = _("党组织联系本人，开展组织生活")
RECORD = {"ground": DUTY, "rows": _records}
declare(
    "members.Member",
    "code name gender birth_date archive_birth_date category joined_on converted_on applied_on standing is_lost"
    " lost_on is_migrant flow_to recorded_at voided_at void_reason merged_into",
    kind=SENSITIVE,
    purpose=HISTORY,
    retention=WHILE_MEMBER,
    readers=ROSTER_READERS,
    **RECORD,
)
declare(
    "members.Member",
    "ethnicity education degree school major post work_started_on new_stratum technical_title native_place employer"
    " employer_text",
    kind=ORDINARY,
    purpose=_("全国党员信息的规定项目，年度统计"),
    retention=WHILE_MEMBER,
    readers=ROSTER_READERS,
    **RECORD,
)
declare(
    "members.Member",
    "id_kind id_number",
    kind=SENSITIVE,
    purpose=_("认准是同一个人，防止重复和错记党籍"),
    retention=WHILE_MEMBER,
    readers=REVEALERS,
    **RECORD,
)
declare(
    "members.Member",
    "mobile address",
    kind=SENSITIVE,
    purpose=CONTACT,
    retention=UNTIL_ERASED,
    readers=REVEALERS,
    erasure=BLANKED,
    **RECORD,
)
declare(
    "members.Member",
    "landline remarks",
    kind=ORDINARY,
    purpose=CONTACT,
    retention=UNTIL_ERASED,
    readers=ROSTER_READERS,
    erasure=BLANKED,
    **RECORD,
)
declare(
    "members.Member",
    "email",
    kind=ORDINARY,
    purpose=CONTACT,
    ground=CONSENT,
    retention=UNTIL_ERASED,
    readers=ROSTER_READERS,
    rows=_records,
    erasure=BLANKED,
)
declare(
    "members.Member",
    "mobile_index mobile_tail_index",
    kind=SENSITIVE,
    purpose=_("按号码查找"),
    retention=UNTIL_ERASED,
    readers=ONLY_MACHINE,
    erasure=BLANKED,
    **RECORD,
)
declare(
    "members.Member",
    "id_number_index name_pinyin name_search user",
    kind=ORDINARY,
    purpose=_("按姓名和号码查找，认出登录的本人"),
    retention=WHILE_MEMBER,
    readers=ONLY_MACHINE,
    **RECORD,
)
in_office("members.Member", "voided_by")
impersonal("members.Member", "id uid version")

declare(
    "members.MemberFact",
    "member category standing standing_reason education post valid recorded_at voided_at void_reason",
    kind=SENSITIVE,
    purpose=HISTORY,
    ground=DUTY,
    retention=WHILE_MEMBER,
    readers=ROSTER_READERS,
    rows=lambda person: MemberFact.objects.filter(member__in=person.members).order_by("pk"),
)
in_office("members.MemberFact", "recorded_by voided_by")
impersonal("members.MemberFact", "id")
declare(
    "members.Membership",
    "member cell entry_reason exit_reason note valid recorded_at voided_at void_reason",
    kind=SENSITIVE,
    purpose=HISTORY,
    ground=DUTY,
    retention=WHILE_MEMBER,
    readers=ROSTER_READERS,
    rows=lambda person: Membership.objects.filter(member__in=person.members).order_by("pk"),
)
in_office("members.Membership", "recorded_by voided_by")
impersonal("members.Membership", "id")
declare(
    "members.Merge",
    "kept absorbed before reason merged_on merged_at undone_at",
    kind=SENSITIVE,
    purpose=_("合并重复记录，并能撤销"),
    ground=DUTY,
    retention=WHILE_MEMBER,
    readers=ROSTER_READERS,
    rows=lambda person: Merge.objects.filter(kept__in=person.members).order_by("pk"),
)
in_office("members.Merge", "merged_by undone_by")
impersonal("members.Merge", "id uid")
CORRECTION = {
    "kind": SENSITIVE,
    "purpose": _("办理本人提出的更正"),
    "ground": REQUESTED,
    "readers": ROSTER_READERS,
    "rows": lambda person: ChangeRequest.objects.filter(member__in=person.members).order_by("pk"),
}
declare(
    "members.ChangeRequest",
    "code member item old new state asked_by asked_at closed_at reason",
    retention=AS_TRAIL,
    **CORRECTION,
)
declare("members.ChangeRequest", "note", retention=UNTIL_ERASED, erasure=BLANKED, **CORRECTION)
in_office("members.ChangeRequest", "decided_by")
impersonal("members.ChangeRequest", "id uid version")
declare(
    "members.Evidence",
    "request kind content size uploaded_at",
    kind=SENSITIVE,
    purpose=_("证明要更正的内容属实"),
    ground=REQUESTED,
    retention=_("申请办结后 90 日内清除；本人申请删除获准后即清除"),
    readers=_("核对这份申请的人和本人"),
    rows=lambda person: Evidence.objects.filter(request__member__in=person.members).order_by("pk"),
    erasure=REMOVED,
)
impersonal("members.Evidence", "id uid sha256")
RIGHT = {
    "kind": SENSITIVE,
    "purpose": _("办理本人关于个人信息的申请，并留下答复"),
    "ground": REQUESTED,
    "readers": _("答复这份申请的人和本人"),
    "rows": lambda person: SubjectRequest.objects.filter(member__in=person.members).order_by("pk"),
}
declare(
    "members.SubjectRequest",
    "code member kind state asked_by asked_at due_on answer answered_at",
    retention=AS_TRAIL,
    **RIGHT,
)
declare("members.SubjectRequest", "words", retention=UNTIL_ERASED, erasure=BLANKED, **RIGHT)
in_office("members.SubjectRequest", "answered_by")
impersonal("members.SubjectRequest", "id uid")
