"""What the targets of docs/matrix.md stand for: an address for each, and what is posted to it.

``yunshan`` is the cell of that name in tests/cast.py, ``wang`` a member, ``qingshan`` one of the companies below;
``yunshan · organiser`` is something inside something else, each by its own name; ``nowhere`` and ``nobody`` do not
exist. Things are drawn when a row first asks for them.
"""

from django.urls import reverse

from tests.house.bodies import BODIES
from tests.house.props import Props
from tests.house.shelves import ASKED, DRAWN, SHELVES


def address(party, row):
    """Where the row leads."""
    name, mark, query = row.target.partition("?")
    names = [part.strip() for part in name.split("·")] if row.route in SHELVES else []
    props = _props(party)
    if row.route in DRAWN:
        getattr(props, DRAWN[row.route])
    if mark:
        key, value = query.split("=")
        query = f"{key}={ASKED[key](props, value)}"
    shelves = SHELVES.get(row.route, ())
    found = [shelf(props, *names[: place + 1]) for place, shelf in enumerate(shelves)]
    return reverse(row.route, args=found) + mark + query


def body(party, row):
    """What is posted: answers with which the deed is really tried."""
    asked = BODIES.get(row.route, {})
    return asked(_props(party)) if callable(asked) else asked


def _props(party):
    return party.__dict__.setdefault("props", Props(party))
