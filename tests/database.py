"""The test database with the portal's two roles: made by the owner, used by the application."""

from contextlib import closing

import psycopg2
from django.conf import settings
from django.db import connection
from psycopg2 import sql

from portal.settings.environment import database

# What migrations fill and tests do not.
KEPT = {"django_migrations", "django_content_type", "auth_permission"}


def owner_session(name: str | None = None):
    """A session of the owner's, beside the one under test."""
    owner = database(settings.DATABASE_OWNER_URL)
    return psycopg2.connect(
        dbname=name or connection.settings_dict["NAME"],
        user=owner["USER"],
        password=owner["PASSWORD"],
        host=owner["HOST"],
        port=owner["PORT"],
        options="-c lock_timeout=5s",
    )


def end_forgotten_sessions() -> None:
    """End what a thread of some test left open as the application: a database in use cannot be dropped.

    Only the application itself may end its own sessions; the owner is no superuser.
    """
    ours = database(settings.DATABASE_URL)
    session = psycopg2.connect(
        dbname=connection.settings_dict["NAME"],
        user=ours["USER"],
        password=ours["PASSWORD"],
        host=ours["HOST"],
        port=ours["PORT"],
    )
    with closing(session), session, session.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND usename = current_user AND pid <> pg_backend_pid()"
        )


def make_application_role() -> None:
    """The application's role, where the server does not have it yet: ``bin/test`` brings it, a bare server does not."""
    role = database(settings.DATABASE_URL)
    with closing(owner_session("postgres")) as session, session, session.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(7302)")
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role["USER"]])
        if not cursor.fetchone():
            create = sql.SQL("CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD {}")
            cursor.execute(create.format(sql.Identifier(role["USER"]), sql.Literal(role["PASSWORD"])))


def let_tests_draw_tables() -> None:
    """Tests of the abstract models draw a table of their own inside their transaction; the portal never does."""
    role = sql.Identifier(database(settings.DATABASE_URL)["USER"])
    with closing(owner_session()) as session, session, session.cursor() as cursor:
        cursor.execute(sql.SQL("GRANT CREATE ON SCHEMA public TO {}").format(role))


def remember_what_migrations_filled() -> None:
    with closing(owner_session()) as session, session, session.cursor() as cursor:
        KEPT.update(_filled(cursor))


def empty() -> None:
    """Empty every table that a test filled, append-only ones as well.

    Their guards refuse TRUNCATE to everybody, so the owner sets them aside for the length of one transaction.
    """
    with closing(owner_session()) as session, session, session.cursor() as cursor:
        filled = sorted(_filled(cursor) - KEPT)
        if not filled:
            return
        cursor.execute(
            "SELECT DISTINCT c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND t.tgtype & 32 <> 0"
        )
        guarded = [sql.Identifier(name) for (name,) in cursor.fetchall()]
        for table in guarded:
            cursor.execute(sql.SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(table))
        names = sql.SQL(", ").join(map(sql.Identifier, filled))
        cursor.execute(sql.SQL("TRUNCATE {} CASCADE").format(names))
        for table in guarded:
            cursor.execute(sql.SQL("ALTER TABLE {} ENABLE TRIGGER USER").format(table))


def sweep() -> None:
    """Clear away the rows that tests took back; statements would still walk past them.

    Nothing does so by itself on engines that are thrown away, and nothing may while a test stands on its own rows.
    """
    if connection.in_atomic_block:
        return
    with closing(owner_session()) as session:
        session.autocommit = True
        with session.cursor() as cursor:
            cursor.execute("VACUUM")


def _filled(cursor) -> set[str]:
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    tables = [name for (name,) in cursor.fetchall()]
    asked = sql.SQL(" UNION ALL ").join(
        sql.SQL("(SELECT {} FROM {} LIMIT 1)").format(sql.Literal(name), sql.Identifier(name)) for name in tables
    )
    cursor.execute(asked)
    return {name for (name,) in cursor.fetchall()}
