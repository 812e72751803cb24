"""Where a form leads back to, and the pages of many things by their codes."""

from collections.abc import Callable
from functools import cache

from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def local_path(request: HttpRequest, wanted: str) -> str:
    """``wanted`` if it is a path of this portal, beginning with ``/``; nothing for anything else."""
    local = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if local and wanted[:1] == "/" != wanted[1:2] else ""


# Any code: what stands around it in an address is the same for all.
_CODE = "ZZ-222222"


def by_code(view: str) -> Callable[[str], str]:
    """What gives the address of ``view`` for one code after another, as a list asks for hundreds of them."""

    @cache
    def around() -> tuple[str, str]:
        before, _code, after = reverse(view, args=[_CODE]).partition(_CODE)
        return before, after

    def address(code: str) -> str:
        before, after = around()
        return f"{before}{code}{after}"

    return address
