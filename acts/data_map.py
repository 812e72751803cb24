"""What undoing needs to know of people: old and new values, sealed, for as long as something can be undone."""

from django.utils.translation import gettext_lazy as _

from core.data_map import DUTY, ONLY_MACHINE, SENSITIVE, declare, impersonal, in_office

declare(
    "acts.Effect",
    "changed",
    kind=SENSITIVE,
    purpose=_("办错了可以撤销"),
    ground=DUTY,
    retention=_("可以撤销的期限内，过后由定时任务清除；本人申请删除获准后即清除"),
    readers=ONLY_MACHINE,
)
impersonal("acts.Effect", "id uid act table made struck")
in_office("acts.Act", "actor undone_by")
impersonal("acts.Act", "id uid entry path things done_at request_id undoes part_of undone_at cleared_at")
impersonal("acts.Told", "id act entry")
# Empty outside the one transaction that fills it.
impersonal("acts.Trace", "id act table row change")
