"""What notices hold about people."""

from django.db.models import F, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.utils.translation import gettext_lazy as _

from core.data_map import BY_SCHEDULE, DUTY, ONLY_SELF, ORDINARY, Subject, declare, impersonal, in_office
from notices.models import Notice

# Where people ask about their own records and read what came of it.
OWN_ROOM = "/me/"


def _told_about_themselves(person: Subject) -> QuerySet:
    """Not what was received in office: that names the people it is about, and holds their data."""
    told = Notice.objects.filter(to=person.user)
    named = KeyTextTransform("name", "facts")
    others = told.filter(facts__has_key="name").alias(named=named).exclude(named=F("to__name"))
    return told.exclude(pk__in=others.exclude(url__startswith=OWN_ROOM).values("pk"))


declare(
    "notices.Notice",
    "to sentence facts url sent_at read_at",
    kind=ORDINARY,
    purpose=_("把要办的事和办理结果告诉本人"),
    ground=DUTY,
    retention=BY_SCHEDULE,
    readers=ONLY_SELF,
    rows=_told_about_themselves,
)
in_office("notices.Notice", "sender")
impersonal("notices.Notice", "id")
