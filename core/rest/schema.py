"""OpenAPI, written from what resources declare: reach for ``deed``, ``look``, ``tells``, ``criteria`` and
``shape``, not for this.

Every operation names every status it may answer with, and the one shape of all problems.
"""

from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse
from rest_framework.serializers import ChoiceField

from core.rest import paging
from core.rest.kinds import BY_STATUS, KINDS
from core.rest.problems import MEDIA_TYPE
from core.rest.schema_parts import ENVELOPE, META, PROBLEM, REHEARSAL, envelope, parameter_of
from core.rest.shapes import Shape

METHODS = ("get", "post", "patch", "delete")
FLAG = {"type": "boolean"}
# What anything may be answered with, what reads a body, what changes a thing with versions.
ALWAYS = (400, 401, 403, 429, 503)
BODY = (409, 411, 413, 415, 422)


class Operation(AutoSchema):
    """One address and method."""

    view: Any

    @property
    def handler(self) -> Any:
        return getattr(self.view, getattr(self.view, "action", None) or self.method.lower(), None)

    @property
    def deed(self) -> Any:
        return getattr(self.handler, "deed", None)

    @property
    def look(self) -> Any:
        return getattr(self.handler, "look", None)

    @property
    def files(self) -> Any:
        """The kinds of files that are answered."""
        return getattr(self.handler, "files", ())

    def _is_list_view(self, serializer: Any = None) -> bool:
        return False  # a list has its envelope, and is never a bare one

    def get_operation_id(self) -> str:
        return f"{self.get_tags()[0]}_{getattr(self.view, 'action', self.method.lower())}"

    def get_tags(self) -> list[str]:
        return [str(getattr(self.view, "base", "") or (super().get_tags() or ["root"])[0])]

    def get_summary(self) -> str | None:
        told = self.deed or self.look
        if told is not None:
            return str(told.words)
        if self.files:
            return _("文件")
        return {"list": _("列出"), "retrieve": _("读取")}.get(getattr(self.view, "action", ""))

    def get_description(self) -> str:  # type: ignore[override]
        return "" if self.deed or not _in_english() else super().get_description()

    def get_request_serializer(self) -> Any:
        return self.deed.answers if self.deed else None

    def get_override_parameters(self) -> list[Any]:
        if self.deed:
            return self._of_deed()
        if self.look:
            return self._of_look()
        if getattr(self.view, "criteria", None) is None or self.files:
            return []
        return self._of_list() if self.view.action == "list" else self._of_one()

    def get_response_serializers(self) -> Any:
        answers: dict[Any, Any] = self._done()
        answers |= {
            (status, MEDIA_TYPE): OpenApiResponse(PROBLEM, str(KINDS[BY_STATUS[status]].title))
            for status in self._refusals()
        }
        return answers

    def _refusals(self) -> list[int]:
        found = {*ALWAYS, *(self.look.refuses if self.look else ())}
        if "{" in self.path:
            found.add(404)
        if self.method in ("POST", "PATCH", "PUT", "DELETE"):
            found |= set(BODY)
            if self._is_versioned():
                found |= {412, 428}
        return sorted(found)

    def _is_versioned(self) -> bool:
        names = {field.name for field in self.view.model._meta.get_fields()} if hasattr(self.view, "model") else set()
        return bool(self.deed and self.deed.detail and "version" in names and self.view.versioned)

    def _done(self) -> dict[Any, Any]:
        if self.look:
            shape = envelope(self._reference(self.look.shape)) if self.look.paged else self.look.shape
            return {200: OpenApiResponse(shape, str(self.look.words))}
        shape = getattr(self.view, "shape", None)
        if not self.deed:
            return self._read(shape)
        if self.deed.later:
            return {200: _rehearsed(), 202: OpenApiResponse({"type": "object"}, _("已开始，进度见 Location。"))}
        shown = self.deed.shape or shape
        if self.deed.makes:
            waiting = {202: OpenApiResponse(shown, _("已开始，进度见 Location。"))} if self.deed.awaits else {}
            return {200: _rehearsed(), 201: OpenApiResponse(shown, _("已办理。"))} | waiting
        answers: dict[Any, Any] = {200: OpenApiResponse(self._or_rehearsed(shown), _("已办理，或试运行的结果。"))}
        return answers | {204: OpenApiResponse(None, _("已办理，从此不在您的范围内。"))}

    def _read(self, shape: Any) -> dict[Any, Any]:
        if self.files:
            return {(200, kind): OpenApiResponse(OpenApiTypes.BINARY, _("文件")) for kind in self.files}
        if getattr(self.view, "action", "") == "list":
            listed = envelope(self._reference(shape)) if shape else {"type": "object"}
            written = {(200, f"text/{kind}"): OpenApiTypes.STR for kind in getattr(self.view, "formats", ())}
            return {(200, "application/json"): OpenApiResponse(listed, _("名单"))} | written
        answers: dict[Any, Any] = {200: OpenApiResponse(shape or {"type": "object"}, _("记录"))}
        if getattr(self.view, "criteria", None) is not None:
            answers[304] = OpenApiResponse(None, _("与您已有的相同。"))
        return answers

    def _reference(self, shape: Any) -> dict[str, Any]:
        return self.resolve_serializer(shape, "response").ref

    def _or_rehearsed(self, shape: Any) -> dict[str, Any]:
        return {"anyOf": [self._reference(shape), REHEARSAL]} if shape else REHEARSAL

    def _of_look(self) -> list[Any]:
        criteria = self.look.criteria.base_filters if self.look.criteria else {}
        asked = [parameter_of(name, asked) for name, asked in criteria.items()]
        asked += [_query(name, schema) for name, schema in self.look.asks.items()]
        return [*asked, *_of_paging()] if self.look.paged else asked

    def _of_list(self) -> list[Any]:
        view = self.view
        orders = [*view.orders, *(f"-{name}" for name in view.orders)]
        return [
            *(parameter_of(name, asked) for name, asked in view.criteria.base_filters.items()),
            _names("ordering", orders, _("排序，前面加 - 为倒序。")),
            *_of_paging(),
            *self._of_showing(),
            _query("format", {"type": "string", "enum": ["json", *view.formats]}),
        ]

    def _of_one(self) -> list[Any]:
        found = [*self._of_showing(), _header("If-None-Match", _("已有的 ETag；相同则答 304。"))]
        if self.view.reveals:
            found += [
                _names("reveal", list(self.view.reveals), _("完整显示这些号码；会记入操作记录。")),
                _query("purpose", {"type": "string"}, _("完整显示的用途。")),
            ]
        return [*found, _etag(200)]

    def _of_showing(self) -> list[Any]:
        shape = self.view.shape
        found = [_names("fields", shape.names(), _("只要这些项。")), _query("brief", FLAG, _("只要编号和名称。"))]
        expandable = shape.expandable()
        return [*found, _names("expand", expandable, _("完整显示相关的记录。"))] if expandable else found

    def _of_deed(self) -> list[Any]:
        found = [_query("dry_run", FLAG, _("试运行：给出结果和会引起的变化，不保存，不通知。"))]
        if self._is_versioned():
            found += [_header("If-Match", _("读取时得到的 ETag；* 表示不论版本。")), _etag(200)]
        return found

    def _resolve_path_parameters(self, variables: list[str]) -> list[dict[str, Any]]:
        pattern = getattr(self.view, "lookup_value_regex", "")
        return [{"in": "path", "name": name, "required": True, "schema": _matching(pattern)} for name in variables]

    def _map_basic_serializer(self, serializer: Any, direction: str) -> dict[str, Any]:
        schema = super()._map_basic_serializer(serializer, direction)
        if not type(serializer).__doc__ or not _in_english():
            schema.pop("description", None)
        if direction == "request":
            # What is not asked for is refused.
            return schema | {"additionalProperties": False}
        if isinstance(serializer, Shape):
            # Any of them may be left out by fields=, brief= or what the reader may see.
            schema.pop("required", None)
            schema["properties"]["meta"] = META
        return schema

    def _map_response_type_hint(self, method: Any) -> Any:
        schema = super()._map_response_type_hint(method)
        return schema if _in_english() else {key: more for key, more in schema.items() if key != "description"}

    def _map_serializer_field(self, field: Any, direction: Any, bypass_extensions: bool = False) -> Any:
        if direction == "response" and isinstance(field, ChoiceField):
            # Of what is only read the framework forgets that it may be empty.
            field.allow_blank = field.allow_blank or _is_blank_in_its_model(field)
        return super()._map_serializer_field(field, direction, bypass_extensions)

    def get_serializer_name(self, serializer: Any, direction: Any) -> str:
        """What a resource shows has its own name; the rest is told apart by its app."""
        name = super().get_serializer_name(serializer, direction).removesuffix("Shape")
        app = type(serializer).__module__.partition(".")[0]
        return name if getattr(serializer, "base", "") else f"{app.capitalize()}{name}"


