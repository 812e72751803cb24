"""The way back: everything is unpacked, restored beside what there is, and compared, before anything is replaced."""

import json
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.core.management.base import CommandError
from django.db import connection
from psycopg2 import Error, errors, sql
from redis.exceptions import RedisError

from core import keyring
from portal.archive import contents
from portal.archive.sealing import Opener, Unreadable
from portal.boot.freshness import forget
from portal.boot.keys import field_keys_file
from portal.boot.places import Var, write_secret
from portal.owner import acting_as_owner, grant_application


def restore(source: Path, passphrase: str) -> dict:
    """Put the portal back to what ``source`` holds and return its manifest.

    Refuses, and leaves everything as it was, when the archive cannot be read, when a checksum or a row count
    differs, or when somebody is still connected to the database that would be replaced.
    """
    settings.VAR.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="zhibu-restore-", dir=settings.VAR) as scratch:
        place = Path(scratch)
        manifest = unpack(source, passphrase, place)
        with database_beside(place / "database.dump", manifest) as beside:
            _check_keys(place)
            _take_the_place(beside)
            _sign_everybody_out()
        _replace_files(place)
        _replace_keys(place)
    with acting_as_owner():
        grant_application()
    forget(Var(settings.VAR))
    return manifest


def unpack(source: Path, passphrase: str, place: Path) -> dict:
    """Lay the archive's files down in ``place``, each compared with its checksum; return the manifest."""
    try:
        with source.open("rb") as file:
            opened = Opener(file, passphrase)
            with tarfile.open(fileobj=opened, mode="r|") as archive:
                for member in archive:
                    _lay_down(archive, member, place)
            # To the very end: a file cut short after its last member is still cut short.
            while opened.read(1 << 20):
                pass
    except (Unreadable, tarfile.TarError) as error:
        raise CommandError(str(error)) from error
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    if manifest["format"] != contents.FORMAT:
        raise CommandError(f"The back-up has format {manifest['format']}; this version reads {contents.FORMAT}.")
    for name, sum_ in manifest["sha256"].items():
        if not (place / name).is_file() or contents.fingerprint(place / name) != sum_:
            raise CommandError(f"{name} is not what was saved: its checksum differs.")
    return manifest


def _lay_down(archive: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> None:
    """Write one file, and nothing but a file, inside ``place``. tarfile's own filters came with Python 3.11.4."""
    target = (place / member.name).resolve()
    if not member.isfile() or place.resolve() not in target.parents:
        raise Unreadable(f"The back-up holds something that is no file of ours: {member.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.extractfile(member) as source, target.open("wb") as copy:
        shutil.copyfileobj(source, copy)


@contextmanager
def database_beside(dump: Path, manifest: dict, called: str = "restored") -> Iterator[str]:
    """A new database with the dump in it, compared with the manifest; dropped again if it never takes its place."""
    name = f"{connection.settings_dict['NAME']}_{called}"
    with closing(contents.session("postgres")) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))
            cursor.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
            try:
                contents.restore_into(name, dump)
                with closing(contents.session(name)) as restored, restored.cursor() as rows:
                    _compare(contents.row_counts(rows), manifest["rows"])
                yield name
            finally:
                cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _compare(found: dict[str, int], saved: dict[str, int]) -> None:
    for table in sorted(found.keys() | saved.keys()):
        if found.get(table) != saved.get(table):
            raise CommandError(f"{table} has {found.get(table)} rows, but {saved.get(table)} were saved.")


def _take_the_place(beside: str) -> None:
    """Put the restored database where the portal looks. The one before is dropped only when that is done."""
    ours = connection.settings_dict["NAME"]
    connection.close()
    new, now, before = (sql.Identifier(name) for name in (beside, ours, f"{ours}_before"))
    with closing(contents.session("postgres")) as server:
        server.autocommit = True
        with server.cursor() as cursor:
            cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(before))
            try:
                cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(now, before))
            except errors.ObjectInUse as error:
                raise CommandError("Somebody still uses the database. Stop the portal, then restore.") from error
            try:
                cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, now))
            except Error:
                cursor.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(before, now))
                raise
            cursor.execute(sql.SQL("DROP DATABASE {}").format(before))


def _sign_everybody_out() -> None:
    """Sessions the cache still knows of belong to the database that is gone."""
    with suppress(RedisError):
        cache.clear()


def _check_keys(place: Path) -> None:
    """Where the keys are handed in from outside, they must open what the archive holds."""
    saved = json.loads((place / "field-keys.json").read_text(encoding="utf-8"))
    ours = keyring.ring()
    opens = saved["keys"].items() <= ours["keys"].items() and saved["index"] == ours["index"]
    if not opens and not _keeps_own_keys():
        raise CommandError("ZHIBU_FIELD_KEYS does not open this back-up: hand in the ring it was taken with.")


def _keeps_own_keys() -> bool:
    return field_keys_file(Var(settings.VAR)).exists()


def _replace_keys(place: Path) -> None:
    """The ring that was here is kept under another name: whoever restored the wrong file needs it to go back."""
    if _keeps_own_keys():
        ours = field_keys_file(Var(settings.VAR))
        write_secret(ours.with_name("field-keys-before.json"), ours.read_text(encoding="utf-8"))
        write_secret(ours, (place / "field-keys.json").read_text(encoding="utf-8"))


def _replace_files(place: Path) -> None:
    root, before = Path(settings.MEDIA_ROOT), place / "files-before"
    if root.exists():
        shutil.move(root, before)
    restored = place / "files"
    if restored.exists():
        root.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(restored, root)
