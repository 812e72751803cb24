"""What a back-up holds, and how it is counted: the same counts are taken before and after."""

import hashlib
import os
import subprocess
from contextlib import closing
from pathlib import Path

import psycopg2
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection
from psycopg2 import sql

from portal.boot.postgres import tool
from portal.owner import NO_OWNER
from portal.settings.environment import database

FORMAT = 1
# Since PostgreSQL 17 the server knows the setting that pg_restore of that age begins with.
KNOWS_EVERY_SETTING = 170_000


def session(name: str | None = None):
    """A session of the owner's, to the portal's database or to another of the same server."""
    if not settings.DATABASE_OWNER_URL:
        raise CommandError(NO_OWNER)
    owner = database(settings.DATABASE_OWNER_URL)
    return psycopg2.connect(
        dbname=name or connection.settings_dict["NAME"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        host=owner["HOST"],
        port=owner["PORT"],
    )


def run(program: str, *words: str) -> None:
    """Run one of PostgreSQL's own programs as the owner. The password goes by environment: arguments can be read."""
    owner = database(settings.DATABASE_OWNER_URL)
    where = {"PGHOST": owner["HOST"], "PGPORT": owner["PORT"], "PGUSER": owner["USER"], "PGPASSWORD": owner["PASSWORD"]}
    given = {name: value for name, value in where.items() if value}
    ended = subprocess.run(  # noqa: S603 -- our own words
        [tool(program), *words], env=os.environ | given, capture_output=True, text=True, check=False
    )
    if ended.returncode and not _only_too_new(ended.stderr):
        raise CommandError(f"{program} failed: {ended.stderr.strip()}")


def restore_into(name: str, dump: Path) -> None:
    """Fill an empty database from a dump; whatever goes wrong ends it.

    Our programs are newer than many a server and begin with a setting it does not know; that alone is passed over.
    """
    with closing(session(name)) as there:
        strict = ["--exit-on-error"] if there.server_version >= KNOWS_EVERY_SETTING else []
    run("pg_restore", "--no-owner", "--no-privileges", *strict, f"--dbname={name}", str(dump))


def _only_too_new(said: str) -> bool:
    unknown = 'unrecognized configuration parameter "transaction_timeout"'
    return said.count("pg_restore: error:") == 1 == said.count(unknown)


def row_counts(cursor) -> dict[str, int]:
    """How many rows each table has, as the transaction of ``cursor`` sees it."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    counts = {}
    for (table,) in cursor.fetchall():
        cursor.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)))
        counts[table] = cursor.fetchone()[0]
    return counts


def migrations(cursor) -> list[str]:
    cursor.execute("SELECT app, name FROM django_migrations ORDER BY 1, 2")
    return [f"{app}.{name}" for app, name in cursor.fetchall()]


def is_empty() -> bool:
    """Whether the database has no tables, or none of them a person in it."""
    with closing(session()) as ours, ours.cursor() as cursor:
        cursor.execute("SELECT to_regclass('accounts_user')")
        if cursor.fetchone()[0] is None:
            return True
        cursor.execute("SELECT EXISTS (SELECT 1 FROM accounts_user)")
        return not cursor.fetchone()[0]


def files() -> list[Path]:
    root = Path(settings.MEDIA_ROOT)
    return sorted(path for path in root.rglob("*") if path.is_file()) if root.is_dir() else []


def fingerprint(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
