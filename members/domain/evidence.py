"""What a member sent to show that a correction is right: opened by those concerned, and not kept for ever."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from audit import trail
from core.actors import SYSTEM
from members import rules
from members.domain.disclosures import EVIDENCE_OPENED
from members.models import ChangeRequest, Evidence


@transaction.atomic
def open_evidence(request: ChangeRequest, *, by: Any, on: date) -> bytes:
    """The file, for the person who sent it and for those who may decide. Every opening stands in the trail."""
    if not rules.OWN_REQUEST.allows(by, request):
        rules.KEEP_MEMBER.require(by, request.member.place)
    facts = {"ref": request.code, "on": on}
    trail.record(EVIDENCE_OPENED, request.member, by=by, at=request.member.cell.path, facts=facts)
    return request.evidence.data()


def clear_expired(*, now: datetime) -> int:
    """Clear evidence whose request was closed long enough ago; what was asked and decided stays."""
    cleared = 0
    for each in Evidence.objects.expired(now).defer("content").select_related("request__member").order_by("pk"):
        with transaction.atomic():
            member, facts = each.request.member, {"ref": each.request.code}
            trail.record("members.evidence_cleared", member, by=SYSTEM, at=_path(member), facts=facts)
            each.delete()
        cleared += 1
    return cleared


def _path(member: Any) -> str:
    """Where the member belongs; a voided record belongs nowhere."""
    return str(member.place.cell.path) if member.place else ""
