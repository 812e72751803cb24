"""What of the portal itself cannot be undone, and why."""

from django.utils.translation import gettext_lazy as _

from acts.registry import stays_done

ONCE = _("密钥和索引换过即生效，请再换一次。")

stays_done(
    {
        "portal.feedback_sent": _("已经送达，可以再写一条说明。"),
        "portal.cleared": _("到期的数据清除后不能恢复。"),
        "portal.field_key_changed": ONCE,
        "portal.field_key_dropped": ONCE,
        "portal.indexes_made_anew": ONCE,
    }
)
stays_done({"portal.mail_tried": _("只是试发，没有改动什么。")}, harmless=True)
