"""The person's own language, and the second factor their office asks for."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts import second_factor

# What remains open to somebody who must first set up a second factor.
OPEN_WITHOUT = {
    "account_login",
    "account_logout",
    "account_reauthenticate",
    "account_set_password",
    "accounts:settings-display",
    "portal:feedback",
    "portal:help",
}


class OwnLanguageMiddleware:
    """Who chose a language in the settings reads every page in it, whatever the browser asks for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated and request.user.language:
            translation.activate(request.user.language)
            request.LANGUAGE_CODE = translation.get_language()
        return self.get_response(request)


class SecondFactorMiddleware:
    """Leads office-holders without a second factor to the page where they set one up, and nowhere else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        match = request.resolver_match
        name = match.view_name if match else ""
        if name in OPEN_WITHOUT or name.startswith("mfa_") or not request.user.is_authenticated:
            return None
        if not second_factor.missing(request):
            return None
        setting_up = reverse("mfa_index")
        if request.method == "GET":
            setting_up += "?" + urlencode({"next": request.get_full_path()})
        if request.headers.get("HX-Request"):
            return HttpResponse(status=403, headers={"HX-Redirect": setting_up})
        messages.warning(request, _("您担任的职务要求第二验证方式。请先设置一种，再继续办事"))
        return redirect(setting_up)
