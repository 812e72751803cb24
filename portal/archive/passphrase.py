"""Asking for the passphrase of a back-up."""

import getpass
import sys

from django.core.management.base import CommandError

from portal.settings.environment import secret

SHORTEST = 12


def passphrase(*, twice: bool) -> str:
    """From ``ZHIBU_BACKUP_KEY`` or the file it names, else from the person at the terminal."""
    given = secret("ZHIBU_BACKUP_KEY")
    if not given and sys.stdin.isatty():
        given = getpass.getpass("Passphrase of the back-up: ")
        if twice and given != getpass.getpass("Once more: "):
            raise CommandError("The two passphrases differ.")
    if not given:
        raise CommandError("A back-up is encrypted: set ZHIBU_BACKUP_KEY, or ZHIBU_BACKUP_KEY_FILE to a file with it.")
    if twice and len(given) < SHORTEST:
        raise CommandError(f"The passphrase needs at least {SHORTEST} characters; this one has {len(given)}.")
    return given
