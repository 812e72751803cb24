"""查阅、复制: everything held about somebody, in their own hands. What there is to hand over the data map says."""

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from tempfile import TemporaryFile
from typing import IO, Any

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from audit import reading, trail
from audit.models import Entry
from core import data_map
from core.data_map import Holding
from core.exports import Sheet, xlsx_file
from members.domain.erasures import subject
from members.models import Member

Row = dict[str, Any]


@transaction.atomic
def hand_over(user: Any, *, by: Any, on: date) -> IO[bytes]:
    """A zip file, open at its beginning: all data as JSON, the same as a workbook to read, and files handed in.

    Numbers in it are whole, so it is for the person alone, and it is kept nowhere. What ``user`` did to others in
    office is not about them and not in it; what lets them in is not in it either. Never long, therefore made at once.
    """
    if by.pk != user.pk:
        raise PermissionDenied
    member = Member.objects.own(user).first()
    held = [(holding, list(_rows(holding, user, member))) for holding in data_map.holdings() if is_told(holding)]

    out = TemporaryFile()  # noqa: SIM115  the answer closes it
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        tables = [_as_table(holding, rows) for holding, rows in held]
        whole = {"on": on, "tables": tables}
        archive.writestr("data.json", json.dumps(whole, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1))
        archive.writestr(f"{_('我的资料')}.xlsx", _workbook(held, on).read())
        for holding, rows in held:
            for row in rows:
                if callable(getattr(row, "data", None)):
                    archive.writestr(f"files/{holding.model}-{row.pk}.{row.kind}", row.data())
    out.seek(0)
    at = member.place.cell.path if member else ""
    trail.record("members.copied", member or user, by=by, at=at, facts={"on": on})
    return out


def is_told(holding: Holding) -> bool:
    """Whether a copy holds it: what is found by the person, and lets nobody in."""
    return holding.rows is not None and not holding.withheld


def _rows(holding: Holding, user: Any, member: Member | None) -> Iterator[Any]:
    joined = [name for name in holding.fields if isinstance(_field(holding, name), models.ForeignKey)]
    yield from holding.rows(subject(user, member)).select_related(*joined)  # type: ignore[misc]


def _field(holding: Holding, name: str) -> Any:
    return holding.model_class._meta.get_field(name)


def _as_table(holding: Holding, rows: list[Any]) -> Row:
    return {
        "table": holding.model,
        "purpose": str(holding.purpose),
        "ground": str(holding.ground),
        "retention": str(holding.retention),
        "rows": [{name: _kept(holding, row, name) for name in holding.fields} for row in rows],
    }


def _kept(holding: Holding, row: Any, name: str) -> Any:
    """As it is kept: a choice as its key; of a sentence that is put together when it is read, what is read."""
    said = None if _field(holding, name).choices else getattr(row, f"get_{name}_display", None)
    return said() if said else _plain(getattr(row, name))


def _plain(value: Any) -> Any:
    if isinstance(value, DateRange):
        return {"from": value.lower, "until": value.upper}
    if isinstance(value, bytes | memoryview):
        return _("见 files 文件夹")
    return str(value) if isinstance(value, models.Model) else value


def _workbook(held: list[tuple[Holding, list[Any]]], on: date) -> IO[bytes]:
    sheet = Sheet(
        title=_("我的资料"),
        headings=(_("用途"), _("项目"), _("内容"), _("依据"), _("保存多久")),
        notes=(_("截至 %(day)s。号码是完整的，请妥善保管。") % {"day": on.isoformat()},),
        widths=(36, 20, 60, 40, 40),
    )
    told = ((holding, row) for holding, rows in held if holding.readers is not data_map.ONLY_MACHINE for row in rows)
    return xlsx_file(sheet, (line for holding, row in told for line in _lines(holding, row)))


def _lines(holding: Holding, row: Any) -> Iterator[tuple[Any, ...]]:
    """The row as a reader wants it: what has no name of its own stands in the JSON alone."""
    words = (str(holding.ground), str(holding.retention))
    if isinstance(row, Entry):
        read = reading.read(row)
        yield str(holding.purpose), row.recorded_at, _("：").join((read.actor, read.sentence)), *words
        return
    for name in holding.fields:
        label, value = _called(holding, name), _said(row, name)
        if label and value not in (None, "", []):
            yield str(holding.purpose), label, value, *words


def _called(holding: Holding, name: str) -> str | None:
    return reading.label_of(holding.model_class, name) or reading.label_of(Member, name)


def _said(row: Any, name: str) -> Any:
    value = getattr(row, name)
    if isinstance(value, DateRange):
        words = _("%(begin)s 至 %(end)s 前一日") if value.upper else _("%(begin)s 起")
        return words % {"begin": value.lower, "end": value.upper}
    if name == "item":
        return reading.label_of(Member, value)
    if isinstance(value, dict | list):
        return ""
    said = getattr(row, f"get_{name}_display", None)
    return said() if said else _plain(value)
