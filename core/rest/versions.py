"""Which version of a thing was read, and whether it is still the one to be changed.

An ETag is ``"<version>.<digest>"``: strong, since it covers every byte shown, and If-Match goes by the version alone,
so that what somebody else is shown of the same thing may be told apart without standing in the way of a change.
"""

import hashlib
import re
from typing import Any

import orjson
from django.utils.translation import gettext as _
from rest_framework.request import Request

from core.errors import Stale
from core.rest.problems import Problem

_TAG = re.compile(r'"([^"]*)"')
_TAGS = re.compile(r'(?:W/)?"[^"]*"(?:[ \t]*,[ \t]*(?:W/)?"[^"]*")*')
_STRONG = re.compile(r'(W/)?"([^"]*)"')


def etag(thing: Any, shown: Any) -> str:
    """The strong ETag of ``thing`` as it is ``shown``."""
    digest = hashlib.sha256(orjson.dumps(shown, default=str)).hexdigest()[:16]
    return f'"{getattr(thing, "version", 0)}.{digest}"'


def is_known(request: Request, tag: str) -> bool:
    """Has the reader this very representation already (If-None-Match)?"""
    asked = request.headers.get("If-None-Match", "")
    return asked.strip() == "*" or tag in (f'"{known}"' for known in _TAG.findall(asked))


def expected(view: Any, thing: Any) -> int | None:
    """The version that is to be changed (If-Match); None for a thing without versions.

    Raises Problem: none was named, or another one than the present.
    """
    version = getattr(thing, "version", None)
    if version is None or not view.versioned:
        return None
    asked = view.request.headers.get("If-Match", "").strip()
    if not asked:
        raise Problem("version-required")
    if asked != "*" and str(version) not in _versions_named(asked):
        raise Problem("stale", headers={"ETag": etag(thing, view.shown_anew(thing))})
    return version


def _versions_named(asked: str) -> set[str]:
    """The versions of the strong tags of an If-Match; a weak one is none of them, nor is anything in a broken list."""
    tags = _STRONG.findall(asked) if _TAGS.fullmatch(asked) else []
    return {tag.partition(".")[0] for weak, tag in tags if not weak}


def require_unbroken(view: Any, done: Any) -> None:
    """Raises Stale where somebody else came between reading ``view.version`` and the deed just done.

    A deed counts its thing's version up by one, or leaves it where it changed nothing. It locks the row, so what it
    returns tells whether it began from the version that was read.
    """
    if view.version is not None and getattr(done, "version", view.version) not in (view.version, view.version + 1):
        raise Stale(_("这条记录的版本已经不是您读取时的那个，请重新读取后核对。"))