def _in_english() -> bool:
    """Docstrings are English; elsewhere the translated words stand alone."""
    return get_language() == "en"


def _is_blank_in_its_model(field: Any) -> bool:
    model = getattr(getattr(field.parent, "Meta", None), "model", None)
    return model is not None and any(one.blank for one in model._meta.fields if one.name == field.source)


def complete(result: dict[str, Any], **_more: Any) -> dict[str, Any]:
    """Put in what operations refer to, and the methods of each address, a set to the framework, in one order."""
    paths = result["paths"].items()
    result["paths"] = {path: {method: of[method] for method in METHODS if method in of} for path, of in paths}
    result["components"].setdefault("schemas", {}).update(ENVELOPE)
    _tidy(result)
    return result


def _tidy(found: Any) -> None:
    """Take out what the framework only told itself."""
    if isinstance(found, dict):
        found.pop("x-spec-enum-id", None)
        for more in found.values():
            _tidy(more)
    elif isinstance(found, list):
        for more in found:
            _tidy(more)


def _of_paging() -> list[Any]:
    return [
        _query("limit", {"type": "integer", "minimum": 1, "maximum": paging.LARGEST, "default": paging.SIZE}),
        _query("offset", {"type": "integer", "minimum": 0, "maximum": paging.FURTHEST}),
        _query("start", {"type": "string"}, _("从这个位置往后，取自 next。")),
        _query("before", {"type": "string"}, _("到这个位置为止，取自 previous。")),
        _query("count", FLAG, _("同时给出总数，超过 1000 的写作 1000+。")),
    ]


def _rehearsed() -> OpenApiResponse:
    return OpenApiResponse(REHEARSAL, _("试运行的结果。"))


def _matching(pattern: str) -> dict[str, Any]:
    return {"type": "string", "pattern": f"^(?:{pattern})$"} if pattern else {"type": "string"}


def _query(name: str, schema: dict[str, Any], words: str = "") -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, description=words)


def _names(name: str, among: list[str], words: str) -> OpenApiParameter:
    schema = {"type": "array", "items": {"type": "string", "enum": among}}
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, style="form", explode=False, description=words)


def _header(name: str, words: str) -> OpenApiParameter:
    return OpenApiParameter(name, str, OpenApiParameter.HEADER, description=words)


def _etag(status: int) -> OpenApiParameter:
    return OpenApiParameter("ETag", str, OpenApiParameter.HEADER, response=[status], description=_("这个版本的标记。"))
