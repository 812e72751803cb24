"""The pieces operations are described with: the problem, the envelope of a list, a rehearsal, and our own fields."""

from typing import Any

from django.conf import settings
from drf_spectacular.extensions import OpenApiAuthenticationExtension, OpenApiSerializerFieldExtension
from drf_spectacular.utils import OpenApiParameter

from core.criterion import LARGEST, LONGEST, MOST_VALUES

TEXT = {"type": "string"}
PROBLEM = {"$ref": "#/components/schemas/Problem"}
META = {"$ref": "#/components/schemas/Meta"}
REHEARSAL = {"$ref": "#/components/schemas/Rehearsal"}
_OPTIONAL_ADDRESS = {"type": ["string", "null"], "format": "uri"}

# The components that no serializer stands for.
ENVELOPE: dict[str, Any] = {
    "Problem": {
        "type": "object",
        "description": "RFC 9457.",
        "required": ["type", "title", "status", "detail", "instance", "errors"],
        "properties": {
            "type": {"type": "string", "format": "uri-reference"},
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "instance": {"type": "string", "format": "uri-reference"},
            "errors": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["location", "pointer", "code", "detail"],
                    "properties": {
                        "location": {"type": "string", "enum": ["body", "query", "header"]},
                        "pointer": TEXT,
                        "code": TEXT,
                        "detail": TEXT,
                    },
                },
            },
        },
    },
    "Meta": {
        "type": "object",
        "required": ["withheld"],
        "properties": {"withheld": {"type": "array", "items": TEXT}},
    },
    "Rehearsal": {
        "type": "object",
        "required": ["dry_run", "result", "effects"],
        "properties": {
            "dry_run": {"type": "boolean", "const": True},
            "result": {"type": ["object", "null"]},
            "effects": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["kind", "times"],
                    "properties": {
                        "kind": {"type": "string", "enum": ["trail", "notice", "job", "effect"]},
                        "times": {"type": "integer"},
                    },
                },
            },
        },
    },
}


def envelope(row: dict[str, Any]) -> dict[str, Any]:
    """A page of a list whose rows are ``row``."""
    return {
        "type": "object",
        "required": ["results"],
        "properties": {
            "count": {"type": ["integer", "string", "null"], "description": "1000+"},
            "next": _OPTIONAL_ADDRESS,
            "previous": _OPTIONAL_ADDRESS,
            "results": {"type": "array", "items": row},
            "meta": META,
        },
    }


_DECIMAL = {"type": "number", "minimum": -LARGEST, "maximum": LARGEST}
_ONE: dict[str, dict[str, Any]] = {
    "text": {"type": "string", "maxLength": LONGEST},
    "search": {"type": "string", "maxLength": LONGEST},
    "code": {"type": "string", "maxLength": LONGEST},
    "number": _DECIMAL,
    "day": {"type": "string", "format": "date"},
    "yesno": {"type": "boolean"},
}


def parameter_of(name: str, asked: Any) -> OpenApiParameter:
    """A criterion in one of its ways, as a parameter."""
    criterion, way = asked.criterion, asked.way
    one: dict[str, Any] = {"type": "boolean"} if way == "empty" else _kind(criterion)
    if way in ("", "n") and criterion.several:
        one = {"type": "array", "items": one, "maxItems": MOST_VALUES}
    return OpenApiParameter(name, one, OpenApiParameter.QUERY, description=str(criterion.label))


def _kind(criterion: Any) -> dict[str, Any]:
    if criterion.kind == "choice":
        return {"type": "string", "enum": [code for code, _label in criterion.options()]}
    return dict(_ONE.get(criterion.kind, TEXT))


class SessionSchema(OpenApiAuthenticationExtension):
    target_class = "core.rest.doors.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        return {"type": "apiKey", "in": "cookie", "name": settings.SESSION_COOKIE_NAME}


class ReferenceSchema(OpenApiSerializerFieldExtension):
    target_class = "core.rest.shapes.Reference"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        shown = auto_schema.resolve_serializer(self.target.shape, "response").ref
        return {"anyOf": [shown, {"type": "null"}]}


class CodeSchema(OpenApiSerializerFieldExtension):
    target_class = "core.rest.answers.Code"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return dict(TEXT)


class DaySchema(OpenApiSerializerFieldExtension):
    target_class = "core.rest.answers.Day"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return {"type": "string", "format": "date"}


class ReadSchema(OpenApiSerializerFieldExtension):
    target_class = "core.rest.answers.Read"

    def map_serializer_field(self, auto_schema: Any, direction: str) -> dict[str, Any]:
        return dict(TEXT)
