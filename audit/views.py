"""Pieces that show a trail. What the reader may see is decided by the caller, who hands the entries in."""

from audit import reading


def timeline(entries, *, limit=20):
    """What ``audit/_entries.html`` shows: the latest entries, in words."""
    return [reading.read(entry) for entry in latest(entries, limit=limit)]


def latest(entries, *, limit):
    """The entries ``timeline`` tells, for whoever reads them together with other things."""
    return entries.select_related("thing_type").order_by("-pk")[:limit]
