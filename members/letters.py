"""Sending an invitation by mail, where the portal has mail and the member an address; what became of it is told."""

import logging
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from accounts import purposes
from accounts.domain import consents
from core.masks import mask_email
from members.models import Member

logger = logging.getLogger(__name__)


def mail_invitation(member: Member, address: str, *, by: Any) -> str:
    """Send ``address`` to the member's own e-mail; returns what is to be told to whoever invited, in words.

    Sent at once and not in the background: an invitation opens an account, so it is written down nowhere.
    """
    if not settings.ZHIBU_MAIL:
        return _("本站没有设置发信，请自行转交。")
    if not member.email:
        return _("名册上没有邮箱，请自行转交。")
    if member.user is not None and consents.withdrawn(member.user, purposes.MAIL):
        return _("本人不同意用邮箱联系，请自行转交。")
    words = render_to_string("members/mail/invitation.txt", {"member": member, "address": address, "by": by})
    subject = _("%(site)s：邀请您开通账号") % {"site": settings.ZHIBU_SITE_SHORT_NAME}
    try:
        EmailMessage(subject, words, to=[member.email]).send()
    except (OSError, SMTPException):
        logger.exception("an invitation could not be mailed")
        return _("邮件没有发出去，请自行转交。")
    return _("已发到 %(email)s。") % {"email": mask_email(member.email)}
