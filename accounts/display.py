"""How pages are to look for whoever asks: from the account, or from a cookie before signing in."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import parse_qsl, urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from accounts.choices import Density, TextSize, Theme

COOKIE = "zhibu_display"
YEAR = 365 * 24 * 3600

# Offices are kept in an app above this one; its AppConfig.ready() appends
# (user) -> bool, who reads large type by office.
READS_LARGE: list[Callable[[Any], bool]] = []

# What the stylesheets know each choice by.
TYPES = {TextSize.STANDARD: "standard", TextSize.LARGE: "large", TextSize.EXTRA: "extra"}
CHOICES = {"theme": Theme.values, "text_size": TextSize.values, "density": Density.values}


@dataclass(frozen=True)
class Display:
    """Theme, type size, density and shortcuts in force for one page."""

    theme: str = Theme.SYSTEM
    text_size: str = TextSize.STANDARD
    density: str = Density.STANDARD
    shortcuts: bool = True
    view: str = ""

    @classmethod
    def of(cls, request: HttpRequest, *, ask_account: bool = True) -> Self:
        """What the signed-in person chose, else what the cookie says.

        ``?view=large``, ``?view=dark`` and ``?view=print`` hold for once.
        """
        user = getattr(request, "user", None) if ask_account else None
        if user is not None and user.is_authenticated:
            shown = cls(user.theme, user.text_size or _usual_size(user), user.density, user.shortcuts)
        else:
            shown = cls(**_known(dict(parse_qsl(request.COOKIES.get(COOKIE, "")))))
        view = request.GET.get("view", "")
        if view == "large" and not shown.is_large:
            return replace(shown, text_size=TextSize.LARGE)
        if view == "dark":
            return replace(shown, theme=Theme.DARK)
        return replace(shown, view="print") if view == "print" else shown

    def remember(self, response: HttpResponse, **chosen: str) -> None:
        """Keep ``chosen`` in the browser of somebody who has not signed in."""
        kept = {"theme": self.theme, "text_size": self.text_size, "density": self.density} | _known(chosen)
        response.set_cookie(
            COOKIE, urlencode(kept), max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
        )

    @property
    def is_large(self) -> bool:
        return self.text_size != TextSize.STANDARD

    @property
    def is_dark(self) -> bool:
        return self.theme == Theme.DARK

    @property
    def type(self) -> str:
        return TYPES[TextSize(self.text_size)]

    @property
    def contrast(self) -> str:
        """特大 comes with high contrast, which is always light; who chose dark keeps dark."""
        return "high" if self.text_size == TextSize.EXTRA and not self.is_dark else "standard"

    @property
    def toast_seconds(self) -> int:
        """How long an undo is offered: longer for those who read slowly."""
        return 30 if self.is_large else 8


def _usual_size(user: Any) -> str:
    """The size of type for somebody who has chosen none."""
    return TextSize.LARGE if any(reads(user) for reads in READS_LARGE) else TextSize.STANDARD


def _known(given: dict[str, Any]) -> dict[str, str]:
    """Only what is a choice; a cookie is anybody's writing."""
    return {name: given[name] for name, values in CHOICES.items() if given.get(name) in values}
