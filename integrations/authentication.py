"""A program's way in: the bearer of a token is its holder, as far as the token carries. For the API alone."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from core import context
from integrations import bearers
from integrations.models import Token

WRONG = _("令牌不对或已失效，请核对，或在“设置 → 令牌”里另建一个。")


class TokenAuthentication(BaseAuthentication):
    """``Authorization: Bearer pbt_…``. What is wrong with a token is not told: unknown, over and foreign look alike."""

    def authenticate(self, request: Request) -> tuple[Any, Token] | None:
        if bearers.given(request._request) is None:
            return None
        token = bearers.bearer(request._request)
        if token is not None:
            context.came_by(token.code)
            return token.holder, token
        if not bearers.may_try_again(request._request):
            raise Throttled(wait=bearers.WRONG.minutes * 60)
        raise AuthenticationFailed(WRONG)

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"
