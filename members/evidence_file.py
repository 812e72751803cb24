"""Evidence as it is handed out: to be saved, never shown in place of a page, and harmless if opened all the same."""

from django.http import HttpResponse

from members.models import ChangeRequest

_SANDBOX = "default-src 'none'; sandbox"


def as_file(request: ChangeRequest, data: bytes) -> HttpResponse:
    """The answer that carries the evidence of ``request``."""
    name = f"{request.code}.{request.evidence.kind}"
    return HttpResponse(
        data,
        content_type=request.evidence.media_type,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Content-Security-Policy": _SANDBOX,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",
        },
    )
