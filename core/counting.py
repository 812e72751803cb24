"""How often something was done of late, where a row in the database would be too much: in the cache, by a key."""

from django.core.cache import cache

HOUR = 3600
DAY = 24 * HOUR


def times(key: str, *, within: int = HOUR, more: int = 1) -> int:
    """Count ``more`` and return how many it makes ``within`` so many seconds, which begin with the first."""
    cache.add(key, 0, within)
    try:
        counted = cache.incr(key, more)
    except ValueError:  # the seconds ended between the two
        cache.set(key, more, within)
        return more
    if counted == more:
        # They may also have ended while it was counted, which leaves a number that never ends.
        cache.touch(key, within)
    return counted


def so_far(key: str) -> int:
    """How many it makes by now, without counting one more."""
    return int(cache.get(key, 0))
