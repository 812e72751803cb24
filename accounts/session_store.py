"""Sessions kept in the database and read from the cache. What was ended is over with the next request all the same.

Taking a session out of the cache is not enough: a request that read it from the database a moment earlier would put
it back. So ending one leaves a mark beside it, which outlives it and is read in the same turn.
"""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib.sessions.backends import cached_db
from django.contrib.sessions.backends.db import SessionStore as Stored
from django.core.cache import caches
from redis.exceptions import RedisError

_MARK = "sessions.ended:"


class SessionStore(cached_db.SessionStore):
    """``SESSION_ENGINE``. Without a cache within reach, the database answers alone."""

    def load(self) -> dict[str, Any]:
        """What is kept of this session; nothing once it was ended."""
        mark = _MARK + str(self.session_key)
        try:
            found = self._cache.get_many([self.cache_key, mark])
        except RedisError:
            return Stored.load(self)
        if mark in found:
            self._session_key = None
            return {}
        return found[self.cache_key] if self.cache_key in found else super().load()

    def exists(self, session_key: str) -> bool:
        """Whether it stands: asked of the database, which alone knows."""
        return Stored.exists(self, session_key)

    def delete(self, session_key: str | None = None) -> None:
        """End it, here and in the cache."""
        key = session_key or self.session_key
        if key is not None:
            Stored.delete(self, key)
            forget([key])


def forget(keys: Iterable[str]) -> None:
    """Let no request read these sessions from the cache any more, not even one that is under way."""
    keys = list(keys)
    cache = caches[settings.SESSION_CACHE_ALIAS]
    cache.set_many({_MARK + key: True for key in keys}, timeout=settings.SESSION_COOKIE_AGE)
    cache.delete_many([cached_db.KEY_PREFIX + key for key in keys])
