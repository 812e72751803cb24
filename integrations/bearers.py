"""Who knocks with a token: let in as its holder, as far as the token carries, or turned away without a word why."""

import re
from datetime import timedelta
from typing import Any

from allauth.core.internal.ratelimit import get_ip
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy

from accounts import second_factor, telling
from accounts.lockout import Limit
from audit import trail
from cells.authority import narrow
from core.actors import SYSTEM
from integrations.domain.tokens import PREFIX
from integrations.models import Token

WRITTEN = re.compile(PREFIX + r"(LP-[0-9A-Z]{6})\.([\w-]{43})", re.ASCII)
NOTED_EVERY = timedelta(minutes=1)
# Nobody's, so that a code nobody has takes as long to refuse as one somebody has.
NOBODYS = Token(code="LP-000000", secret_hash="0" * 64)

# A secret cannot be guessed; what is bounded is the noise of trying. Right ones are never shut out by wrong ones.
WRONG = Limit("token", most=50)
# Once a day the holder hears that somebody shows their token from where it is not allowed.
FOREIGN = Limit("foreign-token", most=1, minutes=24 * 60)
STRANGE = gettext_lazy("有程序从不允许的地址使用您的令牌“%(name)s”，没有放行。密钥可能已泄露，请更换密钥或结束它。")


def bearer(request: HttpRequest) -> Token | None:
    """The token of ``Authorization: Bearer``, its holder narrowed to it; None where there is none that lets in.

    Asked once a request, whoever asks.
    """
    if not hasattr(request, "_bearer"):
        request._bearer = _let_in(given(request), get_ip(request))  # type: ignore[attr-defined]
    return request._bearer  # type: ignore[attr-defined]


def given(request: HttpRequest) -> str | None:
    """What is shown as a token, right or wrong; None where nothing is."""
    scheme, _space, shown = request.headers.get("Authorization", "").partition(" ")
    return shown.strip() if scheme.lower() == "bearer" else None


def may_try_again(request: HttpRequest) -> bool:
    """Count a wrong token from this address; False once there were too many."""
    return WRONG.take(get_ip(request)) <= WRONG.most


def _let_in(shown: str | None, address: str) -> Token | None:
    match = WRITTEN.fullmatch(shown or "")
    code, secret = match.groups() if match else ("", "")
    token = Token.objects.select_related("holder", "cell").filter(code=code).first() if code else None
    if not (token or NOBODYS).is_opened_by(secret) or token is None or not token.is_live:
        return None
    if not token.welcomes(address):
        _note_stranger(token)
        return None
    if not _is_proved_twice(token.holder):
        return None
    narrow(token.holder, token.narrowing)
    _note_use(token)
    return token


def _is_proved_twice(holder: Any) -> bool:
    """A program is no way around the second factor: whoever lacks theirs signs in first and sets one up."""
    return not second_factor.required_for(holder) or second_factor.of(holder).exists()


@transaction.atomic
def _note_use(token: Token) -> None:
    """At most once a minute; who finds another request of the token at it leaves it to that one."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at >= NOTED_EVERY:
        free = Token.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=token.pk)
        if free.exists():
            free.update(last_used_at=now)


@transaction.atomic
def _note_stranger(token: Token) -> None:
    if FOREIGN.take(token.code) == 1:
        trail.record("integrations.token_refused", token, by=SYSTEM, at=token.cell.path)
        telling.tell(token.holder, STRANGE, facts={"name": token.name})
