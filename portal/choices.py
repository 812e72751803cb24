"""What is done to keep the portal itself in order."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class UpkeepKind(models.TextChoices):
    BACKUP = "backup", _("备份")
    DRILL = "drill", _("恢复演练")
    MAIL = "mail", _("测试邮件")
    REPORT = "report", _("清理报告")
    CLEARING = "clearing", _("到期清理")
