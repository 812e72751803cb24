"""Where a form leads back to."""

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme


def local_path(request: HttpRequest, wanted: str) -> str:
    """``wanted`` if it is a path of this portal, beginning with ``/``; nothing for anything else."""
    local = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if local and wanted[:1] == "/" != wanted[1:2] else ""
