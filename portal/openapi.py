"""The description of ``/api/v1/`` that programs read, and the page on which people do."""

import json
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import asking
from core.rest.deeds import tells
from core.rest.resource import Door

LANGUAGES = [code for code, _name in settings.LANGUAGES]


class TokenSchema(OpenApiAuthenticationExtension):
    target_class = "integrations.authentication.TokenAuthentication"
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "http", "scheme": "bearer", "bearerFormat": "pbt_<id>.<secret>"}


@cache
def document(language: str) -> dict[str, Any]:
    """OpenAPI 3.1 of every address in one of our languages; worked out once, since it takes seconds."""
    with override(language):
        found: dict[str, Any] = SchemaGenerator().get_schema(request=None, public=True)
    return found


def written() -> str:
    """The copy kept in docs/api, in the language of the source."""
    return json.dumps(document(settings.LANGUAGE_CODE), ensure_ascii=False, indent=1) + "\n"


class SchemaDocument(Door):
    """The description itself, for whoever may come in."""

    base = "schema"

    @tells(_("接口说明"), shape={"type": "object"}, asks={"lang": {"type": "string", "enum": LANGUAGES}})
    def list(self, request: Request) -> Response:
        """OpenAPI 3.1 of every address."""
        asking.refuse_unknown(request.query_params, ("lang",))
        language = asking.choice(request.query_params, "lang", LANGUAGES, get_language() or LANGUAGES[0])
        return Response(document(language))


@login_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """The same for people, drawn by a viewer of our own files; without a script, the list of addresses."""
    described = document(get_language() or LANGUAGES[0])
    operations = [
        {"method": method.upper(), "path": path, "words": operation.get("summary", "")}
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api/docs.html", {"operations": operations})
