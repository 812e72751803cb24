"""The one parser of what programs send: what could be read two ways, or not be kept, is refused with its place."""

import json
import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import IO, Any
from urllib.parse import unquote_to_bytes

from django.http import HttpRequest
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser
from rest_framework.permissions import SAFE_METHODS

from core.rest.problems import Fault, Problem

LARGEST_BODY = 2 * 1024 * 1024
LARGEST_QUERY = 8 * 1024
MOST_PARAMETERS = 500
DEEPEST = 32
MOST_VALUES = 20_000
LARGEST_INTEGER = 2**63 - 1
# Brackets and commas outside of strings; possessive, so that no text makes it look twice.
_MARKS = re.compile(rb'"(?:[^"\\]++|\\.)*+"?|[\[{,]|[\]}]', re.DOTALL)
# PostgreSQL keeps no NUL, UTF-8 has no lone surrogates.
_UNKEEPABLE = re.compile("[\x00\ud800-\udfff]")


class _Twice(dict):
    """An object in which ``key`` stands more than once."""

    key = ""


class _Unheard:
    """NaN, Infinity: words that are no JSON."""

    def __init__(self, word: str) -> None:
        self.word = word


class StrictJSON(BaseParser):
    """A JSON object in UTF-8, at most 2 MB, 32 levels and 20,000 values.

    Every key once, every number finite, every text keepable.
    """

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> dict[str, Any]:
        body = stream.read(LARGEST_BODY + 1)
        if len(body) > LARGEST_BODY:
            raise Problem("too-large")
        return read_object(body)


def read_object(body: bytes) -> dict[str, Any]:
    """The object ``body`` holds; raises Problem for anything else."""
    if not body.strip():
        return {}
    _refuse_vast(body)
    try:
        read = json.loads(body.decode("utf-8"), object_pairs_hook=_object, parse_constant=_Unheard, parse_int=_integer)
    except UnicodeDecodeError as error:
        raise _unreadable("", "utf8", _("正文不是 UTF-8 编码。")) from error
    except ValueError as error:
        raise _unreadable("", "json", _("正文不是合格的 JSON，请核对括号、引号和逗号。")) from error
    for pointer, code, sentence in _wrong(read, ""):
        raise _unreadable(pointer, code, sentence)
    if not isinstance(read, dict):
        raise _unreadable("", "not_an_object", _('正文应为一个 JSON 对象，如 {"name": "…"}。'))
    return read


def require_readable_query(request: HttpRequest) -> None:
    """Raises Problem where the query is too long, is no UTF-8 or holds what cannot be kept."""
    raw = request.META.get("QUERY_STRING", "")
    if len(raw) > LARGEST_QUERY or raw.count("&") >= MOST_PARAMETERS:
        raise _unreadable("", "too_long", _("地址里的参数太长，最多 8 kB。"), location="query")
    try:
        text = unquote_to_bytes(raw.encode("latin-1", "replace")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise _unreadable("", "utf8", _("地址里的参数不是 UTF-8 编码。"), location="query") from error
    if "\x00" in text:
        raise _unreadable("", "null", _("地址里含有不能保存的字符。"), location="query")


def require_length(request: HttpRequest) -> None:
    """Raises Problem for a body sent in chunks: the framework would take it for none, and the deed would be done."""
    if request.method not in SAFE_METHODS and "Transfer-Encoding" in request.headers:
        raise Problem("length-required")


def _unreadable(pointer: str, code: str, sentence: str, location: str = "body") -> Problem:
    return Problem("unreadable", sentence, faults=(Fault(location, pointer, code, sentence),))


def _refuse_vast(body: bytes) -> None:
    """Before anything is built: ten thousand brackets must not reach what reads them by calling itself.

    Each value is the first after a bracket or follows a comma; looking at each of a million takes seconds.
    """
    depth = values = 0
    for mark in _MARKS.finditer(body):
        values += mark[0] in (b"{", b"[", b",")
        if values > MOST_VALUES:
            raise _unreadable("", "too_many", _("正文里的项太多，最多 20000 项，请分几次发送。"))
        if mark[0] in (b"{", b"["):
            depth += 1
            if depth > DEEPEST:
                raise _unreadable("", "too_deep", _("正文的层数太深，最多 32 层。"))
        elif mark[0] in (b"}", b"]"):
            depth -= 1


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) == len(pairs):
        return read
    twice = _Twice(read)
    twice.key = Counter(name for name, _value in pairs).most_common(1)[0][0]
    return twice


def _integer(digits: str) -> int | float:
    # Longer ones are told by their size alone: reading them whole would take as long as it pleased.
    return int(digits) if len(digits) <= 20 else math.inf


def _wrong(value: Any, pointer: str) -> Iterator[tuple[str, str, str]]:
    """What makes ``value`` unusable, the first first: where, which, and in a sentence."""
    if isinstance(value, _Twice):
        yield f"{pointer}/{_escaped(value.key)}", "twice", _("同一个键写了两次。")
    if isinstance(value, dict):
        for name, more in value.items():
            yield from _wrong(name, f"{pointer}/{_escaped(name)}")
            yield from _wrong(more, f"{pointer}/{_escaped(name)}")
    elif isinstance(value, list):
        for place, more in enumerate(value):
            yield from _wrong(more, f"{pointer}/{place}")
    elif isinstance(value, str):
        if _UNKEEPABLE.search(value):
            yield pointer, "unkeepable", _("含有不能保存的字符。")
    elif isinstance(value, _Unheard) or (isinstance(value, float) and not math.isfinite(value)):
        yield pointer, "not_finite", _("不是可用的数字。")
    elif isinstance(value, int) and abs(value) > LARGEST_INTEGER:
        yield pointer, "too_large", _("数字太大。")


def _escaped(name: str) -> str:
    """A step of a JSON pointer (RFC 6901); what cannot be sent back is left out of it."""
    plain = name.encode("utf-8", "ignore").decode().replace("\x00", "")
    return plain.replace("~", "~0").replace("/", "~1")[:100]
