"""What the portal itself writes in the trail, in words."""

from django.utils.translation import gettext_lazy as _

from audit.sentences import register

register({"portal.feedback_sent": _("提交了投诉建议")})
