"""Taking a back-up, from one moment of the database, while the portal goes on working."""

import json
import os
import tarfile
import tempfile
from contextlib import closing
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from core import keyring
from portal.archive import contents
from portal.archive.sealing import Sealer


def save(target: Path, passphrase: str) -> dict:
    """Write one encrypted archive to ``target`` and return its manifest.

    The dump and the row counts see the same snapshot. The file appears under its name only when it is whole.
    """
    draft = target.with_name(f".{target.name}.part")
    before = keyring.ring()
    with tempfile.TemporaryDirectory(prefix="zhibu-backup-", dir=settings.VAR) as scratch:
        dump = Path(scratch) / "database.dump"
        manifest = _dump(dump)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            with os.fdopen(handle, "wb") as file:
                _write(file, passphrase, dump, manifest, _ring_of_the_snapshot(before))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    return manifest


def _dump(path: Path) -> dict:
    with closing(contents.session()) as ours:
        ours.set_session(isolation_level="REPEATABLE READ", readonly=True)
        with ours.cursor() as cursor:
            cursor.execute("SELECT pg_export_snapshot(), current_setting('server_version'), current_database()")
            snapshot, server, name = cursor.fetchone()
            words = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}"]
            contents.run("pg_dump", *words, f"--file={path}", name)
            return {
                "format": contents.FORMAT,
                "taken_at": timezone.now().isoformat(),
                "postgresql": server,
                "migrations": contents.migrations(cursor),
                "rows": contents.row_counts(cursor),
            }


def _ring_of_the_snapshot(before: keyring.Ring) -> keyring.Ring:
    """Every key the dump may need, also one that was added or dropped while it was taken."""
    now = keyring.ring()
    return now | {"keys": before["keys"] | now["keys"]}


def _write(file, passphrase: str, dump: Path, manifest: dict, ring: keyring.Ring) -> None:
    with closing(Sealer(file, passphrase)) as sealed, tarfile.open(fileobj=sealed, mode="w|") as archive:
        sums = {"database.dump": _add(archive, "database.dump", dump)}
        keys = json.dumps(ring, indent=2).encode()
        archive.addfile(_named("field-keys.json", len(keys)), BytesIO(keys))
        for path in contents.files():
            name = f"files/{path.relative_to(settings.MEDIA_ROOT)}"
            sums[name] = _add(archive, name, path)
        manifest["sha256"] = sums
        # Last, because only now is everything counted.
        text = json.dumps(manifest, indent=2, ensure_ascii=False).encode()
        archive.addfile(_named("manifest.json", len(text)), BytesIO(text))


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        archive.addfile(_named(name, path.stat().st_size), file)
    return contents.fingerprint(path)


def _named(name: str, size: int) -> tarfile.TarInfo:
    found = tarfile.TarInfo(name)
    found.size, found.mode = size, 0o600
    return found
