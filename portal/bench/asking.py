"""Asking the portal as a browser or a program would: through every middleware, without a socket."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.test import RequestFactory
from django.test.utils import modify_settings, override_settings

from accounts.models import User
from cells.authority import remember

BACKEND = "cells.signed_in.ByPassword"
HOST = "localhost"


class Reader:
    """Somebody signed in."""

    def __init__(self, username: str) -> None:
        self.user = User.objects.get(username=username)
        self.session = import_module(settings.SESSION_ENGINE).SessionStore()
        self.session[SESSION_KEY] = str(self.user.pk)
        self.session[BACKEND_SESSION_KEY] = BACKEND
        self.session[HASH_SESSION_KEY] = self.user.get_session_auth_hash()
        self.session.save()
        self.requests = RequestFactory(HTTP_HOST=HOST)
        self.requests.cookies[settings.SESSION_COOKIE_NAME] = self.session.session_key
        self.handler = WSGIHandler()

    def get(self, address: str, **headers: str) -> HttpResponse:
        """The answer, with everything that stands between the door and the view."""
        answer = self.handler.get_response(self.requests.get(address, headers=headers))
        return answer.render() if hasattr(answer, "render") and not answer.is_rendered else answer

    def call(self, view: Any, address: str) -> HttpResponse:
        """The view's answer alone: who asks, and which offices they hold, is known already."""
        request = self.requests.get(address)
        remember(self.user)
        request.user = self.user
        answer = view(request)
        return answer.render() if hasattr(answer, "render") else answer

    def leave(self) -> None:
        self.session.delete()


# The admin's own files are never collected.
UNCOLLECTED = {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}


@contextmanager
def peers_beside() -> Iterator[None]:
    """Django's admin and the naive viewset stand beside the portal for a while; without throttling, one is measured."""
    with (
        modify_settings(INSTALLED_APPS={"append": "django.contrib.admin"}),
        override_settings(
            ROOT_URLCONF="portal.bench.peers",
            ZHIBU_REST_PER_MINUTE=10**9,
            ALLOWED_HOSTS=[HOST],
            STORAGES=settings.STORAGES | UNCOLLECTED,
        ),
    ):
        yield
