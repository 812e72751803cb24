"""The published description, and for every write in it somebody who may do it and a body with which it is done."""

import json
import re
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.house import targets
from tests.house.matrix import PRINCIPALS, is_for_programs, rows

DESCRIPTION = Path(__file__).parents[2] / "docs" / "api" / "openapi.json"
WRITES = ("post", "patch", "delete")


class Write(NamedTuple):
    """One write of the description, at an address where somebody may do it with this body."""

    method: str
    path: str
    operation: dict
    address: str
    who: str
    body: dict

    def __str__(self):
        return f"{self.method.upper()} {self.path}"


@cache
def description():
    return json.loads(DESCRIPTION.read_text(encoding="utf-8"))


def operations(*methods):
    """Method, path and description of every operation."""
    for path, told in description()["paths"].items():
        yield from ((method, path, one) for method, one in told.items() if method in methods)


def resolved(schema):
    """What a reference refers to."""
    while "$ref" in schema:
        schema = description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def asked(operation):
    """What a body may hold, by name."""
    content = operation.get("requestBody", {}).get("content", {})
    return resolved(content["application/json"]["schema"]).get("properties", {}) if content else {}


def writes(house):
    """Every write: by staff where the matrix lets them, else by whom it lets; else as staff, of what they are shown."""
    allowed = [(row, _somebody_who_may(row)) for row in rows() if is_for_programs(row.route) and row.method != "GET"]
    party = house.party
    targets._props(party).imports
    known = [
        (row.method.lower(), targets.address(party, row), who, targets.body(party, row)) for row, who in allowed if who
    ]
    for method, path, operation in operations(*WRITES):
        like = re.compile(re.sub(r"{\w+}", "[^/]+", path))
        found = next((one for one in known if one[0] == method and like.fullmatch(one[1])), None)
        yield Write(method, path, operation, *(found[1:] if found else (_shown(house, path), "staff", {})))


def _somebody_who_may(row):
    may = [who for who, answer in zip(PRINCIPALS, row.answers, strict=True) if answer == "ok"]
    return "staff" if "staff" in may else may[-1] if may else ""


def _shown(house, path):
    """The address with the first thing of its list in the gap."""
    base, gap, _rest = path.partition("{")
    if not gap:
        return path
    thing = house.clients["staff"].get(base).json()["results"][0]["url"].rstrip("/").rpartition("/")[2]
    return re.sub(r"{\w+}", thing, path)
