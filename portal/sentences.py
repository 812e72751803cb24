"""What the portal itself writes in the trail, in words."""

from django.utils.translation import gettext_lazy as _

from audit.sentences import register

register(
    {
        "portal.feedback_sent": _("提交了投诉建议"),
        "portal.field_key_changed": _("更换字段密钥，新密钥启用"),
        "portal.field_key_dropped": _("停用的字段密钥已移除"),
        "portal.indexes_made_anew": _("重新生成检索索引"),
        "portal.mail_tried": _("试发测试邮件"),
        "portal.cleared": _("清理到期数据：%(what)s"),
    }
)
