"""A whole folder of ledgers imported in one go: the same deeds as the wizard's, one after the other."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from cells.models import Cell
from core.errors import Refusal
from ledgers import reading
from ledgers.domain import committing, imports, staging, uploads
from ledgers.domain.committing import Carrier
from ledgers.domain.uploads import File
from ledgers.models import Import

ENDINGS = (".xlsx", ".csv")


def files_in(folder: Path) -> list[File]:
    """The workbooks and text tables of a folder, by name. Refuses a folder without any."""
    paths = sorted(path for path in folder.iterdir() if path.suffix.lower() in ENDINGS and path.name[0] not in "~.")
    if not paths:
        raise Refusal(_("%(folder)s 里没有 .xlsx 或 .csv 文件。") % {"folder": folder})
    return [File(path.name, path.read_bytes()) for path in paths]


def prepare(*, files: Sequence[File], cell: Cell | None, as_of: date, by: Any, on: date, progress: Carrier) -> Import:
    """Upload the files and review every row. Refuses what the wizard refuses, at the same places."""
    with reading.each_file_once():
        started = uploads.begin(cell=cell, as_of=as_of, files=files, by=by, on=on)
        started = uploads.settle_columns(started, by=by)
        return staging.stage(started, by=by, progress=progress)


def carry_out(the_import: Import, *, by: Any, progress: Carrier) -> Import:
    """Import what the review found sound, at once instead of as a job."""
    the_import = imports.confirm(the_import, by=by)
    return committing.carry_out(the_import, by=by, progress=progress)
