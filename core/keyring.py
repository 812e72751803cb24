"""The ring of field keys, as it is now: where it lies in a file, every process sees a changed file at once.

``{"current": "k1", "keys": {"k1": <32 bytes>}, "index": <32 bytes>, "suite": "aes"}``, bytes in base64. While keys are
being changed it also says ``next`` (a key that everybody knows and nobody uses yet) and, when the blind indexes were
made under another suite than new values are sealed with, ``index_suite``.
"""

import base64
import json
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

Ring = dict[str, Any]

logger = logging.getLogger(__name__)

_last_good: Ring | None = None
_given: ContextVar[Ring | None] = ContextVar("ring", default=None)


def field_keys(text: str) -> Ring | None:
    """The ring of field keys from its JSON; None when there is none or it would not seal anything."""
    try:
        ring = json.loads(text)
        sealed = [*ring["keys"].values(), ring["index"]]
        whole = ring["current"] in ring["keys"] and all(len(base64.b64decode(key)) == 32 for key in sealed)
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return ring | {"suite": ring.get("suite", "aes")} if whole else None


def ring() -> Ring:
    """The keys in force. Raises ImproperlyConfigured where there are none."""
    if given := _given.get():
        return given
    found = _from_file(file) if (file := where()) else settings.ZHIBU_FIELD_KEYS
    if not found:
        raise ImproperlyConfigured("ZHIBU_FIELD_KEYS is missing: without field keys nothing personal can be stored")
    return found


@contextmanager
def using(given: Ring) -> Iterator[None]:
    """Seal and open with another ring for a while: that of a back-up, or one that is still to come."""
    token = _given.set(given)
    try:
        yield
    finally:
        _given.reset(token)


@contextmanager
def held() -> Iterator[None]:
    """Seal, open and index many values with the ring as it is now: its file is asked once.

    For what is soon over, or is one transaction: a change of keys waits for those that began before it.
    """
    with using(ring()):
        yield


def where() -> Path | None:
    """The file the ring lies in; None where its text was handed in by environment."""
    return getattr(settings, "ZHIBU_FIELD_KEYS_FILE", None)


def index_suite(found: Ring) -> str:
    """The suite the blind indexes are made with; it changes later than that of the seals."""
    return str(found.get("index_suite") or found.get("suite", "aes"))


def _from_file(file: Path) -> Ring | None:
    """What the file holds now. One that was taken away or spoilt under a running process does not stop it."""
    global _last_good
    try:
        found = os.stat(file)  # noqa: PTH116 -- asked at every seal, and half as dear
        _last_good = _read(str(file), found.st_mtime_ns, found.st_ino, found.st_size)
    except (OSError, ValueError) as error:
        if _last_good is None:
            return None
        _say_once(f"{file}: {type(error).__name__}")
    return _last_good


@lru_cache(maxsize=1)
def _read(file: str, *_as_it_was: int) -> Ring:
    found = field_keys(Path(file).read_text(encoding="utf-8"))
    if found is None:
        raise ValueError("not a ring of 32-byte keys")
    return found


@lru_cache
def _say_once(what: str) -> None:
    logger.critical("the ring of field keys cannot be read any more, going on with the one known (%s)", what)
