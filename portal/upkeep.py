"""What was done to keep the portal in order, noted where page and command find it again."""

import smtplib
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import DatabaseError
from django.utils.translation import gettext as _

from audit import trail
from cells.authority import spans
from cells.choices import Power
from core.errors import Refusal
from portal.choices import UpkeepKind
from portal.models import Upkeep


def may_see(user: Any) -> bool:
    """Whoever sees how the portal does, anywhere, sees it as a whole: there is one portal."""
    return bool(spans(user, Power.SEE_HEALTH))


def note(kind: str, *, went_well: bool, **facts: Any) -> Upkeep | None:
    """Note what was done. A database that cannot take the note does not undo a back-up."""
    try:
        return Upkeep.objects.create(kind=kind, went_well=went_well, facts=facts)
    except DatabaseError:
        return None


def latest(kind: str, *, well: bool = False) -> Upkeep | None:
    """The last of its kind; with ``well`` the last that succeeded."""
    found = Upkeep.objects.filter(kind=kind)
    return (found.filter(went_well=True) if well else found).first()


def send_test_mail(*, by: Any) -> str:
    """Send a mail to the sender's own address and say which. Refuses with what is in the way."""
    if not may_see(by):
        raise PermissionDenied
    if not settings.ZHIBU_MAIL:
        raise Refusal(_("还没有设置发信服务器：请设置 ZHIBU_EMAIL_HOST 等变量，重启后再试"))
    if not by.email:
        raise Refusal(_("您的账号还没有邮箱：请先在个人设置里填写，再试发"))
    words = _("这是 %(name)s 的测试邮件。收到它，说明发信设置正确。") % {"name": settings.ZHIBU_SITE_NAME}
    try:
        send_mail(_("测试邮件"), words, None, [by.email])
    except (smtplib.SMTPException, OSError) as error:
        _note_mail(by, went_well=False, why=type(error).__name__)
        raise Refusal(
            _("没有发出去（%(why)s）：请核对发信服务器的地址、端口、账号") % {"why": type(error).__name__}
        ) from error
    _note_mail(by, went_well=True)
    return str(by.email)


def _note_mail(by: Any, *, went_well: bool, **facts: Any) -> None:
    done = note(UpkeepKind.MAIL, went_well=went_well, **facts)
    if done:
        trail.record("portal.mail_tried", done, by=by, at="")
