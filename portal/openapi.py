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

# What the kinds of things are called, by their place under ``/api/v1/``.
KINDS = {
    "root": _("全部名单的地址"),
    "me": _("本人和令牌的权限"),
    "cells": _("党组织"),
    "companies": _("企业"),
    "contacts": _("企业联系人"),
    "assignments": _("联系企业"),
    "appointments": _("任职"),
    "people": _("人员与账号"),
    "policies": _("规则"),
    "saved-filters": _("已存的筛选"),
    "members": _("党员"),
    "memberships": _("组织关系"),
    "merges": _("合并重复记录"),
    "change-requests": _("更正申请"),
    "subject-requests": _("个人信息申请"),
    "tokens": _("令牌"),
    "webhooks": _("事件推送"),
    "changes": _("变动"),
    "imports": _("台账导入"),
    "exports": _("导出"),
    "jobs": _("后台任务"),
    "figures": _("统计指标"),
    "snapshots": _("报表快照"),
    "audit-entries": _("操作记录"),
    "meta": _("全部代码表"),
    "schema": _("接口说明"),
}
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
        found["tags"] = [{"name": name, "description": str(words)} for name, words in KINDS.items()]
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
