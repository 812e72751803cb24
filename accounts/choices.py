"""The ways a person may have the portal shown to them, and the states of a lost second factor."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


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


class RecoveryState(TextChoices):
    ASKED = "asked", pgettext_lazy("recovery", "待确认")
    CONFIRMED = "confirmed", pgettext_lazy("recovery", "已确认")
    USED = "used", pgettext_lazy("recovery", "已用")
    REFUSED = "refused", pgettext_lazy("recovery", "未通过")
    WITHDRAWN = "withdrawn", pgettext_lazy("recovery", "已撤回")
    EXPIRED = "expired", pgettext_lazy("recovery", "已过期")


class Basis(TextChoices):
    """On what personal data are handled (PIPL Art 13). Only consent can be withdrawn."""

    DUTY = "duty", _("履行职责")
    CONSENT = "consent", _("本人同意")
