"""Databases beside the portal's own: made for a measurement by its owner, used as the application, dropped after it."""

from collections.abc import Iterator
from contextlib import closing, contextmanager

import psycopg2
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from psycopg2 import sql

from members.models import Member
from portal.bench import world
from portal.owner import NO_OWNER, acting_as_owner
from portal.settings.environment import database


def refuse_in_production() -> None:
    """Fictional people have no place beside real ones. Raises CommandError."""
    if not settings.ZHIBU_TEST_DIVISION:
        raise CommandError("This portal is in production: no fictional people are made here.")
    if not settings.DATABASE_OWNER_URL:
        raise CommandError(NO_OWNER)


def exists(name: str) -> bool:
    with _owner_session() as session, session.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
        return cursor.fetchone() is not None


def create(name: str) -> None:
    """An empty database of this name, migrated to this version."""
    with _owner_session() as session, session.cursor() as cursor:
        cursor.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(sql.Identifier(name)))
    with used(name):
        call_command("migrate", interactive=False, verbosity=0)


def drop(name: str) -> None:
    """Take the database away; nobody may be in it but us."""
    connection.close()
    with _owner_session() as session, session.cursor() as cursor:
        cursor.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def turn_to(name: str) -> None:
    """Let the default connection name another database from now on."""
    if connection.settings_dict["NAME"] != name:
        connection.close()
        connection.settings_dict["NAME"] = name


@contextmanager
def used(name: str) -> Iterator[None]:
    """Let the default connection name another database for a while."""
    ours = connection.settings_dict["NAME"]
    turn_to(name)
    try:
        yield
    finally:
        turn_to(ours)


def fill(members: int, seed: int) -> world.World:
    """Make a world in the database in use, as its owner, with fresh statistics."""
    with acting_as_owner():
        made = world.build(members, seed)
        tidy()
    return made


def tidy() -> None:
    """Sweep out what was taken back, and count anew: the planner would go by dead rows."""
    with acting_as_owner(), connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def people() -> int:
    """How many there are in the database in use."""
    return Member.objects.count()


@contextmanager
def _owner_session() -> Iterator["psycopg2.extensions.connection"]:
    """The owner, beside every database that is made: CREATE DATABASE wants no transaction."""
    owner = database(settings.DATABASE_OWNER_URL)
    session = psycopg2.connect(
        dbname=owner["NAME"], user=owner["USER"], password=owner["PASSWORD"], host=owner["HOST"], port=owner["PORT"]
    )
    session.autocommit = True
    with closing(session):
        yield session
