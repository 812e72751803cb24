"""What the association makes public."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class AnnouncementKind(TextChoices):
    NOTICE = "notice", _("通知公告")
    STORY = "story", _("工作动态")
    ABOUT = "about", _("关于我们")


# What is read in a list, the latest first; the text about ourselves is one, with a page of its own.
LISTED = (AnnouncementKind.NOTICE, AnnouncementKind.STORY)
