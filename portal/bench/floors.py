"""The least that a page of the roster can cost: one statement, masks, and bytes. The same bytes as the portal sends.

psycopg2 and orjson alone, with the portal's own ways of opening and masking, since no reader may be sent more than
that. What a floor leaves out is what is measured: who asks, what they may see, what they asked for, and the address of
the next page, whose cursor is sealed anew for every answer.
"""

import re
from collections.abc import Sequence
from typing import Any

import orjson
import psycopg2
from django.db import connection

from core.crypto import open_sealed
from core.masks import mask_address, mask_id_number, mask_mobile
from core.rest.shapes import ROOT
from members.models import Member
from portal.bench.statements import statement

TABLE = Member._meta.db_table
DUE = ("gender", "ethnicity", "birth_date", "education", "joined_on", "post")
# In the order of the statement; what follows ``version`` is needed and not sent.
SENT = (
    "code", "name", "id_number", "gender", "ethnicity", "birth_date", "education", "category", "joined_on",
    "converted_on", "post", "mobile", "landline", "address", "standing", "is_lost", "lost_on", "is_migrant", "flow_to",
    "cell_code", "cell_name", "placed_on", "id_kind", "archive_birth_date", "native_place", "degree", "school", "major",
    "work_started_on", "applied_on", "new_stratum", "technical_title", "employer_code", "employer_name",
    "employer_text", "email", "remarks", "version", "uid", "mobile_index", "path", "pinyin", "id",
)  # fmt: skip
SIZE = 50
DJANGOS = {"cursor_factory", "context"}
_CURSOR = re.compile(rb'("(?:next|previous)":)"[^"]*"')


class Floor:
    """One page of the roster below ``top``, over ``session`` or one of its own."""

    def __init__(self, top: str, session: Any = None) -> None:
        self.session = session or _session()
        self.top = top

    def close(self) -> None:
        self.session.close()

    def page(self, after: Sequence[Any] = ()) -> bytes:
        """The page behind ``after``, a (path, pinyin, id), as the portal would send it."""
        rows = self.rows(after)
        return orjson.dumps(
            {
                "count": None,
                "next": "" if len(rows) > SIZE else None,
                "previous": "" if after else None,
                "results": [_told(dict(zip(SENT, row, strict=True))) for row in rows[:SIZE]],
                "meta": {"withheld": []},
            }
        )

    def rows(self, after: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows of the page, and one more where there is a next."""
        beyond = statement("roster_beyond") if after else ""
        told = {"top": self.top} | (dict(zip(("path", "pinyin", "id"), after, strict=True)) if after else {})
        with self.session.cursor() as cursor:
            cursor.execute(statement("roster_page").format(beyond=beyond), told)
            return cursor.fetchall()


def _session() -> Any:
    """A bare session with the database in use."""
    told = {name: value for name, value in connection.get_connection_params().items() if name not in DJANGOS}
    session = psycopg2.connect(**told)
    session.autocommit = True
    return session


def _told(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the portal tells it."""
    missing = [name for name in DUE if not row[name]]
    if not row["mobile_index"] and not row["landline"]:
        missing.append("mobile")
    if not row["address"]:
        missing.append("address")
    return {
        "code": row["code"],
        "url": f"{ROOT}members/{row['code']}/",
        "name": row["name"],
        "id_number": mask_id_number(_open(row, "id_number")),
        **{name: row[name] for name in SENT[3:11]},
        "mobile": mask_mobile(_open(row, "mobile")),
        "landline": row["landline"],
        "address": mask_address(_open(row, "address")),
        **{name: row[name] for name in SENT[14:19]},
        "cell": _thing("cells", row["cell_code"], row["cell_name"]),
        "placed_on": row["placed_on"],
        "missing": missing,
        **{name: row[name] for name in SENT[22:32]},
        "employer": _thing("companies", row["employer_code"], row["employer_name"]),
        **{name: row[name] for name in SENT[34:38]},
    }


def _open(row: dict[str, Any], column: str) -> str:
    return open_sealed(row[column], table=TABLE, column=column, uid=row["uid"]) if row[column] else ""


def _thing(base: str, code: str | None, name: str) -> dict[str, str] | None:
    return {"code": code, "name": name, "url": f"{ROOT}{base}/{code}/"} if code else None


def without_cursors(answer: bytes) -> bytes:
    """An answer of the portal with its cursors cut out, for laying it beside a floor byte by byte."""
    return _CURSOR.sub(rb'\1""', answer)
