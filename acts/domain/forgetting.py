"""What somebody had erased is not put back by undoing something older."""

import json
from collections.abc import Collection
from typing import Any

from django.db import transaction

from acts.models import Effect


@transaction.atomic
def forget(model: Any, rows: Collection[int], columns: Collection[str]) -> None:
    """As part of an erasure: the old and new values of these columns of these rows go from every act still kept.

    Undoing such an act puts back the rest of it. What acts keep is sealed, so each has to be opened to be looked into.
    """
    for effect in Effect.objects.filter(table=model._meta.label_lower).select_for_update().iterator():
        changes = effect.changes
        kept = {
            row: {column: pair for column, pair in change.items() if row not in rows or column not in columns}
            for row, change in changes.items()
        }
        if kept != changes:
            effect.changed = json.dumps(kept)
            effect.save(update_fields=["changed"])
