"""What the portal itself holds about people."""

from django.utils.translation import gettext_lazy as _

from core.data_map import AS_TRAIL, BLANKED, CONSENT, ORDINARY, SENSITIVE, UNTIL_ERASED, declare, impersonal
from portal.models import Feedback

SENT = {
    "purpose": _("办理投诉建议并答复"),
    "ground": CONSENT,
    "readers": _("协会党委工作人员和本人"),
    "rows": lambda person: Feedback.objects.filter(sender__isnull=False, sender=person.user).order_by("pk"),
}
declare("portal.Feedback", "text page sender sent_at", kind=ORDINARY, retention=AS_TRAIL, **SENT)
declare("portal.Feedback", "reply_to", kind=SENSITIVE, retention=UNTIL_ERASED, erasure=BLANKED, **SENT)
impersonal("portal.Feedback", "id uid")
impersonal("portal.FieldKey", "id name proof noted_at retired_at dropped_at")
impersonal("portal.Upkeep", "id kind at went_well facts")
