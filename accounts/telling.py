"""Telling people what happens around their own account: by notice, and by mail where there is mail and an address."""

import logging
from collections.abc import Callable
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from accounts import purposes
from accounts.domain import consents
from core.actors import SYSTEM

# Notices are an app above this one; its AppConfig.ready() appends ``notices.domain.post.tell``.
TELLERS: list[Callable[..., Any]] = []

logger = logging.getLogger(__name__)


def tell(person: Any, sentence: Any, *, facts: dict[str, Any] | None = None) -> None:
    """Tell ``person`` the sentence, as the system, in the deed's own transaction; the mail goes once the deed stands.

    Never an address or a proof: what opens an account goes from hand to hand.
    """
    for teller in TELLERS:
        teller(person, sentence, by=SYSTEM, facts=facts)
    if not (settings.ZHIBU_MAIL and person.email) or consents.withdrawn(person, purposes.MAIL):
        return
    with translation.override(person.language or settings.LANGUAGE_CODE):
        words = str(sentence) % facts if facts else str(sentence)
        subject = _("%(site)s：您的账号") % {"site": settings.ZHIBU_SITE_SHORT_NAME}
    transaction.on_commit(lambda: _send(EmailMessage(subject, words, to=[person.email])), robust=True)


def _send(message: EmailMessage) -> None:
    try:
        message.send()
    except (OSError, SMTPException):
        logger.exception("a mail about an account could not be sent")
