"""The gate that web, worker and beat pass when they start."""

import sys

from django.db import DatabaseError, connection


def refuse_wrong_keys(**_signal: object) -> None:
    """End the process with one screen where the ring does not open what the database holds.

    A database that is away, or not migrated yet, is for ``/readyz`` to tell: it may be there in a moment.
    """
    from portal.fieldkeys import proofs  # noqa: PLC0415 -- needs the models, and servers import this before them

    try:
        proofs.note()
    except proofs.WrongKeys as wrong:
        sys.stderr.write(str(wrong))
        # Gunicorn gives up at this code instead of trying again for ever.
        raise SystemExit(3) from None
    except DatabaseError:
        return
    finally:
        # A server that forks after this must not share the session.
        connection.close()
