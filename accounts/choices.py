"""The ways a person may have the portal shown to them."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Theme(TextChoices):
    SYSTEM = "system", _("跟随系统")
    LIGHT = "light", _("浅色")
    DARK = "dark", _("深色")


class TextSize(TextChoices):
    STANDARD = "standard", _("标准")
    LARGE = "large", _("大")
    EXTRA = "extra", _("特大")


class Density(TextChoices):
    STANDARD = "standard", _("标准")
    COMPACT = "compact", _("紧凑")


class Language(TextChoices):
    BROWSER = "", _("跟随浏览器")
    # Each in its own tongue, so that it is found by who needs it.
    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"
