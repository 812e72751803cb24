"""The worker's doors: imports reviewed, tried out, carried out; long exports; what has served its time cleared."""

from typing import Any

from django.db import Error
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from core.actors import SYSTEM
from ledgers.domain import committing, exports, imports, staging, undoing
from ledgers.domain.takers import confined
from ledgers.models import Export, Import, Piece
from work import shelf
from work.jobs import job
from work.models import Job
from work.progress import Cancelled, Lost, Progress
from work.schedules import schedule
from work.shelf import Ready


@job("ledgers.review")
def review(progress: Progress) -> None:
    """Check and compare what was uploaded."""
    staging.stage(_import(progress), by=_importer(progress), progress=progress)


@job("ledgers.review_again")
def review_again(progress: Progress) -> None:
    """Check and compare the rows as they stand after an organisation was edited."""
    staging.review_again(_import(progress), by=_importer(progress), progress=progress)


@job("ledgers.trial")
def trial(progress: Progress) -> None:
    """Carry the import out once and take it back."""
    committing.try_out(_import(progress), by=_importer(progress), progress=progress)


@job("ledgers.commit")
def commit(progress: Progress) -> None:
    """Carry the import out."""
    the_import, by = _import(progress), _importer(progress)
    try:
        committing.carry_out(the_import, by=by, progress=progress)
    except (Lost, Error):
        raise  # somebody else has taken it up, or will
    except (Cancelled, Exception):
        committing.fail(the_import, by=by)
        raise


@job("ledgers.undo_trial")
def undo_trial(progress: Progress) -> None:
    """Undo the import once and take that back."""
    undoing.try_out(_import(progress), by=_importer(progress), on=timezone.localdate(), progress=progress)


@job("ledgers.undo")
def undo(progress: Progress) -> None:
    """Undo the import."""
    undoing.carry_out(_import(progress), by=_importer(progress), on=timezone.localdate(), progress=progress)


def drop_export(stopped: Job) -> None:
    """Of an export that ended unfinished nothing is left."""
    Piece.objects.filter(export=stopped.payload["export"]).delete()


@job("ledgers.export", dropped=drop_export)
def export(progress: Progress) -> None:
    """Make the file of a long list."""
    taken = Export.objects.select_related("by", "scope", "job").get(pk=progress.payload["export"])
    try:
        exports.make(taken, on=timezone.localdate(), progress=progress)
    except (Lost, Error):
        raise  # somebody else has taken it up, or will
    except (Cancelled, Exception):
        drop_export(progress.job)
        raise
    progress.result(
        url=reverse("exports:file", args=[taken.code]), name=exports.name_of(taken, by=confined(taken.by, taken))
    )


@shelf.keep
def exported_by(user: Any) -> list[Ready]:
    """The files of a person's exports."""
    found = Export.objects.owned_by(user).on_the_shelf(timezone.now()).select_related("scope")
    return [
        Ready(
            name=f"{exports.name_of(taken, by=user)}.{taken.format}",
            note=_("含完整号码") if taken.whole else _("号码打码"),
            url=reverse("exports:file", args=[taken.code]),
            discard_url=reverse("exports:discard", args=[taken.code]),
            rows=taken.rows,
            size=taken.size,
            made_at=taken.finished_at,
            until=taken.expires_at,
        )
        for taken in found
    ]


@schedule("ledgers.clear_exports", every="hour", at="00:25", catch_up=1)
def clear_exports(payload: dict[str, Any]) -> None:
    """Files of exports whose days are over go."""
    exports.clear_expired(now=timezone.now())


@schedule("ledgers.clear", every="day", at="03:40", catch_up=1)
def clear(payload: dict[str, Any]) -> None:
    """Uploads and staged rows whose time is over go."""
    imports.clear_expired(now=timezone.now())


def _import(progress: Progress) -> Import:
    return Import.objects.select_related("cell").get(pk=progress.payload["import"])


def _importer(progress: Progress) -> Any:
    """Who asked, with the offices held now; the system for what it asked itself."""
    return progress.owner or SYSTEM
