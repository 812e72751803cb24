"""The words of snapshots."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class PeriodKind(TextChoices):
    """What set the drawing going; a period of a kind is drawn once for each cell."""

    DAILY = "daily", _("每日")
    MONTHLY = "monthly", _("每月")
    ASKED = "asked", _("手动")
