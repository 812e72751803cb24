"""The word after a deed, with the way back beside it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse

from acts.models import Act
from core import context


def tell_done(request: HttpRequest, words: Any) -> None:
    """Say that it is done; what this request did as one act can be undone from there."""
    request_id = context.request_id()
    done = Act.objects.standing().filter(request_id=request_id, part_of="") if request_id else Act.objects.none()
    uid = done.order_by("-pk").values_list("uid", flat=True).first()
    undo = f"undo {reverse('portal:act-undo', args=[uid])}" if uid else ""
    messages.success(request, words, extra_tags=undo)
