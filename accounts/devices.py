"""What a browser says of itself, in words people know."""

import re
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

# The first that fits counts: nearly every browser also calls itself by the names of others.
_BROWSERS = (
    ("MicroMessenger", gettext_lazy("微信")),
    ("DingTalk", gettext_lazy("钉钉")),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("QQBrowser", gettext_lazy("QQ 浏览器")),
    ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("HarmonyOS|OpenHarmony", "HarmonyOS"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X|Macintosh", "macOS"),
    ("Linux|X11", "Linux"),
)


def device(user_agent: str) -> str:
    """``Chrome · Windows``; whatever cannot be told is left out."""
    found = [_first(_BROWSERS, user_agent), _first(_SYSTEMS, user_agent)]
    return " · ".join(name for name in found if name) or _("未知的浏览器")


def _first(names: tuple[tuple[str, Any], ...], text: str) -> str:
    return next((str(name) for mark, name in names if re.search(mark, text)), "")
