"""Reading docs/matrix.md: what every route answers to whom, as data."""

from dataclasses import dataclass
from pathlib import Path

from django.urls import URLPattern, get_resolver

MATRIX = Path(__file__).parents[2] / "docs" / "matrix.md"

# The columns of the tables, by the names of the cast.
PRINCIPALS = (
    "anonymous", "stranger", "plain_member", "leader", "publicist", "organiser", "deputy", "deputy_alone", "secretary",
    "other_secretary", "former_secretary", "north_staff", "staff", "advisor", "auditor", "technician",
)  # fmt: skip
METHODS = ("GET", "POST")
# What programs do besides.
MORE = ("PATCH", "DELETE")


@dataclass(frozen=True)
class Row:
    """One route, one method, one target, and what each principal is to meet."""

    route: str
    method: str
    target: str
    answers: tuple[str, ...]

    def __str__(self):
        return f"{self.method} {self.route} {self.target}"


def rows():
    """Every row of every table whose first column names a route, or several that answer alike."""
    found = []
    for line in MATRIX.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if len(cells) == len(PRINCIPALS) + 3 and cells[1] in (*METHODS, *MORE):
            found += [Row(route.strip("`"), cells[1], cells[2], tuple(cells[3:])) for route in cells[0].split()]
    return found


def is_for_programs(route):
    """Whether the route leads to what programs read and do."""
    return route.startswith("api:")


def routes(patterns=None, spaces=()):
    """The name of every route the portal has, with its namespaces; unnamed ones by their pattern."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(entry, URLPattern):
            yield ":".join((*spaces, entry.name or str(entry.pattern)))
        else:
            deeper = (*spaces, entry.namespace) if entry.namespace else spaces
            yield from routes(entry.url_patterns, deeper)
