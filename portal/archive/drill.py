"""A back-up is one when it has been restored: into a database beside the portal's, examined there, and thrown away."""

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection

from core import keyring
from portal.archive.restoring import database_beside, unpack
from portal.choices import UpkeepKind
from portal.fieldkeys import places, proofs
from portal.owner import acting_as_owner
from portal.upkeep import note


def drill(source: Path, passphrase: str) -> dict:
    """Restore ``source`` beside the portal, hold it against its manifest and its own laws, and return the manifest.

    Raises CommandError with what does not hold: a checksum, a row count, an invariant, the trail, a value that the
    ring in the archive does not open. The outcome is noted either way; nothing of the portal's own is touched.
    """
    try:
        with tempfile.TemporaryDirectory(prefix="zhibu-drill-", dir=settings.VAR) as scratch:
            place = Path(scratch)
            manifest = unpack(source, passphrase, place)
            with database_beside(place / "database.dump", manifest, "drill") as beside, _speaking_to(beside):
                _require_laws()
                _require_keys(place / "field-keys.json")
    except CommandError as error:
        note(UpkeepKind.DRILL, went_well=False, file=source.name, why=str(error)[:300])
        raise
    rows, files = sum(manifest["rows"].values()), len(manifest["sha256"]) - 1
    note(UpkeepKind.DRILL, went_well=True, file=source.name, taken_at=manifest["taken_at"], rows=rows, files=files)
    return manifest


def _require_laws() -> None:
    for law in ("verify_invariants", "verify_audit"):
        said = io.StringIO()
        try:
            call_command(law, stdout=said)
        except (SystemExit, CommandError):
            raise CommandError(f"{law}: {said.getvalue().strip()}") from None


def _require_keys(file: Path) -> None:
    ring = keyring.field_keys(file.read_text(encoding="utf-8"))
    if ring is None:
        raise CommandError("The back-up holds no ring of field keys: what is sealed in it stays closed.")
    with keyring.using(ring):
        if found := proofs.faults():
            raise CommandError(f"The ring in the back-up is not the one: {found[0].what}.")
        closed = [where for key in ring["keys"] for where, opens in places.sample(key) if not opens]
        if closed or (gone := places.held_by_key().keys() - ring["keys"].keys()):
            raise CommandError(f"The ring in the back-up does not open {', '.join(closed or sorted(gone))}.")


@contextmanager
def _speaking_to(name: str) -> Iterator[None]:
    """Let the default connection speak to another database, as its owner."""
    ours = connection.settings_dict["NAME"]
    with acting_as_owner():
        connection.settings_dict["NAME"] = name
        try:
            yield
        finally:
            connection.close()
            connection.settings_dict["NAME"] = ours
