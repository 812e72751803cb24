"""Letting somebody in who has just set up how they sign in, by the same steps as at the sign-in page."""

from typing import Any

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from allauth.mfa.webauthn.internal import auth, flows
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from accounts import second_factor
from accounts.domain import recovery
from accounts.forms import FirstPasskeyForm
from accounts.models import User
from core.errors import Refusal


def with_password(request: HttpRequest, user: User, *, to: str) -> HttpResponse:
    """Sign ``user`` in, whose password was set a moment ago; a second factor is still asked for where there is one."""
    return perform_password_login(request, {"username": user.username}, Login(user=user, redirect_url=to))


def passkey_options(user: User, *, username: str) -> dict[str, Any]:
    """What the browser needs to make a passkey that signs in by itself. The name shown beside it is ``username``."""
    user.username = user.username or username
    return {"creation_options": auth.begin_registration(user, True)}


def passkey_form(user: User, data: Any = None) -> FirstPasskeyForm:
    """The form that takes what the browser made, and finds out whether it answers what was asked."""
    return FirstPasskeyForm(data, user=user)


def add_passkey(request: HttpRequest, user: User, form: FirstPasskeyForm) -> Any:
    """Keep the passkey of a checked form; in the transaction that opens the account.

    Refuses where the account has a second factor or waits for one: an invitation, which one person draws up, gives a
    new password and is no way around the two who have to confirm a lost factor.
    """
    if second_factor.of(user).exists() or recovery.owed_by(user) is not None:
        raise Refusal(_("这个账号设有第二验证方式，请改设密码，登录时仍要第二步验证。"))
    return flows.signup_authenticator(request, user, form.cleaned_data["name"], form.cleaned_data["credential"])


def with_passkey(request: HttpRequest, user: User, passkey: Any, *, to: str) -> HttpResponse:
    """Sign ``user`` in by the passkey just made: it proved the person as well as the password would have."""
    return flows.perform_passwordless_login(request, passkey, Login(user=user, redirect_url=to))
