"""Two database roles: an owner who migrates, and the application, which owns nothing.

The application is no superuser and lacks UPDATE, DELETE and TRUNCATE where history is kept, so that the append-only
triggers cannot be switched off by the very program they watch. It lacks DELETE wherever nothing is ever deleted.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.core.management.base import CommandError
from django.db import connection

from core.dated import DatedFact
from portal.settings.environment import database

NO_OWNER = (
    "Only the owner of the database may do this. Set DATABASE_OWNER_URL to the owner's address; "
    "DATABASE_URL is the application's, which owns nothing."
)
# All that may ever be written on a dated fact once it stands, and on a merge.
VOIDING = ("voided_at", "voided_by_id", "void_reason")
# What undoing a merge would take back is blanked when the person asks for erasure.
UNDOING = ("undone_at", "undone_by_id", "before")
# Records are ended, voided or merged and never deleted. Rows are cleared only where they carry work, hold what waits to
# be taken over, or let somebody in.
CLEARED = {
    "account_emailaddress", "account_emailconfirmation", "accounts_tries", "acts_effect", "acts_trace",
    "audit_unsealed", "cells_cell_units", "django_session", "integrations_delivery", "integrations_keptanswer",
    "integrations_token", "ledgers_export", "ledgers_piece", "ledgers_stagedrow", "ledgers_upload", "members_evidence",
    "mfa_authenticator", "notices_notice", "usersessions_usersession", "work_heartbeat", "work_job", "work_outbox",
    "work_scheduledrun",
}  # fmt: skip


@contextmanager
def acting_as_owner() -> Iterator[None]:
    """Let the default connection speak as the owner, to the database it already names.

    Refuses when the owner's address is not known: web, worker and beat run without it.
    """
    if not settings.DATABASE_OWNER_URL:
        raise CommandError(NO_OWNER)
    owner = database(settings.DATABASE_OWNER_URL)
    ours = {key: connection.settings_dict[key] for key in ("USER", "PASSWORD", "HOST", "PORT", "OPTIONS")}
    connection.close()
    connection.settings_dict.update({key: owner[key] for key in ours})
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict.update(ours)


def grant_application() -> None:
    """Give the application's role what it may do and nothing more; the connection speaks as the owner.

    Runs after every migration. What later migrations add is covered by default privileges, so that a table is
    never without its grants between two steps of one migration run.
    """
    role = database(settings.DATABASE_URL)["USER"]
    if role == database(settings.DATABASE_OWNER_URL)["USER"]:
        return
    app = connection.ops.quote_name(role)
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {app}")
        cursor.execute(f"REVOKE DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public FROM {app}")
        cursor.execute(f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {app}")
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {app}")
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE DELETE ON TABLES FROM {app}")
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE ON TABLES TO {app}")
        cursor.execute(f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {app}")
        for table in existing & CLEARED:
            cursor.execute(f"GRANT DELETE ON {connection.ops.quote_name(table)} TO {app}")
        for table in settings.ZHIBU_APPEND_ONLY_TABLES:
            if table in existing:
                quoted = connection.ops.quote_name(table)
                cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quoted} FROM {app}")
        for table in existing & _dated_tables():
            quoted = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {quoted} FROM {app}")
            cursor.execute(f"GRANT UPDATE ({', '.join(VOIDING)}) ON {quoted} TO {app}")
        if "members_merge" in existing:
            cursor.execute(f"REVOKE UPDATE ON members_merge FROM {app}")
            cursor.execute(f"GRANT UPDATE ({', '.join(UNDOING)}) ON members_merge TO {app}")
        cursor.execute(f"REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {app}")


def _dated_tables() -> set[str]:
    """Tables of dated facts: their rows are added and voided, and nothing else."""
    return {model._meta.db_table for model in apps.get_models() if issubclass(model, DatedFact)}
