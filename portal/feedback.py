"""Telling the association that something is wrong, or could be better: open to everybody, on every page."""

from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from audit import trail
from cells import rules
from cells.models import Cell
from core.counting import times
from core.errors import Refusal
from notices.domain import post
from portal.models import Feedback

MOST_AN_HOUR = 5


@transaction.atomic
def send(*, text: str, reply_to: str, page: str, by: Any) -> Feedback:
    """Keep what was written and tell those who run the association. ``by`` may be nobody in particular.

    Refuses an empty text. How often one address may write is the door's to ask (:func:`may_write`).
    """
    if not text.strip():
        raise Refusal(_("请写下要反映的情况"), field="text")
    sender = by if by.is_authenticated else None
    feedback = Feedback.objects.create(text=text.strip(), reply_to=reply_to, page=page[:300], sender=sender)
    trail.record("portal.feedback_sent", feedback, by=by, at="")
    for reader in readers():
        post.tell(reader, gettext_lazy("收到一条投诉建议"), url=reverse("portal:feedback-received"), by=by)
    return feedback


def readers() -> list[Any]:
    """Those who keep the whole tree."""
    roots = Cell.objects.standing().filter(parent=None)
    return list({reader.pk: reader for root in roots for reader in rules.KEEP_CELL.holders(root)}.values())


def may_read(user: Any) -> bool:
    """Does ``user`` keep a whole tree?"""
    return Cell.objects.standing().filter(rules.KEEP_CELL.scope(user), parent=None).exists()


def may_write(address: str) -> bool:
    """Count one more message from this network address; False once it wrote too often within the hour."""
    return times(f"feedback:{address}") <= MOST_AN_HOUR
