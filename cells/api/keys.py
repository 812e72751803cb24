"""Offices and assignments have no code: they are told by whom, what and since when, which outlives their ending."""

from datetime import date
from typing import ClassVar

from core.rest.resource import CODE, Resource

PERSON = r"U-[0-9A-Z]{6}"
DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"


class Keyed(Resource):
    """Found by ``parts`` joined with dots, the first day last: ``ZB-0231.secretary.U-7K3M9Q.2024-01-08``."""

    parts: ClassVar[tuple[str, ...]]
    lookup_field = "key"

    def find(self, key):
        *names, day = key.split(".")
        try:
            values = [*names, date.fromisoformat(day)]
        except ValueError:
            return None
        return self.reach().filter(**dict(zip(self.parts, values, strict=True))).first()


OFFICE_KEY = rf"{CODE}\.[a-z_]+\.{PERSON}\.{DAY}"
ASSIGNMENT_KEY = rf"{CODE}\.{PERSON}\.{DAY}"
