"""What people have read about their data, and what they agree to: answered by themselves, only added to."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import purposes
from accounts.models import Consent, User
from audit import trail
from core.errors import Refusal, Stale


@transaction.atomic
def answer(user: User, *, purpose: str, version: int, given: bool, by: Any, on: date) -> Consent:
    """Note that ``user`` read a text, agrees to it, or no longer does; only they themselves may.

    What is agreed to already leaves no second trace. Refuses a text that is not ours, a version that was replaced while
    it was read, and withdrawing from what does not rest on consent (PIPL Art 15).
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if by.pk != user.pk:
        raise PermissionDenied
    text = purposes.CURRENT.get(purpose)
    if text is None:
        raise Refusal(_("没有这一项用途，请刷新后再看。"))
    if given and version != text.version:
        raise Stale(_("这份说明刚才更新了，请读过新的再选。"))
    if not given and not text.asks_consent:
        raise Refusal(_("这一项不以同意为前提，不能撤回；对处理有异议的，可以提出投诉建议。"))
    last = user.consents.filter(purpose=purpose).first()
    if last is not None and (last.given, last.version) == (given, text.version):
        return last
    if last is None and not given:
        raise Refusal(_("还没有同意过这一项，不用撤回。"))

    consent = Consent.objects.create(user=user, purpose=purpose, version=text.version, given=given)
    said = ("accounts.consented" if given else "accounts.withdrew") if text.asks_consent else "accounts.informed"
    trail.record(said, user, by=by, at="", facts={"consent": purpose, "edition": text.version})
    return consent


def require_mail(user: User, *, agreed: bool, on: date) -> None:
    """Refuses an e-mail address that ``user`` does not agree to be reached at; notes that they do with ``agreed``."""
    if agreed:
        answer(user, purpose=purposes.MAIL, version=purposes.CURRENT[purposes.MAIL].version, given=True, by=user, on=on)
    elif not stands(user, purposes.MAIL):
        raise Refusal(_("登记邮箱要您同意用它联系您；不同意就不用填。"), field="agreed")


def stands(user: User, purpose: str, given: Iterable[Consent] | None = None) -> bool:
    """Whether ``user`` agrees to the text as it reads now. Consent to an older text does not cover a newer one.

    ``given`` are what was read already of what people said to it, the latest first.
    """
    if given is None:
        given = user.consents.filter(purpose=purpose)[:1]
    last = next((consent for consent in given if (consent.user_id, consent.purpose) == (user.pk, purpose)), None)
    return last is not None and last.given and last.version == purposes.CURRENT[purpose].version


def withdrawn(user: User, purpose: str) -> bool:
    """Whether ``user`` said no after having said yes."""
    last = user.consents.filter(purpose=purpose).first()
    return last is not None and not last.given


def is_behind(user: User, given: Iterable[Consent] | None = None) -> bool:
    """Whether a text that ``user`` read or agreed to has been replaced since, and they have not said what of it.

    ``given`` is all they ever said, where it was read already.
    """
    last: dict[str, Consent] = {}
    for consent in user.consents.all() if given is None else given:
        last.setdefault(consent.purpose, consent)
    return any(
        consent.given and key in purposes.CURRENT and consent.version != purposes.CURRENT[key].version
        for key, consent in last.items()
    )
