"""What programs ask before they fill in a form: every list of codes, with what they mean."""

from importlib import import_module
from inspect import getmembers, isclass
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override
from rest_framework.request import Request
from rest_framework.response import Response

from core.rest import asking
from core.rest.deeds import tells
from core.rest.resource import Door
from members import dictionaries

_TEXT = {"type": "string"}
CODE = {
    "type": "object",
    "required": ["code", "zh", "en"],
    "properties": {"code": _TEXT, "zh": _TEXT, "en": _TEXT},
}


def enumerations() -> dict[str, list[dict[str, str]]]:
    """Every enumeration by ``app.Name``, and the national dictionaries, each code in both languages."""
    found = _of_apps() | _dictionaries()
    return {name: [_both(code, label) for code, label in choices] for name, choices in sorted(found.items())}


def _of_apps() -> dict[str, Any]:
    """What the apps of this house list in their ``choices``."""
    ours = [app for app in apps.get_app_configs() if (settings.BASE_DIR / app.name / "choices.py").exists()]
    return {
        f"{app.label}.{name}": choices.choices
        for app in ours
        for name, choices in getmembers(import_module(f"{app.name}.choices"), isclass)
        if issubclass(choices, TextChoices) and choices.__module__ == f"{app.name}.choices"
    }


def _dictionaries() -> dict[str, Any]:
    tables = {name: table for name, table in vars(dictionaries).items() if isinstance(table, dictionaries.Dictionary)}
    return {f"members.{name}": table.choices for name, table in tables.items()}


def _both(code: str, label: Any) -> dict[str, str]:
    words = {"code": code}
    for name, language in (("zh", "zh-hans"), ("en", "en")):
        with override(language):
            words[name] = str(label)
    return words


class Meta(Door):
    """What holds for everybody: asked with any token."""

    base = "meta"

    @tells(_("全部代码表"), shape={"type": "object", "additionalProperties": {"type": "array", "items": CODE}})
    def choices(self, request: Request) -> Response:
        """Every enumeration with its codes and what they mean."""
        asking.refuse_unknown(request.query_params, ())
        return Response(enumerations())
