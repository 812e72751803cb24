"""What the tree, the companies and the offices hold about people."""

from django.utils.translation import gettext_lazy as _

from cells.models import Appointment, Assignment, SavedFilter
from core.data_map import (
    DUTY,
    ORDINARY,
    REVEALERS,
    SENSITIVE,
    WHILE_ACCOUNT,
    WHILE_MEMBER,
    declare,
    impersonal,
    in_office,
)

DATED = "id valid recorded_at voided_at void_reason"
LISTED = _("能看党组织的人和本人")

declare(
    "cells.Appointment",
    "holder office cell valid end_reason recorded_at voided_at void_reason",
    kind=ORDINARY,
    purpose=_("谁担任什么职务，据此给予权限"),
    ground=DUTY,
    retention=WHILE_MEMBER,
    readers=LISTED,
    rows=lambda person: Appointment.objects.filter(holder=person.user),
)
in_office("cells.Appointment", "appointed_by recorded_by voided_by")
impersonal("cells.Appointment", "id")
declare(
    "cells.Assignment",
    "advisor company valid end_reason recorded_at voided_at void_reason",
    kind=ORDINARY,
    purpose=_("党建工作指导员联系哪些企业"),
    ground=DUTY,
    retention=WHILE_MEMBER,
    readers=LISTED,
    rows=lambda person: Assignment.objects.filter(advisor=person.user),
)
in_office("cells.Assignment", "assigned_by recorded_by voided_by")
impersonal("cells.Assignment", "id")
CONTACT = {"ground": DUTY, "retention": _("联系人更换或企业注销为止"), "purpose": _("与党组织、企业联系")}
declare("cells.Cell", "contact_name", kind=ORDINARY, readers=LISTED, **CONTACT)
declare("cells.Cell", "contact_phone", kind=SENSITIVE, readers=REVEALERS, **CONTACT)
impersonal(
    "cells.Cell",
    "id uid code name short_name name_pinyin name_search kind parent path formation_mode founded_on dissolved_on"
    " units_text units org_id_code org_path_code merged_into version recorded_at voided_at"
    " void_reason",
)
in_office("cells.Cell", "voided_by")
declare("cells.Contact", "name post", kind=ORDINARY, readers=LISTED, **CONTACT)
declare("cells.Contact", "phone", kind=SENSITIVE, readers=REVEALERS, **CONTACT)
impersonal("cells.Contact", "id uid company voided_at")
impersonal("cells.Placement", f"{DATED} cell kind name short_name parent path")
in_office("cells.Placement", "recorded_by voided_by")
impersonal("cells.Term", f"{DATED} cell number due_on")
in_office("cells.Term", "recorded_by voided_by")
impersonal("cells.SetupMark", f"{DATED} cell task version")
in_office("cells.SetupMark", "recorded_by voided_by")
impersonal(
    "cells.Company",
    "id code name name_pinyin name_search credit_code district park line_of_business keeper cover_cell version"
    " recorded_at voided_at void_reason",
)
in_office("cells.Company", "voided_by")
declare("cells.CompanyFact", "advisor legal_representative_is_member", kind=ORDINARY, readers=LISTED, **CONTACT)
impersonal(
    "cells.CompanyFact",
    f"{DATED} company keeper operating fixed_premises staff output members_known cover cover_cell formation_mode"
    " has_liaison has_mass_organisation",
)
in_office("cells.CompanyFact", "recorded_by voided_by")
impersonal("cells.Policy", f"{DATED} item value reason")
in_office("cells.Policy", "recorded_by voided_by")
declare(
    "cells.SavedFilter",
    "owner name query pinned",
    kind=ORDINARY,
    purpose=_("按本人的习惯再次打开名单；条件里可能写有别人的姓名"),
    ground=DUTY,
    retention=WHILE_ACCOUNT,
    readers=_("本人和共享范围内的任职人员"),
    rows=lambda person: SavedFilter.objects.filter(owner=person.user),
)
impersonal("cells.SavedFilter", "id code listing shared_with version saved_at voided_at")
