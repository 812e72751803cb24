"""The worker's doors: reviewing, trying out, carrying out; and the clearing of what has served its time."""

from typing import Any

from django.db import Error
from django.utils import timezone

from core.actors import SYSTEM
from ledgers.domain import committing, imports, staging
from ledgers.models import Import
from work.jobs import job
from work.progress import Cancelled, Lost, Progress
from work.schedules import schedule


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


@schedule("ledgers.clear", every="day", at="03:40", catch_up=1)
def clear(payload: dict[str, Any]) -> None:
    """Uploads and staged rows whose time is over go."""
    imports.clear_expired(now=timezone.now())


def _import(progress: Progress) -> Import:
    return Import.objects.select_related("cell").get(pk=progress.payload["import"])


def _importer(progress: Progress) -> Any:
    """Who asked, with the offices held now; the system for what it asked itself."""
    return progress.owner or SYSTEM
