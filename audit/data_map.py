"""What the trail holds about people: who did what to whom and when, never a number."""

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from audit.models import Entry
from core.data_map import AS_TRAIL, DUTY, LOGS, ORDINARY, TRAIL_READERS, Subject, declare, impersonal


def _about(person: Subject) -> QuerySet:
    """What was done to the person's records and account, by whomever; not what they did to others in office."""
    kinds = {f"{kind.app_label}.{kind.model}": kind.pk for kind in ContentType.objects.all()}
    account = Q(thing_type=kinds.get("accounts.user"), thing_id=person.user or 0)
    return Entry.objects.filter(
        account | Q(thing_type=kinds.get("members.member"), thing_id__in=person.members)
    ).order_by("pk")


declare(
    "audit.Entry",
    "action actor_name thing_code thing_label path facts recorded_at",
    kind=ORDINARY,
    purpose=_("查得清谁在什么时候对资料做过什么"),
    ground=LOGS,
    retention=AS_TRAIL,
    readers=TRAIL_READERS,
    rows=_about,
)
impersonal("audit.Entry", "id actor thing_type thing_id request_id job once_on")
impersonal("audit.Unsealed", "entry")
impersonal("audit.Seal", "sequence entry previous hash sealed_at")
impersonal("audit.Touch", "id entry resource left")
declare(
    "audit.Touch",
    "code",
    kind=ORDINARY,
    purpose=_("让获准的程序知道哪一份资料有了变动"),
    ground=DUTY,
    retention=AS_TRAIL,
    readers=TRAIL_READERS,
)
